"""PostgreSQL: what a connection is told, so that it works behind a pooler too, and what its refusals mean.

Nothing outlives a transaction: each says its isolation and its settings when it begins, in one message with BEGIN, and
no statement is prepared. So a server's own defaults, and whoever used a pooled connection before, change nothing.
"""

from __future__ import annotations

import os
import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from ledger.store.database_url import apart_from_secrets
from ledger.vocabulary.errors import StoreError

#: Set for a connection that only reads: it sees one moment, and could not write if it tried.
READING = "debt_ledger_reading"

_READ = "ISOLATION LEVEL REPEATABLE READ READ ONLY"
#: A writer waits for the head and then sees what the one before it wrote: another isolation would refuse it instead.
_WRITE = "ISOLATION LEVEL READ COMMITTED READ WRITE"

#: Undefined: a table, a column, a function, a schema.
_NO_LEDGER = ("42P01", "42703", "42883", "3F000")
_NO_RIGHT = "42501"
#: What may be tried again, for nothing was recorded: two transactions got in each other's way.
CONFLICTS = ("40001", "40P01")

#: How far the clocks of a client and the server may be apart; of a writer, the database itself asks for as much.
MOST_APART = timedelta(minutes=10)

_SETTING = re.compile(r"(?:-c\s*|--)([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)

#: What a pooler says to BEGIN, and ends the connection.
STATEMENT_POOLING = "not allowed in statement pooling mode"

#: How the server, or a pooler before it, says what is wrong before any statement is run; what that means.
_CONNECTING = (
    (
        STATEMENT_POOLING,
        "the pooler before it pools statements, and an entry is many: set pool_mode = transaction, or session",
    ),
    ('database "', "there is no such database: `createdb` makes it"),
    ('role "', "there is no such login"),
    ("password authentication failed", "the password is not the login's"),
    ("no password supplied", "the server asks for a password: PGPASSWORD, or a password file"),
    ("no pg_hba.conf entry", "the server lets nobody in from here with that login"),
    ("certificate", "the certificates do not fit: see sslmode, sslrootcert and sslcert"),
)


def postgresql_engine(url: URL) -> Engine:
    """An engine on PostgreSQL. Raises StoreError where the driver is missing, and for options that are no settings."""
    told = url.query.get("options")
    options = told if isinstance(told, str) else " ".join(told or ()) or os.environ.get("PGOPTIONS", "")
    settings = parsed_options(options)
    url, secrets = apart_from_secrets(url)
    try:
        engine = create_engine(
            url.difference_update_query(["options"]),
            use_native_hstore=False,  # it would look for the type on every connection
            connect_args={
                # The transaction begins when we say so; see `begin`.
                "autocommit": True,
                "prepare_threshold": None,
                "client_encoding": "utf8",
                # Read above: a pooler takes no options, and the library would read PGOPTIONS by itself.
                "options": "",
                **secrets,
            },
        )
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: `pip install 'debt-ledger[postgres]'`.") from error

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = _READ if connection.get_execution_options().get(READING) else _WRITE
        # Several statements at once, which PostgreSQL takes only without parameters.
        connection.exec_driver_sql(
            f"BEGIN {mode}; SET LOCAL timezone TO 'UTC'{_settings(connection, settings)}",
            execution_options={"no_parameters": True},
        )

    return engine


def parsed_options(options: str) -> dict[str, str]:
    """The settings in what PostgreSQL calls options: `-c name=value`, `--name=value`. Raises StoreError for anything else."""
    words: list[str] = [word.replace("\\ ", " ") for word in re.split(r"(?<!\\)\s+", options.strip()) if word]
    settings: dict[str, str] = {}
    while words:
        word = words.pop(0)
        found = _SETTING.fullmatch(f"-c{words.pop(0)}" if word == "-c" and words else word)
        if found is None:
            raise StoreError(f"The options '{options}' for PostgreSQL are not settings: write them as -c name=value.")
        settings[found[1].replace("-", "_")] = found[2]
    return settings


def _settings(connection: Connection, settings: dict[str, str]) -> str:
    """Calls that set each until the transaction ends; nothing is planned where there is none."""
    if not settings:
        return ""
    from psycopg.sql import Literal

    driver: Any = connection.connection.driver_connection
    calls = (
        f"set_config({Literal(name).as_string(driver)}, {Literal(value).as_string(driver)}, true)"
        for name, value in settings.items()
    )
    return f"; SELECT {', '.join(calls)}"


def meaning(error: BaseException | None, text: str, place: str) -> str | None:
    """What a refusal of PostgreSQL means for a person; None where it says so itself. text: its first line."""
    state = getattr(error, "sqlstate", None)
    if state in _NO_LEDGER:
        return f"{place} holds no ledger, or an older one ({text}). `debt init` or `debt db upgrade` makes it."
    if state == _NO_RIGHT:
        return (
            f"The database {place} refused: {text}. Nothing was recorded. The login that ran `debt init` does what is the "
            "owner's, and gives others their rights: `debt db roles --book NAME --writer LOGIN --apply`."
        )
    for sign, explanation in _CONNECTING:
        if sign in text and (state is None or sign == STATEMENT_POOLING):
            return f"The database {place} cannot be reached or used: {text}. That is: {explanation}."
    return None


def refuse_clock(connection: Connection, machine: datetime) -> None:
    """Raise StoreError where this machine's clock is far from the server's: its entries would be dated wrongly for good.

    machine: the time now by this machine. A file, which has no clock, is taken at any time.
    """
    if connection.dialect.name != "postgresql":
        return
    server: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    ahead = machine - server
    if abs(ahead) > MOST_APART:
        raise StoreError(
            f"The clock of this machine says {machine:%Y-%m-%d %H:%M} UTC, and the server's {server:%Y-%m-%d %H:%M}: they may "
            f"be {MOST_APART.seconds // 60} minutes apart, for each entry keeps its time for good. Nothing was recorded. "
            "Set the clock that is wrong."
        )


def encoding_fault(connection: Connection) -> str | None:
    """Why the database cannot keep every text, None if it can. Asked on PostgreSQL."""
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding == "UTF8":
        return None
    return (
        f"The database keeps text as {encoding}, and titles and names need UTF8: "
        "CREATE DATABASE debt ENCODING 'UTF8' TEMPLATE template0 makes one that can."
    )
