"""What a rule gives back: events that are to be recorded, each with its day in the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.events import Event


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that is to be recorded, and its day in the books."""

    effective_on: date
    event: Event
