"""Which item a block of a decision record stands for, and from which day: whatever is put in front, moved, dropped, undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.queries.reader import reader_of
from ledger.queries.register.accepted import accepted
from ledger.queries.register.decisions import decisions
from ledger.queries.register.items import RegisterItem, register
from ledger.services.decision_log import DecisionLogReport, import_decisions
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from tests.importers.conftest import TODAY

Reading = Callable[..., DecisionLogReport]
#: A block: its title and its principal.
Block = tuple[str, int]
FIRST, SECOND, NEW = ("First", 1000), ("Second", 2000), ("New", 5000)


@pytest.fixture
def read(ledger: Ledger, tmp_path: Path) -> Reading:
    def reading(**said: Any) -> DecisionLogReport:
        return import_decisions(ledger, tmp_path / "adr", Requester("ada", TODAY), system="BOURSI", **said)

    (tmp_path / "adr").mkdir()
    return reading


def write(
    folder: Path, id_: str, blocks: Sequence[Block], status: str = "accepted", day: str | None = "2026-02-03"
) -> Path:
    asked = "".join(
        f"  - {{title: {title}, principal: {principal}, interest: 10%, repay-by: 2027Q1, category: code-quality, because: x,"
        " benefit: y}\n"
        for title, principal in blocks
    )
    path = folder / "adr" / f"{id_}.md"
    dated = f"date: {day}\n" if day else ""
    debt = f"debt:\n{asked}" if blocks else ""
    path.write_text(f"---\nstatus: {status}\n{dated}deciders: ann\n{debt}---\n# {id_}\n")
    return path


def opened(ledger: Ledger) -> list[RegisterItem]:
    with reader_of(ledger) as reader:
        return register(reader, TODAY)


def owed(ledger: Ledger) -> Counter[Block]:
    """How often each debt was taken on."""
    return Counter((item.title, item.outstanding // 100) for item in opened(ledger) if item.status != "reversed")


# --- which item -------------------------------------------------------------------------------------------

THREE = [FIRST, SECOND, NEW]
ROWS = [list(row) for size in (1, 2, 3) for row in permutations(THREE, size)]


@pytest.mark.reliability
@pytest.mark.parametrize(("before", "after"), list(product([THREE[:1], THREE[:2], THREE], ROWS)))
def test_whatever_the_order_a_debt_is_taken_on_once(
    read: Reading, ledger: Ledger, tmp_path: Path, before: list[Block], after: list[Block]
) -> None:
    """No block is taken on twice, and none that is added without one being dropped is missed."""
    write(tmp_path, "0004-list", before)
    read()
    write(tmp_path, "0004-list", after)
    read(on=TODAY)
    assert max(owed(ledger).values()) == 1
    assert len(owed(ledger)) == max(len(before), len(after))
    if {*before} <= {*after}:
        assert owed(ledger) == Counter(after)
    assert read(on=TODAY).recorded == {}


def test_a_block_in_front_is_taken_on_and_no_other_again(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    write(tmp_path, "0004-list", [FIRST, SECOND])
    assert read().items == ("BOURSI-1", "BOURSI-2")
    write(tmp_path, "0004-list", [NEW, FIRST, SECOND])
    report = read()
    assert (report.items, report.apart, report.remarks) == (("BOURSI-3",), (), ())
    assert owed(ledger) == Counter([NEW, FIRST, SECOND])
    # What opened under a key of its own is known again when it changes, wherever it stands.
    write(tmp_path, "0004-list", [("Newer", 5500), FIRST, SECOND])
    report = read()
    assert (report.items, report.apart) == ((), ("BOURSI-3",))
    assert read().recorded == {}


def test_what_changed_behind_a_new_block_is_known_by_its_title(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    write(tmp_path, "0004-list", [FIRST])
    read()
    write(tmp_path, "0004-list", [NEW, ("First", 1200)])
    report = read()
    assert (report.items, report.apart) == (("BOURSI-2",), ("BOURSI-1",))
    assert owed(ledger) == Counter([NEW, FIRST])


def test_what_stands_twice_is_asked_for_twice(read: Reading, ledger: Ledger, tmp_path: Path) -> None:
    write(tmp_path, "0004-list", [FIRST, SECOND])
    read()
    write(tmp_path, "0004-list", [SECOND, FIRST, SECOND])
    read()
    assert owed(ledger) == Counter([FIRST, SECOND, SECOND])
    assert read().recorded == {}


@pytest.mark.parametrize("stays", [[FIRST], [], [FIRST, NEW], [("Other", 7)]], ids=["alone", "none", "new", "another"])
@pytest.mark.parametrize("there", [[], [NEW]], ids=["a new record", "one that is there"])
def test_a_block_that_went_to_another_record_takes_nothing_on_again(
    read: Reading, ledger: Ledger, tmp_path: Path, stays: list[Block], there: list[Block]
) -> None:
    """Also in front of what the other record asks for, and where another block stands now in its place."""
    write(tmp_path, "0004-list", [FIRST, SECOND])
    if there:
        write(tmp_path, "0003-other", there)
    read()
    before = owed(ledger)
    write(tmp_path, "0004-list", stays)
    write(tmp_path, "0003-other", [SECOND, *there])
    for _ in range(2):
        report = read()
        told = [each for each in report.remarks if "word for word what opened" in each.what]
        assert [each.place for each in told] == ["0003-other.md"]
    assert owed(ledger) - before == Counter(block for block in stays if block == NEW)


# --- from which day ---------------------------------------------------------------------------------------

MARCH, JUNE = date(2026, 3, 10), date(2026, 6, 20)


def days(ledger: Ledger) -> list[date]:
    """On which the debts that stand were opened."""
    return [item.opened_on for item in opened(ledger) if item.status != "reversed"]


@pytest.mark.parametrize("day", [None, "03/04/2026"], ids=["undated", "a day that nobody can read"])
def test_an_undated_debt_begins_on_the_day_of_the_reading(
    read: Reading, ledger: Ledger, tmp_path: Path, day: str | None
) -> None:
    write(tmp_path, "0001-u", [FIRST], day=day)
    read(on=MARCH)
    assert days(ledger) == [MARCH]
    # A block that is added later is of the same decision.
    write(tmp_path, "0001-u", [FIRST, SECOND], day=day)
    read(on=JUNE)
    assert days(ledger) == [MARCH, MARCH]


def test_undone_and_read_again_a_debt_begins_when_the_log_first_had_it_accepted(
    read: Reading, ledger: Ledger, tmp_path: Path
) -> None:
    """Proposed, accepted, edited; whichever of the runs are undone, from the last one back, it was proposed until March."""
    write(tmp_path, "0003-a", [FIRST], status="proposed")
    read(on=date(2026, 2, 20))
    path = write(tmp_path, "0003-a", [FIRST])
    read(on=MARCH)
    path.write_text(path.read_text() + "more\n")
    read(on=JUNE)
    assert days(ledger) == [MARCH]
    undo(ledger, "adr-2")
    assert days(ledger) == []
    read(on=TODAY)
    assert days(ledger) == [MARCH]
    for run in ("adr-4", "adr-3", "adr-2", "adr-1"):
        undo(ledger, run)
    assert days(ledger) == []
    read(on=TODAY)
    assert days(ledger) == [MARCH]
    # A block that is added later is of the same decision.
    write(tmp_path, "0003-a", [FIRST, SECOND])
    read(on=TODAY)
    assert days(ledger) == [MARCH, MARCH]


def test_what_was_accepted_when_it_was_read_first_begins_on_its_own_day(
    read: Reading, ledger: Ledger, tmp_path: Path
) -> None:
    write(tmp_path, "0003-a", [FIRST])
    read(on=MARCH)
    write(tmp_path, "0003-a", [FIRST], status="deprecated")
    read(on=JUNE)
    for run in ("adr-2", "adr-1"):
        undo(ledger, run)
    write(tmp_path, "0003-a", [FIRST])
    read(on=TODAY)
    assert days(ledger) == [date(2026, 2, 3)]


def undo(ledger: Ledger, run: str) -> None:
    undo_run(ledger, run, Requester("ada", TODAY))


# --- what it costs, and what is still owed -----------------------------------------------------------------


@pytest.mark.parametrize("day", [None, "2026-02-03"], ids=["undated", "dated"])
def test_interest_since_a_decision_is_not_less_because_somebody_edits_the_file(
    read: Reading, ledger: Ledger, tmp_path: Path, day: str | None
) -> None:
    path = write(tmp_path, "0001-u", [FIRST], day=day)
    read(on=MARCH)
    path.write_text(path.read_text() + "more\n")
    read(on=JUNE)
    agrees(ledger)
    write(tmp_path, "0001-u", [FIRST], day="2026-09-01")
    read(on=TODAY)
    agrees(ledger)


def agrees(ledger: Ledger) -> None:
    """With the accepted debts of every month's end, and with the register."""
    ends = [date(2026, month, 28) for month in range(2, 12)]
    with reader_of(ledger) as reader:
        since = [sum(view.interest_since for view in decisions(reader, end)) for end in ends]
        assert since == [accepted(reader, end, TODAY).interest_since for end in ends]
        assert since[-1] == sum(item.interest_incurred for item in register(reader, ends[-1])) > 0


@pytest.mark.parametrize("status", ["rejected", "deprecated", "proposed", "superseded", "on hold"])
def test_a_record_that_is_accepted_no_more_is_told_with_what_is_owed(
    read: Reading, ledger: Ledger, tmp_path: Path, status: str
) -> None:
    """Once, for every debt that is open; the books are as before."""
    write(tmp_path, "0001-u", [FIRST, SECOND, NEW])
    read(on=MARCH)
    ledger.handle(Request(Repay(item="BOURSI-2"), "ada", TODAY))
    before = owed(ledger)
    write(tmp_path, "0001-u", [FIRST, SECOND, NEW], status=status)
    foreseen, told, again = read(dry_run=True), read(), read()
    expected = [
        f"it was accepted, and is {status} now; of {item} EUR {amount} are outstanding"
        for item, amount in (("BOURSI-1", "1,000.00"), ("BOURSI-3", "5,000.00"))
    ]
    for report in (foreseen, told):
        said = [each.what for each in report.remarks if "outstanding" in each.what]
        assert [words.partition(" as before")[0] for words in said] == expected
    assert not any("outstanding" in each.what for each in again.remarks)
    assert owed(ledger) == before
