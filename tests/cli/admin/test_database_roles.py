"""People on PostgreSQL, whom `debt db roles --apply` granted a book: what `debt` does for them, and what not.

What a login may do in SQL, statement by statement: tests/store/test_roles.py.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.store.roles import BookGrants, apply_grants
from tests.helpers.granted_books import LOGINS, OWN, GrantedBooks, granted_books, rows
from tests.helpers.postgres_server import PostgresServer
from tests.helpers.refusals import one_line
from tests.helpers.teller import Reply, Teller

READING = ("verify", "delta", "list", "log", "db check", "rollforward 2026Q1", "db upgrade", "list --format json")
WRITING = ("repay FRAUD-1 250 --on 2026-03-01", "note FRAUD-1 seen", "rate set 800 --from 2026-01-01")
#: What only the owner's login does.
OWNING = ("db rebuild", "init --book mine --currency EUR", f"db roles --book {OWN} --auditor stranger --apply")


class People:
    """Who types at one database."""

    def __init__(self, books: GrantedBooks) -> None:
        """books: theirs."""
        self.books = books
        self.teller = Teller(Path("unused"))

    def type(self, role: str, line: str, *, book: str | None = None) -> Reply:
        """A line, typed by somebody who logs in with that role, at this machine's clock: the server looks at it."""
        self.teller.clock.now = datetime.now(UTC)
        chosen = f"--book {book} " if book else ""
        return self.teller.type(f"--database '{self.books.url(role)}' {chosen}--actor {role} {line}", bare=True)


@pytest.fixture(scope="module")
def people(postgres_server: PostgresServer) -> Iterator[People]:
    """Two books, and a writer and an auditor of the first."""
    with granted_books(postgres_server, "desk") as books:
        yield People(books)


@pytest.mark.parametrize("role", ["writer", "auditor"])
@pytest.mark.parametrize("line", READING)
def test_writer_and_auditor_read_their_book(people: People, role: str, line: str) -> None:
    """It is the only one that they see, so that they need not name it."""
    reply = people.type(role, line)
    assert reply.exit_code == 0, reply.err


@pytest.mark.parametrize("role", ["writer", "auditor"])
def test_they_do_not_see_another(people: People, role: str) -> None:
    reply = people.type(role, "delta", book="other")
    assert reply.exit_code == 3
    assert f"There is no book 'other' that is granted to the login {LOGINS[role]}" in one_line(reply.err)


def test_who_was_granted_nothing_or_withdrawn_is_told_so(people: People) -> None:
    """And not to open a book, which only the owner does."""
    owner = people.books.engines["owner"]
    apply_grants(owner, BookGrants(OWN, withdrawn=(LOGINS["auditor"],)))
    try:
        reply = people.type("auditor", "delta")
    finally:
        apply_grants(owner, BookGrants(OWN, auditors=(LOGINS["auditor"],)))
    assert reply.exit_code == 3
    assert "is granted to the login audit" in one_line(reply.err)
    assert "debt init" not in reply.err


@pytest.mark.parametrize("line", WRITING)
def test_a_writer_records_and_an_auditor_does_not(people: People, line: str) -> None:
    """The auditor is told that it may not, and the head stays where it is."""
    head = "SELECT * FROM head WHERE book = 'main'"
    before = rows(people.books.engines["owner"], head)
    refused = people.type("auditor", line)
    assert refused.exit_code == 3
    assert "permission denied" in one_line(refused.err)
    assert rows(people.books.engines["owner"], head) == before
    reply = people.type("writer", line)
    assert reply.exit_code == 0, reply.err
    assert rows(people.books.engines["owner"], head) != before


@pytest.mark.parametrize("role", ["writer", "auditor"])
@pytest.mark.parametrize("line", OWNING)
def test_what_is_the_owners_is_nobody_elses(people: People, role: str, line: str) -> None:
    """They are told who does it."""
    reply = people.type(role, line)
    assert reply.exit_code == 3
    assert "permission denied" in one_line(reply.err)
    assert "db roles" in one_line(reply.err)


def test_a_login_that_was_granted_nothing_sees_nothing(people: People) -> None:
    """And is told how it would be."""
    for line in ("delta", "verify", "note FRAUD-1 seen"):
        reply = people.type("stranger", line)
        assert reply.exit_code == 3
        assert "permission denied" in one_line(reply.err)
        assert "db roles" in one_line(reply.err)


def test_the_log_shows_the_login_beside_the_actor(people: People) -> None:
    """The actor is a claim, the login is the server's word."""
    assert people.type("writer", "note FRAUD-1 'by me' --again").exit_code == 0
    last = people.type("auditor", "log --format json").json[-1]
    assert (last["actor"], last["session_user"]) == ("writer", LOGINS["writer"])
    assert "session user" in people.type("auditor", "log").out.lower().replace("_", " ")


def test_without_apply_the_statements_are_printed_for_psql(people: People) -> None:
    """Whatever the names, they are quoted by the server; nothing is done yet."""
    reply = people.type(
        "owner", f"db roles --book {OWN} --auditor stranger --writer {shlex.quote(LOGINS['writer'])}=lead"
    )
    assert reply.exit_code == 0, reply.err
    assert reply.out.startswith("BEGIN;\n")
    assert reply.out.endswith("COMMIT;\n")
    assert 'GRANT USAGE ON SCHEMA public TO "it\'s ""a"" writer";' in reply.out
    assert people.type("stranger", "delta").exit_code == 3
