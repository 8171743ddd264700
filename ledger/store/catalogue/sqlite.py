"""The catalogue of an SQLite file, which is the ledger's alone: whatever else stands in it is a fault."""

from __future__ import annotations

from sqlalchemy import Connection

# Those of the connection come first, as SQLite itself looks names up. What ANALYZE keeps changes no answer.
_OBJECTS = """
SELECT 'temporary ' || type, name, sql FROM sqlite_temp_master
UNION ALL
SELECT type, name, sql FROM sqlite_master WHERE NOT (type = 'table' AND name GLOB 'sqlite_stat[1-4]')
"""


def found(connection: Connection) -> dict[str, str]:
    """Every object's definition, white space aside, by kind and name; names in lower case, as SQLite compares them."""
    rows = connection.exec_driver_sql(_OBJECTS)
    return {f"{kind} {str(name).lower()}": " ".join((sql or "").split()) for kind, name, sql in rows}
