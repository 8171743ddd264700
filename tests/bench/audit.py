"""What an auditor waits for: verifying, replaying, and the delta beside a plain-text witness."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.demo.synthetic_book import LAST_DAY
from ledger.queries.audit.replay import replayed
from ledger.queries.reader import reader_of
from ledger.store.engine import reading
from ledger.store.verify import verify
from tests.bench.books import SYNTHETIC, opened, synthetic
from tests.bench.floors import aggregate, hashing
from tests.bench.processes import DEBT, run
from tests.bench.results import Result, duration, rate, timed

#: Aggregates of the floor, and events of each: an item of the synthetic book has about twenty.
_AGGREGATES, _OF_EACH = 5_000, 20
_DETAILS = {"evidence": "https://tracker.example.org/browse/DEBT-1234", "carry_removed_minor_per_year": 100}


def verifying(cache: Path, events: int, turns: int) -> list[Result]:
    """`verify` against bare loops over the same file: one reads what verify reads, the other the chain alone."""
    ledger = opened(synthetic(cache, events))
    rates: dict[str, list[float]] = {"verify": [], "everything": [], "chain": []}
    path = str(ledger.engine.url.database)
    for turn in range(turns + 1):
        with reading(ledger.engine) as connection:
            seconds, found = timed(verify, connection, SYNTHETIC)
        assert found.ok, found.problems
        with closing(sqlite3.connect(path)) as bare:
            everything, head = timed(hashing.everything, bare, SYNTHETIC)
            chain, same_head = timed(hashing.chain, bare, SYNTHETIC)
        assert found.head == head == same_head
        if turn:  # the first one reads the file into memory
            for name, taken in (("verify", seconds), ("everything", everything), ("chain", chain)):
                rates[name].append(found.events / taken)
    ledger.engine.dispose()
    size = f"{events:,} events"
    return [
        rate(f"verify, {size} / reading and hashing the same rows", rates["verify"], rates["everything"], at_least=0.4),
        rate(f"verify, {size} / reading and hashing the bodies alone", rates["verify"], rates["chain"], at_least=0.4),
    ]


def replaying(cache: Path, events: int, turns: int) -> list[Result]:
    """A full replay against the package `eventsourcing`, which loads and folds its aggregates."""
    ledger = opened(synthetic(cache, events))
    ours: list[float] = []
    floor: list[float] = []
    with TemporaryDirectory(prefix="debt-bench-") as folder, reader_of(ledger) as reader:
        items, identifiers = aggregate.filled(Path(folder) / "events.db", _AGGREGATES, _OF_EACH, _DETAILS)
        for turn in range(turns + 1):
            seconds, folded = timed(replayed, reader, LAST_DAY)
            seconds_floor, total = timed(aggregate.replay, items, identifiers)
            assert total == _AGGREGATES * _OF_EACH
            if turn:
                ours.append(folded.events / seconds)
                floor.append(total / seconds_floor)
            gc.collect()
        items.close()
    ledger.engine.dispose()
    return [rate(f"replay, {events:,} events / eventsourcing", ours, floor, at_least=4)]


def witness(cache: Path, events: int, turns: int) -> list[Result]:
    """`debt delta --as-of` against `hledger balance --end` on the export of the same book, as whole processes."""
    hledger = shutil.which("hledger")
    name = f"hledger / debt delta --as-of, {events:,} events"
    if hledger is None:
        return [Result(f"{name} (hledger is not installed)", "")]
    database = f"sqlite:///{synthetic(cache, events)}"
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        journal = f"{folder}/books.journal"
        run([DEBT, "--database", database, "export", "hledger", journal])
        ours: list[float] = []
        floor: list[float] = []
        for turn in range(turns + 1):
            mine = run([DEBT, "--database", database, "delta", "--as-of", str(LAST_DAY)]).wall
            theirs = run([hledger, "-f", journal, "balance", "--end", "2027-01-01", "liabilities"]).wall
            if turn:
                ours.append(mine)
                floor.append(theirs)
    result = duration(name, floor, ours, at_most=0)
    assert result.ratio is not None
    return [Result(name, result.floor, result.ours, result.ratio, at_least=10)]
