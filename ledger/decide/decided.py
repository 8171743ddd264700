"""What a rule gives back: events that are to be recorded, each with its day in the books."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events import Event


class Decided(msgspec.Struct, frozen=True):
    """An event that is to be recorded, and its day in the books."""

    effective_on: date
    event: Event
