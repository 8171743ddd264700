"""Events to bytes and back: canonical JSON (RFC 8785) of the whole envelope.

Only strings, integers, booleans, null, arrays and objects are written; text is NFC before it gets here.
msgspec's sorted order equals RFC 8785's because every key is ASCII; a test holds the bytes against an
independent implementation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import msgspec

from ledger.events import NAME_OF, STORED_AS, Event, Recorded
from ledger.events.balances import repayment_of_version_1
from ledger.events.documents import measurement_of_version_1, monitor_of_version_1
from ledger.events.remarks import evidence_of_version_1
from ledger.vocabulary.errors import StoreError

_ENCODER = msgspec.json.Encoder(order="sorted")

#: Stored name of an old version -> how its data is rewritten, on reading, and the name it is then read as.
UPCASTERS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "monitor-documented/1": ("monitor-documented/2", monitor_of_version_1),
    "expectation-measured/1": ("expectation-measured/2", measurement_of_version_1),
    "evidence-added/1": ("evidence-added/2", evidence_of_version_1),
    "repayment-recorded/1": ("repayment-recorded/2", repayment_of_version_1),
}


class UnknownEvent(StoreError):
    """A stored name that this version does not know."""


class _Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
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
    data: msgspec.Raw


class _Outline(msgspec.Struct, frozen=True, gc=False):
    """Of an envelope, what `happening` asks for; the rest is skipped."""

    stream: str
    stored_as: str
    effective_on: date
    data: msgspec.Raw


class Happening(msgspec.Struct, frozen=True, gc=False):
    """What happened, to what, and its day in the books: all that a fold of figures needs of a body."""

    stream: str
    effective_on: date
    event: Event


#: What a damaged body raises: it is no JSON or another event's, nested beyond all measure, no text, no UTF-8.
_UNREADABLE = (msgspec.MsgspecError, RecursionError, TypeError, UnicodeError)

_ENVELOPES = msgspec.json.Decoder(_Envelope)
_OUTLINES = msgspec.json.Decoder(_Outline)


@cache
def _decoder(event_type: type[Event]) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(event_type)


def canonical(value: Any) -> bytes:
    """Canonical JSON of a value made of structs, dicts with ASCII keys, lists, text, integers, dates."""
    return _ENCODER.encode(value)


def sha256_hex(data: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def stored_name(event: Event) -> str:
    """The name under which the event is stored."""
    return NAME_OF[type(event)]


def decode(body: bytes | str) -> Recorded:
    """Read a stored body. Raises UnknownEvent for a stored name of another version, StoreError for damage."""
    try:
        envelope = _ENVELOPES.decode(body)
        event = _event(envelope.stored_as, envelope.data)
    except _UNREADABLE as error:
        raise _damaged(error) from error
    return Recorded(
        book=envelope.book,
        position=envelope.position,
        event_id=envelope.event_id,
        stream=envelope.stream,
        stream_version=envelope.stream_version,
        stored_as=envelope.stored_as,
        effective_on=envelope.effective_on,
        recorded_at=envelope.recorded_at,
        actor=envelope.actor,
        key=envelope.key,
        request_sha256=envelope.request_sha256,
        data=event,
    )


def happening(body: bytes | str) -> Happening:
    """Read what happened from a stored body, in a third of the time that `decode` takes. Raises as `decode` does.

    Who recorded it, when and under which key is not read: what is wrong with that goes unnoticed here.
    """
    try:
        outline = _OUTLINES.decode(body)
        return Happening(outline.stream, outline.effective_on, _event(outline.stored_as, outline.data))
    except _UNREADABLE as error:
        raise _damaged(error) from error


def said_by(body: bytes | str) -> frozenset[str]:
    """The fields that a stored event itself has, whatever its version is upcast to."""
    return frozenset(msgspec.json.decode(_OUTLINES.decode(body).data))


def _damaged(error: Exception) -> StoreError:
    return StoreError(f"A stored event cannot be read: {error}. `debt verify` tells which.")


def _event(stored_as: str, data: msgspec.Raw) -> Event:
    if stored_as in UPCASTERS:
        newer, upcast = UPCASTERS[stored_as]
        return _event(newer, msgspec.Raw(canonical(upcast(msgspec.json.decode(data)))))
    if stored_as not in STORED_AS:
        raise UnknownEvent(
            f"The ledger holds an event '{stored_as}' that this version of debt-ledger does not know. "
            "It was written by a newer version: upgrade debt-ledger."
        )
    return _decoder(STORED_AS[stored_as]).decode(data)
