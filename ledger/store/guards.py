"""The guards: what makes the database itself refuse to alter a fact, and how to see that they are in place.

The migrations put them there; what they make is described once, in ledger.store.catalogue. A guard that was dropped,
switched off, or replaced by one that does nothing is found, and so is whatever else of the schema is not as they made
it: figures can be falsified without a fact being touched, by a view in the place of a table.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from ledger.store.catalogue import faults
from ledger.tables.facts import SCHEMA_VERSION

#: Partitions of `event` on PostgreSQL; each has the guards of its own.
EVENT_PARTITIONS = tuple(f"event_p{number:02}" for number in range(16))


def schema_faults(connection: Connection) -> list[str]:
    """What is not as the migrations made it, one sentence each; empty if the database protects its facts.

    Needs no rights but to read: an auditor may ask.
    """
    found = faults(connection)
    if not any("alembic_version" in sentence for sentence in found):  # it could not be read
        found += _version_faults(connection)
    return [*found, *_journal_faults(connection)]


def _version_faults(connection: Connection) -> Iterator[str]:
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    if found != [SCHEMA_VERSION]:
        yield f"The schema's version is {', '.join(map(str, found)) or 'none'}, not {SCHEMA_VERSION}."


def _journal_faults(connection: Connection) -> Iterator[str]:
    # Read where nobody can write, no journal is looked for, and SQLite names the mode of none.
    if connection.dialect.name == "sqlite" and "immutable" not in connection.engine.url.query:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        if mode != "wal":
            yield f"The journal mode is {mode}, not wal."
