"""Whatever of the schema is not as the migrations made it is named: kinds of tampering by objects, from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from ledger.store.catalogue import beside, described
from ledger.store.engine import open_engine, reading
from ledger.store.guards import schema_faults
from tests.helpers.postgres_server import PostgresServer
from tests.store.describe import FOLDER, postgresql_description, spelled, sqlite_description

SQLITE, POSTGRESQL = described("sqlite"), described("postgresql")
TABLES = sorted(label.split()[1] for label in SQLITE if label.startswith("table "))
OF_A_PARTITION = re.compile(r"_p(?!00)\d\d\b")


@pytest.fixture(scope="module")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("schema")
    sqlite_description(folder)
    return folder / "described.db"


@pytest.fixture
def sqlite(sqlite_file: Path) -> Iterator[Connection]:
    """A connection to a migrated file, rolled back afterwards."""
    engine = create_engine(f"sqlite:///{sqlite_file}", connect_args={"isolation_level": None})
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


@pytest.fixture(scope="module")
def postgres_database(postgres_server: PostgresServer, _postgres_template: Iterator[int]) -> Iterator[str]:
    """A migrated database, for tests that leave it as it is."""
    postgres_server.run("CREATE DATABASE schema_faults TEMPLATE ledger_template")
    yield postgres_server.url_of("schema_faults")
    postgres_server.run("DROP DATABASE schema_faults WITH (FORCE)")


@pytest.fixture
def postgres(postgres_database: str) -> Iterator[Connection]:
    """A connection to a migrated database, rolled back afterwards."""
    engine = create_engine(postgres_database)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def faults(connection: Connection, *statements: str) -> list[str]:
    """What is found after these statements."""
    for statement in statements:
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement
        )
    return schema_faults(connection)


def test_a_migrated_database_has_no_faults(database_url: str) -> None:
    engine = open_engine(database_url)
    with reading(engine) as connection:
        assert schema_faults(connection) == []
        assert beside(connection) == []
    engine.dispose()


def test_the_description_of_sqlite_is_what_the_migrations_make(tmp_path: Path) -> None:
    """`python -m tests.store.describe` writes it anew."""
    assert (FOLDER / "sqlite.json").read_text(encoding="utf-8") == spelled(sqlite_description(tmp_path))


def test_the_description_of_postgresql_is_what_the_migrations_make(postgres_server: PostgresServer) -> None:
    """`python -m tests.store.describe` writes it anew."""
    assert (FOLDER / "postgresql.json").read_text(encoding="utf-8") == spelled(postgresql_description(postgres_server))


# --- SQLite: one file, all of it the ledger's -----------------------------------------------------------


@pytest.mark.parametrize("label", [label for label in SQLITE if "autoindex" not in label])
def test_on_sqlite_whatever_is_dropped_is_named(sqlite: Connection, label: str) -> None:
    assert f"The {label} is missing." in faults(sqlite, f"DROP {label}")


#: What can be done to the text of a table through writable_schema: a pattern, and what it becomes.
REWRITTEN = {
    "a type": ('(book|version_num)"? [A-Z]+', r"\1 REAL"),
    "a collation": ('(book"? TEXT|version_num VARCHAR)', r"\1 COLLATE NOCASE"),
    "a default": ('(book"? TEXT|version_num VARCHAR)', r"\1 DEFAULT 'main'"),
    "no key": ("PRIMARY KEY", "CHECK"),
    "not strict": (r"\) STRICT, |\) *$", ")  /* */ "),
    "a rule less": (r"CHECK \(|NOT NULL", "DEFAULT ("),
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("kind", REWRITTEN)
def test_on_sqlite_a_rewritten_table_is_named(sqlite: Connection, table: str, kind: str) -> None:
    """Only the text of the file is looked at: what SQLite makes of it is another matter."""
    statement = sqlite.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar_one()
    rewritten, times = re.subn(*REWRITTEN[kind], statement, count=1, flags=re.MULTILINE)
    assert times
    sqlite.exec_driver_sql("PRAGMA writable_schema=ON")
    sqlite.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE name = ?", (rewritten, table))
    assert faults(sqlite) == [f"The table {table} is not the one the migrations made."]


@pytest.mark.parametrize("table", TABLES)
def test_on_sqlite_a_view_in_the_place_of_a_table_is_named(sqlite: Connection, table: str) -> None:
    moved = (f"ALTER TABLE {table} RENAME TO kept", f"CREATE VIEW {table} AS SELECT * FROM kept")
    found = faults(sqlite, *moved)
    assert {f"The table {table} is missing.", "The table kept is not the ledger's."} <= set(found)
    assert f"The view {table} is not the ledger's." in found


@pytest.mark.parametrize("table", [name for name in TABLES if name != "alembic_version"])
@pytest.mark.parametrize("spelling", [str.lower, str.upper], ids=["lower", "UPPER"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER {} BEFORE INSERT ON {} BEGIN SELECT RAISE(IGNORE); END",
        "CREATE TEMP TRIGGER {} BEFORE INSERT ON main.{} BEGIN SELECT RAISE(IGNORE); END",
        "CREATE INDEX {} ON {} (book)",
        "CREATE VIEW {} AS SELECT * FROM {}",
        "CREATE TABLE {} AS SELECT * FROM {}",
        "CREATE TEMP VIEW {} AS SELECT * FROM {}",
    ],
)
def test_on_sqlite_every_stranger_is_named(sqlite: Connection, statement: str, spelling: type[str], table: str) -> None:
    (found,) = faults(sqlite, statement.format(spelling("stranger"), spelling(table)))
    assert found.endswith("stranger is not the ledger's.")


@pytest.mark.parametrize("table", [name for name in TABLES if name != "alembic_version"])
def test_on_sqlite_a_temporary_table_that_would_be_read_instead_is_named(sqlite: Connection, table: str) -> None:
    found = faults(sqlite, f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
    assert f"The temporary table {table} is not the ledger's." in found


@pytest.mark.parametrize("versions", ["", "('0001'), ('0003')", "('0001')"])
def test_another_version_is_named(database_url: str, versions: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        change = [f"INSERT INTO alembic_version VALUES {versions}"] if versions else []
        (found,) = faults(connection, "DELETE FROM alembic_version", *change)
        assert found.startswith("The schema's version is ")
        connection.rollback()
    engine.dispose()


def test_on_sqlite_the_journal_mode_matters(sqlite_url: str) -> None:
    engine = create_engine(sqlite_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        assert faults(connection, "PRAGMA journal_mode=DELETE") == ["The journal mode is delete, not wal."]
    engine.dispose()


# --- PostgreSQL: a database that others may use as well -------------------------------------------------


#: A value of each type that is no text and no number.
_VALUES = {"text": "x", "date": "2026-01-01", "boolean": "true", "jsonb": "{}", "text[]": "{}"}
_FIRST_COLUMN = {"alembic_version": "version_num", "event_kind": "stored_as"}


def _marks(label: str) -> list[str]:
    """What of a table's own row in the catalogue keeps PostgreSQL from looking for what the table has."""
    name, of_ours = label.split()[1], POSTGRESQL.keys()
    has = {
        "relhastriggers": any(each.startswith("trigger") and each.endswith(f" on {name}") for each in of_ours),
        "relhasindex": POSTGRESQL[label][0] in "rp",
        "relhassubclass": POSTGRESQL[label][0] == "p",
    }
    checked = any(f" on {name}" in each and POSTGRESQL[each].startswith("CHECK") for each in of_ours)
    return [*(f"{mark} = false" for mark, there in has.items() if there), *(["relchecks = 0"] if checked else [])]


def _tampered(label: str) -> list[str]:
    """Statements, each of which makes an object another one or none."""
    kind, name, *rest = label.split()
    place = rest[-1] if rest else ""
    match kind:
        case "table":
            renamed = f"ALTER TABLE {name} RENAME TO kept"
            return [
                f"DROP TABLE {name} CASCADE",
                f"{renamed}; CREATE VIEW {name} AS SELECT * FROM kept",
                f"ALTER TABLE {name} {'DISABLE' if 'row security' in POSTGRESQL[label] else 'ENABLE'} ROW LEVEL SECURITY",
                f"CREATE POLICY none ON {name} USING (false)",
                *(f"UPDATE pg_class SET {mark} WHERE oid = '{name}'::regclass" for mark in _marks(label)),
                f"CREATE RULE swallow AS ON INSERT TO {name} DO INSTEAD NOTHING",
                f"CREATE TEMP TABLE {name} AS SELECT * FROM {name}",
                f"CREATE ROLE other; ALTER TABLE {name} OWNER TO other",
                f"CREATE UNIQUE INDEX mine ON {name} ({_FIRST_COLUMN.get(name, 'book')})",
                (
                    f"CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL;END'; "
                    f"CREATE TRIGGER mine BEFORE INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION mine()"
                ),
            ]
        case "column":
            value = _VALUES.get(POSTGRESQL[label].split()[0], "7")
            defaulted = f"""ALTER TABLE {place} ALTER COLUMN "{name}" SET DEFAULT '{value}'"""
            # A partition's columns are renamed with its table's alone.
            return [defaulted, *([] if "_p00" in place else [f'ALTER TABLE {place} RENAME COLUMN "{name}" TO mine'])]
        case "constraint" if not label.endswith("_p00"):
            return [f"ALTER TABLE {place} DROP CONSTRAINT {name}"]
        case "trigger":
            triggered = f"ALTER TABLE ONLY {place}"
            return [f"{triggered} {how} TRIGGER {name}" for how in ("DISABLE", "ENABLE", "ENABLE REPLICA")]
        case "function":
            signature, definition = label.removeprefix("function "), POSTGRESQL[label]
            result, fixed = definition.split(" plpgsql ")[0], "SET search_path = pg_catalog, public, pg_temp"
            body = "BEGIN RETURN;END" if result == "void" or "OUT " in signature else "BEGIN RETURN NULL;END"
            return [
                f"CREATE OR REPLACE FUNCTION {signature} RETURNS {result} LANGUAGE plpgsql {fixed} AS '{body}'",
                f"ALTER FUNCTION {signature} SECURITY {'INVOKER' if 'as its owner' in definition else 'DEFINER'}",
                f"ALTER FUNCTION {signature} {'RESET ALL' if 'search_path=' in definition else 'SET work_mem = 64'}",
                f"CREATE FUNCTION {name.partition('(')[0]}(point) RETURNS point LANGUAGE sql AS 'SELECT $1'",
                f"CREATE ROLE other; ALTER FUNCTION {signature} OWNER TO other",
            ]
    return []


TAMPERED = [change for label in POSTGRESQL if not OF_A_PARTITION.search(label) for change in _tampered(label)]


@pytest.mark.reliability
@pytest.mark.parametrize("change", TAMPERED)
def test_on_postgresql_every_object_made_another_is_named(postgres: Connection, change: str) -> None:
    assert faults(postgres, *change.split("; ")) != []


FEW = [
    "ALTER TABLE posting DETACH PARTITION posting_p05",
    "DROP INDEX posting_item_ix",
    "DROP TABLE dependency",
    "ALTER TABLE owner ALTER COLUMN team TYPE varchar",
    'ALTER TABLE owner ALTER COLUMN team TYPE text COLLATE "POSIX"',
    "CREATE TABLE heir () INHERITS (budget)",
    "CREATE TEMP TABLE pg_class (a int)",
    "CREATE TEMP TABLE text (a int)",
    "CREATE SCHEMA first; CREATE TABLE first.posting (a int); SET LOCAL search_path = first, public",
    "SET LOCAL search_path = public, pg_catalog",
    "CREATE FUNCTION sum(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
    (
        "CREATE FUNCTION mine(text, varchar) RETURNS boolean LANGUAGE sql AS 'SELECT false'; "
        "CREATE OPERATOR = (LEFTARG = text, RIGHTARG = varchar, FUNCTION = mine)"
    ),
    (
        "CREATE FUNCTION mine(date) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'; "
        "CREATE CAST (date AS bigint) WITH FUNCTION mine(date) AS IMPLICIT"
    ),
    "CREATE INDEX mine ON owner (lower(team))",
    "CREATE RULE swallow AS ON INSERT TO event DO INSTEAD NOTHING",
]


@pytest.mark.parametrize("change", FEW)
def test_on_postgresql_what_changes_an_answer_is_named(postgres: Connection, change: str) -> None:
    assert faults(postgres, *change.split("; ")) != []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("CREATE TABLE mine (a int)", "table mine"),
        ("CREATE VIEW mine AS SELECT * FROM posting", "view mine"),
        ("CREATE INDEX mine ON posting (account)", "index mine"),
        ("CREATE MATERIALIZED VIEW mine AS SELECT * FROM item", "materialized view mine"),
        ("CREATE TABLE mine (book text, position bigint, FOREIGN KEY (book, position) REFERENCES item)", "table mine"),
        ("CREATE FUNCTION mine(text) RETURNS text LANGUAGE sql AS 'SELECT $1'", None),
        ("CREATE TEMP TABLE mine (a int)", None),
    ],
)
def test_on_postgresql_what_others_keep_beside_the_ledger_is_no_fault(
    postgres: Connection, change: str, named: str | None
) -> None:
    assert faults(postgres, change) == []
    assert beside(postgres) == ([named] if named else [])
