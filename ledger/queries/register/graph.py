"""The graph of systems as of a day, what each owes itself, and what it inherits from upstream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from ledger.graph.model import DeclaredReading, Graph, Node, Sighting
from ledger.queries.figures.delta import DeltaFigures
from ledger.queries.figures.delta import delta as delta_as_of
from ledger.queries.reader import Reader
from ledger.queries.register.items import CLOSED, register
from ledger.tables.facts import request
from ledger.tables.items import item as item_table
from ledger.tables.systems import dependency, retirement, system

#: Items that a sighting opened, and how their external keys begin.
SOURCE = "graph"
READ_BY = "read-by:"

_SIGHTED = select(item_table.c.item, item_table.c.system, item_table.c.external_key).where(
    item_table.c.book == bindparam("book"), item_table.c.source == SOURCE
)

_ASKED = select(request.c.request_json).where(request.c.book == bindparam("book"), request.c.key == bindparam("key"))


@dataclass(frozen=True, slots=True)
class Owed:
    """What a system owes on a day, and what the systems upstream of it owe, each counted once. Minor units."""

    own: DeltaFigures
    inherited: DeltaFigures
    upstream: tuple[str, ...]


def graph_as_of(reader: Reader, as_of: date) -> Graph:
    """Every registered system, what was declared and who was seen by a day. A registration's date bounds nothing."""
    retired = {row.system: row.effective_on for row in _rows(reader, retirement) if row.effective_on <= as_of}
    nodes = sorted(
        (Node(row.system, row.name, retired.get(row.system)) for row in _rows(reader, system)),
        key=lambda node: node.key,
    )
    said: dict[tuple[str, str], list[str]] = {}
    for row in _rows(reader, dependency):
        if row.effective_on <= as_of:
            whats = said.setdefault((row.reads_from, row.system), [])
            if row.what is not None and row.what not in whats:
                whats.append(row.what)
    readings = tuple(DeclaredReading(reading, source, tuple(said[source, reading])) for source, reading in sorted(said))
    return Graph(tuple(nodes), readings, _sightings(reader, as_of))


def owed_by_system(reader: Reader, as_of: date, graph: Graph) -> dict[str, Owed]:
    """What every system of a graph owes and inherits on a day (docs/method-systems.md)."""
    own = {key: DeltaFigures() for key in graph.names}
    for (key,), figures in delta_as_of(reader, as_of, ("system",)).groups:
        own[str(key)] = figures
    return {
        key: Owed(own[key], _sum(own[source] for source in upstream), upstream)
        for key, upstream in graph.upstream.items()
    }


def sighting_items(connection: Connection, book: str, source: str, reader: str) -> list[str]:
    """Items that say that a reader was seen at a source, whatever became of them, in the order they were opened.

    A reader is the same in whatever case it was typed.
    """
    wanted = f"{READ_BY}{reader}".casefold()
    rows = connection.execute(
        _SIGHTED.where(item_table.c.system == source).order_by(item_table.c.position), {"book": book}
    )
    return [row.item for row in rows if row.external_key.casefold() == wanted]


def asked_before(connection: Connection, book: str, key: str) -> dict[str, Any] | None:
    """What was asked under a key before, as its request says it; None if nothing was."""
    text = connection.execute(_ASKED, {"book": book, "key": key}).scalar()
    return dict(json.loads(text)["request"]) if text is not None else None


def _sightings(reader: Reader, as_of: date) -> tuple[Sighting, ...]:
    """The sightings that are open on a day."""
    rows = reader.connection.execute(
        _SIGHTED.where(item_table.c.position <= reader.position, item_table.c.effective_on <= as_of),
        {"book": reader.name},
    ).all()
    if not rows:
        return ()
    open_items = {item.item for item in register(reader, as_of) if item.status not in CLOSED}
    found = [
        Sighting(row.external_key.removeprefix(READ_BY), row.system, row.item) for row in rows if row.item in open_items
    ]
    return tuple(sorted(found, key=lambda seen: (seen.source, seen.reader, seen.item)))


def _sum(figures: Iterable[DeltaFigures]) -> DeltaFigures:
    total = DeltaFigures()
    for each in figures:
        total.debt += each.debt
        total.neglect += each.neglect
        total.interest_per_year += each.interest_per_year
        total.interest_incurred += each.interest_incurred
    return total


def _rows(reader: Reader, table: Table) -> list[Any]:
    query = select(table).where(table.c.book == reader.name, table.c.position <= reader.position)
    return list(reader.connection.execute(query.order_by(table.c.position)))
