"""Shares that somebody typed: thresholds and significance levels, as exact decimals."""

from __future__ import annotations

from decimal import Decimal

from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Unreadable


def share(value: str | float | Decimal, option: str, *, above_zero: bool = False) -> Decimal:
    """A share from 0 to below 1. above_zero: 0 is none. option: which holds it, for the error. Raises Unreadable."""
    text = str(value).strip()
    found = Decimal(text) if is_decimal(text) else Decimal(-1)
    if not 0 <= found < 1 or (above_zero and found == 0):
        raise Unreadable(f"{option} is '{text}': a decimal from 0 to below 1 is expected, like 0.05.")
    return found
