"""Blocks that go to another record, change there, disappear, or were taken on twice by an earlier release."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ledger.decide.commission import Commission
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.events import DebtCommissioned
from ledger.queries.audit.log import log
from ledger.queries.reader import reader_of
from ledger.services.decision_log import DecisionLogReport
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Quantity
from tests.importers.conftest import TODAY
from tests.importers.test_decision_blocks import FIRST, NEW, SECOND, Block, Reading, owed, read, write

pytestmark = pytest.mark.reliability  # long, together

__all__ = ["read"]

#: How a block is changed in the record to which it went.
CHANGED: dict[str, Block] = {
    "another amount": ("Second", 2500),
    "another title": ("Second one", 2000),
    "all of it": ("Fine", 7),
}


@pytest.mark.parametrize("renamed", [False, True], ids=["its record stays", "its record is gone"])
@pytest.mark.parametrize("readings", [1, 2])
@pytest.mark.parametrize("block", CHANGED.values(), ids=CHANGED)
def test_a_block_that_moved_may_change_where_it_is(
    read: Reading, ledger: Ledger, tmp_path: Path, block: Block, readings: int, renamed: bool
) -> None:
    """Nothing is taken on again, the change is told once and counted at every reading; and so once more elsewhere."""
    write(tmp_path, "0001-stays", [FIRST])
    old = write(tmp_path, "0004-list", [SECOND])
    read()
    before = owed(ledger)
    if renamed:
        old.unlink()
    else:
        write(tmp_path, "0004-list", [])
    write(tmp_path, "0003-other", [SECOND])
    for _ in range(readings):
        assert (read().items, read().dropped) == ((), ())
    write(tmp_path, "0003-other", [block])
    changed = read()
    assert (changed.items, changed.apart, changed.dropped) == ((), ("BOURSI-2",), ())
    assert ["no longer says what opened BOURSI-2" in each.what for each in changed.remarks] == [True]
    assert read().remarks == ()
    assert read().apart == ("BOURSI-2",)
    write(tmp_path, "0003-other", [])
    write(tmp_path, "0005-third", [block])
    assert (read().items if block[0] == "Second" else ()) == ()
    if block[0] == "Second":
        assert owed(ledger) == before


def test_a_block_that_changed_while_it_moved_is_known_by_its_title(
    read: Reading, ledger: Ledger, tmp_path: Path
) -> None:
    write(tmp_path, "0004-list", [FIRST, SECOND])
    read()
    before = owed(ledger)
    write(tmp_path, "0004-list", [FIRST])
    write(tmp_path, "0003-other", [("Second", 2500)])
    report = read()
    assert (report.items, report.apart, report.dropped) == ((), ("BOURSI-2",), ())
    write(tmp_path, "0003-other", [("Second after all", 2600)])
    assert (read().items, owed(ledger)) == ((), before)


def test_where_a_block_went_is_forgotten_with_the_reading_that_saw_it(
    read: Reading, ledger: Ledger, tmp_path: Path
) -> None:
    write(tmp_path, "0004-list", [FIRST, SECOND])
    read()
    write(tmp_path, "0004-list", [FIRST])
    write(tmp_path, "0003-other", [SECOND])
    moved = read()
    assert moved.run is not None
    undo_run(ledger, moved.run, Requester("ada", TODAY))
    write(tmp_path, "0004-list", [FIRST, SECOND])
    write(tmp_path, "0003-other", [NEW])
    report = read()
    assert (report.items, report.apart, report.remarks) == (("BOURSI-3",), (), ())


# --- dropped ----------------------------------------------------------------------------------------------


def dropping(read: Reading, tmp_path: Path, how: str) -> list[DecisionLogReport]:
    """Two readings after the block of BOURSI-2 is there no more."""
    path = tmp_path / "adr" / "0004-list.md"
    if how == "the block":
        write(tmp_path, "0004-list", [FIRST])
    elif how == "all blocks":
        write(tmp_path, "0004-list", [])
    elif how == "the record":
        path.unlink()
    elif how == "front matter that is none":
        path.write_text(path.read_text().replace("debt:", "debt: ["))
    elif how == "a block that is none":
        path.write_text(path.read_text().replace("principal", "prinzipal"))
    return [read(), read()]


@pytest.mark.parametrize(
    ("how", "dropped"),
    [("nothing", []), ("the block", [2]), ("all blocks", [1, 2]), ("the record", [1, 2]), ("front matter that is none", []),
        ("a block that is none", [])],
)  # fmt: skip
def test_what_no_record_says_any_more_is_told_at_every_reading(
    read: Reading, tmp_path: Path, how: str, dropped: list[int]
) -> None:
    """A record that cannot be read says nothing, also not that."""
    write(tmp_path, "0001-stays", [NEW])
    write(tmp_path, "0002-stays", [])
    write(tmp_path, "0004-list", [FIRST, SECOND])
    assert read().items == ("BOURSI-1", "BOURSI-2", "BOURSI-3")
    for report in dropping(read, tmp_path, how):
        assert report.dropped == tuple(f"BOURSI-{number + 1}" for number in dropped)


ENDS: dict[str, Any] = {
    "repaid": Repay(item="BOURSI-2", on=TODAY),
    "in part": Repay(item="BOURSI-2", on=TODAY, amount=Quantity(minor=5)),
}


@pytest.mark.parametrize("end", ENDS)
def test_of_what_is_over_nobody_asks_for_a_block(read: Reading, ledger: Ledger, tmp_path: Path, end: str) -> None:
    write(tmp_path, "0004-list", [FIRST, SECOND])
    read()
    ledger.handle(Request(ENDS[end], "ada", TODAY))
    write(tmp_path, "0004-list", [FIRST])
    assert read().dropped == (() if end == "repaid" else ("BOURSI-2",))


# --- twice ------------------------------------------------------------------------------------------------


def taken_on_again(ledger: Ledger, item: str, key: str) -> int:
    """As an earlier release read a record under another name: a second item with the same words. Returns its position."""
    with reader_of(ledger) as reader:
        first = next(each.recorded.event for each in log(reader) if each.recorded.stream == item)
    assert isinstance(first, DebtCommissioned)
    again = Commission(
        on=TODAY, system="BOURSI", title=first.title, category=first.category, principal=Quantity(minor=first.principal_minor),
        decided_by="ann", because="x", benefit="y", repay_by="2027Q1", adr=key, source="adr", external_key=key,
        content_hash=first.content_hash)  # fmt: skip
    (receipt,) = ledger.handle(Request(again, "ada", TODAY, key="adr-9/2"))
    return receipt.recorded.position


@pytest.mark.parametrize(("renamed", "others"), list(product([False, True], [0, 2])))
def test_a_debt_that_was_taken_on_twice_is_named_with_its_twin(
    read: Reading, ledger: Ledger, tmp_path: Path, renamed: bool, others: int
) -> None:
    """With the command that takes the later one back; after that nothing more is to tell but where the block went."""
    for number in range(others):
        write(tmp_path, f"0010-{number}", [(f"Other {number}", 5)])
    old = write(tmp_path, "0004-list", [SECOND])
    write(tmp_path, "0005-stays", [FIRST])
    read()
    first = next(item for item in read_items(ledger) if item[1] == "Second")[0]
    position = taken_on_again(ledger, first, "BOURSI/0003-other")
    if renamed:
        old.rename(old.with_name("0003-other.md"))
    for _ in range(2):
        told = [each.what for each in read().remarks if "taken on twice" in each.what]
        assert [f"`debt reverse {position} --because WHY`" in each and first in each for each in told] == [True]
    ledger.handle(Request(Reverse(position=position, because="twice"), "ada", TODAY))
    report = read()
    assert (report.items, report.dropped) == ((), ())
    assert ["word for word what opened" in each.what for each in report.remarks] == [True] * renamed


def read_items(ledger: Ledger) -> list[tuple[str, str]]:
    with reader_of(ledger) as reader:
        return [
            (each.recorded.stream, each.recorded.event.title)
            for each in log(reader)
            if isinstance(each.recorded.event, DebtCommissioned)
        ]
