"""Interest out of the rows of Postings: what the sheets compute live, folded once more in Python.

Interest until a day is the sum of carry × (the day - the day it accrues from) / 365, that is carry × day - carry days,
from integer sums. 365 is odd, so that no quotient lies halfway between two minor units: however a spreadsheet rounds
halves, it gives what the ledger gives, as long as its doubles hold the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.accounts.interest import day_number, incurred
from ledger.views.quarter import BROUGHT_FORWARD, ItemView, PostingView, QuarterView

CARRY_DAY = "Carry × day"

#: Serial numbers of spreadsheets count from here, if one reads none before 1900-03-01.
_SERIAL_ZERO = date(1899, 12, 30)
#: Sums from which on a spreadsheet drops digits; and, far below, where a quotient could be taken for its neighbour.
_EXACT, _EXACT_QUOTIENT = 10**15, 10**13


@dataclass(frozen=True, slots=True)
class Accrual:
    """What the postings of an item and nature say of its interest, in minor units.

    carry: per year. carry_day: carry × serial day, summed. brought_carry, brought_carry_day: of the row that brings it
    into the quarter. gross: the sum of carry × day without signs.
    """

    carry: int = 0
    carry_day: int = 0
    brought_carry: int = 0
    brought_carry_day: int = 0
    gross: int = 0

    def to_date(self, as_of: date) -> int:
        """Interest incurred until a day, since the item was opened."""
        return incurred(_carry_days(self.carry, self.carry_day, as_of))

    def before(self, first_day: date) -> int:
        """The same until the day before the quarter's first, of what was brought into it."""
        return incurred(_carry_days(self.brought_carry, self.brought_carry_day, day_before(first_day)))

    def live(self, first_day: date, as_of: date) -> bool:
        """Whether a spreadsheet computes both to the minor unit."""
        before = _carry_days(self.brought_carry, self.brought_carry_day, day_before(first_day))
        largest = max(abs(before), abs(_carry_days(self.carry, self.carry_day, as_of)))
        return exact(self.gross) and largest < _EXACT_QUOTIENT


def accruals(view: QuarterView) -> Mapping[tuple[str, str], Accrual]:
    """By item and nature; an item without a posting has none."""
    found: dict[tuple[str, str], list[int]] = {}
    for row in view.postings:
        sums = found.setdefault((row.item, row.nature), [0] * 5)
        carry_day = serial_carry_day(row)
        sums[0] += row.carry
        sums[1] += carry_day
        if row.movement == BROUGHT_FORWARD:
            sums[2] += row.carry
            sums[3] += carry_day
        sums[4] += abs(carry_day)
    return {key: Accrual(*sums) for key, sums in found.items()}


@dataclass(frozen=True, slots=True)
class ItemInterest:
    """The interest of a row of Items, in minor units, out of Postings wherever a spreadsheet can compute it.

    live: whether it can. ledger: incurred to date as the ledger found it, without these postings.
    """

    accrual: Accrual
    live: bool
    to_date: int
    before: int
    ledger: int

    @property
    def in_quarter(self) -> int:
        """What the quarter added."""
        return self.to_date - self.before

    @property
    def unlike(self) -> int:
        """1 where it is not the ledger's."""
        return int(self.to_date != self.ledger)


def interest_of(view: QuarterView, items: Iterable[ItemView]) -> list[ItemInterest]:
    """The interest of rows of Items, in their order."""
    first_day, as_of = view.provenance.first_day, view.provenance.as_of
    nothing, found = Accrual(), accruals(view)
    rows = []
    for item in items:
        accrual = found.get((item.item, item.nature), nothing)
        live, ledger = accrual.live(first_day, as_of), item.interest_before + item.interest_in_quarter
        to_date = accrual.to_date(as_of) if live else ledger
        before = accrual.before(first_day) if live else item.interest_before
        rows.append(ItemInterest(accrual, live, to_date, before, ledger))
    return rows


def serial_carry_day(row: PostingView) -> int:
    """Carry × day of a posting, the day as spreadsheets number it."""
    return row.carry_day + row.carry * -day_number(_SERIAL_ZERO)


def exact(amount: int) -> bool:
    """Whether a spreadsheet keeps every digit."""
    return abs(amount) < _EXACT


def day_before(day: date) -> date:
    """The day before the quarter's first, until which interest was incurred before."""
    return day - timedelta(days=1)


def _carry_days(carry: int, carry_day: int, day: date) -> int:
    return carry * (day - _SERIAL_ZERO).days - carry_day
