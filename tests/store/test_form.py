"""Migration 0003: a ledger of 0002 is made strict as it was, whole or not at all, and a forged row stops it by name."""

from __future__ import annotations

import lzma
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from ledger.store.catalogue import described
from ledger.store.engine import open_engine, reading, writing
from ledger.store.guards import schema_faults
from ledger.store.upgrade import current_version, upgrade
from ledger.tables.facts import SCHEMA_VERSION, event, head, metadata, request
from ledger.vocabulary.errors import StoreError
from tests.corpus.frozen import thawed_sqlite
from tests.corpus.make import CORPUS

BEFORE = "0002"
TABLES = sorted(metadata.tables)
PLACED = [name for name in TABLES if metadata.tables[name] not in (head, request)]

#: Upgrades a database, and dies before one of its statements.
UPGRADE_AND_DIE = """
import os, signal, sys
from sqlalchemy import Engine, event
from ledger.store.upgrade import upgrade
url, left = sys.argv[1], int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(url)
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A ledger as 0002 left it."""
    if request.param == "sqlite":
        return thawed_sqlite(BEFORE, tmp_path)
    url: str = request.getfixturevalue("empty_postgres_url")
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        connection.execute(lzma.decompress((CORPUS / BEFORE / "ledger.sql.xz").read_bytes()))
    return url


def everything(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, its values with their types; and the planner's figures."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: sorted([(*row, *map(type, row)) for row in connection.execute(f"SELECT * FROM {name}")], key=repr)
            for name in (*TABLES, "sqlite_stat1")
        }


def put(engine: Engine, name: str, column: str, value: str) -> None:
    """Move a row of a table somewhere else, as a forger would: the key of a row, in SQL."""
    with writing(engine) as connection:
        if name in ("event", "request") and engine.dialect.name == "sqlite":
            for (trigger,) in connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (name,)
            ).all():
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        elif name in ("event", "request"):
            connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        keys = metadata.tables[name].primary_key.columns.keys()
        first = " AND ".join(f"{key} = (SELECT {key} FROM {name} ORDER BY {', '.join(keys)} LIMIT 1)" for key in keys)
        assert connection.exec_driver_sql(f"UPDATE {name} SET {column} = {value} WHERE {first}").rowcount == 1


@pytest.mark.reliability
@pytest.mark.parametrize("name", PLACED)
def test_a_row_that_no_ledger_wrote_stops_the_upgrade_by_name(old: str, name: str) -> None:
    engine = open_engine(old)
    put(engine, name, "position", "-9223372036854775807 - 1")
    with pytest.raises(
        StoreError, match=f"position -9223372036854775808.* of the table {name} breaks {name}_position_ck"
    ):
        upgrade(engine)
    with reading(engine) as connection:
        assert current_version(connection) == BEFORE
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("posting", "amount_minor", "1200000.5"),
        ("posting", "effective_on", "'2026-02-30'"),
        ("posting", "nature", "'gift'"),
        ("item", "title", "x'00'"),
        ("event", "hash", "'0'"),
        ("event", "recorded_at", "'2026-01-01'"),
        ("head", "position", "-1"),
        ("request", "last_position", "0"),
        ("reversal", "reversed_position", "position"),
        ("budget", "quarter", "'2026Q5'"),
        ("owner", "position", "-1e300"),
    ],
)
def test_a_value_that_no_ledger_wrote_stops_the_upgrade_by_name(
    tmp_path: Path, name: str, column: str, value: str
) -> None:
    engine = open_engine(thawed_sqlite(BEFORE, tmp_path))
    put(engine, name, column, value)
    before = everything(tmp_path / "ledger.db")
    with pytest.raises(StoreError, match=f"of the table {name} breaks .*Nothing was changed"):
        upgrade(engine)
    assert everything(tmp_path / "ledger.db") == before
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW mine AS SELECT * FROM posting",
        "CREATE TABLE mine (a)",
        "CREATE TRIGGER mine AFTER INSERT ON event BEGIN DELETE FROM head; END",
        "CREATE INDEX mine ON posting (account)",
        "ALTER TABLE owner ADD COLUMN mine TEXT",
    ],
)
def test_a_stranger_in_the_file_stops_the_upgrade_by_name(tmp_path: Path, statement: str) -> None:
    engine = open_engine(thawed_sqlite(BEFORE, tmp_path))
    with writing(engine) as connection:
        connection.exec_driver_sql(statement)
    with pytest.raises(StoreError, match=r"mine.*Nothing was changed"):
        upgrade(engine)
    engine.dispose()


def test_rows_types_and_statistics_are_as_before(tmp_path: Path) -> None:
    engine = open_engine(thawed_sqlite(BEFORE, tmp_path))
    before = everything(tmp_path / "ledger.db")
    assert upgrade(engine) == (BEFORE, SCHEMA_VERSION)
    after = everything(tmp_path / "ledger.db")
    # Schema 0004 adds an index, and what the planner is told of it.
    after["sqlite_stat1"] = [
        row for row in after["sqlite_stat1"] if row[1] not in ("event_policy_ix", "event_remark_ix")
    ]
    assert after == before
    with reading(engine) as connection:
        assert schema_faults(connection) == []
    engine.dispose()


@pytest.mark.reliability
def test_an_upgrade_that_is_killed_changed_nothing(tmp_path: Path) -> None:
    """Before every twentieth of its statements; it is repeated until it comes to its end."""
    url = thawed_sqlite(BEFORE, tmp_path)
    path = tmp_path / "ledger.db"
    before = everything(path)
    for statement in range(1, 10_000, 20):
        ran = subprocess.run([sys.executable, "-c", UPGRADE_AND_DIE, url, str(statement)], check=False, timeout=120)
        if ran.returncode == 0:
            break
        assert ran.returncode == -signal.SIGKILL
        assert everything(path) == before
    assert statement > 100
    engine = open_engine(url)
    with reading(engine) as connection:
        assert schema_faults(connection) == []
    engine.dispose()


#: A value of each form that the database is to refuse, for every constraint there is.
REFUSED = {"position": "0", "leg": "-1", "effective_on": "'2026-13-01'", "hash": "'0'", "nature": "'gift'"}


@pytest.mark.parametrize("name", TABLES)
def test_every_table_refuses_what_has_not_its_form(database_url: str, name: str) -> None:
    engine = open_engine(database_url)
    columns = {column.name for column in metadata.tables[name].columns}
    rules = described("postgresql")
    for column in sorted(columns & REFUSED.keys()):
        if name == "head" and column == "position":
            continue
        assert f"constraint {name}_{column}_ck on {name}" in rules or column == "effective_on"
        values = dict.fromkeys(columns, "'1'") | {column: REFUSED[column]}
        names = ", ".join(f'"{each}"' for each in values)
        with pytest.raises(StoreError), writing(engine) as connection:
            connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({', '.join(values.values())})")
    engine.dispose()


def test_events_and_their_hashes_are_the_same_text(tmp_path: Path) -> None:
    with closing(sqlite3.connect(thawed_sqlite(BEFORE, tmp_path).removeprefix("sqlite:///"))) as connection:
        before = connection.execute("SELECT CAST(body AS BLOB), hash FROM event ORDER BY book, position").fetchall()
    upgrade(f"sqlite:///{tmp_path / 'ledger.db'}")
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        after = connection.execute("SELECT CAST(body AS BLOB), hash FROM event ORDER BY book, position").fetchall()
    assert before == after
    assert event.name in TABLES
