"""PostgreSQL roles: a person who is a member of each is shown what they can and cannot do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, create_engine, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from ledger.store.guards import schema_faults
from ledger.store.roles import quoted, role_statements
from ledger.store.upgrade import upgrade
from ledger.tables.facts import SCHEMA_VERSION, event
from tests.helpers.postgres_server import PostgresServer

DENSE = "debt-ledger: positions are dense"

#: Names that need quoting, so that it is seen to be done.
ROLES = {"owner": "ledger owner", "writer": 'it\'s "a" writer', "auditor": "ledger_auditor"}

AN_EVENT = {
    "book": "main",
    "position": 1,
    "event_id": "e1",
    "stream": "FRAUD-1",
    "stream_version": 1,
    "stored_as": "note-added/1",
    "effective_on": "2026-01-15",
    "recorded_at": "2026-01-15T09:00:00.000000Z",
    "actor": "lead@example.org",
    "body": "{}",
    "hash": "00" * 32,
}


@pytest.fixture(scope="module")
def logins(postgres_server: PostgresServer, _postgres_template: Any) -> Iterator[dict[str, Engine]]:
    """An engine for each role, logged in as a person who is a member of it; one database for all tests here."""
    postgres_server.run("CREATE DATABASE ledger_roles TEMPLATE ledger_template")
    admin = create_engine(postgres_server.url_of("ledger_roles"))
    with admin.begin() as connection:
        connection.execute(insert(event), AN_EVENT)
        connection.exec_driver_sql(
            "INSERT INTO head VALUES ('main', 1, repeat('0', 64), '2026-01-01T00:00:00.000000Z')"
        )
        connection.exec_driver_sql("INSERT INTO request VALUES ('main', 'k1', '{}', 1, 1, repeat('f', 64))")
        for statement in role_statements(**ROLES) * 2:  # running them again is harmless
            connection.exec_driver_sql(statement.replace("%", "%%"))
        for role, name in ROLES.items():
            connection.exec_driver_sql(f"CREATE ROLE ann_{role} LOGIN IN ROLE {quoted(name)}")
    engines = {role: create_engine(postgres_server.url_of("ledger_roles", f"ann_{role}")) for role in ROLES}
    yield engines
    for engine in (admin, *engines.values()):
        engine.dispose()
    postgres_server.run("DROP DATABASE ledger_roles WITH (FORCE)")
    for role, name in ROLES.items():
        postgres_server.run(f"DROP ROLE ann_{role}, {quoted(name)}")


ALTERS_A_FACT = [
    "UPDATE event SET body = 'forged'",
    "DELETE FROM event",
    "TRUNCATE event",
    "DELETE FROM event_p00",
    "TRUNCATE event_p00",
    "UPDATE request SET request_json = 'forged'",
    "DELETE FROM request",
    "TRUNCATE request",
]
LOSES_A_HEAD = ["DELETE FROM head", "TRUNCATE head", "DROP TABLE head"]
SWITCHES_A_GUARD_OFF = [
    "ALTER TABLE event DISABLE TRIGGER event_no_update",
    "ALTER TABLE event_p00 DISABLE TRIGGER event_no_truncate",
    "ALTER TABLE event DETACH PARTITION event_p00",
    "ALTER TABLE event DROP CONSTRAINT event_id_uq",
    "DROP TRIGGER event_no_delete ON event",
    "CREATE OR REPLACE FUNCTION debt_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER mine BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE TRIGGER mine BEFORE UPDATE ON posting FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO event DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION postgres",
    'SET ROLE "ledger owner"',
    "DROP TABLE event",
    "CREATE TABLE event_p16 (book text)",
]
WRITES = [
    "INSERT INTO head VALUES ('another', 0, repeat('0', 64), '')",
    "UPDATE head SET position = 2",
    "SELECT * FROM head FOR UPDATE",
    "INSERT INTO request VALUES ('main', 'k9', '{}', 1, 1, repeat('f', 64))",
    "INSERT INTO retirement VALUES ('main', 1, 'FRAUD', '2026-01-01')",
    "DELETE FROM posting",
    "UPDATE posting SET amount_minor = 0",
]
READS = ["SELECT * FROM event", "SELECT * FROM request", "SELECT * FROM posting", "SELECT * FROM alembic_version"]


def denied(engine: Engine, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.exec_driver_sql(statement)
    # 42501: insufficient_privilege, so that it is the role that refuses and no trigger had to.
    assert getattr(caught.value.orig, "sqlstate", None) == "42501", caught.value


@pytest.mark.parametrize("statement", ALTERS_A_FACT + LOSES_A_HEAD + SWITCHES_A_GUARD_OFF + ["TRUNCATE posting"])
def test_a_writer_cannot(logins: dict[str, Engine], statement: str) -> None:
    denied(logins["writer"], statement)


@pytest.mark.parametrize(
    "statement", WRITES + ALTERS_A_FACT + LOSES_A_HEAD + SWITCHES_A_GUARD_OFF + ["TRUNCATE posting"]
)
def test_an_auditor_cannot(logins: dict[str, Engine], statement: str) -> None:
    denied(logins["auditor"], statement)


@pytest.mark.parametrize("statement", WRITES + READS)
def test_a_writer_can(logins: dict[str, Engine], statement: str) -> None:
    with logins["writer"].connect() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", READS)
def test_an_auditor_can(logins: dict[str, Engine], statement: str) -> None:
    with logins["auditor"].connect() as connection:
        connection.exec_driver_sql(statement)


def test_every_role_can_see_whether_the_guards_are_there(logins: dict[str, Engine]) -> None:
    for engine in logins.values():
        with engine.connect() as connection:
            assert schema_faults(connection) == []


def test_an_event_names_the_person_and_not_the_role(logins: dict[str, Engine]) -> None:
    with logins["writer"].connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {quoted(ROLES['writer'])}")
        forged = {"position": 2, "event_id": "e2", "stream_version": 2, "session_user": "somebody"}
        connection.execute(insert(event), AN_EVENT | forged)
        named = select(event.c["session_user"]).where(event.c.position == 2)
        assert connection.execute(named).scalar_one() == "ann_writer"


def test_a_table_of_the_same_name_does_not_deceive_the_check_of_positions(logins: dict[str, Engine]) -> None:
    real = event.to_metadata(MetaData(), schema="public")
    with logins["writer"].connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE event (book text, position bigint)")
        connection.exec_driver_sql("INSERT INTO pg_temp.event VALUES ('main', 98)")
        with pytest.raises(IntegrityError, match=DENSE):
            connection.execute(insert(real), AN_EVENT | {"position": 99, "event_id": "e99", "stream_version": 99})


@pytest.mark.parametrize("statement", ["UPDATE event SET body = 'forged'", "TRUNCATE event", "DELETE FROM request"])
def test_even_the_owner_meets_the_triggers(logins: dict[str, Engine], statement: str) -> None:
    with logins["owner"].connect() as connection, pytest.raises(IntegrityError, match="are immutable"):
        connection.exec_driver_sql(statement)


def test_the_owner_can_migrate(logins: dict[str, Engine]) -> None:
    with logins["owner"].connect() as connection:
        connection.exec_driver_sql("CREATE TABLE of_the_next_revision (book text)")
        connection.exec_driver_sql("ALTER TABLE event ADD COLUMN of_the_next_revision text")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")


@pytest.mark.parametrize("role", ROLES)
def test_an_upgrade_with_nothing_to_do_asks_for_no_rights(logins: dict[str, Engine], role: str) -> None:
    assert upgrade(logins[role]) == (SCHEMA_VERSION, SCHEMA_VERSION)


def test_nobody_else_can_read(postgres_server: PostgresServer, logins: dict[str, Engine]) -> None:
    postgres_server.run("CREATE ROLE passer_by LOGIN")
    engine = create_engine(postgres_server.url_of("ledger_roles", "passer_by"))
    try:
        with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(select(event))
    finally:
        engine.dispose()
        postgres_server.run("DROP ROLE passer_by")
