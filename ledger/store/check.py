"""Checking: whether a database is set up as the ledger needs it. What it holds is `debt verify`'s business."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from ledger.store.catalogue import beside
from ledger.store.event_kinds import missing_kinds
from ledger.store.guards import EVENT_PARTITIONS, schema_faults
from ledger.store.postgresql import encoding_fault
from ledger.store.rights import granted_books, rights
from ledger.store.upgrade import current_version
from ledger.tables.facts import SCHEMA_VERSION

#: What to do about a schema that is not as the migrations made it.
_MEND = (
    "To mend it: whoever owns the database puts back what is named above. Or, where `debt verify` finds nothing else, `debt export "
    "jsonl` and `debt db restore` make the same book, hash by hash, in a new database."
)

#: Faults listed at most, of those that SQLite finds in a file.
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that was looked at. sentence: what was found, and what to do if it is not ok."""

    ok: bool
    name: str
    sentence: str


def check(connection: Connection) -> list[CheckFinding]:
    """Look at schema, guards and what the kind of database asks for. Needs no rights but to read."""
    version = current_version(connection)
    on_postgresql = connection.dialect.name == "postgresql"
    if version is None:
        nothing = CheckFinding(False, "schema", "The database holds no ledger. `debt init` makes one.")
        # Where one is to be made, whether it can be is what there is to know.
        return [nothing, _encoding(connection)] if on_postgresql else [nothing]
    findings = [_schema(version)]
    if findings[0].ok:
        findings += _guards(connection)
    if on_postgresql:
        findings += [_place(connection), _encoding(connection), _partitions(connection)]
        if version == SCHEMA_VERSION:
            findings += [_kinds(connection), *_rights(connection)]
    else:
        findings += [_journal(connection), _file(connection)]
    return findings


def _schema(version: str) -> CheckFinding:
    if version == SCHEMA_VERSION:
        return CheckFinding(True, "schema", f"The schema is {version}, the one this version knows.")
    remedy = "`debt db upgrade` upgrades it" if version < SCHEMA_VERSION else "upgrade debt-ledger"
    return CheckFinding(False, "schema", f"The schema is {version}, and this version knows {SCHEMA_VERSION}: {remedy}.")


def _guards(connection: Connection) -> Iterator[CheckFinding]:
    found = schema_faults(connection)
    for sentence in found:
        yield CheckFinding(False, "guards", sentence)
    if found:
        yield CheckFinding(False, "guards", _MEND)
    else:
        yield CheckFinding(True, "guards", "Every guard is in place: the database refuses to alter or delete a fact.")
    strangers = beside(connection)
    if strangers:
        yield CheckFinding(True, "beside", f"Beside the ledger, and no part of it: {', '.join(strangers)}.")


def _journal(connection: Connection) -> CheckFinding:
    if "immutable" in connection.engine.url.query:
        return CheckFinding(True, "journal", "It stands where nobody can write: there is no journal to keep.")
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode == "wal":
        return CheckFinding(
            True, "journal", "The journal mode is WAL: readers and a writer do not wait for each other."
        )
    return CheckFinding(False, "journal", f"The journal mode is {mode}, not WAL. `debt db upgrade` sets it.")


def _file(connection: Connection) -> CheckFinding:
    faults = file_faults(connection)
    if not faults:
        return CheckFinding(True, "file", "The file is sound, and every index agrees with its table.")
    return CheckFinding(False, "file", f"The file is damaged: {'; '.join(faults)}. Restore a backup.")


def file_faults(connection: Connection) -> list[str]:
    """What SQLite finds wrong with its pages, and with its indexes against their tables; nothing on PostgreSQL.

    Figures are read from indexes alone where these hold all that is asked for: a damaged one gives wrong figures
    although every row is sound.
    """
    if connection.dialect.name != "sqlite":
        return []
    driver: Any = connection.connection.driver_connection
    faults: list[str] = []
    try:
        # Row by row: the pragma may fail on the damage it looks for, and what it said before that is worth most.
        for (fault,) in driver.execute(f"PRAGMA integrity_check({_MOST_FAULTS})"):
            faults += str(fault).splitlines()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        faults.append(str(error))
    return [fault for fault in faults if fault != "ok" and not fault.startswith("***")]


def _place(connection: Connection) -> CheckFinding:
    """Which schema is in use, so that two teams with a schema each see which is theirs."""
    schema, path = connection.exec_driver_sql(
        "SELECT (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = to_regclass('event')), "
        "current_setting('search_path')"
    ).one()
    if schema is None:
        return CheckFinding(False, "place", f"There is no table of events on the search path {path}.")
    return CheckFinding(True, "place", f"The tables are in the schema {schema}; the search path is {path}.")


def _encoding(connection: Connection) -> CheckFinding:
    fault = encoding_fault(connection)
    return CheckFinding(fault is None, "encoding", fault or "The database keeps text as UTF8.")


def _kinds(connection: Connection) -> CheckFinding:
    """What the database was told of events, by which it judges what a writer sends."""
    missing = missing_kinds(connection)
    if not missing:
        return CheckFinding(True, "events", "The database knows every event of this release.")
    return CheckFinding(
        False, "events", f"The database knows {', '.join(missing)} otherwise or not at all: `debt db upgrade` tells it."
    )


def _rights(connection: Connection) -> Iterator[CheckFinding]:
    for ok, sentence in rights(connection):
        yield CheckFinding(ok, "rights", sentence)
    for ok, sentence in granted_books(connection):
        yield CheckFinding(ok, "grants", sentence)


def _partitions(connection: Connection) -> CheckFinding:
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = to_regclass('event')"
    ).scalar_one()
    if found == len(EVENT_PARTITIONS):
        return CheckFinding(True, "partitions", f"The table of events has its {found} partitions.")
    return CheckFinding(
        False, "partitions", f"The table of events has {found} partitions instead of {len(EVENT_PARTITIONS)}."
    )
