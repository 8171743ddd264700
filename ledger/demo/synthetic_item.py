"""What a synthetic book keeps of an item: enough to ask only for what the rules allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(slots=True)
class SyntheticItem:
    """An item that is still worked on.

    outstanding: minor units, 0 while unestimated. last_day: the latest effective day of its entries. left: how
    many entries it still gets. undo: outstanding and nature before the latest entry, if that can be reversed.
    """

    id: str
    temporary: bool
    debt: bool
    outstanding: int
    last_day: date
    left: int
    undo: tuple[int, bool] | None = None
