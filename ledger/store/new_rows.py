"""New rows: events with their requests and read-model rows, written together behind the book's head, which moves with them.

On PostgreSQL one call of a function writes them all: writers may call it and have no other way to write (decision 0021).
On SQLite, where whoever can open the file can write it, they are plain insertions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, insert, null, select, text, update

from ledger.store.read_back import WrittenSpan, read_back
from ledger.tables.facts import event, head, request
from ledger.tables.projections import PROJECTIONS

#: Moves a book's head; to be run inside the lock that it was read under.
MOVE_HEAD = (
    update(head)
    .where(head.c.book == bindparam("of_book"))
    .values(position=bindparam("to_position"), hash=bindparam("to_hash"), recorded_at=bindparam("to_time"))
)
_INSERT_EVENT, _INSERT_REQUEST = insert(event), insert(request)
_INSERTS = tuple(insert(projection.table) for projection in PROJECTIONS)
_HEAD = select(head.c.position, head.c.hash, head.c.recorded_at, null().label("server_at")).where(
    head.c.book == bindparam("book")
)

# A writer has no right to lock the head; the function has. The server's time is that after it has waited.
_TAKE_HEAD = text(
    "SELECT position, hash, recorded_at, clock_timestamp() AS server_at FROM debt_ledger_take_head(:book) "
    "WHERE book IS NOT NULL"
)
_RECORD = text("SELECT debt_ledger_record(:book, :events, :requests, :rows)")


def take_head(connection: Connection, book: str) -> Row[Any] | None:
    """The book's head, which nobody else moves until the transaction ends; None if there is no such book.

    server_at: the time by the server's clock, on PostgreSQL.
    """
    taking = _TAKE_HEAD if connection.dialect.name == "postgresql" else _HEAD
    return connection.execute(taking, {"book": book}).one_or_none()


@dataclass(slots=True)
class NewRows:
    """What one book is to gain: rows as their tables name the columns, in order of position; read models by projection."""

    book: str
    events: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    read_models: list[list[dict[str, Any]]] = field(default_factory=lambda: [[] for _ in PROJECTIONS])

    def write(self, connection: Connection) -> None:
        """Write what is kept here, and keep it no longer."""
        if not self.events:
            return
        if connection.dialect.name == "postgresql":
            self._record(connection)
        else:
            self._insert(connection)
        self._read_back(connection)
        self.events.clear()
        self.requests.clear()
        for rows in self.read_models:
            rows.clear()

    def _read_back(self, connection: Connection) -> None:
        shown = {projection.table.name: rows for projection, rows in zip(PROJECTIONS, self.read_models, strict=True)}
        last = self.events[-1]
        span = WrittenSpan(self.book, self.events[0]["position"], last["position"], last["hash"])
        read_back(connection, span, {event.name: self.events, request.name: self.requests, **shown})

    def _record(self, connection: Connection) -> None:
        named = zip(PROJECTIONS, self.read_models, strict=True)
        rows = {projection.table.name: rows for projection, rows in named if rows}
        values = {"events": self.events, "requests": self.requests, "rows": rows}
        spelled = {name: msgspec.json.encode(value).decode() for name, value in values.items()}
        connection.execute(_RECORD, {"book": self.book, **spelled})

    def _insert(self, connection: Connection) -> None:
        connection.execute(_INSERT_EVENT, self.events)
        for rows, insertion in zip(self.read_models, _INSERTS, strict=True):
            if rows:
                connection.execute(insertion, rows)
        connection.execute(_INSERT_REQUEST, self.requests)
        last = self.events[-1]
        moved = {"to_position": last["position"], "to_hash": last["hash"], "to_time": last["recorded_at"]}
        connection.execute(MOVE_HEAD, {"of_book": self.book, **moved})
