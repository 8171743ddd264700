"""The catalogue of PostgreSQL: what the ledger's tables are, and what would be reached in their place.

Every name here is qualified, so that nothing can stand before the catalogue itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection

from ledger.store.catalogue import postgresql_queries as queries


class LedgerSchema(msgspec.Struct, frozen=True):
    """The schema that holds the ledger. quoted: its name as SQL writes it."""

    oid: int
    quoted: str


class LedgerNames(msgspec.Struct, frozen=True):
    """What the migrations call what they make; partitions among the tables."""

    tables: list[str]
    indexes: list[str]
    functions: list[str]


def schema_of(connection: Connection) -> LedgerSchema | None:
    """The schema in which the search path finds the ledger's version; None where it finds none."""
    row = connection.exec_driver_sql(queries.SCHEMA).one_or_none()
    return LedgerSchema(*row) if row else None


def found(connection: Connection, schema: LedgerSchema, names: LedgerNames) -> dict[str, str]:
    """The definition of every object that is, or belongs to, a table or function of the ledger, by kind and name."""
    asked = {"schema": schema.oid, **msgspec.structs.asdict(names)}
    before = connection.exec_driver_sql("SELECT pg_catalog.current_setting('search_path')").scalar_one()
    # Definitions name what the path finds without its schema, and all else with it.
    _search(connection, f"{schema.quoted}, pg_temp")
    there: dict[str, str] = {}
    for query in queries.OBJECTS:
        there |= {label: _plain(definition) for label, definition in connection.exec_driver_sql(query, asked)}
    _search(connection, before)
    return there


def shadows(connection: Connection, schema: LedgerSchema, names: LedgerNames) -> Iterator[str]:
    """What an unqualified name, operator or cast of the ledger's statements would reach instead of what is meant."""
    path = [name for name in connection.exec_driver_sql(queries.PATH).scalar_one() if not name.startswith("pg_temp")]
    if path[0] != "pg_catalog":
        yield f"The search path reaches {path[0]} before PostgreSQL's own functions and types (pg_catalog)."
    asked = {"schema": schema.oid, **msgspec.structs.asdict(names)}
    for query in queries.SHADOWS:
        yield from connection.exec_driver_sql(query, asked).scalars()


def strangers(connection: Connection, schema: LedgerSchema, names: LedgerNames) -> list[str]:
    """Tables, views and the like beside the ledger's, and plain indexes on the ledger's."""
    asked = {"schema": schema.oid, **msgspec.structs.asdict(names)}
    return list(connection.exec_driver_sql(queries.STRANGERS, asked).scalars())


def _search(connection: Connection, path: str) -> None:
    connection.exec_driver_sql("SELECT pg_catalog.set_config('search_path', %(path)s, true)", {"path": path})


def _plain(definition: Any) -> str:
    return " ".join(str(definition).split())
