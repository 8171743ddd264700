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


def log(reader: Reader, *, stream: str | None = None, as_of: date | None = None) -> Iterator[Logged]:
    """Events known to the reader; of one stream, and effective by a day, if those are given."""
    known = (event.c.book == reader.name, event.c.position <= reader.position)
    query = select(event.c.body, event.c.hash, event.c.session_user).where(*known)
    if stream is None:
        query = query.order_by(event.c.position)
    else:
        query = query.where(event.c.stream == stream).order_by(event.c.stream_version)
    if as_of is not None:
        query = query.where(event.c.effective_on <= as_of)
    for body, hash_, login in reader.connection.execution_options(yield_per=2000).execute(query):
        yield Logged(decode(body), hash_, login)
