"""Money, effort, interest and quarters: text in, integers of minor units and dates out.

Everything is an exact fraction until the one rounding, half-even, that the contract names.
"""

import re
from datetime import date, timedelta
from fractions import Fraction

HOURS_PER_DAY = 8
MONTHS_PER_QUARTER = 3
TIMES_PER_YEAR = {"month": 12, "quarter": 4, "year": 1}
MOST_MINOR = 10**15 - 1
MOST_CARRY_MINOR_PER_YEAR = 10**12


class Refused(Exception):
    """A rule says no. `reason` is a short slug, for people reading a failing test."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def half_even(value: Fraction) -> int:
    """The nearest integer, ties to the even one (which is what Python's `round` does to a Fraction)."""
    return round(value)


def to_minor(text: str, exponent: int) -> int:
    """Major units as text to minor units: '100.01' is 10001 at exponent 2."""
    value = Fraction(text) * 10**exponent
    if value.denominator != 1:
        raise ValueError(f"{text} has more decimals than the currency")
    return int(value)


def to_major(minor: int, exponent: int) -> str:
    """Minor units to major units as text: -500 is '-5.00' at exponent 2."""
    sign = "-" if minor < 0 else ""
    if exponent == 0:
        return f"{sign}{abs(minor)}"
    whole, rest = divmod(abs(minor), 10**exponent)
    return f"{sign}{whole}.{rest:0{exponent}d}"


def hours_of(text: str) -> Fraction | None:
    """'15d' is 120 hours, '6h' is 6; None if the text is not effort."""
    found = re.fullmatch(r"([0-9.]+)([dh])", text)
    if found is None:
        return None
    return Fraction(found[1]) * (HOURS_PER_DAY if found[2] == "d" else 1)


def price(text: str, day_rate: int | None, exponent: int) -> Fraction:
    """Money or effort in minor units, not rounded yet; effort needs a day rate (minor units)."""
    hours = hours_of(text)
    if hours is None:
        return Fraction(to_minor(text, exponent))
    if day_rate is None:
        raise Refused("no-day-rate")
    return day_rate * hours / HOURS_PER_DAY


def amount(text: str, day_rate: int | None, exponent: int) -> int:
    """A principal or a repayment in minor units: more than zero, at most 15 significant digits."""
    value = half_even(price(text, day_rate, exponent))
    if value <= 0:
        raise Refused("amount-not-positive")
    if value > MOST_MINOR:
        raise Refused("amount-too-large")
    return value


def interest_per_year(text: str | None, principal: int, day_rate: int | None, exponent: int) -> int:
    """'800/month', '6%' (of the principal), '2d/month' as minor units a year, rounded once as the year's amount."""
    if text is None:
        return 0
    if text.endswith("%"):
        value = principal * Fraction(text[:-1]) / 100
    else:
        part, _, period = text.partition("/")
        value = price(part, day_rate, exponent) * TIMES_PER_YEAR[period]
    carry = half_even(value)
    if carry < 0 or carry > MOST_CARRY_MINOR_PER_YEAR:
        raise Refused("interest-out-of-range")
    return carry


def quarter_of(day: date, start_month: int) -> str:
    """The fiscal quarter a day is in, named by the calendar year in which its fiscal year ends."""
    months_in = (day.month - start_month) % 12
    began = day.year if day.month >= start_month else day.year - 1
    year = began if start_month == 1 else began + 1
    return f"{year}Q{months_in // MONTHS_PER_QUARTER + 1}"


def quarter_days(quarter: str, start_month: int) -> tuple[date, date]:
    """First and last day of a fiscal quarter."""
    year, number = int(quarter[:4]), int(quarter[5])
    began = year if start_month == 1 else year - 1
    first = _first_of_month(began, start_month + MONTHS_PER_QUARTER * (number - 1))
    after = _first_of_month(began, start_month + MONTHS_PER_QUARTER * number)
    return first, after - timedelta(days=1)


def quarter_shifted(quarter: str, by: int) -> str:
    """The quarter so many quarters later; earlier, if negative."""
    number = int(quarter[:4]) * 4 + int(quarter[5]) - 1 + by
    return f"{number // 4}Q{number % 4 + 1}"


def _first_of_month(year: int, month: int) -> date:
    """The first of a month counted from January of `year`; 13 is January of the year after."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
