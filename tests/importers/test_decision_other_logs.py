"""A reading of one log moves nothing of another one, whatever both folders have."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from ledger.store.ledger import Ledger
from tests.importers.test_decision_blocks import FIRST, SECOND, Block, Reading, owed, read, write

__all__ = ["read"]

#: What becomes of the block of SECOND after another log had it too, and what the next reading of its own log tells.
AFTER: dict[str, list[Block] | None] = {
    "stays": [SECOND],
    "another amount": [("Second", 2500)],
    "another title": [("Second one", 2000)],
    "all of it": [("Fine", 7)],
    "no block": [],
    "no record": None,
}


def put(folder: Path, blocks: list[Block] | None) -> None:
    if blocks is None:
        (folder / "adr" / "0004-list.md").unlink()
    else:
        write(folder, "0004-list", blocks)


@pytest.mark.parametrize(("after", "others"), list(product(AFTER, (0, 1, 2))))
def test_a_reading_of_another_log_changes_nothing_that_is_told_of_this_one(
    read: Reading, ledger: Ledger, tmp_path: Path, after: str, others: int
) -> None:
    """others: how often the same folder is read into another log, by mistake."""
    write(tmp_path, "0001-stays", [FIRST])
    write(tmp_path, "0002-stays", [])
    put(tmp_path, [SECOND])
    read()
    before = owed(ledger)
    for number in range(others):
        write(tmp_path, "0002-stays", [], day=f"2026-02-0{number + 4}")
        other = read(log="OTHER")
        told = [each.what for each in other.remarks if "word for word" in each.what]
        assert (other.items, len(told), other.dropped) == ((), 2, ())
        assert all("by the record BOURSI/0" in each and "of another log" in each for each in told)
    put(tmp_path, AFTER[after])
    report = read()
    assert (report.items, owed(ledger)) == ((), before)
    gone = after in ("no block", "no record")
    assert report.dropped == (("BOURSI-2",) if gone else ())
    assert report.apart == (() if gone or after == "stays" else ("BOURSI-2",))
    assert [each.what for each in report.remarks if "word for word" in each.what] == []


@pytest.mark.parametrize("after", AFTER)
def test_what_another_log_repeats_may_change_there_and_takes_nothing_on(
    read: Reading, ledger: Ledger, tmp_path: Path, after: str
) -> None:
    """It is told there as its own log tells it; that its own log has it no more is not for the other one to say."""
    write(tmp_path, "0001-stays", [FIRST])
    put(tmp_path, [SECOND])
    read()
    before = owed(ledger)
    read(log="OTHER")
    put(tmp_path, AFTER[after])
    report = read(log="OTHER", complete=True)
    assert (report.items, report.dropped, owed(ledger)) == ((), (), before)
    put(tmp_path, [SECOND])
    again = read(on=None)
    assert (again.items, again.dropped, again.apart) == ((), (), ())
