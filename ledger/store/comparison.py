"""Comparing what is stored with what follows from the events: shared by `debt verify` and `debt db rebuild`.

Rows are read as plain tuples, past SQLAlchemy's conversions: a million of them are compared a chunk at a time,
and a value that no longer is what its column promises (a date in SQLite that is none) must be reported, not
raise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from types import NoneType
from typing import Any

from sqlalchemy import Column, Connection, Date, Integer, Select, Table, bindparam, select

from ledger.accounts.postings import post
from ledger.events import Leg, Recorded
from ledger.events.codec import decode
from ledger.tables.facts import event
from ledger.tables.projections import PROJECTIONS, Projection, Row
from ledger.vocabulary.errors import StoreError

Stored = tuple[Any, ...]

#: Events compared at a time: few enough to be held, many enough that a query costs little per event.
CHUNK = 2000

#: Where a whole row is missing or surplus, the field is this.
WHOLE_ROW = "row"

_LONGEST_SHOWN = 300

#: Columns of `event` that are copies of its body; the rest is the body, its hash, and the database's own word.
#: The day comes last: the only one that a driver does not hand over as the body spells it.
COPIES = (
    *(column for column in event.columns if column.name not in ("body", "hash", "session_user", "effective_on")),
    event.c.effective_on,
)
POSITION, RECORDED_AT = ([column.name for column in COPIES].index(name) for name in ("position", "recorded_at"))

#: The columns of `event` as `event_chunks` gives them.
READ = (*COPIES, event.c.session_user, event.c.body, event.c.hash)
# The first chunk has no lower bound: there is none below which no row can be hidden.
_FIRST_EVENTS = (
    select(*READ).where(event.c.book == bindparam("book")).order_by(event.c.position).limit(bindparam("limit"))
)
_EVENTS = _FIRST_EVENTS.where(event.c.position > bindparam("after"))


@dataclass(frozen=True, slots=True)
class StoredDifference:
    """One place where what is stored is not what it should be.

    position: of the event it belongs to; None if it belongs to none. field: the column, or 'row' for a row
    that is missing (found is None) or surplus (expected is None).
    """

    position: int | None
    table: str
    field: str
    expected: str | int | None
    found: str | int | None


def as_bytes(text: Any) -> bytes:
    """A text's bytes, also of one that SQLite was made to keep as something else than text."""
    return text.encode() if isinstance(text, str) else text if isinstance(text, bytes) else str(text).encode()


def shown(value: Any) -> str | int | None:
    """A stored value as a report shows it: dates as ISO text, long texts cut."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = value.isoformat() if isinstance(value, date) else value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}… ({len(text)} characters)"


def plain_rows(connection: Connection, statement: Select[Any], parameters: dict[str, Any]) -> list[Stored]:
    """All the rows, as the driver hands them over."""
    with connection.execute(statement, parameters) as result:
        cursor: Any = result.cursor
        return list(cursor.fetchall())


@contextmanager
def streamed(
    connection: Connection, statement: Select[Any], parameters: dict[str, Any]
) -> Iterator[Callable[[int], list[Stored]]]:
    """Rows as the driver hands them over, at most as many at a time as asked for: too many to be held."""
    if connection.dialect.name == "sqlite":
        with connection.execute(statement, parameters) as result:
            cursor: Any = result.cursor
            yield cursor.fetchmany
    else:
        # A cursor on the server. SQLAlchemy reads ahead of it, so the rows have to come through SQLAlchemy.
        with connection.execute(statement, parameters, execution_options={"stream_results": True}) as result:
            yield lambda size: [tuple(row) for row in result.fetchmany(size)]


def event_chunks(connection: Connection, book: str) -> Iterator[list[Stored]]:
    """A book's events in order of position: the columns READ."""
    chunk = plain_rows(connection, _FIRST_EVENTS, {"book": book, "limit": CHUNK})
    while chunk:
        yield chunk
        after = chunk[-1][POSITION]
        chunk = plain_rows(connection, _EVENTS, {"book": book, "after": after, "limit": CHUNK})
        if chunk and _rank(chunk[-1][POSITION]) <= _rank(after):  # a damaged index goes round in circles
            raise StoreError(
                f"The events behind position {after} cannot be found: the file is damaged. Restore a backup."
            )


def _rank(position: Any) -> tuple[int, Any]:
    """The order that SQLite gives to values of any type; PostgreSQL has integers only."""
    return (0, position) if isinstance(position, int | float) else (1 if isinstance(position, str) else 2, position)


def spelling(connection: Connection) -> Callable[[date], Any]:
    """How the driver hands over a date: SQLite keeps ISO text."""
    return _iso_text if connection.dialect.name == "sqlite" else lambda day: day


@lru_cache(maxsize=100_000)
def _iso_text(day: date) -> str:
    """A book has many rows of each of its few thousand days."""
    return day.isoformat()


def kinds_of_values(columns: Iterable[Column[Any]], connection: Connection) -> tuple[frozenset[type], ...]:
    """For each column, the types in which the driver hands its values over where they are what it declares."""
    day = str if connection.dialect.name == "sqlite" else date
    kinds = (int if isinstance(each.type, Integer) else day if isinstance(each.type, Date) else str for each in columns)
    return tuple(frozenset((kind, NoneType)) for kind in kinds)


def as_declared(rows: Sequence[Stored], kinds: Sequence[frozenset[type]]) -> bool:
    """Whether every value is of its column's type: to Python 1200000.0 is 1200000, and True is 1."""
    return all(kind.issuperset(map(type, values)) for kind, values in zip(kinds, zip(*rows, strict=True), strict=False))


def same(mine: Any, theirs: Any) -> bool:
    """Whether two values are equal, and of one type."""
    return bool(mine == theirs) and type(mine) is type(theirs)


def placed(position: Any) -> int | None:
    """The position that a difference belongs to; None for what cannot be one, which the row itself shows."""
    return position if type(position) is int else None


class ReadModel:
    """One projection's table, to be compared with what follows from events."""

    def __init__(self, projection: Projection, connection: Connection) -> None:
        """connection: to the database that holds it, asked only for its dialect."""
        table: Table = projection.table
        self.table = table
        self.name = table.name
        self.rows = projection.rows
        self.columns = tuple(column.name for column in table.columns)
        self.position = self.columns.index("position")
        self._dates = tuple(number for number, column in enumerate(table.columns) if isinstance(column.type, Date))
        self._spelled_date = spelling(connection)
        self._values = itemgetter(*self.columns)
        keys = [column for column in table.primary_key if column.name != "book"]
        self._key = itemgetter(*(self.columns.index(column.name) for column in keys))
        self._kinds = kinds_of_values(table.columns, connection)
        self._all = select(*table.columns).where(table.c.book == bindparam("book")).order_by(*keys)

    def stored(self, connection: Connection, book: str, after: Any, last: Any) -> list[Stored]:
        """The rows of the positions after `after`, up to and with `last`; None: from the beginning, to the end."""
        statement, position = self._all, self.table.c.position
        if after is not None:
            statement = statement.where(position > bindparam("after"))
        if last is not None:
            statement = statement.where(position <= bindparam("last"))
        bounds = {"after": after, "last": last}
        return plain_rows(
            connection, statement, {"book": book} | {name: at for name, at in bounds.items() if at is not None}
        )

    def spelled(self, row: Row) -> Stored:
        """A computed row as the driver would hand it over."""
        values: Stored = self._values(row)
        for number in self._dates:
            day = values[number]
            if day is not None:
                values = (*values[:number], self._spelled_date(day), *values[number + 1 :])
        return values

    def differences(self, expected: Sequence[Stored], found: Sequence[Stored]) -> Iterator[StoredDifference]:
        """What differs between two lists of rows of the same positions, field by field."""
        for mine, theirs in self.differing(expected, found):
            if mine is None or theirs is None:
                position = placed((mine or theirs or ())[self.position])
                yield StoredDifference(position, self.name, WHOLE_ROW, self._shown(mine), self._shown(theirs))
            else:
                yield from field_differences(self.name, mine[self.position], self.columns, mine, theirs)

    def differing(
        self, expected: Sequence[Stored], found: Sequence[Stored]
    ) -> Iterator[tuple[Stored | None, Stored | None]]:
        """The rows that differ, expected and found; None for one that is missing or surplus."""
        if expected == found and as_declared(found, self._kinds):
            return
        wanted = {self._key(row): row for row in expected}
        there: dict[Any, Stored] = {}
        for row in found:
            if there.setdefault(self._key(row), row) is not row:  # a key that no index keeps unique any more
                yield None, row
        # Compared as text too: SQLite lets a key be altered to something no number can be compared with.
        for key in sorted(wanted.keys() | there.keys(), key=_order):
            mine, theirs = wanted.get(key), there.get(key)
            if mine is None or theirs is None or not all(map(same, mine, theirs)):
                yield mine, theirs

    def _shown(self, row: Stored | None) -> str | int | None:
        if row is None:
            return None
        return shown(", ".join(f"{name}={shown(value)}" for name, value in zip(self.columns, row, strict=True)))


def _order(key: Any) -> list[tuple[int, int, str]]:
    parts = key if isinstance(key, tuple) else (key,)
    return [(0, part, "") if isinstance(part, int) else (1, 0, str(part)) for part in parts]


def field_differences(
    table: str, position: Any, fields: Iterable[str], expected: Iterable[Any], found: Iterable[Any]
) -> Iterator[StoredDifference]:
    """Each field whose values differ, in value or in type, of one row."""
    for name, mine, theirs in zip(fields, expected, found, strict=True):
        if not same(mine, theirs):
            yield StoredDifference(placed(position), table, name, shown(mine), shown(theirs))


def read_models(connection: Connection) -> tuple[ReadModel, ...]:
    """Every read model there is."""
    return tuple(ReadModel(projection, connection) for projection in PROJECTIONS)


def interpreted(body: bytes) -> tuple[Recorded, tuple[Leg, ...]]:
    """An event and its legs. Raises StoreError for a body that says nothing this version understands."""
    try:
        recorded = decode(body)
        return recorded, post(recorded.event, recorded.effective_on)
    except StoreError:
        raise
    except Exception as error:  # a forged body can break any rule that decided events keep
        raise StoreError(f"A stored event cannot be understood: {type(error).__name__}: {error}.") from error


def following_rows(chunk: Iterable[Stored], projections: Sequence[Projection]) -> list[list[Row]]:
    """The rows that follow from events, as `event_chunks` gives them, for each projection.

    Raises StoreError for an event that cannot be read.
    """
    following: list[list[Row]] = [[] for _ in projections]
    for row in chunk:
        recorded, legs = interpreted(as_bytes(row[-2]))
        for rows, projection in zip(following, projections, strict=True):
            if isinstance(recorded.event, projection.of):
                rows += projection.rows(recorded, legs)
    return following
