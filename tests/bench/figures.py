"""Figures on a large book: the delta, and, without a target, what else is asked of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.demo.synthetic_book import LAST_DAY
from ledger.queries.figures.delta import delta
from ledger.queries.figures.rollforward import rollforward
from ledger.queries.reader import reader_of
from ledger.queries.register.items import register
from ledger.store.rebuild import rebuild
from ledger.vocabulary.quarters import Quarter
from tests.bench.books import SYNTHETIC, copied, opened, synthetic
from tests.bench.floors.balances import balances
from tests.bench.results import Result, duration, timed


def delta_as_of(cache: Path, events: int, turns: int) -> list[Result]:
    """The technical delta of the whole book as of its last day, against the bare aggregate."""
    ledger = opened(synthetic(cache, events))
    ours: list[float] = []
    bare: list[float] = []
    with (
        reader_of(ledger) as reader,
        closing(sqlite3.connect(str(ledger.engine.url.database), isolation_level=None)) as connection,
    ):
        for turn in range(turns + 1):
            seconds, found = timed(delta, reader, LAST_DAY)
            seconds_bare, rows = timed(balances, connection, SYNTHETIC, LAST_DAY, reader.position)
            assert found.total.delta == sum(owed for _, _, owed, _, _ in rows)
            if turn:  # the first one reads the file into memory
                ours.append(seconds)
                bare.append(seconds_bare)
    ledger.engine.dispose()
    return [duration(f"delta, {events:,} events / bare SQL", ours, bare, at_most=1.5)]


def other_figures(cache: Path, events: int, turns: int) -> list[Result]:
    """The register, the roll-forward and the grouped delta, without a target."""
    ledger = opened(synthetic(cache, events))
    size = f"{events:,} events"
    with reader_of(ledger) as reader:
        first_day, last_day = reader.calendar.span(Quarter.parse("2026Q2"))
        asked: dict[str, Callable[[], object]] = {
            f"delta by team and category, {size}": lambda: delta(reader, LAST_DAY, ("team", "category")),
            f"register (list), {size}": lambda: register(reader, LAST_DAY),
            f"roll-forward of a quarter, {size}": lambda: rollforward(reader, first_day, last_day),
        }
        results = [Result(name, f"{_best(work, turns) * 1000:,.0f} ms") for name, work in asked.items()]
    ledger.engine.dispose()
    return results


def proofs(cache: Path, events: int) -> list[Result]:
    """Rebuilding a whole book, per event, without a target."""
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        ledger = opened(copied(synthetic(cache, events), Path(folder) / "ledger.db"))
        seconds, differences = timed(rebuild, ledger.engine, SYNTHETIC)
        ledger.engine.dispose()
    assert not differences
    return [Result(f"rebuild, {events:,} events", f"{seconds / events * 1e6:,.0f} µs/event")]


def _best(work: Callable[[], object], turns: int) -> float:
    return min(timed(work)[0] for _ in range(turns))
