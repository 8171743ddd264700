"""Fiscal quarters: named by the calendar year in which the fiscal year ends."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import total_ordering

import msgspec

from ledger.vocabulary.errors import Unreadable

_QUARTER = re.compile(r"(\d{4})-?[Qq](\d)", re.ASCII)
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 9998


@total_ordering
class Quarter(msgspec.Struct, frozen=True):
    """One quarter of a fiscal year; `str` gives its name, '2026Q3'."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read '2026Q3'. Raises Unreadable for anything else, 2026Q7 among it."""
        match = _QUARTER.fullmatch(text.strip())
        if match is None or not (_EARLIEST_YEAR <= int(match[1]) <= _LATEST_YEAR and 1 <= int(match[2]) <= 4):
            raise Unreadable(f"'{text}' is not a quarter: write it like 2026Q3.")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"

    def __lt__(self, other: Quarter) -> bool:
        return (self.year, self.number) < (other.year, other.number)

    def shift(self, quarters: int) -> Quarter:
        """The quarter so many later (or, negative, earlier)."""
        years, index = divmod(self.number - 1 + quarters, 4)
        return Quarter(self.year + years, index + 1)


class FiscalCalendar(msgspec.Struct, frozen=True):
    """Where quarters begin and end. first_month: 1 to 12, the fiscal year's first month."""

    first_month: int = 1

    def first_day(self, quarter: Quarter) -> date:
        """The first day of the quarter."""
        starting_year = quarter.year if self.first_month == 1 else quarter.year - 1
        years, month_index = divmod(self.first_month - 1 + 3 * (quarter.number - 1), 12)
        return date(starting_year + years, month_index + 1, 1)

    def last_day(self, quarter: Quarter) -> date:
        """The last day of the quarter, inclusive."""
        return self.first_day(quarter.shift(1)) - timedelta(days=1)

    def quarter_of(self, day: date) -> Quarter:
        """The quarter that holds the day."""
        months_into = (day.month - self.first_month) % 12
        starting_year = day.year if day.month >= self.first_month else day.year - 1
        return Quarter(starting_year + (self.first_month != 1), months_into // 3 + 1)

    def span(self, quarter: Quarter) -> tuple[date, date]:
        """First and last day of the quarter."""
        return self.first_day(quarter), self.last_day(quarter)
