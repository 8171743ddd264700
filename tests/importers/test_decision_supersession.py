"""A record that repeats the block of one that it supersedes takes nothing on again, whoever says so and whenever both are read."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from ledger.services.decision_log import DecisionLogReport
from ledger.store.ledger import Ledger
from tests.importers.test_decision_blocks import FIRST, NEW, SECOND, Block, Reading, opened, owed, read

__all__ = ["read"]

#: Who says of two records that one supersedes the other: the older one, the newer one, both.
SAYING = ("older", "newer", "both")
#: Their names, the older one's first: a newer one may sort before.
NAMES = (("0001-old", "0002-new"), ("0009-old", "0002-new"))


def record(folder: Path, id_: str, status: str, blocks: list[Block], says: str = "") -> None:
    asked = "".join(
        f"  - {{title: {title}, principal: {principal}, repay-by: 2027Q1, category: code-quality, because: x, benefit: y}}\n"
        for title, principal in blocks
    )
    debt = f"debt:\n{asked}" if blocks else ""
    text = f"---\nstatus: {status}\ndate: 2026-02-03\ndeciders: ann\n{debt}---\n# {id_}\n{says}\n"
    (folder / "adr" / f"{id_}.md").write_text(text)


def supersede(
    folder: Path, names: tuple[str, str], saying: str, new: list[Block], old: list[Block] | None = None
) -> None:
    """Write the older record, with the text that it had, and the newer one."""
    older, newer = names
    status = f"superseded by [it]({newer}.md)" if saying != "newer" else "accepted"
    record(folder, older, status, [FIRST] if old is None else old)
    record(folder, newer, "accepted", new, f"Supersedes [it]({older}.md)" if saying != "older" else "")


def repeats(report: DecisionLogReport) -> int:
    """How often it is told that a block repeats another one."""
    told = [each.what for each in report.remarks if "word for word" in each.what]
    assert all("which it supersedes" in each or "which supersedes it" in each for each in told), told
    return len(told)


@pytest.mark.parametrize(("names", "saying"), list(product(NAMES, SAYING)))
def test_a_record_that_supersedes_another_takes_nothing_on_again(
    read: Reading, ledger: Ledger, tmp_path: Path, names: tuple[str, str], saying: str
) -> None:
    """What it says beside the repeated block is a debt of its own."""
    record(tmp_path, names[0], "accepted", [FIRST])
    read()
    supersede(tmp_path, names, saying, [FIRST, SECOND])
    first = read()
    assert (first.items, repeats(first), first.dropped) == (("BOURSI-2",), 1, ())
    for _ in range(2):
        again = read()
        assert (again.items, repeats(again), again.dropped, again.apart) == ((), 1, (), ())
    assert owed(ledger) == {FIRST: 1, SECOND: 1}


@pytest.mark.parametrize(("names", "saying"), list(product(NAMES, SAYING)))
def test_both_read_at_once_are_one_debt(
    read: Reading, ledger: Ledger, tmp_path: Path, names: tuple[str, str], saying: str
) -> None:
    supersede(tmp_path, names, saying, [FIRST])
    told = repeats(read())
    assert told == (saying == "newer")
    for _ in range(2):
        assert repeats(read()) == 1
    assert owed(ledger) == {FIRST: 1}


@pytest.mark.parametrize("readings", [0, 1, 2])
@pytest.mark.parametrize(("names", "saying"), list(product(NAMES, SAYING)))
def test_what_was_taken_over_may_change_there(
    read: Reading, ledger: Ledger, tmp_path: Path, names: tuple[str, str], saying: str, readings: int
) -> None:
    """readings: between the two changes. The text of the older record stays."""
    record(tmp_path, names[0], "accepted", [FIRST])
    read()
    for _ in range(readings):
        supersede(tmp_path, names, saying, [FIRST])
        read()
    supersede(tmp_path, names, saying, [("First", 1500)])
    changed = read()
    assert (changed.items, changed.apart, changed.dropped) == ((), ("BOURSI-1",), ())
    assert ["no longer says what opened BOURSI-1" in each.what for each in changed.remarks].count(True) == 1
    if readings:
        supersede(tmp_path, names, saying, [NEW])
        assert (read().items, read().apart) == ((), ("BOURSI-1",))
    assert [item.title for item in opened(ledger)] == ["First"]


@pytest.mark.parametrize("saying", SAYING)
def test_a_newer_record_may_drop_what_it_took_over(read: Reading, ledger: Ledger, tmp_path: Path, saying: str) -> None:
    """The older one says it still: it is owed, and nothing is to be told."""
    record(tmp_path, "0001-old", "accepted", [FIRST])
    read()
    supersede(tmp_path, NAMES[0], saying, [FIRST])
    read()
    supersede(tmp_path, NAMES[0], saying, [])
    report = read()
    assert (report.items, report.dropped, repeats(report)) == ((), (), 0)
    supersede(tmp_path, NAMES[0], saying, [], [])
    assert (read().items, read().dropped) == ((), ("BOURSI-1",))


def test_a_chain_is_one_debt_and_what_is_unrelated_is_another(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    supersede(tmp_path, NAMES[0], "both", [FIRST])
    record(tmp_path, "0003-newest", "accepted", [FIRST], "Supersedes [it](0002-new.md)")
    read()
    record(tmp_path, "0002-new", "superseded by [it](0003-newest.md)", [FIRST], "Supersedes [it](0001-old.md)")
    read()
    assert owed(ledger) == {FIRST: 1}
    record(tmp_path, "0004-beside", "accepted", [FIRST])
    assert (read().items, owed(ledger)) == (("BOURSI-2",), {FIRST: 2})


def test_records_that_supersede_each_other_are_one_debt(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    record(tmp_path, "0001-a", "accepted", [FIRST], "Supersedes [it](0002-b.md)")
    record(tmp_path, "0002-b", "accepted", [FIRST], "Supersedes [it](0001-a.md)")
    for _ in range(3):
        assert repeats(read()) >= 1
    assert owed(ledger) == {FIRST: 1}


def test_two_debts_that_are_alike_stay_two(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    """A block of the older record stands for one of the newer: a third one is a debt of its own."""
    record(tmp_path, "0001-old", "accepted", [FIRST, FIRST])
    read()
    supersede(tmp_path, NAMES[0], "both", [FIRST, FIRST, FIRST], [FIRST, FIRST])
    read()
    assert owed(ledger) == {FIRST: 3}
