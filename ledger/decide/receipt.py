"""Receipts: what is known of an event once it is recorded, and the refusal that hands out an earlier request's."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from ledger.decide.item import Item
from ledger.events import ItemEvent, Recorded
from ledger.vocabulary.errors import Refused


class Receipt(msgspec.Struct, frozen=True):
    """What is known of an event once it is recorded. repeated: a retry; it had been recorded before.

    clock_at: what the clock said then, RFC 3339; times never decrease, so that the book's may be ahead of it. item_after: the
    item as the event left it, None of an event of no item. tried: it was not recorded, only tried out; recorded later it may
    have another position, and will have another time, identifier and hash.
    """

    recorded: Recorded
    hash: str
    repeated: bool = False
    clock_at: str | None = None
    item_after: Item | None = None
    tried: bool = False

    @property
    def clock_behind(self) -> timedelta:
        """How far the clock was behind the book's time; nothing where the two agree."""
        if self.clock_at is None:
            return timedelta()
        return datetime.fromisoformat(self.recorded.recorded_at) - datetime.fromisoformat(self.clock_at)

    @property
    def item(self) -> str | None:
        """The item it is about, if it is about one."""
        return self.recorded.event.item if isinstance(self.recorded.event, ItemEvent) else None


class AlreadyRecorded(Refused):
    """An identical request, without a key, was recorded before: probably the same entry twice."""

    def __init__(self, receipts: tuple[Receipt, ...]) -> None:
        """receipts: of the request recorded before."""
        self.receipts = receipts
        first = receipts[0].recorded
        subject = f" on {first.stream}" if receipts[0].item else ""
        super().__init__(
            f"The same request by {first.actor} was recorded before, at position {first.position} ({first.stored_as}{subject}, "
            f"{first.effective_on}).",
            "If it happened twice, add --again.",
        )
