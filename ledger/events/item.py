"""What every event of an item says: which item it is about."""

from __future__ import annotations

from ledger.events.base import Event


class ItemEvent(Event, frozen=True, kw_only=True):
    """An event in the stream of one item."""

    item: str

    @property
    def stream(self) -> str:
        return self.item


class BalanceChange(ItemEvent, frozen=True, kw_only=True):
    """Changes what is owed on an item, by what it posts. A fold that asks no more of it need not name it by itself."""
