"""Figures that are kept as decimal texts."""

from __future__ import annotations

from ledger.decide.convention import by_convention
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Refused


def decimal(text: str, what: str) -> None:
    if not is_decimal(text):
        by_convention(Refused(f"{what} is '{text}', which is no decimal number.", "Write it like 0.05."))
