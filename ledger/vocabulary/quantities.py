"""Quantities as somebody typed them: money or effort, and interest per period. Not priced yet."""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from ledger.vocabulary.efforts import effort_minutes, effort_text
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import Currency, half_even

_PERIODS = {"month": 12, "quarter": 4, "year": 1}
_PERCENT = re.compile(r"(-?)(\d{1,9})(?:\.(\d{1,6}))?%(?:/year)?", re.ASCII)
_MILLION = 10**6


class Quantity(msgspec.Struct, frozen=True):
    """An amount of money (minor units) or of effort (minutes, a day is 480); exactly one is set."""

    minor: int | None = None
    minutes: int | None = None

    @classmethod
    def parse(cls, text: str, currency: Currency) -> Quantity:
        """Read '1234.50', '15d', '6h' or '45min'. Raises Unreadable."""
        minutes = effort_minutes(text)
        if minutes is not None:
            return cls(minutes=minutes)
        try:
            return cls(minor=currency.parse(text))
        except Unreadable as error:
            if text[-1:].isdigit():
                raise
            raise Unreadable(
                f"'{text}' is neither an amount nor an effort: write {currency.example}, 15d or 6h."
            ) from error

    def typed(self, currency: Currency) -> str:
        """As somebody would type it: '1234.50', '15d'."""
        return currency.plain(self.minor) if self.minor is not None else effort_text(self.minutes or 0)

    @property
    def size(self) -> int:
        """Minor units or minutes: to tell zero and negative ones."""
        return self.minor if self.minor is not None else self.minutes or 0


class Interest(msgspec.Struct, frozen=True):
    """Interest as typed: money or effort per period, or a percentage of the principal a year.

    minor, minutes: per period; times_per_year: 12, 4 or 1. percent_millionths: 6% is 6,000,000.
    """

    minor: int | None = None
    minutes: int | None = None
    percent_millionths: int | None = None
    times_per_year: int = 1

    @classmethod
    def parse(cls, text: str, currency: Currency) -> Interest:
        """Read '800/month', '2400/quarter', '9600/year', '6%', '2d/month' or '0'. Raises Unreadable."""
        text = text.strip()
        percent = _PERCENT.fullmatch(text)
        if percent:
            decimals = (percent[3] or "").ljust(6, "0")
            millionths = int(percent[2]) * _MILLION + int(decimals)
            return cls(percent_millionths=-millionths if percent[1] else millionths)
        amount, _, period = text.partition("/")
        if amount.strip() == "0" and not period:
            return cls(minor=0)
        if period.strip() not in _PERIODS:
            raise Unreadable(
                f"'{text}' is not an interest: write 800/month, 2400/quarter, 9600/year, 2d/month or 6% (a year)."
            )
        quantity = Quantity.parse(amount.strip(), currency)
        return cls(minor=quantity.minor, minutes=quantity.minutes, times_per_year=_PERIODS[period.strip()])

    def typed(self, currency: Currency) -> str:
        """As somebody would type it: '800.00/month', '6%'."""
        if self.percent_millionths is not None:
            return f"{Decimal(self.percent_millionths).scaleb(-6).normalize():f}%"
        period = next(name for name, times in _PERIODS.items() if times == self.times_per_year)
        return f"{Quantity(minor=self.minor, minutes=self.minutes).typed(currency)}/{period}"

    @property
    def size(self) -> int:
        """To tell zero and negative ones."""
        return next((size for size in (self.minor, self.minutes, self.percent_millionths) if size is not None), 0)


def price(minutes: int, rate_minor_per_day: int) -> int:
    """What an effort costs, minor units: minutes * rate / 480, rounded half-even once."""
    return half_even(minutes * rate_minor_per_day, 480)


def percent_of(principal_minor: int, percent_millionths: int) -> int:
    """A percentage of a principal, minor units, rounded half-even once."""
    return half_even(principal_minor * percent_millionths, 100 * _MILLION)
