"""Periods: how rows are parted by days, and a passage between the owners of its time."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.queries.figures.balances import ItemBalance
from ledger.queries.figures.legs import StoredLeg, split
from ledger.queries.figures.owners import Owners, Tenure
from ledger.queries.figures.periods import ItemPassage, handed_over, spans_by_quarter
from ledger.vocabulary.quarters import FiscalCalendar, Quarter

RED, BLUE, GREEN = ("red",), ("blue",), ("green",)
FIRST_DAY, LAST_DAY = date(2026, 4, 1), date(2026, 6, 30)


def leg(on: date, amount: int, carry: int = 0) -> StoredLeg:
    """A leg that counts from its own day."""
    number = (on - date(1970, 1, 1)).days
    return StoredLeg("FRAUD-1", "debt", "revised", on, amount, carry, number, spent=0, variance=0)


def june(*days: int) -> list[StoredLeg]:
    return [leg(date(2026, 6, day), 1) for day in days]


@pytest.mark.parametrize(
    ("last_days", "parts"),
    [
        ([30], [[1, 2, 2, 9]]),
        ([1, 2, 30], [[1], [2, 2], [9]]),
        ([2, 5, 8, 30], [[1, 2, 2], [], [], [9]]),
        ([1, 2], [[1], [2, 2]]),
    ],
)
def test_rows_are_parted_after_a_day(last_days: list[int], parts: list[list[int]]) -> None:
    found = split(june(1, 2, 2, 9), [date(2026, 6, day) for day in last_days])
    assert [[row.effective_on.day for row in part] for part in found] == parts


def test_no_rows_are_parted_into_empty_parts() -> None:
    assert [list(part) for part in split([], [FIRST_DAY, LAST_DAY])] == [[], []]


CHANGES = [Tenure(date.min, RED), Tenure(date(2026, 4, 1), BLUE), Tenure(date(2026, 7, 1), GREEN)]


@pytest.mark.parametrize(
    ("first_day", "last_day", "owners"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), [RED]),
        (date(2026, 3, 1), date(2026, 4, 1), [RED, BLUE]),
        (date(2026, 4, 1), date(2026, 6, 30), [RED, BLUE]),
        (date(2026, 4, 2), date(2026, 6, 30), [BLUE]),
        (date(2026, 4, 2), date(2026, 7, 1), [BLUE, GREEN]),
        (date.min, date.max, [RED, BLUE, GREEN]),
    ],
)
def test_a_periods_owners_begin_with_that_of_the_day_before(
    first_day: date, last_day: date, owners: list[tuple[str]]
) -> None:
    """What was brought forward is the old owner's, even if the system changes hands on the first day."""
    assert [tenure.owner for tenure in Owners({"FRAUD": CHANGES}).during("FRAUD", first_day, last_day)] == owners


def test_a_passage_is_parted_by_its_owners_days() -> None:
    """365.00 a year is 1.00 a day. The old owner bears the day of the change; its postings are the new one's."""
    opening = ItemBalance("FRAUD-1", "debt", 1000_00, 365_00, carry_days=0)
    legs = [leg(date(2026, 4, 30), 1), leg(date(2026, 5, 1), 2, 365_00), leg(date(2026, 6, 30), 4)]
    passage = ItemPassage(opening, legs, ItemBalance("FRAUD-1", "debt", 1000_07, 730_00, carry_days=151 * 365_00))
    (red, before), (blue, after) = handed_over(
        passage, FIRST_DAY, [Tenure(date.min, RED), Tenure(date(2026, 5, 1), BLUE)]
    )
    assert (red.owner, blue.owner) == (RED, BLUE)
    assert (before.opening, before.legs) == (opening, legs[:1])
    assert before.closing == after.opening == ItemBalance("FRAUD-1", "debt", 1000_01, 365_00, carry_days=31 * 365_00)
    assert (after.legs, after.closing) == (legs[1:], passage.closing)


def test_who_had_nothing_of_an_item_has_no_part_in_it() -> None:
    """Opened in blue's time and closed in it: neither red before nor green after."""
    nothing = ItemBalance("FRAUD-1", "debt")
    legs = [leg(date(2026, 4, 10), 500, 365), leg(date(2026, 4, 20), -500, -365)]
    closing = ItemBalance("FRAUD-1", "debt", 0, 0, carry_days=3650)
    tenures = [Tenure(date.min, RED), Tenure(date(2026, 4, 5), BLUE), Tenure(date(2026, 5, 1), GREEN)]
    ((tenure, part),) = handed_over(ItemPassage(nothing, legs, closing), FIRST_DAY, tenures)
    assert (tenure.owner, part.opening, part.legs) == (BLUE, nothing, legs)
    assert part.closing.interest_minor == closing.interest_minor == 10


@pytest.mark.parametrize(
    ("first", "last_day", "spans"),
    [
        ("2026Q2", date(2026, 5, 7), [(date(2026, 4, 1), date(2026, 5, 7))]),
        ("2026Q2", date(2026, 7, 1), [(date(2026, 4, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 7, 1))]),
        ("2026Q2", date(2026, 3, 31), []),
    ],
)
def test_quarters_are_spanned_up_to_a_day(first: str, last_day: date, spans: list[tuple[date, date]]) -> None:
    assert spans_by_quarter(FiscalCalendar(), Quarter.parse(first), last_day) == spans
