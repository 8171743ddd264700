"""Receipts: what is known of an event once it is recorded, and the refusal that hands out an earlier request's."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.events import ItemEvent, Recorded
from ledger.vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is known of an event once it is recorded. repeated: a retry; it had been recorded before."""

    recorded: Recorded
    hash: str
    repeated: bool = False

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
