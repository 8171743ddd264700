"""Connections: how the ledger talks to SQLite and PostgreSQL, and what it says when it cannot.

SQLite runs in WAL with synchronous=FULL, its transactions begun by us: IMMEDIATE to write, deferred to
read, so that a reader sees one moment and a writer never decides on stale state.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from ledger.errors import StoreError
from ledger.store.schema import SCHEMA_VERSION

#: How long a busy database is waited for.
BUSY_SECONDS = 30.0

_WRITING = "debt_ledger_writing"


def open_engine(url_text: str, *, create: bool = False, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for a database URL. create: an SQLite file that is missing may be made.

    Raises StoreError for a URL that cannot be read and for an SQLite file that does not exist.
    """
    try:
        url = make_url(url_text)
    except (ArgumentError, ValueError) as error:
        # A text with a scheme is not repeated: it may hold a password.
        said = "That" if "://" in url_text else f"'{url_text}'"
        raise StoreError(f"{said} is not a database URL: write sqlite:///ledger.db or postgresql://….") from error
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _sqlite_engine(url, create=create, busy_seconds=busy_seconds)
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise StoreError(f"'{url.drivername}' is no database the ledger knows: it keeps sqlite and postgresql.")
    try:
        return create_engine(url.set(drivername="postgresql+psycopg"), connect_args={"options": "-c timezone=UTC"})
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: `pip install 'debt-ledger[postgres]'`.") from error


def _sqlite_engine(url: URL, *, create: bool, busy_seconds: float) -> Engine:
    name = url.database or ""
    if name in ("", ":memory:") or "\x00" in name:
        raise StoreError("A ledger is kept in a file: write sqlite:///ledger.db.")
    path = Path(name)
    if not create and not path.exists():
        raise StoreError(f"There is no ledger at {path}. `debt init --book NAME --currency EUR` makes one.")
    if _on_read_only_ground(path):
        url = url.set(database=f"file:{quote(str(path.resolve()))}", query={"immutable": "1", "uri": "true"})
    engine = create_engine(url, connect_args={"timeout": busy_seconds, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _on_read_only_ground(path: Path) -> bool:
    """Whether nobody here can write: an auditor's copy on a read-only folder, with no writer's log beside it.

    SQLite could not make the files that a shared database needs there, and is told that it needs none.
    """
    log = path.with_name(f"{path.name}-wal")
    return path.exists() and not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database and writes nothing."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with translated(engine), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds SQLite's write lock from its first moment; committed at the end."""
    with translated(engine), engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
        yield connection


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Errors of the database as a StoreError that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_explained(error, engine)) from error


def _explained(error: DBAPIError, engine: Engine) -> str:
    text = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    place = engine.url.render_as_string(hide_password=True)
    lowered = text.lower()
    known = (
        (
            "database is locked",
            f"The database {place} is busy: another program is writing to it. Try again in a moment.",
        ),
        ("file is not a database", f"{place} is not a ledger: the file is not an SQLite database."),
        (
            "malformed",
            f"The file of {place} is damaged ({text}). Restore a backup; `debt verify` tells what is intact.",
        ),
        ("readonly", f"The database {place} cannot be written: the file or its folder is read-only."),
        ("read-only", f"The database {place} cannot be written: it is read-only."),
        (
            "unable to open database file",
            f"The database {place} cannot be opened: check that its folder exists and is yours.",
        ),
        ("disk is full", f"The disk that holds {place} is full. Nothing was recorded; make room and try again."),
        (
            "no such table",
            f"{place} holds no ledger, or an older one. `debt db upgrade` brings it to version {SCHEMA_VERSION}.",
        ),
        ("does not exist", f"{place} holds no ledger ({text}). `debt init` or `debt db upgrade` makes it."),
    )
    for sign, explanation in known:
        if sign in lowered:
            return explanation
    if isinstance(error, OperationalError):
        return f"The database {place} cannot be reached or used: {text}."
    return f"The database {place} refused: {text}."


def require_schema(connection: Connection) -> None:
    """Raise StoreError unless the database has the schema this code knows."""
    dialect = connection.dialect
    if not dialect.has_table(connection, "alembic_version"):
        raise StoreError("The database holds no ledger yet. `debt init --book NAME --currency EUR` makes one.")
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if found == SCHEMA_VERSION:
        return
    if found is not None and found < SCHEMA_VERSION:
        raise StoreError(
            f"The database has schema {found}, older than {SCHEMA_VERSION}. `debt db upgrade` upgrades it."
        )
    raise StoreError(
        f"The database has schema {found}, newer than {SCHEMA_VERSION}, which this version knows: upgrade debt-ledger."
    )
