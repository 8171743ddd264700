"""What every event may carry, and the envelope it is kept in."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event may carry.

    occurred_on: of a late entry, the day it really happened; the effective date is then later.
    evidence: where the fact can be checked: a commit, a ticket, a document.
    """

    occurred_on: date | None = None
    evidence: str | None = None

    @property
    def stream(self) -> str:
        """The stream the event belongs to: the book's, a system's or an item's."""
        raise NotImplementedError


class Recorded(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event in its envelope, as the ledger keeps it.

    recorded_at: RFC 3339, UTC, microseconds. key: of the request that caused it; request_sha256: of that
    request's text, so that the table of requests cannot be altered unseen.
    """

    book: str
    position: int
    event_id: str
    stream: str
    stream_version: int
    stored_as: str
    effective_on: date
    recorded_at: str
    actor: str
    key: str
    request_sha256: str
    data: Any

    @property
    def event(self) -> Event:
        """The event itself; `data` is its decoded form here, never raw JSON."""
        event: Event = self.data
        return event
