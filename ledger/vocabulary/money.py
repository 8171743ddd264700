"""Money: integer minor units of one currency; `Decimal` at the edges; rounding in this one place.

No float is made here or anywhere before an Excel cell.
"""

from __future__ import annotations

import re
from decimal import Decimal

import msgspec

from ledger.vocabulary.errors import Unreadable

#: An amount beyond fifteen significant digits cannot be shown exactly by a spreadsheet; it is refused.
MAX_MINOR = 10**15 - 1
#: The most interest per year one event may add or remove, in minor units.
MAX_CARRY_MINOR_PER_YEAR = 10**12

#: Of a text; what is longer is a slip, and may take a computer long to read as a number.
LONGEST_AMOUNT = 200

_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)


def half_even(numerator: int, denominator: int) -> int:
    """Return numerator / denominator rounded to the nearest integer, ties to the even one.

    denominator: > 0. Exact for integers of any size; also for a negative numerator.
    """
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        return quotient + 1
    return quotient


class Currency(msgspec.Struct, frozen=True):
    """An ISO 4217 currency: its code and how many decimal places its minor unit has (0 to 4)."""

    code: str
    exponent: int

    def parse(self, text: str) -> int:
        """Read an amount in major units ('1234.50') as minor units (123450).

        Raises Unreadable for letters, separators of thousands, and more decimals than the currency has.
        """
        if len(text) > LONGEST_AMOUNT:
            raise Unreadable(f"'{text[:20]}…' has {len(text)} characters: that is no amount of money.")
        match = _AMOUNT.fullmatch(text.strip())
        if match is None:
            raise Unreadable(f"'{text}' is not an amount: write it like {self.example}, without separators.")
        sign, whole, decimals = match[1], match[2], match[3] or ""
        if len(decimals) > self.exponent:
            has = f"{len(decimals)} decimal{'s' if len(decimals) > 1 else ''}"
            raise Unreadable(f"'{text}' has {has}: {self.code} has {self.exponent}.")
        minor = int(whole + decimals.ljust(self.exponent, "0"))
        return -minor if sign else minor

    @property
    def example(self) -> str:
        """An amount as somebody would type it."""
        return self.plain(12 * 10 ** (self.exponent + 2))

    def decimal(self, minor: int) -> Decimal:
        """Major units, exact."""
        return Decimal(minor).scaleb(-self.exponent)

    def plain(self, minor: int) -> str:
        """Major units without separators, for JSON and CSV: '-1234.50'."""
        sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(self.exponent + 1, "0")
        if not self.exponent:
            return sign + digits
        return f"{sign}{digits[: -self.exponent]}.{digits[-self.exponent :]}"

    def grouped(self, minor: int) -> str:
        """Major units with thousands grouped, for people: '-1,234.50'."""
        sign, _, rest = self.plain(minor).rpartition("-")
        whole, dot, decimals = rest.partition(".")
        return f"{'-' if sign or minor < 0 else ''}{int(whole):,}{dot}{decimals}"

    def text(self, minor: int) -> str:
        """With the code in front, for sentences: 'EUR 1,234.50'."""
        return f"{self.code} {self.grouped(minor)}"
