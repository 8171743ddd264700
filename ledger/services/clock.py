"""What only the world outside knows: the time now, and identifiers that nobody has used."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4


def now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def new_id() -> str:
    """An identifier that no other event has."""
    return uuid4().hex
