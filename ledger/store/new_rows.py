"""New rows: events with their requests and read-model rows, written together behind the book's head, which moves with them.

On PostgreSQL one call of a function writes them all: writers may call it and have no other way to write (decision 0021).
On SQLite, where whoever can open the file can write it, they are plain insertions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, update

from ledger.store.read_back import Kept, Rows, Written, read_back
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
_RECORD = "SELECT * FROM debt_ledger_record(%(book)s, %(events)s, %(requests)s, %(rows)s)"


class NewRows(msgspec.Struct):
    """What one book is to gain: rows as their tables name the columns, in order of position; read models by projection."""

    book: str
    events: list[dict[str, Any]] = msgspec.field(default_factory=list)
    requests: list[dict[str, Any]] = msgspec.field(default_factory=list)
    read_models: list[list[dict[str, Any]]] = msgspec.field(default_factory=lambda: [[] for _ in PROJECTIONS])

    def write(self, connection: Connection) -> None:
        """Write what is kept here, and keep it no longer."""
        if not self.events:
            return
        named = zip(PROJECTIONS, self.read_models, strict=True)
        shown = {projection.table.name: rows for projection, rows in named if rows}
        written = Written(self.book, self.events, self.requests, shown)
        if connection.dialect.name == "postgresql":
            written.require(self._recorded(connection, shown))
        else:
            self._insert(connection)
            written.require(read_back(connection, written))
        self.events.clear()
        self.requests.clear()
        for rows in self.read_models:
            rows.clear()

    def _recorded(self, connection: Connection, shown: Mapping[str, Rows]) -> Kept:
        """Have the database write them all; what it says stands there then."""
        values = {"events": self.events, "requests": self.requests, "rows": shown}
        spelled = {name: msgspec.json.encode(value).decode() for name, value in values.items()}
        return Kept(*connection.exec_driver_sql(_RECORD, {"book": self.book, **spelled}).one())

    def _insert(self, connection: Connection) -> None:
        connection.execute(_INSERT_EVENT, self.events)
        for rows, insertion in zip(self.read_models, _INSERTS, strict=True):
            if rows:
                connection.execute(insertion, rows)
        connection.execute(_INSERT_REQUEST, self.requests)
        last = self.events[-1]
        moved = {"to_position": last["position"], "to_hash": last["hash"], "to_time": last["recorded_at"]}
        connection.execute(MOVE_HEAD, {"of_book": self.book, **moved})
