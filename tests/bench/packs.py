"""The quarterly pack of large books: time beside openpyxl and matplotlib alone, memory, and whether it grows linearly."""

from __future__ import annotations

import pickle
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_of
from ledger.vocabulary.quarters import Quarter
from tests.bench.books import copied, opened, say, synthetic
from tests.bench.processes import DEBT, ENVIRONMENT, Used, run
from tests.bench.results import Result, duration

#: A quarter of the synthetic history that has ended.
REPORTED = "2026Q2"
#: What a cell holds, its number format, and whether that is none.
Content = tuple[Any, str, bool]
#: From here up a pack's time is to grow no faster than the book.
_SMALLEST = 10_000
_MOST_MEBIBYTES = 1024


def pack(cache: Path, events: int, turns: int) -> list[Result]:
    """`debt report`, a whole process, at the size asked for and at a tenth and a hundredth of it."""
    sizes = [size for size in (events // 100, events // 10) if size >= _SMALLEST]
    results: list[Result] = []
    seconds: dict[int, float] = {}
    for size in (*sizes, events):
        found, seconds[size] = _pack(cache, size, turns)
        results += found
    for smaller, larger in pairwise((*sizes, events)):
        growth = seconds[larger] / seconds[smaller] / (larger / smaller)
        name = f"pack: growth of time / growth of the book, {smaller:,} to {larger:,} events"
        results.append(Result(name, f"{seconds[larger]:,.1f} s", f"{seconds[smaller]:,.1f} s", growth, at_most=1.0))
    return results


def _pack(cache: Path, events: int, turns: int) -> tuple[list[Result], float]:
    with TemporaryDirectory(prefix="debt-bench-") as made:
        folder = Path(made)
        # A pack that is issued is recorded: the book between runs stays as it was.
        database = copied(synthetic(cache, events), folder / "ledger.db")
        ours = [_ours(database, folder) for _ in range(turns)]
        _give(database, folder)
        floor = [_floor(folder) for _ in range(turns)]
    most = max(used.mebibytes for used in ours)
    name = f"pack, {events:,} events"
    results = [
        duration(f"{name} / openpyxl and matplotlib", [used.wall for used in ours], floor, at_most=1.5),
        Result(f"{name}: memory", f"{most:,.0f} MiB", f"{_MOST_MEBIBYTES} MiB", most / _MOST_MEBIBYTES, at_most=1.0),
    ]
    return results, min(used.wall for used in ours)


def _ours(database: Path, folder: Path) -> Used:
    return run((DEBT, "--database", f"sqlite:///{database}", "report", REPORTED, "--into", str(folder / "packs")))


def _give(database: Path, folder: Path) -> None:
    """Hand the floor the very cells of the pack, and the quarter for its charts."""
    book = openpyxl.load_workbook(folder / "packs" / REPORTED / f"debt-{REPORTED}.xlsx", read_only=True)
    sheets: list[tuple[str, list[list[Content]]]] = [
        (sheet.title, [[_content(cell) for cell in row] for row in sheet.iter_rows()]) for sheet in book
    ]
    cells = sum(content is not None for _, rows in sheets for row in rows for content, _, _ in row)
    say(f"the pack has {cells:,} cells")
    ledger, quarter = opened(database), Quarter.parse(REPORTED)
    with reader_of(ledger) as reader:
        view = quarter_view(reader, quarter, reader.calendar.last_day(quarter), "")
    ledger.engine.dispose()
    (folder / "given.pickle").write_bytes(pickle.dumps((sheets, view)))


def _content(cell: Any) -> Content:
    code = cell.number_format
    return cell.value, code, cell.value is None or code == "General"


def _floor(folder: Path) -> float:
    command = [sys.executable, "-m", "tests.bench.floors.pack", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout)
