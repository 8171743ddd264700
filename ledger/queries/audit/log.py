"""The log: events as they were recorded, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ledger.events import Recorded
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event


@dataclass(frozen=True, slots=True)
class Logged:
    """An event and its link in the chain. session_user: the login that wrote it, None where the database has none."""

    recorded: Recorded
    hash: str
    session_user: str | None


def log(
    reader: Reader,
    *,
    stream: str | None = None,
    as_of: date | None = None,
    after: int = 0,
    actor: str | None = None,
    limit: int | None = None,
) -> Iterator[Logged]:
    """Events known to the reader, in order; of one stream, effective by a day, behind a position, of an actor, if given.

    limit: of those the latest only, so many.
    """
    query = select(event.c.body, event.c.hash, event.c.session_user).where(
        event.c.book == reader.name, event.c.position.between(after + 1, reader.position)
    )
    order = event.c.position if stream is None else event.c.stream_version
    if stream is not None:
        query = query.where(event.c.stream == stream)
    if as_of is not None:
        query = query.where(event.c.effective_on <= as_of)
    if actor is not None:
        query = query.where(event.c.actor == actor)
    if limit is not None:
        latest = reader.connection.execute(query.order_by(order.desc()).limit(limit)).all()
        yield from (Logged(decode(body), hash_, login) for body, hash_, login in reversed(latest))
        return
    for body, hash_, login in reader.connection.execution_options(yield_per=2000).execute(query.order_by(order)):
        yield Logged(decode(body), hash_, login)
