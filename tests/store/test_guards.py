"""A guard that was dropped, switched off or hollowed out is named, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from ledger.store.guards import (
    EVENT_PARTITIONS,
    POSTGRESQL_FUNCTIONS,
    SQLITE_TRIGGERS,
    missing_guards,
    postgresql_triggers,
)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Connection]:
    """A connection to a fresh SQLite ledger."""
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Connection]:
    """A connection to a fresh PostgreSQL ledger."""
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def faults(connection: Connection, *statements: str) -> list[str]:
    """What is missing after the statements."""
    for statement in statements:
        connection.exec_driver_sql(statement)
    return missing_guards(connection)


def test_a_migrated_database_has_every_guard(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert missing_guards(connection) == []
    engine.dispose()


def test_an_empty_database_has_none(empty_database_url: str) -> None:
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        found = missing_guards(connection)
    engine.dispose()
    assert {"The table event is missing.", "The table request is missing."} <= set(found)
    assert "event_no_update" in " ".join(found)


@pytest.mark.parametrize("name", SQLITE_TRIGGERS)
def test_on_sqlite_a_dropped_trigger_is_named(sqlite: Connection, name: str) -> None:
    assert faults(sqlite, f"DROP TRIGGER {name}") == [f"The trigger {name} is missing."]


@pytest.mark.parametrize("name", SQLITE_TRIGGERS)
def test_on_sqlite_an_empty_trigger_of_the_same_name_is_named(sqlite: Connection, name: str) -> None:
    empty = f"CREATE TRIGGER {name} BEFORE INSERT ON {name.split('_')[0]} BEGIN SELECT 1; END"
    assert faults(sqlite, f"DROP TRIGGER {name}", empty) == [f"The trigger {name} is not the one the migrations made."]


def test_on_sqlite_a_condition_slipped_into_a_trigger_is_seen(sqlite: Connection) -> None:
    slipped = SQLITE_TRIGGERS["event_no_update"].replace("BEGIN", "WHEN 0 BEGIN")
    found = faults(sqlite, "DROP TRIGGER event_no_update", slipped)
    assert found == ["The trigger event_no_update is not the one the migrations made."]


def test_on_sqlite_a_stranger_is_named(sqlite: Connection) -> None:
    stranger = "CREATE TRIGGER mine AFTER INSERT ON event BEGIN DELETE FROM head; END"
    assert faults(sqlite, stranger) == ["The trigger mine is not the ledger's."]


def test_on_sqlite_the_journal_mode_matters(sqlite: Connection) -> None:
    assert faults(sqlite, "PRAGMA journal_mode=DELETE") == ["The journal mode is delete, not wal."]


def test_on_sqlite_a_table_made_anew_without_its_keys_is_seen(sqlite: Connection) -> None:
    columns = "book TEXT, key TEXT, request_json TEXT, first_position INT, last_position INT, fingerprint TEXT"
    triggers = [sql for name, sql in SQLITE_TRIGGERS.items() if name.startswith("request")]
    found = faults(sqlite, "DROP TABLE request", f"CREATE TABLE request ({columns})", *triggers)
    assert found == ["The primary key of request is missing or another."]


@pytest.mark.parametrize(("place", "name"), [key for key in postgresql_triggers() if key[0] in ("event", "request")])
def test_on_postgresql_a_dropped_trigger_is_named(postgres: Connection, place: str, name: str) -> None:
    found = faults(postgres, f"DROP TRIGGER {name} ON {place}")
    assert f"The trigger {name} on {place} is missing." in found
    assert all(fault.startswith(f"The trigger {name} on ") for fault in found)


@pytest.mark.parametrize(
    ("place", "name"), [key for key in postgresql_triggers() if key[0] in ("event_p07", "request")]
)
@pytest.mark.parametrize("state", ["DISABLE TRIGGER", "ENABLE TRIGGER", "ENABLE REPLICA TRIGGER"])
def test_on_postgresql_a_trigger_switched_off_in_one_place_is_named(
    postgres: Connection, place: str, name: str, state: str
) -> None:
    (found,) = faults(postgres, f"ALTER TABLE ONLY {place} {state} {name}")
    assert found.startswith(f"The trigger {name} on {place} is switched off")


def test_on_postgresql_all_triggers_switched_off_at_once_are_named(postgres: Connection) -> None:
    found = faults(postgres, "ALTER TABLE event DISABLE TRIGGER ALL", "ALTER TABLE request DISABLE TRIGGER USER")
    assert {fault.split()[2] for fault in found} >= {"event_append", "event_no_update", "request_no_truncate"}


@pytest.mark.parametrize("name", POSTGRESQL_FUNCTIONS)
@pytest.mark.parametrize(
    "definition",
    [
        "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS 'BEGIN RETURN NEW; END'",
        "LANGUAGE plpgsql AS $$ {body} $$",
        "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ {body} $$",
    ],
    ids=["empty", "deceivable", "with the rights of its owner"],
)
def test_on_postgresql_a_hollow_function_is_named(postgres: Connection, name: str, definition: str) -> None:
    body = POSTGRESQL_FUNCTIONS[name].replace("%", "%%")
    hollow = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {definition.format(body=body)}"
    assert faults(postgres, hollow) == [f"The function {name} is not the one the migrations made."]


@pytest.mark.parametrize(
    "definition",
    [
        "BEFORE UPDATE ON request FOR EACH ROW WHEN (false) EXECUTE FUNCTION debt_ledger_refuse('{message}')",
        "BEFORE UPDATE OF fingerprint ON request FOR EACH ROW EXECUTE FUNCTION debt_ledger_refuse('{message}')",
        "BEFORE DELETE ON request FOR EACH ROW EXECUTE FUNCTION debt_ledger_refuse('{message}')",
        "BEFORE UPDATE ON request FOR EACH ROW EXECUTE FUNCTION debt_ledger_refuse('other')",
        "BEFORE UPDATE ON request FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "BEFORE UPDATE ON request FOR EACH ROW EXECUTE FUNCTION elsewhere.debt_ledger_refuse('{message}')",
    ],
)
def test_on_postgresql_a_weaker_trigger_of_the_same_name_is_named(postgres: Connection, definition: str) -> None:
    found = faults(
        postgres,
        "CREATE SCHEMA elsewhere",
        "CREATE FUNCTION elsewhere.debt_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER request_no_update ON request",
        "CREATE TRIGGER request_no_update " + definition.format(message="debt-ledger: requests are immutable"),
        "ALTER TABLE request ENABLE ALWAYS TRIGGER request_no_update",
    )
    assert found == ["The trigger request_no_update on request is not the one the migrations made."]


@pytest.mark.parametrize("place", ["event_p03", "request"])
def test_on_postgresql_a_stranger_is_named(postgres: Connection, place: str) -> None:
    stranger = f"CREATE TRIGGER mine BEFORE INSERT ON {place} FOR EACH ROW EXECUTE FUNCTION debt_ledger_append()"
    assert faults(postgres, stranger) == [f"The trigger mine on {place} is not the ledger's."]


def test_on_postgresql_a_detached_partition_is_seen(postgres: Connection) -> None:
    found = faults(postgres, "ALTER TABLE event DETACH PARTITION event_p05")
    assert len(found) == 4
    assert all("event_p05 is missing" in fault for fault in found)


def test_on_postgresql_a_dropped_key_is_named(postgres: Connection) -> None:
    found = faults(postgres, "ALTER TABLE event DROP CONSTRAINT event_id_uq")
    assert found == ["The unique key event_id_uq of event is missing or another."]


def test_the_ledgers_names_are_the_databases_names(sqlite: Connection, postgres: Connection) -> None:
    names = sqlite.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    assert set(names) == set(SQLITE_TRIGGERS)
    pairs = postgres.exec_driver_sql("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert set(map(tuple, pairs)) == set(postgresql_triggers())
    partitions = postgres.exec_driver_sql(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'event'::regclass"
    )
    assert set(partitions.scalars()) == set(EVENT_PARTITIONS)
