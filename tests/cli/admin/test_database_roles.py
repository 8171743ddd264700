"""People on PostgreSQL, each a member of one role that `debt db roles --apply` made: what `debt` does for them, and what not.

What a role may do in SQL, statement by statement: tests/store/test_roles.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from ledger.store.roles import quoted
from tests.helpers.lines import COMMISSION
from tests.helpers.refusals import one_line
from tests.helpers.teller import ADD_FRAUD, INIT, Reply, Teller

#: A name that needs quoting, so that it is seen to be done.
ROLES = {"owner": "desk owner", "writer": 'the "desk" writer', "auditor": "desk_auditor"}
REPAY = "repay FRAUD-1 250 --on 2026-03-01"
READING = ("verify", "delta", "list", "log", "db check", "rollforward 2026Q1", "db upgrade")
WRITING = (
    REPAY,
    "note FRAUD-1 seen",
    "db rebuild",
    "init --book mine --currency EUR",
    "rate set 800 --from 2026-01-01",
)
DENIED = "42501"


class People:
    """Who types at one database; tells of it in SQL too."""

    def __init__(self, server: Any, database: str, teller: Teller) -> None:
        """server: the one that `database` is on."""
        self.server, self.database, self.teller = server, database, teller

    def type(self, role: str, line: str) -> Reply:
        """A line, typed by the member of a role, or by the superuser."""
        url = self.server.url_of(self.database, "postgres" if role == "postgres" else f"bob_{role}")
        return self.teller.type(f"--database '{url}' --actor {role} {line}", bare=True)

    def run(self, role: str, statement: str) -> Any:
        """A statement, committed; its rows if it has any."""
        user = "postgres" if role == "postgres" else f"bob_{role}"
        engine = create_engine(self.server.url_of(self.database, user))
        try:
            with engine.begin() as connection:
                result = connection.execute(text(statement))
                return result.all() if result.returns_rows else None
        finally:
            engine.dispose()


@pytest.fixture(scope="module")
def _database(postgres_server: Any, _postgres_template: Any) -> Iterator[str]:
    """A database with one member of each role, the roles made by the command itself."""
    postgres_server.run("CREATE DATABASE ledger_desk TEMPLATE ledger_template")
    people = People(postgres_server, "ledger_desk", Teller(Path("unused")))
    names = " ".join(f"--{role} '{name}'" for role, name in ROLES.items())
    for _ in range(2):  # running it again is harmless
        reply = people.type("postgres", f"db roles {names} --apply")
        assert reply.exit_code == 0, reply.err
        assert f"writer   {ROLES['writer']}: reads all; adds events" in reply.out
    for role, name in ROLES.items():
        postgres_server.run(f"CREATE ROLE bob_{role} LOGIN IN ROLE {quoted(name)}")
    yield "ledger_desk"
    postgres_server.run("DROP DATABASE ledger_desk WITH (FORCE)")
    for role, name in ROLES.items():
        postgres_server.run(f"DROP ROLE bob_{role}, {quoted(name)}")


@pytest.fixture(scope="module")
def people(postgres_server: Any, _database: str) -> People:
    """A book that the writer opened and keeps."""
    found = People(postgres_server, _database, Teller(Path("unused")))
    for line in (INIT, ADD_FRAUD, COMMISSION, REPAY, "db rebuild"):
        reply = found.type("writer", line)
        assert reply.exit_code == 0, reply.err
    return found


def denied(people: People, role: str, statement: str) -> None:
    """The role has no right to it, so that no trigger had to refuse it."""
    with pytest.raises(DBAPIError) as caught:
        people.run(role, statement)
    assert getattr(caught.value.orig, "sqlstate", None) == DENIED, caught.value


@pytest.mark.parametrize("role", ["writer", "auditor"])
@pytest.mark.parametrize("line", READING)
def test_writer_and_auditor_read(people: People, role: str, line: str) -> None:
    """`db check` confirms that their role alters no fact."""
    reply = people.type(role, line)
    assert reply.exit_code == 0, reply.err


@pytest.mark.parametrize("line", WRITING)
def test_an_auditor_records_nothing(people: People, line: str) -> None:
    """It is told that it may not, and the head stays where it is."""
    before = people.run("auditor", "SELECT * FROM head")
    reply = people.type("auditor", line)
    assert reply.exit_code == 3
    assert "permission denied" in one_line(reply.err)
    assert people.run("auditor", "SELECT * FROM head") == before


@pytest.mark.parametrize("role", ["writer", "auditor"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET body = 'forged'",
        "DELETE FROM event",
        "TRUNCATE event",
        "DROP TRIGGER event_no_update ON event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "CREATE TABLE mine (what text)",
        "SET SESSION AUTHORIZATION postgres",
        "UPDATE event SET session_user = 'somebody'".replace("session_user", '"session_user"'),
    ],
)
def test_neither_touches_a_fact_or_a_guard(people: People, role: str, statement: str) -> None:
    denied(people, role, statement)


def test_who_wrote_is_the_servers_word_and_not_the_actors(people: People) -> None:
    """The actor is a claim; the column beside it is none."""
    reply = people.type("writer", "--actor somebody-else note FRAUD-1 'by me'")
    assert reply.exit_code == 0, reply.err
    rows = people.run("auditor", 'SELECT actor, "session_user" FROM event ORDER BY position DESC LIMIT 1')
    assert rows == [("somebody-else", "bob_writer")]


def test_a_head_that_a_writer_moves_back_is_found_and_takes_no_entry(people: People) -> None:
    """A writer has to move the head: the right alone cannot tell forwards from backwards. Triggers and verify can."""
    (was,) = people.run("auditor", "SELECT position, hash FROM head WHERE book = 'main'")
    people.run("writer", "UPDATE head SET position = position - 1")
    found = people.type("auditor", "verify --format json")
    assert found.exit_code == 3
    assert [(each["table"], each["field"]) for each in found.json["problems"]] == [("head", "position")]
    reply = people.type("writer", "note FRAUD-1 'on the same position'")
    assert reply.exit_code == 3
    people.run("writer", f"UPDATE head SET position = {was.position}")
    assert people.type("auditor", "verify").exit_code == 0


def test_the_owner_is_told_that_only_triggers_stand_between(people: People) -> None:
    """Who works as the owner is asked to work as a writer."""
    reply = people.type("owner", "db check")
    assert reply.exit_code == 3
    assert "work as a member of the writer's role" in one_line(reply.out)


def test_who_may_not_give_roles_is_told(people: People) -> None:
    """And nothing of it is done."""
    reply = people.type("writer", "db roles --owner a --writer b --auditor c --apply")
    assert reply.exit_code == 3
    assert "permission denied" in one_line(reply.err)
    assert people.run("postgres", "SELECT rolname FROM pg_roles WHERE rolname IN ('a', 'b', 'c')") == []
