"""Reversals: an earlier event of an item was entered in error."""

from __future__ import annotations

from datetime import date

from ledger.events.item import ItemEvent
from ledger.events.legs import Leg


class EventReversed(ItemEvent, frozen=True, kw_only=True):
    """An earlier event of the item was entered in error; its legs are mirrored.

    legs: the mirror, as movement 'corrected', so that posting needs this event alone.
    """

    reversed_position: int
    reversed_stored_as: str
    because: str
    legs: tuple[Leg, ...]


def undone(event: EventReversed, accrues_from: date) -> tuple[Leg, ...]:
    return event.legs
