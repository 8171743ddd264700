"""The status of a book on one screen: what is owed, what is late, what falls due, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ledger.queries.reader import Reader
from ledger.queries.register.carried import carried_risks
from ledger.queries.register.documents import documents
from ledger.queries.register.due import DueItem, due
from ledger.queries.register.expectations import standing
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.views.readiness import StandingView
from ledger.vocabulary.ages import LAPSED, OVERDUE
from ledger.vocabulary.money import half_even
from ledger.vocabulary.quarters import Quarter

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class BookStatus:
    """What stands on a day. Items are open ones, in order of the register; what is due is in order of its day.

    due: what is neither overdue nor lapsed, and whose term ends by the end of `due_quarter`, the next one. breaches:
    by system, each expectation that is broken and that no debt carries; of systems that are not retired.
    """

    as_of: date
    due_quarter: Quarter
    items: tuple[RegisterItem, ...]
    due: tuple[DueItem, ...]
    breaches: tuple[tuple[str, StandingView], ...]

    def owed(self, nature: str) -> int:
        """What is outstanding of one nature, in minor units."""
        return sum(
            balance.outstanding_minor for item in self.items for balance in item.balances if balance.nature == nature
        )

    @property
    def interest_per_month(self) -> int:
        """A twelfth of the interest per year of all items together, in minor units, half-even."""
        return half_even(sum(item.interest_per_year for item in self.items), MONTHS_A_YEAR)

    @property
    def interest_observed(self) -> int:
        """What carrying the items was seen to cost since each was opened, in minor units; what nobody saw is not in it."""
        return sum(item.interest_observed or 0 for item in self.items)

    @property
    def overdue(self) -> tuple[RegisterItem, ...]:
        """Past the last day of the quarter in which it was to be repaid."""
        return tuple(item for item in self.items if OVERDUE in item.late)

    @property
    def lapsed(self) -> tuple[RegisterItem, ...]:
        """Past the last day that was granted."""
        return tuple(item for item in self.items if LAPSED in item.late)

    @property
    def unestimated(self) -> tuple[RegisterItem, ...]:
        """Nobody put a figure on these."""
        return tuple(item for item in self.items if item.status == "unestimated")

    @property
    def neglect_waiting(self) -> tuple[RegisterItem, ...]:
        """Neglect that nobody decided on yet: to be repaid, adopted or written off."""
        return tuple(item for item in self.items if item.nature == "neglect")

    @property
    def planned(self) -> tuple[RegisterItem, ...]:
        """What somebody planned to repay in some quarter."""
        return tuple(item for item in self.items if item.planned_for)


def status(reader: Reader, as_of: date) -> BookStatus:
    """The book as of a day, as known at the reader's position."""
    everything = register(reader, as_of)
    items = tuple(item for item in everything if item.status not in CLOSED)
    calendar = reader.calendar
    due_quarter = calendar.quarter_of(as_of).shift(1)
    falling_due = tuple(
        each for each in due(items, calendar, last=calendar.last_day(due_quarter)) if not each.item.late
    )
    return BookStatus(as_of, due_quarter, items, falling_due, tuple(_breaches(reader, everything, as_of)))


def _breaches(reader: Reader, items: list[RegisterItem], as_of: date) -> Iterator[tuple[str, StandingView]]:
    for system, found in documents(reader, as_of).items():
        if found.retired_on is None or found.retired_on > as_of:
            for each in standing(found.measurements, carried_risks(found, items, reader.calendar)):
                if each.is_breach:
                    yield system, each
