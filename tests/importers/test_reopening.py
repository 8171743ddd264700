"""What is open again: owed as it stood when an import closed it, with the interest that stood there, whatever is typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.decide.adopt import Adopt
from ledger.decide.command import Command, Needs
from ledger.decide.item import Balance
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.vocabulary.quantities import Interest, Quantity
from tests.importers.test_sonarqube import REVISED, RUN, TEN_PER_CENT, TODAY, closed, issue, record, run, write

TWO_DAYS = Quantity(minutes=960)
THIRTY_PER_CENT = Interest(percent_millionths=30_000_000)
REOPENED = issue(status="REOPENED", updateDate="2026-11-16T00:00:00+0000")
#: How an import closes what was open: a repayment, a write-off.
CLOSED: dict[str, dict[str, Any]] = {
    "fixed": closed(on="2026-11-14"),
    "gone": closed(on="2026-11-14") | {"resolution": "REMOVED"},
}
DECIDED = {"decided_by": "lead", "because": "later", "benefit": "time", "repay_by": "2027Q1"}
#: What people say of an item in between.
SAID: dict[str, tuple[Command, ...]] = {
    "nothing": (),
    "interest": (Revise(item="BOURSI-1", interest=Interest(minor=50_000), because="x", on=date(2026, 11, 3)),),
    "principal": (Revise(item="BOURSI-1", principal=TWO_DAYS, because="x", on=date(2026, 11, 3)),),
    "no interest": (
        Revise(item="BOURSI-1", principal=TWO_DAYS, interest=Interest(minor=0), because="x", on=date(2026, 11, 3)),
    ),
    "a part": (Repay(item="BOURSI-1", amount=Quantity(minor=500), on=date(2026, 11, 3)),),
    "adopted": (Adopt(item="BOURSI-1", on=date(2026, 11, 3), **DECIDED),),  # type: ignore[arg-type]
}
#: What is said of the interest, at the first import and at the last.
TYPED = {
    "late": (None, TEN_PER_CENT),
    "once": (TEN_PER_CENT, None),
    "twice": (TEN_PER_CENT, THIRTY_PER_CENT),
}


def owed(ledger: Ledger) -> dict[str, Balance]:
    """What is owed of BOURSI-1 in the end, by nature."""
    with ledger.reading() as connection:
        state = Memory(connection, ledger.book).state_for(Needs(items=("BOURSI-1",)), TODAY)
    return dict(state.items["BOURSI-1"].at_end)


@pytest.mark.parametrize(("first", "last"), TYPED.values(), ids=TYPED)
@pytest.mark.parametrize("how", CLOSED)
@pytest.mark.parametrize("said", SAID)
def test_what_is_open_again_bears_the_interest_that_stood(
    ledger: Ledger, tmp_path: Path, said: str, how: str, first: Interest | None, last: Interest | None
) -> None:
    run(ledger, write(tmp_path / "a.json", [issue()]), interest=first)
    for command in SAID[said]:
        record(ledger, command)
    stood = owed(ledger)
    run(ledger, write(tmp_path / "b.json", [CLOSED[how]]), interest=last)
    assert {balance.outstanding for balance in owed(ledger).values()} == {0}
    report = run(ledger, write(tmp_path / "c.json", [REOPENED]), interest=last)
    assert (report.recorded, report.refused, report.plan.remarks) == ({**RUN, REVISED: 1}, (), [])
    assert owed(ledger) == stood


@pytest.mark.parametrize("how", CLOSED)
def test_what_was_never_estimated_bears_what_is_typed_with_its_first_estimate(
    ledger: Ledger, tmp_path: Path, how: str
) -> None:
    """Nobody could say anything of its interest before."""
    run(ledger, write(tmp_path / "a.json", [issue(effort=None)]))
    run(ledger, write(tmp_path / "b.json", [CLOSED[how] | {"effort": None}]))
    run(ledger, write(tmp_path / "c.json", [REOPENED]), interest=TEN_PER_CENT)
    assert owed(ledger)["neglect"] == Balance(1667, 167)


#: Around the day on which the tool says that it was fixed, and the one on which it was open again.
DAYS = [date(2026, 11, day) for day in (13, 14, 15, 16, 17, 20)]


@pytest.mark.parametrize("typed", [None, TEN_PER_CENT], ids=str)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_part_that_a_person_repaid_is_no_closing_whatever_its_day(
    ledger: Ledger, tmp_path: Path, day: date, typed: Interest | None
) -> None:
    """The import recorded what closed it, of an earlier day or a later one."""
    run(ledger, write(tmp_path / "a.json", [issue()]), interest=TEN_PER_CENT)
    record(ledger, Repay(item="BOURSI-1", amount=Quantity(minor=500), on=day))
    stood = owed(ledger)
    run(ledger, write(tmp_path / "b.json", [CLOSED["fixed"]]), interest=typed, on=TODAY)
    assert {balance.outstanding for balance in owed(ledger).values()} == {0}
    report = run(ledger, write(tmp_path / "c.json", [REOPENED]), interest=typed, on=TODAY)
    assert (report.recorded[REVISED], report.refused, report.plan.remarks) == (1, (), [])
    assert owed(ledger) == stood
    assert run(ledger, tmp_path / "c.json", interest=typed, on=TODAY).recorded == {}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_a_person_closed_after_an_import_reopened_it_stays_closed(
    ledger: Ledger, tmp_path: Path, day: date
) -> None:
    run(ledger, write(tmp_path / "a.json", [issue()]))
    run(ledger, write(tmp_path / "b.json", [closed(on="2026-11-12")]))
    run(ledger, write(tmp_path / "c.json", [issue(status="REOPENED", updateDate="2026-11-13T00:00:00+0000")]))
    record(ledger, Repay(item="BOURSI-1", on=day))
    report = run(ledger, write(tmp_path / "d.json", [REOPENED]))
    assert [remark.what for remark in report.plan.remarks] == ["open in SonarQube, closed here by a person"]
    assert report.recorded == RUN
