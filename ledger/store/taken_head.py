"""Taking a book's head: nobody else moves it until the transaction ends, so that nothing is decided on stale state.

On PostgreSQL one call takes it and reads what the request is decided on: a function whose plans are kept, where a
statement of ours would be planned each time (decision 0026).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from ledger.decide.request import Request
from ledger.store.earlier_requests import StoredRequest, sought
from ledger.store.memory import named_streams
from ledger.tables.facts import head

_HEAD = select(head.c.position, head.c.hash, head.c.recorded_at).where(head.c.book == bindparam("book"))
# The server's time is that after it has waited for the lock.
_TAKE_HEAD = "SELECT *, clock_timestamp() FROM debt_ledger_take_head(%(book)s, %(streams)s, %(key)s, %(fingerprint)s)"


class TakenHead(msgspec.Struct, frozen=True):
    """A book's head, and what was read with it for the request that was asked for; nothing on SQLite.

    bodies: of the events of the streams that the request names, in any order. requests: recorded before, like it.
    server_at: the time by the server's clock, None where there is no server.
    """

    position: int
    hash: str
    recorded_at: str
    bodies: tuple[str, ...] | None = None
    requests: tuple[StoredRequest, ...] = ()
    server_at: datetime | None = None


def take_head(connection: Connection, book: str, asked: Request | None) -> TakenHead | None:
    """The book's head under its lock; None if there is no such book. asked: the request it is taken for, if it is one."""
    if connection.dialect.name != "postgresql":
        row = connection.execute(_HEAD, {"book": book}).one_or_none()
        return TakenHead(*row) if row else None
    values: dict[str, Any] = {"book": book, "streams": [], "key": [], "fingerprint": []}
    if asked is not None:
        values["streams"] = list(named_streams(asked.command.needs()))
        wanted = sought(asked)
        if wanted:
            values[wanted[0]] = [wanted[1]]
    position, hash_, recorded_at, bodies, requests, server_at = connection.exec_driver_sql(_TAKE_HEAD, values).one()
    if position is None:
        return None
    return TakenHead(position, hash_, recorded_at, tuple(bodies), tuple(requests or ()), server_at)
