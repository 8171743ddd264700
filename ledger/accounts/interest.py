"""Interest incurred: Actual/365 Fixed over the carry of liability legs (design §3)."""

from __future__ import annotations

from datetime import date

from ledger.vocabulary.money import half_even

DAYS_PER_YEAR = 365

#: Day 0 of the day numbers in read models.
EPOCH = date(1970, 1, 1)
_EPOCH_ORDINAL = EPOCH.toordinal()


def day_number(day: date) -> int:
    """Days since 1970-01-01 (negative before)."""
    return day.toordinal() - _EPOCH_ORDINAL


def day_of(number: int) -> date:
    """The day of a day number."""
    return date.fromordinal(number + _EPOCH_ORDINAL)


def incurred(carry_days: int) -> int:
    """Interest in minor units from the sum of carry x days, rounded half-even once.

    carry_days: sum over liability legs of carry_minor_per_year * (T - accrues_from in days).
    """
    return half_even(carry_days, DAYS_PER_YEAR)
