"""The tests of a single entry. Each gives what it measured, or None where the entry is not to be listed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.parameters import Hours
from ledger.vocabulary.quarters import FiscalCalendar


@dataclass(frozen=True, slots=True)
class Closing:
    """A `period-closed` event. last_day: the last closed day; recorded_on: when, in the book's zone."""

    position: int
    last_day: date
    recorded_on: date


@dataclass(frozen=True, slots=True)
class BeforeClosing:
    """days: before the closing day, 0 on it. position: of the close, None if the quarter is not closed."""

    days: int
    closing_day: date
    position: int | None


class Closings:
    """When each day was, or is to be, closed."""

    def __init__(self, calendar: FiscalCalendar, closings: Sequence[Closing]) -> None:
        """closings: in order; every one closes later days than the one before."""
        self._calendar = calendar
        self._closings = tuple(closings)
        self._last_days = [closing.last_day for closing in closings]

    def of(self, day: date) -> Closing | None:
        """The close that closed a day, None while it is open."""
        index = bisect_left(self._last_days, day)
        return self._closings[index] if index < len(self._closings) else None

    def quarter_end(self, day: date) -> date:
        """The last day of the quarter that holds a day."""
        return self._calendar.last_day(self._calendar.quarter_of(day))


def backdated(entry: JournalEntry) -> int | None:
    """Days by which the effective day lies before the day of recording in the book's zone, > 0."""
    return entry.gap_days if entry.gap_days > 0 else None


def late(entry: JournalEntry) -> int | None:
    """Days by which it happened before the day on which it counts, > 0."""
    return None if entry.occurred_on is None else (entry.effective_on - entry.occurred_on).days


def corrected(entry: JournalEntry) -> int | None:
    """The position of the reversal of the entry."""
    return None if entry.reversed_by is None else entry.reversed_by.position


def reversal(entry: JournalEntry) -> int | None:
    """The position that the entry reverses."""
    return None if entry.reverses is None else entry.reverses.position


def round_sum(entry: JournalEntry, round_minor: int) -> int | None:
    """The largest of its amounts that is a whole multiple of `round_minor`, > 0, minor units."""
    return max((amount for amount in entry.amounts if amount % round_minor == 0), default=None)


def just_under(entry: JournalEntry, threshold_minor: int, margin_percent: int) -> int | None:
    """The largest of its amounts below the threshold by at most the margin: T × (100 − margin) / 100 <= amount < T."""
    lowest_hundredfold = threshold_minor * (100 - margin_percent)
    return max(
        (amount for amount in entry.amounts if amount * 100 >= lowest_hundredfold and amount < threshold_minor),
        default=None,
    )


def outside_hours(entry: JournalEntry, hours: Hours) -> bool:
    """Whether it was recorded on a Saturday or Sunday, or outside the hours, on the clock of the book's zone."""
    return not hours.hold(entry.recorded_local)


def before_close(entry: JournalEntry, closings: Closings, days: int) -> BeforeClosing | None:
    """Whether it was recorded on one of the `days` days that end with the closing day of the day it is effective on.

    That is the day on which the effective day was closed, and the entry came before that event; while it is open,
    the last day of its quarter.
    """
    recorded_on = entry.recorded_on
    if entry.gap_days <= -days:
        # No closing day is near a day so far ahead; this also keeps the year 9999 out of the calendar.
        return None
    closing = closings.of(entry.effective_on)
    if closing is not None and entry.position > closing.position:
        return None
    closing_day = closings.quarter_end(entry.effective_on) if closing is None else closing.recorded_on
    ahead = (closing_day - recorded_on).days
    if not 0 <= ahead < days:
        return None
    return BeforeClosing(ahead, closing_day, None if closing is None else closing.position)
