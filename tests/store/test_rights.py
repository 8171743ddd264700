"""Whoever but the owner can write a table of the ledger is found by `debt db check`, whichever way it came to that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection

from ledger.store.catalogue import named
from ledger.store.check import check
from ledger.store.rights import granted_books, rights
from ledger.store.roles import BookGrants, apply_grants, quoted
from tests.helpers import granted_books as helper
from tests.helpers.granted_books import LOGINS, OWN, GrantedBooks, rows
from tests.helpers.postgres_server import PostgresServer

TABLES = named("postgresql", "table")
WAYS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


@pytest.fixture(scope="module")
def books(postgres_server: PostgresServer) -> Iterator[GrantedBooks]:
    with helper.granted_books(postgres_server, "vault") as found:
        yield found


@contextmanager
def given(books: GrantedBooks, *statements: str) -> Iterator[Connection]:
    """After these statements of a superuser, which are undone at the end."""
    with books.engines["superuser"].connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
        yield connection
        connection.rollback()


def found(connection: Connection) -> dict[str, list[str]]:
    """Sentences of faults by the name of the check."""
    faults: dict[str, list[str]] = {}
    for name, findings in (("rights", rights(connection)), ("grants", granted_books(connection))):
        for ok, sentence in findings:
            if not ok:
                faults.setdefault(name, []).append(sentence)
    return faults


@pytest.mark.parametrize("role", ["superuser", "owner", "writer", "auditor"])
def test_what_roles_gave_is_no_fault_whoever_asks(books: GrantedBooks, role: str) -> None:
    """The owner too: the page for beginners has it run `db check` right after `init`."""
    with books.engines[role].connect() as connection:
        assert [each for each in check(connection) if not each.ok] == []


def test_every_grant_of_a_book_is_listed(books: GrantedBooks) -> None:
    """To the owner; a login sees its own."""
    for role, logins in (("owner", ("auditor", "writer")), ("auditor", ("auditor",))):
        with books.engines[role].connect() as connection:
            told = [each.sentence for each in check(connection) if each.name == "grants"]
        assert len(told) == len(logins), told
        for login in logins:
            what = "reads it and records in it" if login == "writer" else "reads it"
            assert f"The book {OWN} is granted to {LOGINS[login]}: {what}." in told


@pytest.mark.reliability
@pytest.mark.parametrize("way", WAYS)
def test_a_right_on_any_table_is_found(books: GrantedBooks, way: str) -> None:
    for table in TABLES:
        with given(books, f"GRANT {way} ON {table} TO stranger") as connection:
            (sentence,) = found(connection)["rights"]
        assert sentence.startswith(f"stranger has {way} on {table}, "), (way, table)


GROUP = "CREATE ROLE keepers"
#: Statements, and how the sentence begins.
ROUTES = {
    "everybody": (("GRANT DELETE ON head TO PUBLIC",), "PUBLIC has DELETE on head"),
    "a column": (("GRANT UPDATE (amount_minor) ON posting TO stranger",), "stranger has UPDATE on posting"),
    "a group": ((GROUP, "GRANT INSERT ON event TO keepers", "GRANT keepers TO stranger"), "stranger has INSERT on event"),
    "the owner's membership": (("GRANT vault_owner TO stranger",), "stranger can become vault_owner by SET ROLE"),
    "a superuser's membership": (("GRANT postgres TO stranger",), "stranger can become postgres by SET ROLE"),
    "a membership that is not inherited": (
        ("ALTER ROLE stranger NOINHERIT", GROUP, "GRANT vault_owner TO keepers", "GRANT keepers TO stranger"),
        "stranger can become vault_owner by SET ROLE",
    ),
    "what PostgreSQL brings": (("GRANT pg_write_all_data TO stranger",), "stranger has DELETE, INSERT, UPDATE on alembic_version"),
    "past row-level security": (
        (f"ALTER ROLE {quoted(LOGINS['auditor'])} BYPASSRLS",), f"{LOGINS['auditor']} reads every book"),
    "another's": (("ALTER TABLE budget OWNER TO stranger",), "The tables belong to several, stranger, vault_owner"),
}  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_every_way_to_come_to_a_right_is_found(books: GrantedBooks, route: str) -> None:
    statements, beginning = ROUTES[route]
    with given(books, *statements) as connection:
        sentences = found(connection)["rights"]
    assert any(each.startswith(beginning) for each in sentences), sentences


def test_a_group_that_can_be_become_and_inherits_nothing_is_found(books: GrantedBooks) -> None:
    statements = (
        "ALTER ROLE stranger NOINHERIT",
        GROUP,
        "GRANT UPDATE ON event TO keepers",
        "GRANT keepers TO stranger",
    )
    with given(books, *statements) as connection:
        assert any(each.startswith("keepers has UPDATE on event") for each in found(connection)["rights"])


def test_a_grant_to_a_login_that_is_gone_is_found_and_can_be_withdrawn(books: GrantedBooks) -> None:
    owner = books.engines["owner"]
    with given(books, f"INSERT INTO book_grant VALUES ('{OWN}', 'gone', true, NULL)") as connection:
        (sentence,) = found(connection)["grants"]
        connection.commit()
    assert f"`debt db roles --book {OWN} --withdraw gone --apply` takes them back" in sentence
    apply_grants(owner, BookGrants(OWN, withdrawn=("gone",)))
    assert rows(owner, "SELECT FROM book_grant WHERE login = 'gone'") == []
