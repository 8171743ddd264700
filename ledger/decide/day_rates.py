"""Prices of a person-day: which one is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec


class DayRate(msgspec.Struct, frozen=True):
    """The price of a person-day from a day on; team None is the book's."""

    effective_on: date
    position: int
    team: str | None
    rate_minor: int


def in_force(rates: Iterable[DayRate], day: date, team: str | None) -> DayRate | None:
    """The price of a person-day on a day: the team's before the book's; None if there is none."""
    by_then = [rate for rate in rates if rate.effective_on <= day and rate.team in (team, None)]
    return max(by_then, key=lambda rate: (rate.team == team, rate.effective_on, rate.position), default=None)
