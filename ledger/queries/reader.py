"""Where a query reads: one moment of one book, as known at a position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Executable, Result, bindparam, select

from ledger.decide.state import Book
from ledger.store.ledger import Ledger, settings_of
from ledger.store.transaction import Unit, instant
from ledger.tables.facts import event, head
from ledger.vocabulary.dates import typed_moment
from ledger.vocabulary.errors import StoreError, Unreadable
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quarters import FiscalCalendar
from ledger.vocabulary.time_zones import time_zone as zone_of

_ROWS_AT_A_TIME = 5000

_HEAD = select(head.c.position, head.c.hash, head.c.recorded_at).where(head.c.book == bindparam("book"))
_RECORDED_AT = select(event.c.recorded_at).where(
    event.c.book == bindparam("book"), event.c.position == bindparam("position")
)


@dataclass(frozen=True, slots=True)
class Reader:
    """One moment of a book. position: the last event that is known; known_at: as asked, or when that was recorded."""

    connection: Connection
    book: Book
    position: int
    known_at: str

    @property
    def name(self) -> str:
        return self.book.name

    @property
    def currency(self) -> Currency:
        return self.book.currency

    @property
    def calendar(self) -> FiscalCalendar:
        return self.book.calendar

    def stream(self, query: Executable, parameters: Mapping[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
        """The rows of a query, fetched some thousands at a time: a large book's do not fit into memory at once."""
        return self.connection.execute(query, parameters, execution_options={"yield_per": _ROWS_AT_A_TIME})


@contextmanager
def reader_of(ledger: Ledger, known_at: str | None = None) -> Iterator[Reader]:
    """Read a book as known at a time, RFC 3339 or a date (its end in the book's zone), or as known now."""
    with ledger.reading() as connection:
        now = reader_in(connection, ledger.book)
        if known_at is None:
            yield now
            return
        moment = moment_known(known_at, now.book.time_zone)
        position = position_at(connection, ledger.book, moment, now.position)
        yield Reader(connection, now.book, position, moment)


def reader_in(connection: Connection, book: str) -> Reader:
    """Read a book as known now, in a transaction that is under way. Raises StoreError if it has no head."""
    settings = settings_of(connection, book)
    found = connection.execute(_HEAD, {"book": book}).one_or_none()
    if found is None:
        raise StoreError(f"The book '{book}' has no head. `debt verify` tells what is wrong.")
    return Reader(connection, settings, found.position, found.recorded_at)


@contextmanager
def reader_at(ledger: Ledger, position: int) -> Iterator[Reader]:
    """Read a book as it was known at a position. Raises StoreError if it does not reach that far."""
    with ledger.reading() as connection:
        book = settings_of(connection, ledger.book)
        recorded_at = connection.execute(_RECORDED_AT, {"book": ledger.book, "position": position}).scalar()
        if recorded_at is None:
            last = connection.execute(_HEAD, {"book": ledger.book}).one().position
            raise StoreError(f"The book '{ledger.book}' has no position {position}; its last is {last}.")
        yield Reader(connection, book, position, recorded_at)


def moment_known(text: str, time_zone: str) -> str:
    """The moment a `--known-at` means, as the ledger writes moments. Raises Unreadable.

    A date means its last microsecond in the book's zone; a time says its own offset.
    """
    return _moment(text, time_zone, time.max.replace(fold=1))


def position_before(reader: Reader, text: str) -> int:
    """The last position recorded before what a `--since` means: a date's first moment in the book's zone, or a time.

    0 if none was. Raises Unreadable.
    """
    moment = _moment(text, reader.book.time_zone, time.min)
    return position_at(reader.connection, reader.name, moment, reader.position, before=True)


def _moment(text: str, time_zone: str, of_a_day: time) -> str:
    typed = typed_moment(text)
    try:
        if isinstance(typed, datetime):
            return instant(typed)
        return instant(datetime.combine(typed, of_a_day, tzinfo=zone_of(time_zone)))
    except OverflowError as error:
        raise Unreadable(f"'{text}' is beyond all times: write it like 2026-07-03 or 2026-07-03T09:00:00Z.") from error


def position_at(connection: Connection, book: str, moment: str, last: int, *, before: bool = False) -> int:
    """The last position recorded by a moment, or before it; 0 if none was. Times never decrease, so halving finds it."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        recorded_at = connection.execute(_RECORDED_AT, {"book": book, "position": middle}).scalar_one()
        counts = recorded_at < moment if before else recorded_at <= moment
        low, high = (middle, high) if counts else (low, middle - 1)
    return low


def reader_within(unit: Unit) -> Reader:
    """Read the book as an open transaction has it, with all that it recorded so far."""
    unit.flush()
    return Reader(unit.connection, settings_of(unit.connection, unit.book), unit.position, unit.recorded_at)
