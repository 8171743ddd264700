"""The facts in a bundle: events as they are stored, their hashes, the requests that caused them, checkpoints' notes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO

from sqlalchemy import select

from ledger.events import NAME_OF, CheckpointSigned
from ledger.events.codec import decode
from ledger.proof.chain import GENESIS, link
from ledger.queries.reader import Reader
from ledger.tables.facts import event, request
from ledger.vocabulary.errors import StoreError

_CHECKPOINT = NAME_OF[CheckpointSigned]
_REQUEST_COLUMNS = ("first_position", "key", "last_position", "request_json")


class Chain:
    """One pass over the events: what was seen on the way is there when it has ended.

    head, recorded_at: of the last event. notes: of the checkpoints that were recorded, by position.
    """

    def __init__(self, reader: Reader, hashes: IO[bytes], progress: Callable[[int, int], None] | None = None) -> None:
        """hashes: takes the hash of every event as stored, a line each. progress: told how far it is."""
        self.reader, self.hashes, self.progress = reader, hashes, progress
        self.head, self.recorded_at = GENESIS, ""
        self.notes: dict[int, str] = {}

    def events(self) -> Iterator[bytes]:
        """Every event's body as stored, a line each. Raises StoreError where one does not follow from the one before."""
        columns = event.c.position, event.c.stored_as, event.c.recorded_at, event.c.body, event.c.hash
        query = (
            select(*columns)
            .where(event.c.book == self.reader.name, event.c.position <= self.reader.position)
            .order_by(event.c.position)
        )
        done = 0
        for position, stored_as, recorded_at, text, found in self.reader.stream(query):
            body = str(text).encode()
            if position != done + 1 or link(self.head, body) != found:
                raise _broken(done + 1)
            done, self.head, self.recorded_at = position, found, recorded_at
            self.hashes.write(f"{found}\n".encode())
            if stored_as == _CHECKPOINT:
                self._keep_note(position, body)
            if self.progress is not None and done % 1000 == 0:
                self.progress(done, self.reader.position)
            yield body + b"\n"
        if done != self.reader.position:
            raise _broken(done + 1)

    def _keep_note(self, position: int, body: bytes) -> None:
        signed = decode(body).event
        if not isinstance(signed, CheckpointSigned):
            raise _broken(position)
        self.notes[position] = signed.note


def request_lines(reader: Reader) -> Iterator[bytes]:
    """Every request that caused one of the events, in order, a line each; its text as a string, so that none respells it."""
    query = (
        select(*(request.c[name] for name in _REQUEST_COLUMNS))
        .where(request.c.book == reader.name, request.c.first_position <= reader.position)
        .order_by(request.c.first_position, request.c.key)
    )
    for row in reader.stream(query).mappings():
        yield (json.dumps(dict(row), ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _broken(position: int) -> StoreError:
    return StoreError(
        f"The chain is broken at position {position}: a bundle of it would prove nothing. `debt verify` tells what was touched."
    )
