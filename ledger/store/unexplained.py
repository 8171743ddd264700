"""Rows that no event explains: of books that have no head, and of a book where no position leads to them.

Counted table by table, over every table there is: what a pass did not come by cannot hide in one that it did not ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, bindparam, func, select

from ledger.store.comparison import WHOLE_ROW, StoredDifference, plain_rows, shown
from ledger.tables.facts import head, metadata


def unexplained_rows(connection: Connection, book: str, seen: Mapping[str, int]) -> Iterator[StoredDifference]:
    """What differs between the rows there are and those that were seen.

    seen: how many rows of the book a pass over its events came by, in each table.
    """
    heads = set(_books(connection, head))
    for table in metadata.sorted_tables:
        for name in _books(connection, table):
            if name == book or name in heads:
                continue
            yield StoredDifference(
                None, table.name, WHOLE_ROW, None, f"rows of the book {shown(name)}, which has no head"
            )
        there = _count(connection, table, table.c.book, book)
        if there != seen.get(table.name, 0):
            yield StoredDifference(None, table.name, WHOLE_ROW, f"{seen.get(table.name, 0)} rows", f"{there} rows")
        # On SQLite the schema itself can be altered by who can write the file; PostgreSQL knows no such key.
        for column in table.primary_key if connection.dialect.name == "sqlite" else ():
            lost = _count(connection, table, column, None)
            if lost:
                yield StoredDifference(None, table.name, column.name, "a value in each row", f"none in {lost}")


def _books(connection: Connection, table: Table) -> Iterator[Any]:
    """The books that have rows in a table, each found from the one before it: an index has as many steps as books."""
    book: Column[Any] = table.c.book
    rows = plain_rows(connection, select(book).order_by(book).limit(1), {})
    behind = select(book).where(book > bindparam("behind")).order_by(book).limit(1)
    while rows:
        yield rows[0][0]
        rows = plain_rows(connection, behind, {"behind": rows[0][0]})


def _count(connection: Connection, table: Table, column: Column[Any], value: str | None) -> int:
    """Rows in which a column has this value; None: in which it has none."""
    holds = column.is_(None) if value is None else column == value
    return int(plain_rows(connection, select(func.count()).select_from(table).where(holds), {})[0][0])
