"""On PostgreSQL a session may begin with an empty book: what it plans then has to serve the book that it fills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from ledger.decide.init import OpenBook
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.vocabulary.quantities import Quantity
from tests.helpers.postgres_server import PostgresServer

TODAY = date(2026, 3, 1)
#: Rows that were fetched in this transaction, by whatever plan, from tables and partitions of the ledger.
FETCHED = (
    "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables WHERE relname <> 'event_kind'"
)
#: Entries of indexes that were walked, whether or not a row was fetched for them.
WALKED = "SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid)) FROM pg_stat_user_indexes"

_numbers = count(1)


@pytest.fixture
def engine(postgres_server: PostgresServer) -> Iterator[Engine]:
    """A database whose tables nobody analyses while we look."""
    postgres_server.run("CREATE DATABASE long_session")
    url = postgres_server.url_of("long_session")
    upgrade(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in connection.exec_driver_sql(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        ).scalars():
            connection.exec_driver_sql(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")
    yield engine
    engine.dispose()


def _found() -> Request:
    number = next(_numbers)
    command = Observe(
        system="FRAUD",
        title=f"Thresholds by hand {number}",
        category="fixed-threshold",
        cause="untracked",
        principal=Quantity(minor=90_000),
    )
    return Request(command, "lead", TODAY)


def _walked(ledger: Ledger) -> int:
    """How much is looked at for one repayment and one observation of a long session."""
    most = 0
    for asked in (_found(), Request(Repay(item="FRAUD-7", amount=Quantity(minor=1)), "lead", TODAY, again=True)):
        with ledger.engine.begin() as connection:  # the only session of the pool
            connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        with ledger.appending(asked=asked) as unit:
            before = _read_here(unit.connection)
            unit.record(asked)
            unit.flush()
            most = max(most, _read_here(unit.connection) - before)
    return most


def _read_here(connection: Connection) -> int:
    return sum(int(connection.exec_driver_sql(question).scalar_one()) for question in (FETCHED, WALKED))


def test_an_entry_of_a_session_that_began_with_an_empty_book_does_not_walk_the_book_that_it_filled(
    engine: Engine,
) -> None:
    ledger = Ledger(engine, "main", lambda: datetime.now(UTC), lambda: uuid4().hex)
    book = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC")
    ledger.handle(Request(book, "lead", TODAY), opening=True)
    ledger.handle(Request(AddSystem(system="FRAUD", name="Fraud", team="red"), "lead", TODAY))
    for _ in range(20):
        ledger.handle(_found())
    before = _walked(ledger)
    assert before > 10, "nothing is counted"
    for _ in range(3):
        ledger.handle_all([_found() for _ in range(300)])
    assert _walked(ledger) <= before + 100
