"""Rebuilding: every read model recomputed from the events, compared, and put right where it differs; new ones filled.

Facts are never touched. They are held against the hash chain while they are read, because read models that
were recomputed from altered facts would make the alteration look right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select

from ledger.proof.chain import GENESIS, link
from ledger.store.comparison import (
    POSITION,
    ReadModel,
    Stored,
    StoredDifference,
    event_chunks,
    following_rows,
    read_models,
)
from ledger.store.engine import writing
from ledger.tables.facts import head
from ledger.tables.projections import PROJECTIONS, Projection
from ledger.vocabulary.errors import StoreError

_BOOKS = select(head.c.book).order_by(head.c.book).with_for_update()
_HEAD = select(head.c.position, head.c.hash).where(head.c.book == bindparam("book")).with_for_update()


def rebuild(engine: Engine, book: str, progress: Callable[[int], None] | None = None) -> list[StoredDifference]:
    """Put a book's read models right, in one transaction, and return what differed.

    Raises StoreError, with nothing changed, if there is no such book or its facts are not intact.
    progress: told how many events are done.
    """
    with writing(engine) as connection:
        if connection.execute(_HEAD, {"book": book}).one_or_none() is None:
            raise StoreError(f"There is no book '{book}' in this database.")
        models = read_models(connection)
        differences = _remove_what_differs(connection, book, models, progress)
        if differences:
            _add_what_is_missing(connection, book, models)
        return differences


def fill(connection: Connection, new: Sequence[Projection]) -> None:
    """Fill read models that have no rows yet, in every book, with what follows from the events, a chunk at a time.

    Raises StoreError if a book's facts are not intact.
    """
    for book in connection.execute(_BOOKS).scalars().all():
        for chunk, _, _ in _chunks_to_the_end(connection, book):
            for projection, rows in zip(new, following_rows(chunk, new), strict=True):
                if rows:
                    connection.execute(insert(projection.table), rows)


def _remove_what_differs(
    connection: Connection, book: str, models: Sequence[ReadModel], progress: Callable[[int], None] | None
) -> list[StoredDifference]:
    """Compare, and delete the rows of every position at which a read model differs.

    All of them before any is inserted: a row that is wrong may hold another's unique key.
    """
    differences: list[StoredDifference] = []
    done = 0
    for chunk, after, last in _chunks_to_the_end(connection, book):
        computed = following_rows(chunk, PROJECTIONS)
        for model, rows in zip(models, computed, strict=True):
            found = model.stored(connection, book, after, last)
            expected = [model.spelled(row) for row in rows]
            differing = {(mine or theirs or ())[model.position] for mine, theirs in model.differing(expected, found)}
            differences += model.differences(expected, found)
            _delete(connection, book, model, differing, found)
        done += len(chunk)
        if progress:
            progress(done)
    return differences


def _delete(connection: Connection, book: str, model: ReadModel, positions: set[Any], found: Sequence[Stored]) -> None:
    """Delete the rows of these positions, as they are stored: a damaged one need not be a number."""
    stored = {row[model.position] for row in found} & positions
    if stored:
        table = model.table
        statement = delete(table).where(
            table.c.book == bindparam("of_book"), table.c.position == bindparam("at_position")
        )
        connection.execute(statement, [{"of_book": book, "at_position": position} for position in stored])


def _add_what_is_missing(connection: Connection, book: str, models: Sequence[ReadModel]) -> None:
    for chunk, after, last in _chunks_to_the_end(connection, book):
        for model, rows in zip(models, following_rows(chunk, PROJECTIONS), strict=True):
            there = {row[model.position] for row in model.stored(connection, book, after, last)}
            missing = [row for row in rows if row["position"] not in there]
            if missing:
                connection.execute(insert(model.table), missing)


def _chunks_to_the_end(connection: Connection, book: str) -> Iterator[tuple[list[Stored], int | None, int | None]]:
    """Chunks of events, each with the positions it covers; at last an empty one for what stands behind them."""
    after, previous = None, GENESIS
    position = 0
    for chunk in event_chunks(connection, book):
        for row in chunk:
            body, found_hash = row[-2:]
            position += 1
            if row[POSITION] != position or not isinstance(body, str) or found_hash != link(previous, body.encode()):
                raise _not_intact(book, position)
            previous = found_hash
        yield chunk, after, position
        after = position
    if (position, previous) != tuple(connection.execute(_HEAD, {"book": book}).one()):
        raise _not_intact(book, position)
    yield [], after, None


def _not_intact(book: str, position: int) -> StoreError:
    return StoreError(
        f"The events of '{book}' are not intact at position {position}, so nothing was changed. `debt verify`, of the "
        "release that wrote them, tells what was altered; restore a backup."
    )
