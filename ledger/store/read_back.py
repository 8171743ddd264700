"""Reading back: what was written is there, before anybody gets a receipt for it.

A rule of PostgreSQL can answer an INSERT with nothing, and a trigger swallow or alter a row, without an error. So the
transaction that wrote asks once, by key: how many rows there are in each table, what the postings sum to, the last
event and the head. That every value is as written is for `debt verify`. On PostgreSQL the function that writes asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, func, select

from ledger.tables.facts import event, head, metadata, request
from ledger.tables.postings import posting
from ledger.vocabulary.errors import StoreError

#: Columns whose sums are compared besides the count, by table.
_SUMMED = {posting.name: ("amount_minor", "carry_minor_per_year", "spent_minor")}

Rows = Sequence[Mapping[str, Any]]


class Kept(msgspec.Struct, frozen=True):
    """What stands in the database at the positions that were written; None for what is not there.

    figures: by table, the number of rows and then the sums.
    """

    head_position: int | None
    head_hash: str | None
    last_body: str | None
    last_hash: str | None
    figures: Mapping[str, Sequence[int | None]]


class Written(msgspec.Struct, frozen=True):
    """What was written to a book in one go, and the head moved behind it. Events in order of position.

    read_models: rows by table, one or more of each.
    """

    book: str
    events: Rows
    requests: Rows
    read_models: Mapping[str, Rows]

    @property
    def first(self) -> int:
        """The first position."""
        return int(self.events[0]["position"])

    @property
    def last(self) -> int:
        """The last position."""
        return int(self.events[-1]["position"])

    def require(self, kept: Kept) -> None:
        """Raise StoreError unless just this is there, and the head stands where it ends."""
        rows = {event.name: self.events, request.name: self.requests, **self.read_models}
        figures = {name: _figures(name, its_rows) for name, its_rows in rows.items()}
        end = self.events[-1]
        if kept == Kept(self.last, end["hash"], end["body"], end["hash"], figures):
            return
        raise StoreError(
            f"The database did not keep what was written to positions {self.first} to {self.last} of '{self.book}', so "
            "nothing was recorded. A rule or trigger stands in the way: `debt db check` names what is not the ledger's."
        )


def read_back(connection: Connection, written: Written) -> Kept:
    """What stands at the positions that were written, asked of the tables themselves."""
    tables = (event.name, request.name, *written.read_models)
    keys = [row["key"] for row in written.requests]
    asked = {"book": written.book, "first": written.first, "last": written.last, "keys": keys}
    found = iter(connection.execute(_question(tables), asked).one())
    position, hash_, last_body, last_hash = (next(found) for _ in range(4))
    figures = {name: [next(found) for _ in range(1 + len(_SUMMED.get(name, ())))] for name in tables}
    return Kept(position, hash_, last_body, last_hash, figures)


def _figures(table: str, rows: Rows) -> list[int]:
    return [len(rows), *(sum(row[column] for row in rows) for column in _SUMMED.get(table, ()))]


@cache
def _question(tables: tuple[str, ...]) -> Select[Any]:
    """One statement for all. Its columns are in the order of what is answered."""
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
