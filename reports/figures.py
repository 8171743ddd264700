"""Figures in words and in major units. Pure; amounts come in as integers in minor units."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from ledger.vocabulary.money import MAX_MINOR


class FigureTooLongError(ValueError):
    """An amount of more than 15 significant digits, which a spreadsheet would round silently."""


def major(minor: int, exponent: int) -> Decimal:
    """Minor units as an exact Decimal in major units; refuses what a spreadsheet cannot hold."""
    if abs(minor) > MAX_MINOR:
        raise FigureTooLongError(
            f"The amount {minor} (minor units) has more than 15 significant digits; a spreadsheet would round it. "
            "No pack was written."
        )
    return Decimal(minor).scaleb(-exponent)


def money(minor: int, currency: str, exponent: int) -> str:
    """`EUR 466,523`: whole units from 1,000 on, to the minor unit below."""
    return f"{currency} {plain(minor, exponent)}"


def plain(minor: int, exponent: int) -> str:
    """The same without its currency: `466,523`, `−12`."""
    amount = major(minor, exponent)
    places = exponent if abs(amount) < 1000 and amount != amount.to_integral_value() else 0
    return f"{_rounded(amount, places):,}".replace("-", "\N{MINUS SIGN}")


def signed(minor: int, exponent: int) -> str:
    """The same of a difference: `+466,523`, `−12`, and `0` of none."""
    return f"{'+' if minor > 0 else ''}{plain(minor, exponent)}"


def compact(minor: int, currency: str, exponent: int) -> str:
    """`EUR 467k`: three or four digits, for titles of charts."""
    amount = major(minor, exponent)
    for power, letter in ((9, "bn"), (6, "m"), (3, "k")):
        scaled = amount.scaleb(-power)
        if abs(scaled) >= 10 or (abs(scaled) >= 1 and power > 3):
            return f"{currency} {_rounded(scaled, 1 if abs(scaled) < 100 and power > 3 else 0):,}{letter}"
    return money(minor, currency, exponent)


def percent(share: Fraction) -> str:
    """`8%`, `0.4%`: one decimal below one per cent, never a misleading 0%."""
    hundredths = abs(share) * 100
    places = 0 if hundredths >= 1 or hundredths == 0 else 1
    value = _rounded(Decimal(hundredths.numerator) / Decimal(hundredths.denominator), places)
    return "less than 0.1%" if value == 0 and share else f"{value:,}%"


def share(part: int, whole: int) -> Fraction | None:
    """part / whole; None where the whole is 0, which reports print as n/a."""
    return Fraction(part, whole) if whole else None


def fitting(candidates: Iterable[str], longest: int = 60) -> str:
    """The first of the candidates that is short enough; the last one cut, if none is."""
    text = ""
    for text in candidates:
        if len(text) <= longest:
            return text
    return text[: longest - 1] + "…"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
