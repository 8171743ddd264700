"""Bringing a database to the schema this code knows: the one place that runs Alembic, and imports it."""

from __future__ import annotations

import io
import logging
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from ledger.store.engine import open_engine, translated, writing
from ledger.store.event_kinds import keep_event_kinds
from ledger.store.postgresql import encoding_fault
from ledger.store.rebuild import fill
from ledger.tables.facts import SCHEMA_VERSION
from ledger.tables.projections import PROJECTIONS
from ledger.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

#: Any number, as long as it is always the same: two upgrades of one PostgreSQL database take turns.
_ADVISORY_LOCK = 0x_DEB7_1ED6
#: Found beside `ledger` by its place: another project's `migrations` on the path is not imported for it.
_SCRIPTS = Path(__file__).resolve().parents[2] / "migrations"
_WAL = "PRAGMA journal_mode=WAL"


def upgrade(engine_or_url: Engine | str) -> tuple[str | None, str]:
    """Make or upgrade the database, in one transaction, and return its version before and after.

    Read models that did not exist before are filled from the events of every book. The version before is None for a
    database without a ledger. Raises StoreError, with nothing changed, if it is newer than this code, if it holds a row
    that no ledger wrote, or if events were altered that new read models are to be filled from.
    """
    engine = engine_or_url if isinstance(engine_or_url, Engine) else open_engine(engine_or_url, create=True)
    try:
        use_wal(engine)
        with writing(engine) as connection:
            return upgrade_within(connection)
    finally:
        if engine is not engine_or_url:
            engine.dispose()


def upgrade_within(connection: Connection) -> tuple[str | None, str]:
    """As `upgrade`, in a writing transaction that has more to do: what fails later takes the schema back with it."""
    _take_turns(connection)
    fault = encoding_fault(connection) if connection.dialect.name == "postgresql" else None
    if fault is not None:
        raise StoreError(f"{fault} Nothing was made.")
    before = current_version(connection)
    if before is not None and before > SCHEMA_VERSION:
        raise StoreError(
            f"The database has schema {before}, newer than {SCHEMA_VERSION}, which this version knows: "
            "upgrade debt-ledger."
        )
    if before != SCHEMA_VERSION:
        new = [each for each in PROJECTIONS if not connection.dialect.has_table(connection, each.table.name)]
        _run_migrations(connection)
        if connection.dialect.name == "sqlite":
            # The planner reads its statistics when a file is opened, and what follows needs those just written.
            connection.exec_driver_sql("ANALYZE sqlite_master")
        if new:
            fill(connection, new)
    if connection.dialect.name == "postgresql":
        keep_event_kinds(connection)
    return before, SCHEMA_VERSION


def current_version(connection: Connection) -> str | None:
    """The database's version, None if it holds no ledger."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def use_wal(engine: Engine) -> None:
    """Set SQLite's journal mode: it stays with the file, and cannot be changed inside a transaction."""
    if engine.dialect.name != "sqlite":
        return
    with translated(engine), engine.connect() as connection:
        # Through the driver, because SQLAlchemy would begin a transaction first.
        cursor = connection.connection.cursor()
        try:
            cursor.execute(_WAL)
        except sqlite3.Error as error:
            raise OperationalError(_WAL, None, error) from error


def _take_turns(connection: Connection) -> None:
    """Hold the whole database against another upgrade. SQLite's write lock is taken by `writing`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


def _run_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.util import CommandError

    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        command.upgrade(migrations_config(connection), "head")
    except CommandError as refusal:  # how a migration refuses, which knows no error of ours
        raise StoreError(str(refusal)) from refusal


def migrations_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made here because an installed wheel has no alembic.ini."""
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    # Alembic reads the value with configparser, to which a percent sign in a path is special.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
