"""Reading back: what was written is there, before anybody gets a receipt for it.

A rule of PostgreSQL can answer an INSERT with nothing, and a trigger swallow or alter a row, without an error. So the
transaction that wrote asks once, by key: how many rows there are in each table, what the postings sum to, the last
event and the head. That every value is as written is for `debt verify`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select

from ledger.tables.facts import event, head, metadata, request
from ledger.tables.postings import posting
from ledger.vocabulary.errors import StoreError

#: Columns whose sums are compared besides the count, by table.
_SUMMED = {posting.name: ("amount_minor", "carry_minor_per_year", "spent_minor")}

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class WrittenSpan:
    """The positions that were written in one go, and the head that was moved to the last of them."""

    book: str
    first: int
    last: int
    hash: str


def read_back(connection: Connection, span: WrittenSpan, written: Mapping[str, Rows]) -> None:
    """Raise StoreError unless the rows that were written are there, and the head stands where they end.

    written: the rows by table; those of `event` in order of position, and one or more of `request`.
    """
    tables = tuple(name for name, rows in written.items() if rows)
    keys = [row["key"] for row in written[request.name]]
    asked = {"book": span.book, "first": span.first, "last": span.last, "keys": keys}
    found = tuple(connection.execute(_question(tables), asked).one())
    last = written[event.name][-1]
    expected = (span.last, span.hash, last["body"], span.hash, *_figures(tables, written))
    if found != expected:
        raise StoreError(
            f"The database did not keep what was written to positions {span.first} to {span.last} of '{span.book}', so "
            "nothing was recorded. A rule or trigger stands in the way: `debt db check` names what is not the ledger's."
        )


def _figures(tables: Sequence[str], written: Mapping[str, Rows]) -> list[int]:
    figures = []
    for name in tables:
        figures.append(len(written[name]))
        figures += [sum(row[column] for row in written[name]) for column in _SUMMED.get(name, ())]
    return figures


@cache
def _question(tables: tuple[str, ...]) -> Select[Any]:
    """One statement for all, so that it costs one round trip. Its columns are in the order of what is expected."""
    at_last = (event.c.book == bindparam("book"), event.c.position == bindparam("last"))
    columns: list[ColumnElement[Any]] = [
        select(column).where(head.c.book == bindparam("book")).scalar_subquery()
        for column in (head.c.position, head.c.hash)
    ]
    columns += [select(column).where(*at_last).scalar_subquery() for column in (event.c.body, event.c.hash)]
    for name in tables:
        table = metadata.tables[name]
        figures = [func.count(), *(func.sum(table.c[column]) for column in _SUMMED.get(name, ()))]
        columns += [select(figure).select_from(table).where(*_within(table)).scalar_subquery() for figure in figures]
    return select(*columns)


def _within(table: Table) -> tuple[ColumnElement[bool], ...]:
    if table is request:  # its positions have no index
        return table.c.book == bindparam("book"), table.c.key.in_(bindparam("keys", expanding=True))
    return table.c.book == bindparam("book"), table.c.position.between(bindparam("first"), bindparam("last"))
