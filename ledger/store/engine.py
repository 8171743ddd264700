"""Connections: how the ledger talks to SQLite and PostgreSQL, and what it says when it cannot.

SQLite runs in WAL with synchronous=FULL, its transactions begun by us: IMMEDIATE to write, deferred to
read, so that a reader sees one moment and a writer never decides on stale state.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from weakref import WeakSet

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ledger.store.database_url import SQLITE, read_url, shown
from ledger.store.postgresql import (
    CONFLICTS,
    READING,
    STATEMENT_POOLING,
    meaning,
    postgresql_engine,
    surely_not_committed,
)
from ledger.tables.facts import SCHEMA_VERSION
from ledger.vocabulary.errors import StoreError, Unreadable
from ledger.vocabulary.outside_files import refuse_no_file
from ledger.vocabulary.secrets import hidden_in
from ledger.vocabulary.unplaced_files import sweep

#: How long a busy database is waited for.
BUSY_SECONDS = 30.0

#: What SQLite's driver says of a text that it cannot hand over.
NO_UTF8 = "Could not decode to UTF-8"

_WRITING = "debt_ledger_writing"

#: What a value raises that is not what its column promises: a day that is none, a text where a number belongs, no row,
#: nothing where SQLAlchemy would compare.
_NOT_UNDERSTOOD = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SQLAlchemyError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
)


#: What is unknown of an entry whose commit failed midway, and of any other job.
ENTRY_IN_DOUBT = (
    "it is unknown whether anything was recorded. Repeat it with the same --key: it counts once. Without a key, look first: "
    "`debt log`."
)
JOB_IN_DOUBT = "it is unknown whether it was done. Look, or run it again."

_DISK_FAILS = "disk i/o error"


#: The engines of this process that somebody still has.
_OPENED: WeakSet[Engine] = WeakSet()


@atexit.register
def _close_all() -> None:
    """Close what is open still when the program ends: SQLite then puts its log into the file, and takes it away."""
    for engine in list(_OPENED):
        engine.dispose()


def _to_be_closed(engine: Engine) -> Engine:
    _OPENED.add(engine)
    return engine


class WriteConflict(StoreError):
    """Two transactions got in each other's way, and this one was taken back: the same may be tried again."""


def open_engine(url_text: str, *, create: bool = False, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for a database URL. create: an SQLite file that is missing may be made.

    Raises StoreError for a URL that cannot be read and for an SQLite file that does not exist.
    """
    url = read_url(url_text)
    if url.drivername == SQLITE:
        # A restore that was killed left its half at the place of the ledger, where the next one looks.
        sweep(Path(url.database or "").parent)
        return _to_be_closed(_sqlite_engine(url, create=create, busy_seconds=busy_seconds))
    return _to_be_closed(postgresql_engine(url))


def file_engine(path: Path, *, create: bool = False) -> Engine:
    """An engine for an SQLite file, whatever characters its name has. Raises StoreError where there is none."""
    url = URL.create("sqlite", database=str(path))
    return _to_be_closed(_sqlite_engine(url, create=create, busy_seconds=BUSY_SECONDS))


def sqlite_file(engine: Engine) -> Path:
    """The file of an engine on SQLite."""
    name = engine.url.database or ""
    return Path(unquote(name.removeprefix("file:")) if "uri" in engine.url.query else name)


def _sqlite_engine(url: URL, *, create: bool, busy_seconds: float) -> Engine:
    name = url.database or ""
    if name in ("", ":memory:") or "\x00" in name:
        raise StoreError("A ledger is kept in a file: write sqlite:///ledger.db.")
    path = Path(name)
    try:
        refuse_no_file(path)
    except Unreadable as error:
        raise StoreError(str(error)) from error
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
    options = {READING: True}
    with translated(engine), engine.connect().execution_options(**options) as connection:
        yield connection


@contextmanager
def writing(engine: Engine, unsure: str = JOB_IN_DOUBT) -> Iterator[Connection]:
    """A transaction that holds SQLite's write lock from its first moment; committed at the end.

    unsure: what is said where the commit fails so that nobody knows whether it was done.
    """
    options = {_WRITING: True}
    with translated(engine), engine.connect().execution_options(**options) as connection, connection.begin() as unit:
        yield connection
        try:
            # Committed here, not by leaving the block: if the connection is lost from now on, it may have been recorded.
            unit.commit()
        except DBAPIError as error:
            said = _said(error.orig, engine)
            if error.connection_invalidated and not surely_not_committed(error.orig):
                raise StoreError(
                    f"The connection to {_place(engine)} was lost during the commit ({said}): {unsure}"
                ) from error
            if _DISK_FAILS in said.lower():
                raise StoreError(f"The disk of {_place(engine)} is full or failing ({said}): {unsure}") from error
            raise


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Errors of the database, and values in it that cannot be, as a StoreError that says what to do."""
    # Rows that are fetched past SQLAlchemy raise the driver's own errors.
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except DBAPIError as last:
        error = _first(last)
        if error.connection_invalidated and STATEMENT_POOLING not in str(error.orig):
            raise StoreError(
                f"The connection to {_place(engine)} was lost ({_said(error.orig, engine)}). Nothing was recorded; try again."
            ) from error
        unreachable = isinstance(error.orig, driver.OperationalError)
        kind = WriteConflict if getattr(error.orig, "sqlstate", None) in CONFLICTS else StoreError
        raise kind(_explained(error.orig, engine, unreachable=unreachable)) from error
    except driver.Error as error:
        unreachable = isinstance(error, driver.OperationalError)
        raise StoreError(_explained(error, engine, unreachable=unreachable)) from error
    except _NOT_UNDERSTOOD as error:
        raise StoreError(
            f"What {_place(engine)} holds cannot be understood ({type(error).__name__}: {_first_line(error)}). "
            "`debt verify` tells what was damaged; if it finds nothing, this is a fault of debt-ledger."
        ) from error


def _first(last: DBAPIError) -> DBAPIError:
    """What failed first: on a full disk SQLite undoes everything, so that going back to a savepoint fails as well."""
    first, before = last, last.__context__
    while before is not None:
        first, before = before if isinstance(before, DBAPIError) else first, before.__context__
    return first


@contextmanager
def undecodable_text_shown(connection: Connection) -> Iterator[None]:
    r"""On SQLite, text that is no UTF-8 is read with its bytes as `\xff`, instead of an error that tells no place."""
    driver: Any = connection.connection.driver_connection
    before = driver.text_factory
    driver.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        driver.text_factory = before


def _place(engine: Engine) -> str:
    return shown(engine.url)


def _said(error: BaseException | None, engine: Engine) -> str:
    """The first line of what the driver said, without the secrets of the URL."""
    return hidden_in(_first_line(error), engine.url.render_as_string(hide_password=False))


def _first_line(error: BaseException | None) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _explained(error: BaseException | None, engine: Engine, *, unreachable: bool) -> str:
    """What happened, for a person. unreachable: the driver blames the connection or the file, and not what was asked."""
    text, place = _first_line(error), _place(engine)
    meant = meaning(error, text, place) if engine.dialect.name == "postgresql" else None
    if meant is not None:
        return meant
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
        (
            NO_UTF8.lower(),
            f"The file of {place} is damaged: a text in it is no UTF-8. Restore a backup; `debt verify` tells which.",
        ),
        ("readonly", f"The database {place} cannot be written: the file or its folder is read-only."),
        ("read-only", f"The database {place} cannot be written: it is read-only."),
        (
            "unable to open database file",
            f"The database {place} cannot be opened: check that its folder exists and is yours.",
        ),
        ("disk is full", f"The disk that holds {place} is full. Nothing was recorded; make room and try again."),
        (_DISK_FAILS, f"The disk of {place} is full or failing ({text}). Nothing was recorded."),
        (
            "no such table",
            f"{place} holds no ledger, or an older one. `debt db upgrade` brings it to version {SCHEMA_VERSION}.",
        ),
    )
    for sign, explanation in known:
        if sign in lowered:
            return explanation
    if unreachable:
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
