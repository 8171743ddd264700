"""Appending: one command after the other, and many at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec

from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.store.ledger import Ledger
from ledger.tables.projections import PROJECTIONS
from tests.bench.books import Growing
from tests.bench.floors import aggregate, at_once, one_by_one
from tests.bench.floors.one_by_one import Rows
from tests.bench.results import Result, rate, timed

#: Where rows of events go, the facts first.
TABLES = ("event", *(projection.table.name for projection in PROJECTIONS), "request")
EVENTS_BEFORE = 5_000
#: Ours and the floors take turns after so many commands.
TURN = 100


def append(quick: bool) -> list[Result]:
    """One durable transaction per command: against bare sqlite3, and against `eventsourcing`."""
    turns = 5 if quick else 20
    ours: list[float] = []
    bare: list[float] = []
    package: list[float] = []
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        growing = Growing.of(Path(folder), EVENTS_BEFORE, TURN * (turns + 1))
        connection = one_by_one.connected(growing.floor)
        aggregates = _Aggregates(Path(folder) / "eventsourcing.db", growing.path)
        position = EVENTS_BEFORE
        for turn in range(turns + 1):
            requests = growing.take(TURN)
            seconds, receipts = timed(_one_by_one, growing.ledger, requests)
            written = growing.rows_after(position, TABLES)
            position += TURN
            assert list(written) == [receipt.recorded.position for receipt in receipts]
            seconds_bare, _ = timed(one_by_one.insert, connection, written.values())
            entries = [(one.recorded.stream, msgspec.to_builtins(one.recorded.event)) for one in receipts]
            seconds_package, _ = timed(aggregates.append, entries)
            if turn:  # the first one warms up
                ours.append(TURN / seconds)
                bare.append(TURN / seconds_bare)
                package.append(TURN / seconds_package)
        connection.close()
        aggregates.items.close()
        growing.ledger.engine.dispose()
    return [
        rate("append / bare sqlite3", ours, bare, at_least=0.5),
        rate("append / eventsourcing", ours, package, at_least=1.0),
    ]


def batch(quick: bool) -> list[Result]:
    """Many commands in one transaction, against `executemany` of the same rows."""
    size, turns = (1_000, 2) if quick else (5_000, 3)
    ours: list[float] = []
    bare: list[float] = []
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        growing = Growing.of(Path(folder), EVENTS_BEFORE, size * (turns + 1))
        connection = one_by_one.connected(growing.floor)
        for turn in range(turns + 1):
            requests = growing.take(size)
            seconds, outcomes = timed(growing.ledger.handle_all, requests)
            assert all(outcome.receipts for outcome in outcomes)
            insertions = _together(growing, EVENTS_BEFORE + turn * size)
            seconds_bare, _ = timed(at_once.insert, connection, insertions)
            if turn:
                ours.append(size / seconds)
                bare.append(size / seconds_bare)
        connection.close()
        growing.ledger.engine.dispose()
    return [rate(f"batch of {size:,} / executemany", ours, bare, at_least=0.3)]


def _together(growing: Growing, position: int) -> Rows:
    """All rows written after a position, one insertion per table."""
    by_statement: dict[str, list[tuple[Any, ...]]] = {}
    for insertions in growing.rows_after(position, TABLES).values():
        for statement, rows in insertions:
            by_statement.setdefault(statement, []).extend(rows)
    return list(by_statement.items())


def _one_by_one(ledger: Ledger, requests: list[Request]) -> list[Receipt]:
    return [receipt for request in requests for receipt in ledger.handle(request)]


class _Aggregates:
    """The same streams, as aggregates of `eventsourcing`, each with as many events as ours."""

    def __init__(self, path: Path, ledger: Path) -> None:
        """path: where they are kept. ledger: whose streams they follow."""
        self.items = aggregate.opened(path)
        self.ids: dict[str, UUID] = {}
        with sqlite3.connect(ledger) as connection:
            for stream, count in connection.execute("SELECT stream, count(*) FROM event GROUP BY stream"):
                self._open(stream, count)

    def _open(self, stream: str, events: int) -> None:
        opening = aggregate.Item()
        for _ in range(events - 1):
            opening.record(
                1_000, "2026-03-01", "bench", {"item": stream, "text": "Looked at again; nothing has changed."}
            )
        self.items.save(opening)
        self.ids[stream] = opening.id

    def append(self, entries: list[tuple[str, dict[str, Any]]]) -> None:
        """The same events in the same streams: an opening, or one more event."""
        for stream, details in entries:
            if stream in self.ids:
                aggregate.append(self.items, self.ids[stream], details)
            else:
                self._open(stream, 1)
