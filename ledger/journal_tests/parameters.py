"""What the tests are told: round numbers, hours, thresholds, the sample. Every report states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from ledger.vocabulary.errors import Unreadable

_HOURS = re.compile(r"(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?", re.ASCII)
_MINUTES_A_DAY = 24 * 60
_SATURDAY = 5

Method = Literal["entries", "money"]


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours, Monday to Friday: minutes since midnight, from `start` on and before `end`."""

    start: int
    end: int

    @classmethod
    def parse(cls, text: str) -> Hours:
        """Read '08-18' or '07:30-17:15'; 24 is the day's end. Raises Unreadable."""
        match = _HOURS.fullmatch(text.strip())
        if match is not None:
            start, end = (int(hour) * 60 + int(minute or 0) for hour, minute in (match.group(1, 2), match.group(3, 4)))
            minutes_fit = all(int(minute or 0) < 60 for minute in match.group(2, 4))
            if start < end <= _MINUTES_A_DAY and minutes_fit:
                return cls(start, end)
        raise Unreadable(f"'{text}' are no working hours: write them like 08-18 or 07:30-17:15, within one day.")

    def hold(self, local: datetime) -> bool:
        """Whether a time on the clock of the book's zone is within them."""
        return local.weekday() < _SATURDAY and self.start <= local.hour * 60 + local.minute < self.end

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


@dataclass(frozen=True, slots=True)
class Parameters:
    """round_minor: > 0, minor units. closing_days: > 0, the closing day among them. rare: fewer entries are rare.

    threshold_minor: of an approval, minor units, None if none was given; margin_percent: 1 to 100, how far below it
    is 'just under'. sample: how many entries (or draws) to pick, 0 for none; seed: any text.
    """

    round_minor: int
    closing_days: int = 5
    hours: Hours = Hours(8 * 60, 18 * 60)
    rare: int = 3
    threshold_minor: int | None = None
    margin_percent: int = 10
    sample: int = 25
    method: Method = "entries"
    seed: str = ""


def _clock(minutes: int) -> str:
    if minutes == _MINUTES_A_DAY:
        return "24:00"
    return time(*divmod(minutes, 60)).strftime("%H:%M")
