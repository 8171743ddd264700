"""A key that stands twice in a block says two things: nobody can tell which one holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.importers.decision_log.debt_block import KEYS
from ledger.importers.front_matter import parted
from ledger.store.ledger import Ledger
from tests.importers.test_decision_blocks import Reading, owed, read

__all__ = ["read"]

#: What a block says under each of its keys.
SAID = {
    "system": "BOURSI", "principal": "5000", "interest": "10%", "repay-by": "2027Q1", "title": "Title", "category": "code-quality",
    "dimension": "code", "decided-by": "ann", "because": "x", "benefit": "y", "evidence": "z", "on": "2026-02-03",
    "decided-on": "2026-02-03", "until": "2027-02-03"}  # fmt: skip


def record(folder: Path, block: str, front: str = "") -> None:
    text = f"---\nstatus: accepted\ndate: 2026-02-03\ndeciders: ann\n{front}{block}---\n# Title\n"
    (folder / "adr" / "0001-x.md").write_text(text)


def test_every_key_of_a_block_is_tried() -> None:
    assert set(SAID) == set(KEYS)


@pytest.mark.parametrize("form", ["one", "list", "flow"])
@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_a_block_has_twice_is_refused(
    read: Reading, ledger: Ledger, tmp_path: Path, key: str, form: str
) -> None:
    """The record is read all the same; the refusal names the key and both values, also where they are alike."""
    lines = [f"{name}: {said}" for name, said in SAID.items()] + [f"{key}: other"]
    block = {
        "one": "debt:\n" + "".join(f"  {line}\n" for line in lines),
        "list": "debt:\n  - " + "\n    ".join(lines) + "\n",
        "flow": "debt: {" + ", ".join(lines) + "}\n",
    }[form]
    record(tmp_path, block)
    report = read()
    assert (report.items, report.blocks_refused or len(report.refused), owed(ledger)) == ((), 1, {})
    why = report.refused[0].why
    assert f"the key '{key}' twice, as '{SAID[key]}' and as 'other'" in why
    assert report.recorded["decision-logged/1"] == 1


@pytest.mark.parametrize("key", [key for key in KEYS if "-" in key])
def test_two_spellings_of_a_key_are_that_key_twice(read: Reading, ledger: Ledger, tmp_path: Path, key: str) -> None:
    lines = [f"  {name}: {said}\n" for name, said in SAID.items()] + [f"  {key.replace('-', '_').upper()}: other\n"]
    record(tmp_path, f"debt:\n{''.join(lines)}")
    (refused,) = read().refused
    assert f"says {key} twice, '{SAID[key]}' under '{key}' and 'other' under" in refused.why
    assert owed(ledger) == {}


def test_two_blocks_under_one_key_are_no_list(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    lines = "".join(f"  {name}: {said}\n" for name, said in SAID.items())
    record(tmp_path, f"debt:\n{lines}debt:\n{lines}")
    (refused,) = read().refused
    assert "the key 'debt' twice" in refused.why
    assert owed(ledger) == {}


def test_what_front_matter_says_twice_elsewhere_is_told(read: Reading, tmp_path: Path) -> None:
    record(tmp_path, "", front="status: proposed\n")
    assert [each.what for each in read().remarks] == [
        "its front matter has the key 'status' twice, as 'accepted' and as 'proposed': the last one counts"
    ]


def test_a_key_counts_within_its_own_mapping() -> None:
    assert parted(["---", "a: {x: 1, y: {x: 2}}", "b: [{x: 1}, {x: 2}]", "x: 3", "---"]).twice == ()
