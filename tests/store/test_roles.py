"""Rights on PostgreSQL: role × statement × book, generated from what the migrations made. Nobody may do what is not listed here.

Rights that are missing answer with 42501, so that no guard behind them had to refuse. Attacks by way of the functions that
a writer may call: test_recorded_by_function.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError

from ledger.store.guards import schema_faults
from ledger.store.roles import BookGrants, apply_grants, grant_script
from ledger.store.upgrade import upgrade
from ledger.tables.facts import SCHEMA_VERSION, metadata
from ledger.vocabulary.errors import Refused, StoreError
from tests.helpers.granted_books import LOGINS, OTHER, OWN, GrantedBooks, granted_books, note, rows
from tests.helpers.postgres_server import PostgresServer

DENIED = "42501"
#: A statement by a role that had its rights would be refused by a trigger (23001), or by nobody (None).
IMMUTABLE = "23001"
ROLES = ("owner", "writer", "auditor", "stranger")
BOOKS = (OWN, OTHER)
FACTS = ("event", "request")
#: Columns of each table as the statements need them: the book, and one to set.
TABLES = tuple(sorted(metadata.tables))
ALTERING = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


@pytest.fixture(scope="module")
def books(postgres_server: PostgresServer) -> Iterator[GrantedBooks]:
    """One database for all tests here; none leaves anything in it."""
    with granted_books(postgres_server, "rights_matrix") as found:
        yield found


def sqlstate(books: GrantedBooks, role: str, *statements: str) -> str | None:
    """Why the database refused the last of the statements; None if it did not. Everything is taken back."""
    with books.engines[role].connect() as connection:
        try:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%"))
        except DBAPIError as error:
            return str(getattr(error.orig, "sqlstate", None))
        finally:
            connection.rollback()
    return None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
def test_who_reads_what(books: GrantedBooks, role: str, table: str) -> None:
    """The owner reads every book, a writer and an auditor theirs alone, nobody else any table."""
    if role == "stranger":
        assert sqlstate(books, role, f"SELECT * FROM {table}") == DENIED
        return
    whole = {row[0] for row in rows(books.engines["superuser"], f'SELECT book FROM "{table}"')}
    seen = {row[0] for row in rows(books.engines[role], f'SELECT book FROM "{table}"')}
    assert seen == (whole if role == "owner" else whole & {OWN})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("book", BOOKS)
def test_who_alters_rows(books: GrantedBooks, role: str, table: str, book: str) -> None:
    """Nobody but the owner, whom the triggers keep from facts."""
    statements = (
        f"INSERT INTO {table} SELECT * FROM {table} WHERE book = '{book}' AND false",
        f"UPDATE {table} SET book = book WHERE book = '{book}'",
        f"DELETE FROM {table} WHERE book = '{book}'",
        f"TRUNCATE {table}",
        f"SELECT * FROM {table} WHERE book = '{book}' FOR UPDATE",
    )
    for statement in statements:
        found = sqlstate(books, role, statement)
        if role != "owner":
            assert found == DENIED, statement
        else:
            guarded = table in FACTS and not statement.startswith(("INSERT", "SELECT"))
            assert found == (IMMUTABLE if guarded else None), statement


@pytest.mark.parametrize("role", ["writer", "auditor", "stranger"])
def test_no_right_but_to_read_is_held_on_any_table_that_there_is(books: GrantedBooks, role: str) -> None:
    """Whatever tables, partitions, views and sequences the catalogue knows."""
    held = rows(
        books.engines["superuser"],
        "SELECT c.relname, kind.name FROM pg_class c, unnest(%s::text[]) AS kind(name) "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
        "AND has_table_privilege(%s, c.oid, kind.name)",
        (list(ALTERING), LOGINS[role]),
    )
    assert held == []


@pytest.mark.parametrize("role", ROLES)
def test_who_calls_which_function(books: GrantedBooks, role: str) -> None:
    """Writers those that record, the owner all; triggers are called by nobody."""
    login = LOGINS.get(role, f"{books.database}_owner")
    found = rows(
        books.engines["superuser"],
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype "
        "AND has_function_privilege(%s, oid, 'EXECUTE') ORDER BY 1",
        (login,),
    )
    recording = {"debt_ledger_take_head", "debt_ledger_record"}
    callable_ = {row[0] for row in found}
    if role == "owner":
        assert callable_ > recording
    else:
        assert callable_ == (recording if role == "writer" else set())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("book", BOOKS)
def test_who_records_in_which_book(books: GrantedBooks, role: str, book: str) -> None:
    """The owner in both, the writer in its own, and nobody else."""
    ledger = books.ledger(role, book)
    if role == "owner" or (role, book) == ("writer", OWN):
        (receipt,) = ledger.handle(note(f"seen by {role} in {book}"))
        found = rows(
            books.engines["superuser"],
            'SELECT "session_user" FROM event WHERE book = %s AND position = %s',
            (book, receipt.recorded.position),
        )
        assert found == [(LOGINS.get(role, f"{books.database}_owner"),)]
    else:
        with pytest.raises(StoreError, match=r"may not record|permission denied"):
            ledger.handle(note("not to be"))


@pytest.mark.parametrize("role", ["writer", "auditor", "stranger"])
@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE public.mine (book text)",),
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",),
        ("CREATE RULE mine AS ON INSERT TO event DO INSTEAD NOTHING",),
        ("CREATE TRIGGER mine BEFORE INSERT ON event EXECUTE FUNCTION suppress_redundant_updates_trigger()",),
        ("ALTER TABLE event DISABLE TRIGGER event_no_update",),
        ("ALTER TABLE event DISABLE ROW LEVEL SECURITY",),
        ("DROP POLICY granted_books ON event",),
        ("ALTER TABLE event DETACH PARTITION event_p00",),
        ("SELECT * FROM event_p00",),
        ("DROP TABLE head",),
        (
            "CREATE OR REPLACE FUNCTION debt_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        ),
        ("SET session_replication_role = replica",),
        ("SET SESSION AUTHORIZATION postgres",),
        ("SET ROLE rights_matrix_owner",),
        ("GRANT SELECT ON event TO stranger", "SELECT 1"),
        ("INSERT INTO book_grant VALUES ('other', session_user, true, null)",),
    ],
    ids=lambda statements: statements[0][:48],
)
def test_what_none_of_them_may(books: GrantedBooks, role: str, statements: tuple[str, ...]) -> None:
    """Make or alter an object of the ledger's, pass for somebody else, or give themselves a book."""
    if statements[0].startswith("GRANT") and role != "stranger":
        # Who has a right but may not pass it on is warned; nothing is given.
        assert sqlstate(books, role, *statements) is None
        assert sqlstate(books, "stranger", "SELECT * FROM event") == DENIED
    else:
        assert sqlstate(books, role, *statements) == DENIED


@pytest.mark.parametrize("table", TABLES)
def test_a_temporary_table_does_not_shadow_a_real_one(books: GrantedBooks, table: str) -> None:
    """The functions look for tables in the ledger's own schema, before the caller's temporary ones."""
    writer = books.engines["writer"]
    with writer.connect() as connection:
        before = connection.exec_driver_sql(f"SELECT count(*) FROM public.{table}").scalar_one()
        connection.exec_driver_sql(f"CREATE TEMP TABLE {table} AS SELECT * FROM public.{table}")
        connection.exec_driver_sql(f"DELETE FROM pg_temp.{table}")
        head = connection.exec_driver_sql(
            "SELECT at_position, at_hash, at_time, cardinality(bodies), requests ->> 0 IS NOT NULL "
            "FROM debt_ledger_take_head('main', '{book}', (SELECT array_agg(key) FROM public.request), '{}')"
        ).one()
        there = "SELECT position, hash, recorded_at, 1, true FROM public.head WHERE book = 'main'"
        assert head == connection.exec_driver_sql(there).one()
        assert connection.exec_driver_sql(f"SELECT count(*) FROM public.{table}").scalar_one() == before


@pytest.mark.parametrize("role", ROLES[:3])
def test_every_role_sees_whether_the_guards_are_there(books: GrantedBooks, role: str) -> None:
    with books.engines[role].connect() as connection:
        assert schema_faults(connection) == []


@pytest.mark.parametrize("role", ROLES[:3])
def test_an_upgrade_with_nothing_to_do_asks_for_no_rights(books: GrantedBooks, role: str) -> None:
    assert upgrade(books.engines[role]) == (SCHEMA_VERSION, SCHEMA_VERSION)


def test_what_was_withdrawn_is_gone(books: GrantedBooks) -> None:
    """A login that is withdrawn sees no row and records nothing; granted again, it does."""
    owner, writer = books.engines["owner"], LOGINS["writer"]
    apply_grants(owner, BookGrants(OWN, withdrawn=(writer,)))
    assert rows(books.engines["writer"], "SELECT * FROM event") == []
    with pytest.raises(StoreError, match="may not record in the book main"):
        books.ledger("writer").handle(note("not to be"))
    apply_grants(owner, BookGrants(OWN, writers=((writer, None),)))
    assert rows(books.engines["writer"], "SELECT * FROM event") != []


def test_a_writer_that_becomes_an_auditor_records_no_more(books: GrantedBooks) -> None:
    owner, writer = books.engines["owner"], LOGINS["writer"]
    apply_grants(owner, BookGrants(OWN, auditors=(writer,)))
    with pytest.raises(StoreError, match="may not record in the book main"):
        books.ledger("writer").handle(note("not to be"))
    apply_grants(owner, BookGrants(OWN, writers=((writer, None),)))


@pytest.mark.parametrize(
    ("grants", "why"),
    [
        (BookGrants(OWN), "No login was named"),
        (BookGrants(OWN, auditors=("nobody of this name",)), "There is no login 'nobody of this name'"),
        (BookGrants(OWN, auditors=("stranger",), withdrawn=("stranger",)), "is named twice"),
        (BookGrants(OWN, auditors=("x" * 64,)), "cannot be a login"),
    ],
)
def test_logins_that_cannot_be_are_refused(books: GrantedBooks, grants: BookGrants, why: str) -> None:
    with pytest.raises(Refused, match=why):
        grant_script(books.engines["owner"], grants)


def test_a_book_that_is_not_there_is_granted_to_nobody(books: GrantedBooks) -> None:
    with pytest.raises(StoreError, match="There is no book 'elsewhere'"):
        grant_script(books.engines["owner"], BookGrants("elsewhere", auditors=("stranger",)))
