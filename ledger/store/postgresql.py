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

#: What would give a statement of ours another meaning, or a definition another spelling, where a server's default, or an
#: option, has it otherwise.
_MEANT = "".join(
    f"; SET LOCAL {name} TO {value}"
    for name, value in (
        ("standard_conforming_strings", "on"),
        ("row_security", "on"),
        ("quote_all_identifiers", "off"),
        ("datestyle", "ISO"),
    )
)

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

_READ_ONLY = "25006"
#: What a standby says to a transaction that would write, under the state of what PostgreSQL cannot do at all.
_STANDBY = "during recovery"
#: What the server stops midway, by SQLSTATE; the transaction is taken back whole. What that means, and what to do.
_STOPPED = {
    "57014": "it took longer than the server lets it, or somebody cancelled it: see statement_timeout",
    "55P03": "what it needs is held by another session: see lock_timeout, and try again in a moment",
    "53100": "the disk of the server is full: make room there, and try again",
    "53200": "the server is out of memory: try again in a moment",
    _READ_ONLY: "the server only reads, as a standby does: name the primary, or target_session_attrs=read-write",
}
#: Ended while it waited for our next word: had that been COMMIT, it would not have been heard.
_ENDED_IDLE = "25P03"

#: How the server, or a pooler before it, says what is wrong before any statement is run; what that means.
_CONNECTING = (
    (
        re.escape(STATEMENT_POOLING),
        "the pooler before it pools statements, and an entry is many: set pool_mode = transaction, or session",
    ),
    (
        "too many (clients|connections)|connection slots",
        "as many sessions are open as it lets there be: try again later",
    ),
    ("the database system is ", "the server is being started or stopped: try again in a moment"),
    ("not permitted to log in", "the role is a group, and no login: name another user"),
    ("permission denied for database", "the login may not connect to it: the database's owner can GRANT CONNECT"),
    ("not currently accepting connections", "nobody may connect to that database"),
    ('role ".*" does not exist', "there is no such login"),
    ('database ".*" does not exist', "there is no such database: `createdb` makes it"),
    ("password authentication failed", "the password is not the login's, or there is no such login"),
    ("no password supplied", "the server asks for a password: PGPASSWORD, or a password file"),
    ("(Peer|Ident) authentication failed", "the server asks that the login is called as the user of this machine"),
    ("no pg_hba.conf entry|pg_hba.conf rejects", "the server lets nobody in from here with that login"),
    ("does not support SSL", "the server does not encrypt, and sslmode asks for it"),
    ("certificate|private key", "the certificates do not fit: see sslmode, sslrootcert and sslcert"),
    ("timeout expired|timed out", "the host does not answer: check its name and port, and what lies between"),
    ("could not translate|resolve|Name or service", "no host has that name"),
    ("refused", "nothing listens there: check the host and the port, and that the server runs"),
)

#: How long a host that does not answer is waited for, unless connect_timeout or PGCONNECT_TIMEOUT says otherwise.
CONNECT_SECONDS = 30


def postgresql_engine(url: URL) -> Engine:
    """An engine on PostgreSQL. Raises StoreError where the driver is missing, and for options that are no settings."""
    told = url.query.get("options")
    options = told if isinstance(told, str) else " ".join(told or ()) or os.environ.get("PGOPTIONS", "")
    settings = parsed_options(options)
    url, secrets = apart_from_secrets(url)
    patience = (
        {}
        if "connect_timeout" in url.query or "PGCONNECT_TIMEOUT" in os.environ
        else {"connect_timeout": CONNECT_SECONDS}
    )
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
                **patience,
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
            f"BEGIN {mode}; SET LOCAL timezone TO 'UTC'{_settings(connection, settings)}{_MEANT}",
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
            f"The database {place} refused: {text}. Nothing was recorded. An auditor reads, a writer records, and the "
            "login that ran `debt init` does the rest: by `debt db roles` it says who is which."
        )
    stopped = _STOPPED.get(_READ_ONLY if _STANDBY in text else str(state))
    if stopped is not None:
        return f"The database {place} stopped it: {text}. Nothing was recorded. That is: {stopped}."
    for sign, explanation in _CONNECTING:
        if re.search(sign, text) and (state is None or STATEMENT_POOLING in text):
            return f"The database {place} cannot be reached or used: {text}. That is: {explanation}."
    return None


def surely_not_committed(error: BaseException | None) -> bool:
    """Whether a connection that was lost with COMMIT on its way was lost before the server read that."""
    return getattr(error, "sqlstate", None) == _ENDED_IDLE


def refuse_clock(connection: Connection, machine: datetime) -> None:
    """Raise StoreError where this machine's clock is far from the server's, which is asked for it.

    machine: the time now by this machine. A file, which has no clock, is taken at any time.
    """
    if connection.dialect.name == "postgresql":
        refuse_apart(machine, connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one())


def refuse_apart(machine: datetime, server: datetime) -> None:
    """Raise StoreError for a machine that is far from the server's time: its entries would be dated wrongly for good."""
    if abs(machine - server) > MOST_APART:
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
