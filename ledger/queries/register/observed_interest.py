"""Interest as it was observed, held against what is booked: estimates that a year of observations contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from ledger.queries.reader import Reader
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.queries.register.remarks import remarks

#: Fewer observations, or all of them in one quarter, are an incident and no interest (design §8).
FEWEST_RECORDS = 4
FEWEST_QUARTERS = 2


class ObservedYear(msgspec.Struct, frozen=True):
    """A year of an item: how often its interest was observed, and what that and the booked interest come to, in minor units."""

    last_day: date
    records: int
    observed: int
    booked: int

    @property
    def differs(self) -> bool:
        """Whether both differ by over half of what is booked."""
        return 2 * abs(self.observed - self.booked) > self.booked


def contradicted(reader: Reader, items: Iterable[RegisterItem], as_of: date) -> dict[str, ObservedYear]:
    """The open items whose booked interest the observations of the year that ends on a day contradict, by item.

    Only of an item that was open all that year, and was observed often enough in it.
    """
    before = year_before(as_of)
    seen = remarks(reader, as_of).interest
    records = {
        item.item: [(day, said.amount_minor) for day, said in seen.get(item.item, ()) if before < day <= as_of]
        for item in items
        if open_all_year(item, as_of)
    }
    enough = {
        key: found
        for key, found in records.items()
        if len(found) >= FEWEST_RECORDS
        and len({reader.calendar.quarter_of(day) for day, _ in found}) >= FEWEST_QUARTERS
    }
    if not enough:
        return {}
    incurred_before = {item.item: item.interest_incurred for item in register(reader, before)}
    years = {
        item.item: ObservedYear(
            as_of,
            len(enough[item.item]),
            sum(amount for _, amount in enough[item.item]),
            item.interest_incurred - incurred_before.get(item.item, 0),
        )
        for item in items
        if item.item in enough
    }
    return {key: year for key, year in years.items() if year.differs}


def open_all_year(item: RegisterItem, as_of: date) -> bool:
    """Whether an item was open on every day of the year that ends on a day."""
    return item.status not in CLOSED and item.opened_on <= year_before(as_of) + timedelta(days=1)


def year_before(day: date) -> date:
    """The same day a year earlier; of a leap day the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
