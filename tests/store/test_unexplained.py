"""Every row of every table is of an event, or `verify` names it; every value is of the type it was recorded in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Engine, Table, text

from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.store.catalogue import described, named
from ledger.store.engine import file_engine, open_engine, reading, writing
from ledger.store.guards import schema_faults
from ledger.store.ledger import Ledger
from ledger.store.rebuild import rebuild
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
from ledger.tables.facts import event, head, metadata, request
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.quantities import Quantity
from tests.helpers.small_ledger import BOOK, TODAY, add, build, drop_triggers, forging, loosen, rows_of

pytestmark = pytest.mark.sqlite_first

TABLES = sorted(metadata.tables)
PLACED = [name for name in TABLES if metadata.tables[name] not in (head, request)]
#: Where nothing stands: below and above everything, between, and (SQLite alone) what is no number at all.
NOWHERE = [-(2**63), -1, 0, 10**18]
NO_NUMBERS = [-1e300, 1.5, 9e99, "x", "", b"\x00\xff", b""]


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The small ledger in a file, for tests that leave it as it is."""
    engine = file_engine(tmp_path_factory.mktemp("rows") / "ledger.db", create=True)
    upgrade(engine)
    build(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(postgres_url: str) -> Iterator[Engine]:
    """The small ledger on PostgreSQL."""
    engine = open_engine(postgres_url)
    build(engine)
    yield engine
    engine.dispose()


def accused(connection: Connection) -> set[str]:
    """The tables in which `verify` finds something, and which its report in JSON names."""
    found = verify(connection, BOOK).as_json()
    return {problem["table"] for problem in json.loads(json.dumps(found))["problems"]} - {"schema"}


def keys_of(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Other values of the unique keys besides the primary one."""
    names = {each.name for index in table.indexes if index.unique for each in index.columns} - {"book"}
    names |= {"event_id", "stream"} if table is event else set()
    return {name: f"{row[name]}-" if isinstance(row[name], str) else row[name] + 1000 for name in names}


def hidden(connection: Connection, name: str, **place: Any) -> None:
    """Put a copy of a table's first row somewhere else."""
    table = metadata.tables[name]
    row = rows_of(connection, table)[0]
    plain = {key: str(value) if hasattr(value, "isoformat") else value for key, value in row.items()}
    values = plain | keys_of(table, row) | place
    names, marks = ", ".join(f'"{key}"' for key in values), ", ".join(f":{key}" for key in values)
    if connection.dialect.name == "postgresql":
        add(connection, table, row | keys_of(table, row), **place)
    else:
        connection.execute(text(f"INSERT INTO {name} ({names}) VALUES ({marks})"), values)


@pytest.mark.parametrize("name", PLACED)
@pytest.mark.parametrize("position", [*NOWHERE, *NO_NUMBERS], ids=repr)
def test_on_sqlite_no_place_hides_a_row(sqlite: Engine, name: str, position: Any) -> None:
    with forging(sqlite) as connection:
        hidden(connection, name, position=position)
        assert name in accused(connection)


@pytest.mark.reliability
def test_on_postgresql_no_place_hides_a_row(postgresql: Engine) -> None:
    for name in PLACED:
        for position in NOWHERE:
            with forging(postgresql) as connection:
                hidden(connection, name, position=position)
                assert name in accused(connection), (name, position)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("book", ["ghost", "MAIN", "main ", "", 5, -1e300, b"main"], ids=repr)
def test_on_sqlite_rows_of_a_book_without_a_head_are_named(sqlite: Engine, name: str, book: Any) -> None:
    with forging(sqlite) as connection:
        hidden(connection, name, book=book)
        assert name in accused(connection) if name != "head" else accused(connection) == set()


def test_on_postgresql_rows_of_a_book_without_a_head_are_named(postgresql: Engine) -> None:
    for name in sorted({*TABLES} - {"head"}):
        with forging(postgresql) as connection:
            hidden(connection, name, book="ghost")
            assert name in accused(connection)


def test_on_sqlite_a_row_without_a_place_is_named(sqlite: Engine) -> None:
    """No column may be empty that leads to a row; a schema that lets it is not the migrations'."""
    for name in PLACED:
        for missing in ("book", "position"):
            with forging(sqlite) as connection:
                connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO kept")
                connection.exec_driver_sql(f"CREATE TABLE {name} AS SELECT * FROM kept")
                hidden(connection, name, **{missing: None})
                assert name in accused(connection), missing


#: A value in another type: as like the recorded one as that type allows, and unlike.
RETYPED = ("CAST({} AS REAL)", "CAST({} AS BLOB)", "CAST({} AS TEXT)", "x'00ff'", "9e99", "1", "NULL", "''")


def differs(connection: Connection, table: Table, column: Column[Any], expression: str) -> bool:
    """Give a column of one row another value; whether it is another, by value or by type."""
    where = f"rowid_of = (SELECT min(rowid_of) FROM {table.name})".replace(
        "rowid_of", table.primary_key.columns.keys()[-1]
    )
    name = f'"{column.name}"'
    seen = f"SELECT typeof({name}) || quote({name}) FROM {table.name} WHERE {where} AND book = '{BOOK}'"
    before = connection.exec_driver_sql(seen).scalars().first()
    after = connection.exec_driver_sql(seen.replace(name, f"({expression.format(name)})")).scalars().first()
    change = f"UPDATE OR IGNORE {table.name} SET {name} = {expression.format(name)} WHERE {where}"
    return before != after and connection.exec_driver_sql(change).rowcount > 0


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("name", "column"), [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]
)
def test_on_sqlite_a_value_of_another_type_is_named(sqlite: Engine, name: str, column: str) -> None:
    table = metadata.tables[name]
    for expression in RETYPED:
        with forging(sqlite) as connection:
            connection.exec_driver_sql(f"ALTER TABLE {name} RENAME TO kept")
            connection.exec_driver_sql(f"CREATE TABLE {name} AS SELECT * FROM kept")  # with no key and no rule at all
            if differs(connection, table, table.c[column], expression):
                assert accused(connection), expression


@pytest.mark.reliability
def test_on_sqlite_a_column_that_was_made_real_is_named(sqlite: Engine) -> None:
    """Of equal values, which SQLite then hands over as 1200000.0."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if described("sqlite")[f"table {table.name}"].find(f'"{column.name}" INTEGER') < 0:
                continue
            with forging(sqlite) as connection:
                connection.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO kept")
                columns = ", ".join(f'"{c.name}" {"REAL" if c is column else ""}' for c in table.columns)
                connection.exec_driver_sql(f"CREATE TABLE {table.name} ({columns})")
                connection.exec_driver_sql(f"INSERT INTO {table.name} SELECT * FROM kept")
                assert table.name in accused(connection), column


@pytest.mark.reliability
@pytest.mark.parametrize("position", [*NOWHERE, *NO_NUMBERS], ids=repr)
def test_a_rebuild_removes_rows_from_every_place(sqlite: Engine, tmp_path: Path, position: Any) -> None:
    engine = file_engine(tmp_path / "copy.db", create=True)
    with closing(sqlite.raw_connection()) as original, closing(engine.raw_connection()) as copy:
        original.driver_connection.backup(copy.driver_connection)
    read_models = [name for name in PLACED if name != "event"]
    with writing(engine) as connection:
        loosen(connection)
        for name in read_models:
            hidden(connection, name, position=position)
    assert {each.table for each in rebuild(engine, BOOK)} == {*read_models}
    assert rebuild(engine, BOOK) == []
    with reading(engine) as connection:
        assert accused(connection) == set()
    engine.dispose()


@pytest.mark.parametrize("name", TABLES)
def test_without_a_table_the_check_names_it_and_verify_does_not_break(sqlite: Engine, name: str) -> None:
    with forging(sqlite) as connection:
        connection.exec_driver_sql(f"DROP TABLE {name}")
        assert f"The table {name} is missing." in schema_faults(connection)
        assert not verify(connection, BOOK).ok


def swallowing(dialect: str, name: str) -> list[str]:
    """What lets a statement on a table end without an error, and without a row."""
    verb = "UPDATE" if name == "head" else "INSERT"
    if dialect == "postgresql":
        return [f"CREATE RULE swallow AS ON {verb} TO {name} DO INSTEAD NOTHING"]
    return [f"CREATE TRIGGER swallow BEFORE {verb} ON {name.upper()} BEGIN SELECT RAISE(IGNORE); END"]


@pytest.mark.reliability
@pytest.mark.parametrize("name", TABLES)
def test_what_the_database_swallows_gets_no_receipt(database_url: str, name: str) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        for statement in swallowing(engine.dialect.name, name):
            connection.exec_driver_sql(statement)
    # PostgreSQL itself refuses to open a book where a rule stands on its heads.
    with pytest.raises(StoreError, match=r"so nothing was recorded|There is no book|ON CONFLICT"):
        build(engine)
    with reading(engine) as connection:
        assert accused(connection) <= ({"head"} if name in ("event", "request", "head") else set())
    engine.dispose()


@pytest.mark.reliability
@pytest.mark.parametrize("name", ["event", "request", "head", "posting"])
def test_an_entry_that_is_swallowed_changes_nothing(database_url: str, name: str) -> None:
    engine = open_engine(database_url)
    last = build(engine)
    with writing(engine) as connection:
        for statement in swallowing(engine.dialect.name, name):
            connection.exec_driver_sql(statement)
    ledger = Ledger(engine, BOOK, lambda: datetime(2026, 11, 20, tzinfo=UTC), lambda: "swallowed")
    with pytest.raises(StoreError, match="so nothing was recorded"):
        ledger.handle(Request(Repay(item="FRAUD-1", amount=Quantity(minor=100), on=TODAY), "lead", TODAY))
    with reading(engine) as connection:
        assert accused(connection) == set()
        assert verify(connection, BOOK).events == last
    engine.dispose()


def test_every_table_of_the_schema_is_in_the_registry() -> None:
    """A table that no pass knows of would be looked at by nobody."""
    assert {*TABLES, "alembic_version"} == {*named("sqlite", "table")}
    parts = {name for name in named("postgresql", "table") if name[:-2].endswith("_p")}
    # Who may do what, and what is an event: the database's own, beside what a ledger holds.
    assert {*TABLES, "alembic_version", "book_grant", "event_kind"} == {*named("postgresql", "table")} - parts


def test_the_small_ledger_is_accused_of_nothing(database_url: str) -> None:
    engine = open_engine(database_url)
    build(engine)
    with reading(engine) as connection:
        assert verify(connection, BOOK).problems == []
    with writing(engine) as connection:
        drop_triggers(connection)
        assert accused(connection) == set()
    engine.dispose()
