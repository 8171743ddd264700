"""Decimals: figures of measures as text, which two machines read alike."""

from __future__ import annotations

import re
from decimal import Decimal

_RATE_DIGITS = 6
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?", re.ASCII)


def decimal_text(figure: float, digits: int) -> str:
    """A figure as a decimal text with so many digits after the point, half-even; 'nan' and infinities are no figures.

    Raises ValueError for those. The same double gives the same text on every machine.
    """
    if figure != figure or figure in (float("inf"), float("-inf")):
        raise ValueError(f"{figure} is no figure")
    text = f"{figure:.{digits}f}"
    return text.removeprefix("-") if not any(digit in "123456789" for digit in text) else text


def pass_rate(passed: int, of: int) -> str:
    """The share that came out right, 0 to 1, as a decimal text of six digits, half-even."""
    return str((Decimal(passed) / Decimal(of)).quantize(Decimal(1).scaleb(-_RATE_DIGITS)))


def is_decimal(text: str) -> bool:
    """Whether a text is a decimal number as events keep it: digits, at most one point, no exponent."""
    return _DECIMAL.fullmatch(text) is not None
