"""A machine's clock far from the server's: nothing is recorded at any door, however long the ledger has been open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sealed_books import CLOSE, opened_book, recorded
from sqlalchemy import Engine, event

from ledger.decide.note import AddNote
from ledger.services.clock import now
from ledger.services.close import QuarterClosing
from ledger.services.init import BookWanted, init
from ledger.services.open_ledger import Address, OpenedLedger
from ledger.store.engine import open_engine
from ledger.vocabulary.errors import StoreError

NOTE = AddNote(item="FRAUD-1", text="at which hour?")
Minutes = Callable[[], datetime]


def off_by(minutes: int) -> Minutes:
    return lambda: now() + timedelta(minutes=minutes)


@pytest.fixture
def books(postgres_url: str) -> Iterator[OpenedLedger]:
    with opened_book(postgres_url) as found:
        yield found


def said(books: OpenedLedger) -> None:
    books.record(NOTE)


def batched(books: OpenedLedger) -> None:
    books.ledger.handle_all([books.request(NOTE)])


def in_a_unit(books: OpenedLedger) -> None:
    books.ledger.append(lambda unit: unit.record(books.request(NOTE)))


def closed(books: OpenedLedger) -> None:
    QuarterClosing(books.ledger, books.request(CLOSE)).record()


DOORS: tuple[Callable[[OpenedLedger], None], ...] = (said, batched, in_a_unit, closed)


@pytest.mark.parametrize("minutes", [-11, 11, 40_000_000])
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_a_ledger_held_open_is_held_to_the_servers_clock(
    books: OpenedLedger, door: Callable[[OpenedLedger], None], minutes: int
) -> None:
    """It was opened when the clock was right."""
    before = recorded(books.ledger.engine)
    with pytest.raises(StoreError, match="Set the clock that is wrong"):
        door(replace(books, ledger=replace(books.ledger, machine=off_by(minutes))))
    assert recorded(books.ledger.engine) == before
    door(replace(books, ledger=replace(books.ledger, machine=off_by(9))))
    assert recorded(books.ledger.engine) > before


def test_no_book_is_opened_by_a_clock_that_is_wrong(empty_postgres_url: str) -> None:
    """Nor a table made."""
    with pytest.raises(StoreError, match="Set the clock that is wrong"):
        init(Address(empty_postgres_url), BookWanted("main", "EUR"), actor="ada", machine=off_by(-11))
    engine = open_engine(empty_postgres_url)
    with engine.connect() as connection:
        assert not connection.dialect.has_table(connection, "head")
    engine.dispose()
    assert init(Address(empty_postgres_url), BookWanted("main", "EUR"), actor="ada", machine=off_by(9))


def test_it_is_asked_in_no_round_trip_of_its_own(books: OpenedLedger) -> None:
    unasked = replace(books, ledger=replace(books.ledger, machine=None))
    assert _statements(books.ledger.engine, lambda: books.record(NOTE, again=True)) == _statements(
        books.ledger.engine, lambda: unasked.record(NOTE, again=True)
    )


def _statements(engine: Engine, work: Callable[[], object]) -> int:
    told: list[str] = []

    def tell(connection: object, cursor: object, statement: str, *rest: object) -> None:
        told.append(statement)

    event.listen(engine, "before_cursor_execute", tell)
    work()
    event.remove(engine, "before_cursor_execute", tell)
    return len(told)
