"""The ledger: one book in one database, to write to and to read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce
from typing import TypeVar

import msgspec
from sqlalchemy import URL, Connection, Engine, bindparam, or_, select

from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.state import Book, evolve_book
from ledger.events import NAME_OF, TimeZoneSet
from ledger.events.codec import decode
from ledger.store.engine import WriteConflict, reading, require_schema
from ledger.store.memory import Memory
from ledger.store.transaction import Examiner, Unit, appending, decided
from ledger.tables.facts import event, head
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.kinds import BOOK_STREAM

_SETTINGS = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stream == BOOK_STREAM,
        or_(event.c.stream_version == 1, event.c.stored_as == NAME_OF[TimeZoneSet]),
    )
    .order_by(event.c.stream_version)
)
#: Of an entry that other transactions get in the way of.
_ATTEMPTS = 5

_FIRST_BODY = select(event.c.body).where(event.c.book == bindparam("book"), event.c.position == 1)


T = TypeVar("T")


class _TakenBack(Exception):
    """Ends a transaction of which nothing is to stay."""


#: What this thread holds: the databases, and on PostgreSQL the books in them, to which it is writing.
_HELD: ContextVar[frozenset[tuple[URL, str | None]]] = ContextVar("held", default=frozenset())


class Outcome(msgspec.Struct, frozen=True):
    """What became of one request of a batch: receipts, or the refusal."""

    request: Request
    receipts: tuple[Receipt, ...] = ()
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """One book. clock: the time now, aware; new_id: a fresh identifier; both are asked when recording.

    examine: reads the whole book before a quarter of it is sealed; a ledger without it records all else. machine: this
    machine's clock, which at each entry may not be far from the server's; None where the clock is made up, as a demo's.
    trying: whatever is recorded is decided, written and taken back again in the same transaction, so that nothing stays.
    """

    engine: Engine
    book: str
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    examine: Examiner | None = None
    machine: Callable[[], datetime] | None = None
    trying: bool = False
    _recorded: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def recorded(self) -> int | None:
        """The last position that was recorded through this ledger; None before anything was."""
        return self._recorded[-1] if self._recorded else None

    def handle(
        self, request: Request, *, opening: bool = False, objections: tuple[str, ...] | None = None
    ) -> tuple[Receipt, ...]:
        """Record one request in one transaction. opening: the request opens the book. objections: see `Unit.record`.

        Raises Refused.
        """
        return self.append(lambda unit: unit.record(request, objections), opening=opening, asked=request)

    def handle_all(self, requests: Iterable[Request]) -> list[Outcome]:
        """Record many requests in one transaction; a refused one is reported and the rest recorded."""
        batch = list(requests)

        def record_all(unit: Unit) -> list[Outcome]:
            outcomes: list[Outcome] = []
            unit.look_up(batch)
            for request in batch:
                try:
                    outcomes.append(Outcome(request, unit.record(request)))
                except Refused as refusal:
                    outcomes.append(Outcome(request, refusal=refusal))
            return outcomes

        return self.append(record_all)

    def append(self, work: Callable[[Unit], T], *, opening: bool = False, asked: Request | None = None) -> T:
        """Do a work that records in one writing transaction: all of it is recorded when it ends, or none if it raises.

        asked: the one request that the work records, where it is one.

        A work that another transaction got in the way of has left nothing, and is done again from its beginning: what it
        keeps outside its unit it makes anew each time.
        """
        for _ in range(_ATTEMPTS - 1):
            with suppress(WriteConflict), self.appending(opening=opening, asked=asked) as unit:
                return work(unit)
        with self.appending(opening=opening, asked=asked) as unit:
            return work(unit)

    def try_out(self, work: Callable[[Unit], T]) -> T:
        """What a work would record: done, written and taken back, in one transaction. Raises what forbids it."""
        return replace(self, trying=True).append(work)

    @contextmanager
    def appending(self, *, opening: bool = False, asked: Request | None = None) -> Iterator[Unit]:
        """One attempt at a writing transaction, for `append`: whoever enters it by himself is told of conflicts.

        asked: as `appending` of the transaction has it. Raises StoreError within another one of the same book.
        """
        world = (self.engine, self.book, self.clock, self.new_id)
        with (
            suppress(_TakenBack),
            _holding(self.engine, self.book),
            appending(*world, examine=self.examine, machine=self.machine, opening=opening, asked=asked) as unit,
        ):
            unit.trying, before = self.trying, unit.position
            yield unit
            if self.trying:
                unit.flush()
                raise _TakenBack
        if unit.position > before and not self.trying:
            self._recorded[:] = [unit.position]

    def rehearse(self, connection: Connection, request: Request) -> None:
        """Raise what recording the request would, at the moment that the connection sees; record nothing."""
        decided(Memory(connection, self.book), request, self.examine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the book."""
        with reading(self.engine) as connection:
            yield connection

    def settings(self) -> Book:
        """Currency and calendar of the book, as its first event fixed them for good, and its zone now (no rates)."""
        with reading(self.engine) as connection:
            return settings_of(connection, self.book)


@contextmanager
def _holding(engine: Engine, book: str) -> Iterator[None]:
    """Whoever holds a book would wait for himself if he asked for it once more: for ever, on PostgreSQL."""
    # SQLite's lock is the file's, whatever the book.
    what = (engine.url, book if engine.dialect.name == "postgresql" else None)
    if what in _HELD.get():
        raise StoreError(
            f"The book '{book}' is held by a transaction of this program that has not ended: another one would wait for it for "
            "ever. Nothing was recorded. Record with that one's `unit.record(request)`, or after it."
        )
    before = _HELD.set(_HELD.get() | {what})
    try:
        yield
    finally:
        _HELD.reset(before)


def settings_of(connection: Connection, book: str) -> Book:
    """What a book's first event fixed, and its zone now. Raises StoreError if there is no such book."""
    bodies = connection.execute(_SETTINGS, {"book": book}).scalars().all()
    if not bodies:
        opens = _granting(connection, book) or f" in this database. `debt init --book {book} --currency EUR` opens it."
        raise StoreError(f"There is no book '{book}'{opens}")
    first, *zones = (decode(body) for body in bodies)
    return reduce(evolve_book, zones, evolve_book(None, first))


def _granting(connection: Connection, book: str) -> str:
    # Imported only where a book is missing: it brings what the server keeps of everybody's rights.
    from ledger.store.rights import granting

    return granting(connection, book)


def choose_book(connection: Connection, wanted: str | None) -> str:
    """The book to use: the one asked for, or the only one there is. Raises StoreError if that is unclear."""
    require_schema(connection)
    if wanted is not None:
        return wanted
    books: list[str] = list(connection.execute(select(head.c.book).order_by(head.c.book)).scalars())
    if len(books) == 1:
        return books[0]
    if not books and (granted := _granting(connection, "NAME")):
        raise StoreError(f"There is no book{granted}")
    if not books:
        raise StoreError("The database holds no book yet. `debt init --book NAME --currency EUR` opens one.")
    raise StoreError(f"The database holds several books: choose one with --book: {', '.join(books)}.")
