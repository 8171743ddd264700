"""What falls due: the last day on which each debt can be repaid in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.queries.register.items import CLOSED, RegisterItem
from ledger.vocabulary.quarters import FiscalCalendar, Quarter


@dataclass(frozen=True, slots=True)
class DueItem:
    """An open debt and the last day of its term: of its repay-by quarter, or its until where that is earlier."""

    item: RegisterItem
    due_on: date


def due_on(item: RegisterItem, calendar: FiscalCalendar) -> date | None:
    """The last day of an item's term; None of neglect, which has none."""
    if item.nature != "debt" or item.repay_by is None:
        return None
    last_day = calendar.last_day(Quarter.parse(item.repay_by))
    return min(last_day, item.until) if item.until else last_day


def due(
    items: Iterable[RegisterItem], calendar: FiscalCalendar, *, first: date | None = None, last: date
) -> list[DueItem]:
    """The open debts whose term ends between two days, both inclusive: the earliest first, then as the register has them.

    first: None takes everything that was due before as well.
    """
    open_items = (item for item in items if item.status not in CLOSED)
    with_term = ((item, due_on(item, calendar)) for item in open_items)
    found = [
        DueItem(item, day)
        for item, day in with_term
        if day is not None and day <= last and (first is None or first <= day)
    ]
    return sorted(found, key=lambda each: each.due_on)
