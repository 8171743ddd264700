"""The edge: where the clock, the actor and identifiers enter, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from ledger.services.clock import new_id, now


class Edge(msgspec.Struct, frozen=True):
    """What the world outside tells the ledger. clock: the time now, aware; new_id: a fresh identifier."""

    clock: Callable[[], datetime] = now
    new_id: Callable[[], str] = new_id
