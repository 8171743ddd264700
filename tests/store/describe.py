"""Writes anew what the migrations make, as `ledger.store.catalogue` holds databases against it:

    python -m tests.store.describe

Run it after a migration was added, and read the difference before you commit it.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

import ledger.store.catalogue
from ledger.store.catalogue import SCHEMA, postgresql, sqlite
from ledger.store.engine import open_engine, reading
from ledger.store.upgrade import upgrade
from tests.helpers.postgres_server import PostgresServer, running_server

FOLDER = Path(ledger.store.catalogue.__file__).parent

#: A schema whose name cannot be part of anything else.
_PLACE = "debt_ledger_is_described_here"
_MADE_FUNCTIONS = f"SELECT proname FROM pg_proc WHERE pronamespace = '{_PLACE}'::regnamespace"


def sqlite_description(folder: Path) -> dict[str, str]:
    """What the migrations make of an empty file."""
    engine = open_engine(f"sqlite:///{folder / 'described.db'}", create=True)
    upgrade(engine)
    with reading(engine) as connection:
        made = sqlite.found(connection)
    engine.dispose()
    return made


def postgresql_description(server: PostgresServer) -> dict[str, str]:
    """What the migrations make of an empty database."""
    server.run("CREATE DATABASE described")
    engine = open_engine(server.url_of("described"))
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {_PLACE}")
        connection.exec_driver_sql(f"ALTER DATABASE described SET search_path = {_PLACE}")
    engine.dispose()
    upgrade(engine)
    with reading(engine) as connection:
        made = _postgresql_made(engine, connection)
    engine.dispose()
    server.run("DROP DATABASE described WITH (FORCE)")
    return made


def _postgresql_made(engine: Engine, connection: Connection) -> dict[str, str]:
    schema = postgresql.schema_of(connection)
    assert schema is not None
    assert schema.quoted == _PLACE
    inspector = inspect(engine)
    tables = inspector.get_table_names()
    indexes = list(connection.exec_driver_sql("SELECT indexname FROM pg_indexes").scalars())
    functions = list(connection.exec_driver_sql(_MADE_FUNCTIONS).scalars())
    found = postgresql.found(connection, schema, postgresql.LedgerNames(tables, indexes, functions))
    return {label: text.replace(_PLACE, SCHEMA) for label, text in found.items()}


def spelled(description: dict[str, str]) -> str:
    """A description as it is kept: an object a line."""
    return json.dumps(description, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both descriptions."""
    with tempfile.TemporaryDirectory() as scratch, running_server() as server:
        made = {"sqlite": sqlite_description(Path(scratch)), "postgresql": postgresql_description(server)}
    for dialect, description in made.items():
        (FOLDER / f"{dialect}.json").write_text(spelled(description), encoding="utf-8")


if __name__ == "__main__":
    main()
