"""What a database's own catalogue says of the ledger's schema, held against what the migrations make.

What they make is frozen beside this file, per kind of database; `python -m tests.store.describe` writes it anew, from
the migrations, and a test fails while it is not what they make.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection

from ledger.store.catalogue import postgresql, sqlite

#: Where the ledger's schema stands in the definitions of PostgreSQL: it has another name in each database.
SCHEMA = "{schema}"

#: How the definition of a trigger ends that fires in every session, and what is said of one that does not.
ALWAYS, OFF = " (always)", "is switched off"

#: What stands on a table, or in it; the partitions of one are together.
_PLACED = re.compile(
    r"(?P<kind>trigger|column|constraint|index|rule|policy) (?P<name>.+) (?:on|of) (?P<place>(?P<table>\S+?)(?:_p\d\d)?)"
)
_PLURAL = {"index": "indexes", "policy": "policies"}


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
    """One sentence per table, kind of object and what is wrong with it: a table may have a partition for every one."""
    together: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    sentences = []
    for label in sorted(wanted.keys() | there.keys()):
        wrong = _wrong(wanted.get(label), there.get(label))
        if not wrong:
            continue
        found = _PLACED.fullmatch(label)
        if found:
            kind, name, place, table = found["kind"], found["name"], found["place"], found["table"]
            together.setdefault((kind, table, wrong), []).append((name, place))
        else:
            sentences.append(f"The {label} {wrong}.")
    return [*sentences, *(_together(*what, places) for what, places in together.items())]


def _wrong(wanted: str | None, there: str | None) -> str:
    """What is wrong with an object of a definition that another was wanted of; nothing if it is as it should be."""
    if there is None:
        return "is missing"
    if wanted is None:
        return "is not the ledger's"
    if wanted == there:
        return ""
    off = wanted.startswith("CREATE TRIGGER") and wanted.removesuffix(ALWAYS) == there.rpartition(" (")[0]
    return OFF if off else "is not the one the migrations made"


def _together(kind: str, table: str, wrong: str, places: list[tuple[str, str]]) -> str:
    """places: name of each object and where it stands."""
    names, tables = ({each[n]: None for each in places} for n in (0, 1))
    beyond = len(tables) - (table in tables)
    where = (
        next(iter(tables))
        if len(tables) == 1
        else f"{table} and {beyond} of its partitions"
        if table in tables
        else f"{beyond} partitions of {table}"
    )
    mend = (
        f": `ALTER TABLE {where.split()[0]} ENABLE ALWAYS TRIGGER …`, by the owner, switches it on"
        if wrong == OFF
        else ""
    )
    link = "of" if kind == "column" else "on"
    if len(names) == 1:
        return f"The {kind} {next(iter(names))} {link} {where} {wrong}{mend}."
    several = wrong.replace("is not the one", "are not those").replace("is ", "are ", 1)
    return f"The {_PLURAL.get(kind, kind + 's')} {', '.join(names)} {link} {where} {several}{mend}."
