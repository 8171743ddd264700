"""Packs from before there was a deck: what they lack is new in this release, issued or not; what another lacks was taken out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

import reports.pack.pack
from ledger.views.quarter import PROGRAM, QuarterView
from ledger.vocabulary.release import __version__
from reports.pack.files import put
from reports.pack.manifest import NAME, read_pack
from reports.pack.pack import BuiltPack, build_pack
from reports.pack.reproduction import NEW, UNLISTED
from reports.registry import CHARTS, SLIDES
from reports.returned.pack_values import pack_values
from tests.helpers.quarter_books import CASES

DECK = "debt-2026Q3-deck.pdf"


def _made_by(release: str) -> QuarterView:
    origin = CASES["typical"].provenance
    versions = tuple((tool, release if tool == PROGRAM else version) for tool, version in origin.versions)
    return replace(CASES["typical"], provenance=replace(origin, versions=versions))


def _without_deck(built: BuiltPack) -> dict[str, bytes]:
    listed = tuple(record for record in built.manifest.files if record.name != DECK)
    files = {record.name: built.files[record.name] for record in listed}
    return files | {NAME: msgspec.structs.replace(built.manifest, files=listed).encoded()}


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("release", "status"), [("0.1.0", NEW), ("0.2.0.dev2", NEW), (__version__, UNLISTED)], ids=["0.1", "dev2", "this"]
)
def test_a_pack_that_was_never_issued_may_lack_what_its_release_had_not(
    release: str, status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports.pack.pack, "CHARTS", CHARTS[:1])
    monkeypatch.setattr(reports.pack.pack, "SLIDES", SLIDES[:1])
    view = _made_by(release)
    built = build_pack(view, {})
    put(tmp_path, _without_deck(built))
    found = pack_values(built, view, read_pack(tmp_path), issued=False)
    (deck,) = (file for file in found.files if file.file == DECK)
    assert (deck.in_folder, deck.rebuilt) == (status, status)
    assert all(file.ok for file in found.files) is (status == NEW)
    assert not found.differences
