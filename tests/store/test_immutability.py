"""No statement alters or removes a fact, and what a client claims to be is not believed.

Every path is tried as the most powerful user there is; test_roles.py shows what the others cannot even try.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.store.guards import EVENT_PARTITIONS
from ledger.tables.facts import event, head, request

IMMUTABLE = "debt-ledger: (events|requests) are immutable"
DENSE = "debt-ledger: positions are dense"

COLUMNS = "(book, position, event_id, stream, stream_version, stored_as, effective_on, recorded_at, actor, body, hash)"


def an_event(position: int, *, book: str = "main", **changes: Any) -> dict[str, Any]:
    """A row of `event`; nothing here reads its body."""
    row = {
        "book": book,
        "position": position,
        "event_id": f"{book}-{position}",
        "stream": "FRAUD-1",
        "stream_version": position,
        "stored_as": "note-added/1",
        "effective_on": date(2026, 1, 15),
        "recorded_at": "2026-01-15T09:00:00.000000Z",
        "actor": "lead@example.org",
        "body": "{}",
        "hash": "00" * 32,
    }
    return row | changes


A_REQUEST = {
    "book": "main",
    "key": "k1",
    "request_json": "{}",
    "first_position": 1,
    "last_position": 2,
    "fingerprint": "f" * 64,
}
A_HEAD = {"book": "main", "position": 2, "hash": "00" * 32, "recorded_at": "2026-01-15T09:00:00.000000Z"}


def record(connection: Connection) -> None:
    """Two events in `main`, one in another book, a request and a head."""
    connection.execute(insert(event), [an_event(1), an_event(2), an_event(1, book="other")])
    connection.execute(insert(request), A_REQUEST)
    connection.execute(insert(head), A_HEAD)


def facts(engine: Engine) -> list[Any]:
    """Every fact there is."""
    with engine.connect() as connection:
        return [connection.execute(select(table).order_by(*table.primary_key)).all() for table in (event, request)]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database of either kind with some facts in it."""
    yield from recorded_in(database_url)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Engine]:
    """The same, on SQLite."""
    yield from recorded_in(sqlite_url)


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    """The same, on PostgreSQL."""
    yield from recorded_in(postgres_url)


def recorded_in(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    with engine.begin() as connection:
        record(connection)
    yield engine
    engine.dispose()


def refused(engine: Engine, *statements: str, match: str) -> None:
    """The last of the statements is refused with that message, and every fact is as it was."""
    before = facts(engine)
    with engine.connect() as connection:
        for statement in statements[:-1]:
            connection.exec_driver_sql(statement)
        with pytest.raises(IntegrityError, match=match):
            connection.exec_driver_sql(statements[-1])
        connection.rollback()
    assert facts(engine) == before


def copied(position: str, event_id: str, version: str, verb: str = "INSERT", also: str = "") -> str:
    """A statement that writes event 1 of `main` anew under other keys."""
    return (
        f"{verb} INTO event {COLUMNS} SELECT book, {position}, {event_id}, stream, {version}, stored_as, effective_on, "
        f"recorded_at, actor, '{{ forged }}', hash FROM event WHERE book = 'main' AND position = 1 {also}"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET body = 'forged'",
        "UPDATE event SET body = 'forged' WHERE book = 'main' AND position = 1",
        "UPDATE event SET body = body",
        "UPDATE event SET book = 'elsewhere' WHERE book = 'other'",
        "UPDATE event SET \"session_user\" = 'somebody'",
        "UPDATE event SET body = h.hash FROM head h WHERE h.book = event.book",
        "DELETE FROM event",
        "DELETE FROM event WHERE book = 'main' AND position = 2",
        "UPDATE request SET request_json = 'forged'",
        "UPDATE request SET key = 'k2'",
        "DELETE FROM request",
        "DELETE FROM request WHERE key = 'k1'",
    ],
)
def test_facts_can_be_neither_altered_nor_removed(engine: Engine, statement: str) -> None:
    refused(engine, statement, match=IMMUTABLE)


UPSERT_REQUEST = (
    "INSERT INTO request (book, key, request_json, first_position, last_position, fingerprint) "
    f"VALUES ('main', 'k1', '{{}}', 1, 2, '{'f' * 64}') "
)
CLASHES = {
    "position": ("1", "'new'", "9"),
    "stream version": ("3", "'new'", "1"),
    "event id": ("3", "event_id", "9"),
}


@pytest.mark.parametrize("keys", CLASHES.values(), ids=CLASHES)
@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR ROLLBACK"])
@pytest.mark.parametrize("pragma", ["PRAGMA recursive_triggers=OFF", "PRAGMA recursive_triggers=ON"])
def test_on_sqlite_an_event_cannot_be_replaced(
    sqlite: Engine, keys: tuple[str, str, str], verb: str, pragma: str
) -> None:
    refused(sqlite, pragma, copied(*keys, verb=verb), match=IMMUTABLE)


@pytest.mark.parametrize("keys", CLASHES.values(), ids=CLASHES)
@pytest.mark.parametrize("also", ["DO UPDATE SET body = excluded.body", "DO NOTHING"])
def test_on_sqlite_an_upsert_does_not_reach_an_event(sqlite: Engine, keys: tuple[str, str, str], also: str) -> None:
    refused(sqlite, copied(*keys, also=f"ON CONFLICT {also}"), match=IMMUTABLE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE OR REPLACE event SET position = 1 WHERE book = 'main' AND position = 2",
        "UPDATE OR IGNORE event SET body = 'forged'",
        "UPDATE OR REPLACE request SET key = 'k1', request_json = 'forged'",
        UPSERT_REQUEST.replace("INSERT", "REPLACE"),
        UPSERT_REQUEST.replace("INSERT", "INSERT OR REPLACE"),
        UPSERT_REQUEST + "ON CONFLICT DO UPDATE SET request_json = excluded.request_json",
        UPSERT_REQUEST + "ON CONFLICT DO NOTHING",
    ],
)
def test_on_sqlite_no_other_way_of_replacing_works(sqlite: Engine, statement: str) -> None:
    refused(sqlite, statement, match=IMMUTABLE)


@pytest.mark.parametrize(
    "statement",
    [
        copied("3", "event_id", "9", also="ON CONFLICT (book, event_id) DO UPDATE SET body = excluded.body"),
        copied("3", "'new'", "1", also="ON CONFLICT (book, stream, stream_version) DO UPDATE SET body = 'forged'"),
        UPSERT_REQUEST + "ON CONFLICT (book, key) DO UPDATE SET request_json = excluded.request_json",
        "MERGE INTO event e USING head h ON h.book = e.book WHEN MATCHED THEN UPDATE SET body = 'forged'",
        "MERGE INTO event e USING head h ON h.book = e.book WHEN MATCHED THEN DELETE",
        "WITH gone AS (DELETE FROM event RETURNING *) SELECT * FROM gone",
        "TRUNCATE event",
        "TRUNCATE head, event CASCADE",
        "TRUNCATE request",
    ],
)
@pytest.mark.parametrize("session", ["origin", "replica"])
def test_on_postgresql_no_other_way_works_even_for_a_replica(postgres: Engine, statement: str, session: str) -> None:
    """session_replication_role = replica switches ordinary triggers off without a trace."""
    refused(postgres, f"SET session_replication_role = {session}", statement, match=IMMUTABLE)


@pytest.mark.parametrize("partition", EVENT_PARTITIONS)
def test_a_single_partition_cannot_be_truncated(postgres: Engine, partition: str) -> None:
    refused(postgres, f"TRUNCATE {partition}", match=IMMUTABLE)
    refused(postgres, f"TRUNCATE ONLY {partition}", match=IMMUTABLE)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET body = 'forged'"])
def test_a_partition_is_no_back_door(postgres: Engine, statement: str) -> None:
    with postgres.connect() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT tableoid::regclass::text FROM event").scalars().all()
    assert found
    for partition in found:
        refused(postgres, statement.format(partition), match=IMMUTABLE)


@pytest.mark.parametrize("position", ["4", "2 + 2", "0", "-1", "1000000000000"])
def test_a_position_that_is_not_the_next_is_refused(engine: Engine, position: str) -> None:
    refused(engine, copied(position, "'new'", "9"), match=DENSE)


@pytest.mark.parametrize("position", ["2.5", "'x'", "''", "NULL", "x'03'"])
def test_on_sqlite_a_position_that_is_no_number_is_refused(sqlite: Engine, position: str) -> None:
    refused(sqlite, copied(position, "'new'", "9"), match=f"{DENSE}|cannot store|NOT NULL")


def test_the_first_position_is_1(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(IntegrityError, match=DENSE):
        connection.execute(insert(event), an_event(2, book="fresh"))


def test_many_events_in_one_statement_are_each_held_to_the_one_before(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(event).values([an_event(n, book="fresh") for n in range(1, 51)]))
    with engine.begin() as connection, pytest.raises(IntegrityError, match=DENSE):
        connection.execute(insert(event).values([an_event(n, book="fresh") for n in (51, 53)]))


def test_the_session_user_is_the_servers_word_and_not_the_clients(postgres: Engine) -> None:
    copying = (
        copied("4", "'e4'", "4").replace("hash)", 'hash, "session_user")').replace("hash FROM", "hash, 'auditor' FROM")
    )
    with postgres.begin() as connection:
        connection.execute(insert(event), an_event(3, session_user="auditor"))
        connection.exec_driver_sql(copying)
        found = connection.execute(select(event.c["session_user"])).scalars().all()
    assert found == ["postgres"] * 5


def test_on_sqlite_nobody_logs_in(sqlite: Engine) -> None:
    with sqlite.connect() as connection:
        assert set(connection.execute(select(event.c["session_user"])).scalars()) == {None}


CLOSING = {"stored_as": "period-closed/1", "effective_on": date(2026, 4, 2)}


def closed(last_day: str) -> str:
    """The body of an event that closes a period, as far as the database reads it."""
    return f'{{"data":{{"last_day":"{last_day}"}}}}'


def test_nothing_can_be_inserted_that_is_effective_in_a_closed_period(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(event), an_event(3, **CLOSING, body=closed("2026-03-31")))
    for day in (date(2026, 3, 31), date(2026, 1, 1), date(1999, 12, 31)):
        with engine.connect() as connection, pytest.raises(IntegrityError, match="debt-ledger: the period is closed"):
            connection.execute(insert(event), an_event(4, effective_on=day))
    with engine.begin() as connection:
        connection.execute(insert(event), an_event(4, effective_on=date(2026, 4, 1)))


def test_a_period_closed_in_one_book_is_open_in_another(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(event), an_event(3, **CLOSING, body=closed("2026-03-31")))
        connection.execute(insert(event), an_event(2, book="other"))


def test_the_latest_closed_day_counts_whatever_was_closed_since(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(event), an_event(3, **CLOSING, body=closed("2026-03-31")))
        connection.execute(insert(event), an_event(4, **CLOSING, body=closed("2025-12-31")))
    with engine.connect() as connection, pytest.raises(IntegrityError, match="debt-ledger: the period is closed"):
        connection.execute(insert(event), an_event(5, effective_on=date(2026, 2, 1)))
