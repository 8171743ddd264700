"""Rows of read models that are not what follows from the events: for who replays, and asks no more of the facts."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from ledger.store.comparison import POSITION, StoredDifference, event_chunks, following_rows, read_models
from ledger.tables.projections import PROJECTIONS


def differing_rows(connection: Connection, book: str, position: int) -> Iterator[StoredDifference]:
    """Every difference in a row of an event up to a position, inclusive; behind it too if no event stands there.

    Raises StoreError for an event that cannot be read.
    """
    models = read_models(connection)
    after = None
    for chunk in event_chunks(connection, book):
        known = [row for row in chunk if row[POSITION] <= position]
        last = known[-1][POSITION] if known else position
        for model, rows in zip(models, following_rows(known, PROJECTIONS), strict=True):
            found = model.stored(connection, book, after, last)
            yield from model.differences([model.spelled(row) for row in rows], found)
        if len(known) < len(chunk):
            return
        after = last
    for model in models:
        yield from model.differences((), model.stored(connection, book, after, None))
