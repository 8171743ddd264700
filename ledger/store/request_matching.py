"""Matching: every event has the request that caused it, and every request its events (design §4, 'Idempotency').

Events name their request's key and the sha256 of its text, inside the hash; so a request cannot be altered,
removed or made up unseen. Both sides are read once, in order of position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.decide.request import fingerprint
from ledger.events.codec import sha256_hex
from ledger.store.comparison import (
    CHUNK,
    WHOLE_ROW,
    Stored,
    StoredDifference,
    as_bytes,
    as_declared,
    field_differences,
    kinds_of_values,
    placed,
    shown,
    streamed,
)
from ledger.tables.facts import request

_FIELDS = ("first_position", "last_position", "request_json")
_COLUMNS = ("key", "first_position", "last_position", "request_json", "fingerprint")
_REQUESTS = (
    select(*(request.c[name] for name in _COLUMNS))
    .where(request.c.book == bindparam("book"))
    .order_by(request.c.first_position)
)

#: Unmatched keys held while their other half may still come; beyond it they are reported as they are.
_MOST_HELD = 10_000


@dataclass(slots=True)
class RequestSpan:
    """Consecutive events of one request. sha256: of the request's text, as the events name it."""

    key: str
    first: int
    last: int
    sha256: str

    @property
    def values(self) -> Stored:
        """Like `_FIELDS`, the text by its digest."""
        return (self.first, self.last, self.sha256)


class RequestMatcher:
    """Goes along with a pass over the events; a context manager, because it holds a cursor."""

    def __init__(self, connection: Connection, book: str, report: Callable[[Iterable[StoredDifference]], None]) -> None:
        """report: takes what differs."""
        self._report = report
        self._stack = ExitStack()
        self._fetch = self._stack.enter_context(streamed(connection, _REQUESTS, {"book": book}))
        self._buffer: list[Stored] = []
        self._exhausted = False
        self._kinds = kinds_of_values((request.c[name] for name in _COLUMNS), connection)
        #: Requests read so far.
        self.taken = 0
        self._open: RequestSpan | None = None
        self._spans: dict[str, RequestSpan] = {}
        self._requests: dict[str, Stored] = {}

    def __enter__(self) -> RequestMatcher:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self._stack.close()

    def match(self, events: Iterable[tuple[str, int, str]]) -> None:
        """Take the next events: key, position, sha256 of the request."""
        complete = []
        for key, position, sha256 in events:
            span = self._open
            if span is not None and span.key == key:
                span.last = position
                if span.sha256 != sha256:
                    self._report([StoredDifference(placed(position), "event", "request_sha256", span.sha256, sha256)])
                continue
            if span is not None:
                complete.append(span)
            self._open = RequestSpan(key, position, position, sha256)
        if self._open is not None:
            # An event whose position is no number any more sorts last.
            self._settle(complete, self._take(self._open.first if isinstance(self._open.first, int) else None))

    def finish(self) -> None:
        """After the last event: what has no other half by now never will."""
        self._settle([self._open] if self._open else [], self._take(None))
        self._report_unmatched()

    def _take(self, before: int | None) -> list[Stored]:
        """The requests whose first position is before this one; None: all that are left."""
        taken: list[Stored] = []
        while not self._exhausted:
            if not self._buffer:
                self._buffer = self._fetch(CHUNK)
                self._exhausted = not self._buffer
            count = len(self._buffer)
            if before is not None:
                # A position that is no number any more sorts last, and waits for the end.
                waiting = (at for at, row in enumerate(self._buffer) if not isinstance(row[1], int) or row[1] >= before)
                count = next(waiting, count)
            taken += self._buffer[:count]
            del self._buffer[:count]
            if self._buffer:
                break
        return taken

    def _settle(self, spans: list[RequestSpan], requests: list[Stored]) -> None:
        wanted = [(span.key, span.first, span.last, span.sha256) for span in spans]
        found = []
        self.taken += len(requests)
        for key, first, last, text, stored_fingerprint in requests:
            sha256, expected = _digests(text)
            found.append((key, first, last, sha256))
            at = placed(first)
            if expected != stored_fingerprint:
                self._report([StoredDifference(at, "request", "fingerprint", expected, shown(stored_fingerprint))])
            if not isinstance(text, str):
                self._report([StoredDifference(at, "request", "request_json", "a text", shown(text))])
        if wanted == found and as_declared(requests, self._kinds):
            return
        for span in spans:
            if span.key in self._spans:  # a key that comes back later cannot be of the same request
                self._report([StoredDifference(placed(span.first), "event", "key", None, span.key)])
            else:
                self._spans[span.key] = span
        self._requests.update((key, (first, last, sha256)) for key, first, last, sha256 in found)
        for key in list(self._spans.keys() & self._requests.keys()):
            span, values = self._spans.pop(key), self._requests.pop(key)
            self._report(field_differences("request", span.first, _FIELDS, span.values, values))
        if len(self._spans) + len(self._requests) > _MOST_HELD:
            self._report_unmatched()

    def _report_unmatched(self) -> None:
        self._report(_missing_and_surplus(self._spans.values(), self._requests))
        self._spans.clear()
        self._requests.clear()


def _missing_and_surplus(spans: Iterable[RequestSpan], requests: dict[str, Stored]) -> Iterator[StoredDifference]:
    for span in spans:
        yield StoredDifference(placed(span.first), "request", WHOLE_ROW, f"key={span.key}", None)
    for key, (first, _, _) in requests.items():
        yield StoredDifference(placed(first), "request", WHOLE_ROW, None, f"key={key}")


def _digests(text: Any) -> tuple[str, str]:
    """sha256 of a request's text, and the fingerprint that belongs to it."""
    data = as_bytes(text)
    try:
        return sha256_hex(data), fingerprint(data)
    except Exception:  # the text is damaged; its sha256 says so too
        return sha256_hex(data), "none: the text cannot be read"
