"""The points of a writing transaction at which a process can die, by the statements it sends: nothing in the product knows.

The last point passed is kept in memory that a parent shares, so that the parent sees it after the process was killed.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from ledger.tables.projections import PROJECTIONS

#: Between BEGIN and the receipt, in order of time; a table with no row in an entry is not passed. On PostgreSQL one function
#: writes all that SQLite is told row by row: 'recorded' takes the place of what is inserted and moved there.
POINTS = (
    "begun",
    "head read",
    "decided",
    "event inserted",
    *(f"{projection.table.name} inserted" for projection in PROJECTIONS),
    "request inserted",
    "head moved",
    "recorded",
    "committing",
    "committed",
)
OUTSIDE = 255


def points_on(dialect: str) -> tuple[str, ...]:
    """The points that an entry can pass on a database of this kind."""
    if dialect == "postgresql":
        return tuple(point for point in POINTS if not point.endswith(("inserted", "moved")))
    return tuple(point for point in POINTS if point != "recorded")


_INSERT = re.compile(r"INSERT INTO (\w+)")


class Shared:
    """Memory that a forked process writes and its parent reads: the entry it is at, and the point it passed last."""

    def __init__(self) -> None:
        """Outside of any transaction."""
        self._bytes = mmap.mmap(-1, 2)
        self.set(0, None)

    def set(self, entry: int, point: str | None) -> None:
        """point: None outside of a transaction."""
        self._bytes[0] = entry
        self._bytes[1] = OUTSIDE if point is None else POINTS.index(point)

    def get(self) -> tuple[int, str | None]:
        """The entry, and the point passed last; None outside of a transaction."""
        entry, index = self._bytes[0], self._bytes[1]
        return entry, None if index == OUTSIDE else POINTS[index]


def watch(engine: Engine, passed: Callable[[str], None]) -> None:
    """Have `passed` called at every point but the last, which lies behind the transaction."""

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        # On SQLite behind the product's own listener, which says BEGIN; on PostgreSQL the driver says it.
        if connection.get_execution_options().get("debt_ledger_writing"):
            passed("begun")

    @event.listens_for(engine, "before_cursor_execute")
    def before(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith(("INSERT INTO event ", "SELECT * FROM debt_ledger_record")):
            passed("decided")

    @event.listens_for(engine, "after_cursor_execute")
    def after(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        found = _INSERT.match(statement)
        if found:
            passed(f"{found[1]} inserted")
        elif statement.startswith("UPDATE head"):
            passed("head moved")
        elif statement.startswith("SELECT * FROM debt_ledger_record"):
            passed("recorded")
        elif "FROM head" in statement or "debt_ledger_take_head" in statement:
            passed("head read")

    @event.listens_for(engine, "commit")
    def committing(connection: Any) -> None:
        if connection.get_execution_options().get("debt_ledger_writing"):
            passed("committing")
