"""Rights on PostgreSQL over every object that its catalogue knows, whatever the ledger calls its own: role × statement × book.

What the ledger's own tables allow stands in test_roles.py; here nothing is left out: partitions, the tables that say who may do
what, sequences, functions. Each statement is tried, and refused for want of rights before any guard has to.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from ledger.store.catalogue import named
from tests.helpers.granted_books import LOGINS, OTHER, OWN, GrantedBooks, granted_books, rows
from tests.helpers.postgres_server import PostgresServer

DENIED = "42501"
#: How a statement ends that was carried out and is taken back; and the function that records, given nothing at all.
DONE, NOTHING_TO_RECORD = "DONE0", "23001"
ROLES = tuple(LOGINS)
TABLES = named("postgresql", "table")
#: Whom the ledger's own rights let read: everything but partitions, past which rows would be reached in another way.
READ = {name for name in TABLES if "_p" not in name}
#: Who is held to books in tables that have none.
BOOKLESS = {"alembic_version", "event_kind"}
#: Functions that writers call: they run as the owner, with these settings.
RECORDING = {"debt_ledger_take_head", "debt_ledger_record"}
STATEMENTS = (
    "INSERT INTO {table} SELECT * FROM {table} WHERE {where}",
    "UPDATE {table} SET {column} = {column} WHERE {where}",
    "DELETE FROM {table} WHERE {where}",
    "MERGE INTO {table} t USING (SELECT 1) s ON {where} WHEN MATCHED THEN DELETE",
    "TRUNCATE {table}",
    "SELECT * FROM {table} WHERE {where} FOR UPDATE",
    "SELECT * FROM {table} WHERE {where} FOR KEY SHARE",
    "LOCK TABLE {table} IN ROW EXCLUSIVE MODE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {table} ADD COLUMN mine int",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} RENAME TO mine",
    "CREATE INDEX ON {table} ({column})",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE POLICY mine ON {table} USING (true)",
    "CREATE VIEW public.mine AS SELECT * FROM {table}",
    "DROP TABLE {table} CASCADE",
)


@pytest.fixture(scope="module")
def books(postgres_server: PostgresServer) -> Iterator[GrantedBooks]:
    """One database for all tests here; none leaves anything in it."""
    with granted_books(postgres_server, "every_object") as found:
        yield found


#: Tries each of many statements in one round trip, takes it back, and keeps what was not refused for want of rights.
TRY = """
DO $do$
DECLARE
    statement text;
    surprises jsonb := '[]';
BEGIN
    FOR statement IN SELECT jsonb_array_elements_text(current_setting('tried.statements')::jsonb) LOOP
        BEGIN
            EXECUTE statement;
            RAISE EXCEPTION SQLSTATE 'DONE0';
        EXCEPTION
            WHEN insufficient_privilege THEN NULL;
            WHEN OTHERS THEN surprises := surprises || jsonb_build_array(jsonb_build_array(statement, SQLSTATE));
        END;
    END LOOP;
    PERFORM set_config('tried.statements', surprises::text, true);
END $do$
"""


def not_denied(connection: Connection, statements: list[str]) -> dict[str, str]:
    """Those of the statements for which the login had the rights, and how each ended: DONE if it was carried out."""
    connection.exec_driver_sql("SELECT set_config('tried.statements', %s, true)", (json.dumps(statements),))
    connection.exec_driver_sql(TRY)
    return dict(json.loads(connection.exec_driver_sql("SELECT current_setting('tried.statements')").scalar_one()))


def first_columns(books: GrantedBooks) -> dict[str, str]:
    """The first column of each relation of the ledger's schema that holds rows or numbers, indexes left out."""
    found = rows(
        books.engines["superuser"],
        "SELECT c.relname, quote_ident(a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1 "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 't')",
    )
    return {str(name): str(column) for name, column in found}


def test_the_matrix_leaves_out_nothing_that_there_is(books: GrantedBooks) -> None:
    """There are tables and their partitions, and no sequence, view or foreign table."""
    assert sorted(first_columns(books)) == sorted(TABLES)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_alters_anything(books: GrantedBooks, role: str) -> None:
    statements = [
        form.format(table=f"public.{table}", column=column, where=where)
        for table, column in first_columns(books).items()
        for form in STATEMENTS
        for where in (("true",) if table in BOOKLESS else (f"book = '{OWN}'", f"book = '{OTHER}'"))
    ]
    with books.engines[role].connect() as connection:
        assert not_denied(connection, list(dict.fromkeys(statements))) == {}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_another_book_in_any_table(books: GrantedBooks, role: str) -> None:
    with books.engines[role].connect() as connection:
        queries = {f"SELECT * FROM public.{table}": table for table in TABLES}
        allowed = not_denied(connection, list(queries))
        assert {queries[each] for each in allowed} == (set() if role == "stranger" else READ)
        for table in {queries[each] for each in allowed} - BOOKLESS:
            query = f"SELECT DISTINCT book FROM public.{table}"
            assert {book for (book,) in connection.exec_driver_sql(query)} <= {OWN}, table


@pytest.mark.parametrize("role", ROLES)
def test_no_right_is_held_but_to_read_not_even_on_a_column(books: GrantedBooks, role: str) -> None:
    """By whichever way: the rights that this release of PostgreSQL has on tables are told by itself, from an owner's."""
    held = rows(
        books.engines["superuser"],
        "WITH ours AS (SELECT oid, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN "
        "('r', 'p', 'v', 'm', 'f')), "
        "ways AS (SELECT DISTINCT a.privilege_type AS way FROM ours, aclexplode(acldefault('r', relowner)) a) "
        "SELECT ours.oid::regclass::text, way FROM ours, ways WHERE way <> 'SELECT' AND (has_table_privilege(%s, ours.oid, way) "
        "OR (way IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(%s, ours.oid, way)))",
        (LOGINS[role], LOGINS[role]),
    )
    assert held == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("book", [OWN, OTHER])
def test_who_gets_what_from_which_function(books: GrantedBooks, role: str, book: str) -> None:
    """Each that there is, called with the book as its text and with nothing else: a writer records in its own, that is all."""
    functions = rows(
        books.engines["superuser"],
        "SELECT p.proname, (SELECT array_agg(t::regtype::text) FROM unnest(p.proargtypes) t) FROM pg_proc p "
        "WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype",
    )
    empty = {"text": f"'{book}'", "text[]": "'{}'", "json": "'[]'", "jsonb": "'{}'"}
    calls = {}
    for name, types in functions:
        given = ", ".join(f"{empty.get(each, 'NULL')}::{each}" for each in types)
        calls[f"SELECT * FROM public.{name}({given})"] = name
    with books.engines[role].connect() as connection:
        found = {calls[call]: state for call, state in not_denied(connection, list(calls)).items()}
    may = {"debt_ledger_take_head": DONE, "debt_ledger_record": NOTHING_TO_RECORD}
    assert found == (may if (role, book) == ("writer", OWN) else {})


def test_what_runs_as_the_owner_looks_for_names_in_one_place(books: GrantedBooks) -> None:
    """Those that writers call, and no other; a caller's temporary objects come last."""
    found = rows(
        books.engines["superuser"],
        "SELECT proname, (SELECT split_part(c, '=', 2) FROM unnest(proconfig) c WHERE c LIKE 'search_path=%%') "
        "FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef",
    )
    assert dict(found) == dict.fromkeys(RECORDING, "pg_catalog, public, pg_temp")
