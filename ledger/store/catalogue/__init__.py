"""What a database's own catalogue says of the ledger's schema, held against what the migrations make.

What they make is frozen beside this file, per kind of database; `python -m tests.store.describe` writes it anew, from
the migrations, and a test fails while it is not what they make.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from ledger.store.catalogue import postgresql, sqlite

#: Where the ledger's schema stands in the definitions of PostgreSQL: it has another name in each database.
SCHEMA = "{schema}"


@cache
def described(dialect: str) -> dict[str, str]:
    """What the migrations make: the definition of every object, by kind and name ('trigger event_append on event')."""
    file = Path(__file__).with_name(f"{dialect}.json")
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def named(dialect: str, kind: str) -> list[str]:
    """Names of the objects of a kind ('table', 'index', 'function') that the migrations make."""
    labels = (label.split() for label in described(dialect))
    return list(dict.fromkeys(words[1].partition("(")[0] for words in labels if words[0] == kind))


def faults(connection: Connection) -> list[str]:
    """What could change what the ledger's statements read or write, one sentence each. Needs no rights but to read."""
    if connection.dialect.name == "sqlite":
        return _compared(described("sqlite"), sqlite.found(connection))
    schema = postgresql.schema_of(connection)
    if schema is None:
        return ["The table alembic_version is missing."]
    wanted = {label: text.replace(SCHEMA, schema.quoted) for label, text in described("postgresql").items()}
    return [
        *postgresql.shadows(connection, schema, _names()),
        *_compared(wanted, postgresql.found(connection, schema, _names())),
    ]


def beside(connection: Connection) -> list[str]:
    """What somebody keeps beside the ledger and is no fault, by kind and name; none on SQLite, where all of it is one."""
    schema = postgresql.schema_of(connection) if connection.dialect.name == "postgresql" else None
    return postgresql.strangers(connection, schema, _names()) if schema else []


def _names() -> postgresql.LedgerNames:
    return postgresql.LedgerNames(*(named("postgresql", kind) for kind in ("table", "index", "function")))


def _compared(wanted: dict[str, str], there: dict[str, str]) -> list[str]:
    sentences = []
    for label in sorted(wanted.keys() | there.keys()):
        if label not in there:
            sentences.append(f"The {label} is missing.")
        elif label not in wanted:
            sentences.append(f"The {label} is not the ledger's.")
        elif wanted[label] != there[label]:
            sentences.append(f"The {label} is not the one the migrations made.")
    return sentences
