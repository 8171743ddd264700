"""The migrations make what ledger.tables.facts and the projections describe, whole or not at all."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Integer, create_engine, insert, inspect, select
from sqlalchemy.types import TypeEngine

import ledger.tables.projections
from ledger.proof.chain import GENESIS
from ledger.store import upgrade as upgrading
from ledger.store.engine import open_engine, writing
from ledger.store.upgrade import current_version, migrations_config, upgrade
from ledger.tables.facts import SCHEMA_VERSION, head, metadata
from ledger.vocabulary.errors import StoreError

ROOT = Path(__file__).resolve().parents[2]
#: What PostgreSQL alone has: partitions, who may do what in a book, and what it is told of events.
POSTGRESQL_ALONE = re.compile(r"(event|posting)_p\d\d|book_grant|event_kind")

assert ledger.tables.projections.PROJECTIONS, "importing the projections adds their tables to the metadata"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh migrated database."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def another_type(context: Any, inspected: Any, described: Any, is_type: Any, should_be: TypeEngine[Any]) -> bool | None:
    """STRICT tables of SQLite know TEXT and INTEGER, and no days; on PostgreSQL Alembic knows better."""
    if context.dialect.name != "sqlite":
        return None
    return str(is_type) != ("INTEGER" if isinstance(should_be, Integer) else "TEXT")


def differences(connection: Connection) -> list[object]:
    """What Alembic would change to make the database what the metadata says."""
    options = {
        "compare_type": another_type,
        "compare_server_default": True,
        "include_name": lambda name, kind, parents: kind != "table" or not POSTGRESQL_ALONE.fullmatch(name),
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_a_migrated_database_is_what_the_metadata_says(engine: Engine) -> None:
    with engine.connect() as connection:
        assert differences(connection) == []


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX posting_item_ix",
        "DROP INDEX item_key_ix",
        "ALTER TABLE term ADD COLUMN extra TEXT",
        "ALTER TABLE request RENAME COLUMN fingerprint TO print",
        "CREATE TABLE stray (book TEXT)",
    ],
)
def test_the_comparison_sees_a_difference(engine: Engine, change: str) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql(change)
        assert differences(connection) != []


def test_primary_keys_are_as_described_and_start_with_the_book(engine: Engine) -> None:
    """Alembic compares no primary keys."""
    inspector = inspect(engine)
    for table in metadata.tables.values():
        columns = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert columns == [column.name for column in table.primary_key], table.name
        assert columns[0] == "book"


def test_the_index_of_balances_covers_liability_legs_only(engine: Engine) -> None:
    """Alembic compares no conditions of indexes."""
    name = f"{engine.dialect.name}_where"
    (index,) = (found for found in inspect(engine).get_indexes("posting") if found["name"] == "posting_item_ix")
    assert str(index["dialect_options"][name]).strip("()") == "nature IS NOT NULL"
    assert index["column_names"][-3:] == ["amount_minor", "carry_minor_per_year", "accrues_day"]


def test_on_sqlite_no_table_has_a_hidden_key(sqlite_url: str) -> None:
    with create_engine(sqlite_url).connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE NOT wr AND schema = 'main'")
        assert {name for (name,) in tables} == {"alembic_version", "sqlite_schema", "sqlite_stat1"}
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_on_postgresql_events_and_postings_have_sixteen_partitions(postgres_url: str) -> None:
    with create_engine(postgres_url).connect() as connection:
        partitions = connection.exec_driver_sql(
            "SELECT inhparent::regclass::text, count(*) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid "
            "WHERE c.relkind = 'r' GROUP BY 1"
        )
        assert dict(map(tuple, partitions)) == {"event": 16, "posting": 16}


def test_on_postgresql_every_text_is_compared_byte_by_byte(postgres_url: str) -> None:
    """So that an order is the same on both databases, and survives new locale data of the machine."""
    with create_engine(postgres_url).connect() as connection:
        others = connection.exec_driver_sql(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
        )
        assert others.all() == []


def test_the_code_knows_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(migrations_config()).get_heads() == [SCHEMA_VERSION]


def test_an_upgrade_says_from_where_to_where_and_nothing_else(
    empty_database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert upgrade(empty_database_url) == (None, SCHEMA_VERSION)
    assert upgrade(empty_database_url) == (SCHEMA_VERSION, SCHEMA_VERSION)
    assert capfd.readouterr() == ("", "")


def test_upgrading_again_keeps_what_is_there(database_url: str) -> None:
    engine = open_engine(database_url)
    row = {"book": "main", "position": 3, "hash": GENESIS, "recorded_at": "2026-01-01T00:00:00.000000Z"}
    with writing(engine) as connection:
        connection.execute(insert(head), row)
    assert upgrade(engine) == (SCHEMA_VERSION, SCHEMA_VERSION)
    with engine.connect() as connection:
        assert [dict(found) for found in connection.execute(select(head)).mappings()] == [row]
        assert differences(connection) == []
    engine.dispose()


def test_two_upgrades_at_once_take_turns(empty_database_url: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(upgrade, [empty_database_url] * 2))
    assert sorted(outcomes, key=str) == [(SCHEMA_VERSION, SCHEMA_VERSION), (None, SCHEMA_VERSION)]


def test_a_migration_that_fails_leaves_nothing_behind(empty_database_url: str) -> None:
    engine = open_engine(empty_database_url, create=True)
    with writing(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE retirement (in_the_way TEXT)")
    with pytest.raises(StoreError, match="retirement"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["retirement"]
    engine.dispose()


def test_a_database_newer_than_the_code_is_left_alone(database_url: str) -> None:
    engine = open_engine(database_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999, newer than"):
        upgrade(engine)
    engine.dispose()


def test_a_ledger_is_never_downgraded(database_url: str) -> None:
    engine = open_engine(database_url)
    with pytest.raises(NotImplementedError, match="restore a backup"), writing(engine) as connection:
        command.downgrade(migrations_config(connection), "base")
    with engine.connect() as connection:
        assert current_version(connection) == SCHEMA_VERSION
    engine.dispose()


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, " * 100)
    with pytest.raises(StoreError, match="not an SQLite database"):
        upgrade(f"sqlite:///{path}")


def test_a_percent_sign_in_the_path_of_the_installation_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = shutil.copytree(ROOT / "migrations", tmp_path / "50%(off)s" / "migrations")
    monkeypatch.setattr(upgrading, "_SCRIPTS", moved)
    assert upgrade(f"sqlite:///{tmp_path / 'ledger.db'}") == (None, SCHEMA_VERSION)


def test_alembic_run_by_hand_is_told_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="debt db upgrade"):
        command.current(migrations_config())


def test_alembic_is_imported_only_to_migrate() -> None:
    code = (
        "import sys, ledger.store.upgrade, ledger.store.guards, ledger.store.roles; sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built by the backend that the development group brings: no network."""
    pytest.importorskip("hatchling", reason="hatchling is not installed, and building would need the network")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_ships_every_file_of_the_packages(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = [path for package in ("ledger", "migrations", "reports") for path in (ROOT / package).rglob("*.*")]
    wanted = {
        # What `debt` starts with is installed beside the packages.
        path.relative_to(ROOT).as_posix().removeprefix("ledger/program/")
        for path in shipped
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= set(names)
    assert "migrations/script.py.mako" in names


@pytest.mark.reliability
def test_an_installed_wheel_upgrades_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = (
        "import ledger, migrations; from ledger.store.upgrade import upgrade; "
        "print(ledger.__file__, migrations.__file__, *upgrade('sqlite:///ledger.db'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(site), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    expected = [str(site / "ledger" / "__init__.py"), str(site / "migrations" / "__init__.py"), "None", SCHEMA_VERSION]
    assert ran.stdout.split() == expected
