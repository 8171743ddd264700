"""Mailmaps: every author is who git says, and the author of a finding is kept where a mapping says who people are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ledger.importers.findings import sonarqube
from ledger.importers.findings.gathering import gathered
from ledger.importers.mailmap import read_mailmap
from ledger.importers.mapping import read_mapping
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.time_zones import time_zone
from tests.helpers.optional import needs

MAILMAP = """\
# who is who
Jane Doe <jane@example.org>
<jane@example.org> <jdoe@laptop.local>
Jane Doe <jane@example.org> <JD@old.example>   # her first account
Joe Roe <joe@example.org> Joe <shared@example.org>
Rita Moe <rita@example.org> Rita <shared@example.org>

Zoë Å <zoe@example.org> <build@example.org>
Only Named <named@example.org> Nick <nick@example.org>
Last One <jane2@example.org> <twice@example.org>
First Two <first@example.org> <twice@example.org>
"""
NAMES = ("", "Jane", "JOE", "Joe", "Rita", "Nick", "nobody", "Zoe")
ADDRESSES = (
    "jane@example.org", "JANE@EXAMPLE.ORG", "jdoe@laptop.local", "jd@OLD.example", "shared@example.org", "build@example.org",
    "nick@example.org", "twice@example.org", "stranger@example.org",
)  # fmt: skip
AUTHORS = [f"{name} <{address}>" if name else f"<{address}>" for name in NAMES for address in ADDRESSES]


def _mailmap(folder: Path, text: str = MAILMAP) -> Path:
    (folder / ".mailmap").write_text(text, encoding="utf-8")
    return folder / ".mailmap"


@needs("git")
def test_every_author_is_who_git_says(tmp_path: Path) -> None:
    read = read_mailmap(_mailmap(tmp_path))
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    ran = subprocess.run(
        ["git", "check-mailmap", "--stdin"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        input="\n".join(AUTHORS).encode(),
    )
    told = dict(zip(AUTHORS, ran.stdout.decode().splitlines(), strict=True))
    assert len({read.person(author) for author in AUTHORS}) < len(set(map(str.lower, AUTHORS)))
    for author, person in told.items():
        found = read.person(author)
        assert (found if " <" in found or found.startswith("<") else f"<{found}>") == person, author


def test_a_line_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"\.mailmap, line 2 is no line of a mailmap"):
        read_mailmap(_mailmap(tmp_path, "# people\nJane Doe jane@example.org\n"))


ISSUE = {
    "key": "A", "rule": "python:S125", "message": "Loud", "component": "shop:a.py", "project": "shop", "status": "OPEN",
    "creationDate": "2026-01-05T10:00:00+0000", "author": "jdoe@laptop.local",
}  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "kept"),
    [
        (None, None),
        ('[values.effort]\n"x" = "30min"\n', None),
        ('[people]\nmailmap = ".mailmap"\n', "jane@example.org"),
        ('[values.author]\n"JDOE@laptop.local" = "Jane"\n', "Jane"),
        ('[columns]\nauthor = "author"\n', "jdoe@laptop.local"),
        ('[columns]\nauthor = "rule"\n[people]\nmailmap = ".mailmap"\n', "python:S125"),
    ],
)
def test_an_author_is_kept_only_where_a_mapping_says_who_people_are(
    tmp_path: Path, mapping: str | None, kept: str | None
) -> None:
    _mailmap(tmp_path)
    (tmp_path / "e.json").write_text(json.dumps({"issues": [ISSUE]}))
    (tmp_path / "map.toml").write_text(mapping or "")
    said = read_mapping(tmp_path / "map.toml", sonarqube.FIELDS)
    (finding,) = gathered(sonarqube.read([tmp_path / "e.json"], time_zone("UTC"), mapping=said)).findings
    assert finding.details.get("author") == kept


def test_a_run_tells_by_the_hash_which_people_it_went_by(tmp_path: Path) -> None:
    """The mailmap is part of what the mapping says."""
    _mailmap(tmp_path)
    (tmp_path / "map.toml").write_text('[people]\nmailmap = ".mailmap"\n')
    before = read_mapping(tmp_path / "map.toml", sonarqube.FIELDS).sha256
    _mailmap(tmp_path, MAILMAP + "Ann <ann@example.org>\n")
    assert read_mapping(tmp_path / "map.toml", sonarqube.FIELDS).sha256 != before


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[people]\nmailmap = 3\n", r'\[people\] says mailmap = "FILE"'),
        ("[people]\nmail = 'x'\n", r'\[people\] says mailmap = "FILE"'),
        ("[people]\nmailmap = 'nothing'\n", "nothing"),
    ],
)
def test_people_that_cannot_be_read_are_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "map.toml").write_text(text)
    with pytest.raises(Unreadable, match=why):
        read_mapping(tmp_path / "map.toml", sonarqube.FIELDS)
