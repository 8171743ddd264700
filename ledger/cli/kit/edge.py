"""The edge: where the clock, the actor and identifiers enter, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Edge:
    """What the world outside tells the ledger. clock: the time now, aware; new_id: a fresh identifier."""

    clock: Callable[[], datetime] = _now
    new_id: Callable[[], str] = _new_id
