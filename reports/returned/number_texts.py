"""Numbers that stand in a cell as text, because it was formatted so or pasted: read where they can mean one thing only."""

from __future__ import annotations

import re

from ledger.vocabulary.money import Currency

# Digits, then a point or a comma and decimals. Three of them could be a group of thousands instead.
_PLAIN = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,2}))?", re.ASCII)


def minor_units(text: str, currency: Currency) -> int | None:
    """The amount in minor units; None for what is no plain number, or could be read in two ways.

    A point or a comma with one or two digits behind it is a decimal mark in every language; with three, `1.500` and
    `1,500` are one and a half to some readers and fifteen hundred to others.
    """
    found = _PLAIN.fullmatch(text.strip())
    if found is None:
        return None
    whole, decimals = found[1], found[2] or ""
    if len(decimals) > currency.exponent:
        return None
    return int(whole + decimals.ljust(currency.exponent, "0"))
