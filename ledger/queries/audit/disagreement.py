"""What a replay finds: figures that the events and the read models give differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One figure that the fold and the read models give differently.

    item: None for an account's whole balance. account: where the figure stands; of an item its liabilities.
    figure: its name. amount: whether it is in minor units. None for what one side does not have at all.
    """

    item: str | None
    account: str
    figure: str
    amount: bool
    replayed: Any
    stored: Any
