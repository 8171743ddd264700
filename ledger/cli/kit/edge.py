"""The edge: where the clock, the actor and identifiers enter, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ledger.services.clock import new_id, now


@dataclass(frozen=True, slots=True)
class Edge:
    """What the world outside tells the ledger. clock: the time now, aware; new_id: a fresh identifier."""

    clock: Callable[[], datetime] = now
    new_id: Callable[[], str] = new_id
