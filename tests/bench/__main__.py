"""`python -m tests.bench`: measure, and print a table. A target that is missed is said to be; nothing fails."""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import click

from tests.bench import appending, audit, figures, importing, measures, packs, processes
from tests.bench.books import say
from tests.bench.results import Result, table, timed

#: Proofs are measured at this size at most: they are linear.
MOST_EVENTS_ELSEWHERE = 100_000


def main() -> None:
    """Run what was asked for."""
    arguments = _arguments()
    benchmarks = _benchmarks(arguments.events, arguments.quick, arguments.cache)
    results: list[Result] = []
    for name in arguments.only or benchmarks:
        say(f"measuring {name} …")
        found = benchmarks[name]()
        results += found
        say("\n".join(table(found)))  # an hour of measuring is not lost where the next part is stopped
    click.echo("\n".join(table(results)))
    click.echo()
    click.echo(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}")
    click.echo(f"Again: {shlex.join(['python', '-m', 'tests.bench', *sys.argv[1:]])}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the large book; a million by default")
    parser.add_argument("--only", action="append", choices=tuple(_benchmarks(0, True, Path())), help="this one alone")
    parser.add_argument("--quick", action="store_true", help="fewer turns: for a first look")
    parser.add_argument(
        "--cache",
        type=Path,
        default=Path(tempfile.gettempdir()) / "debt-ledger-bench",
        help="where the large books are kept between runs",
    )
    return parser.parse_args()


def _benchmarks(events: int, quick: bool, cache: Path) -> dict[str, Callable[[], list[Result]]]:
    """Every benchmark by its name, in order."""
    turns, elsewhere = (2 if quick else 7), min(events, MOST_EVENTS_ELSEWHERE)
    return {
        "append": lambda: appending.append(quick),
        "batch": lambda: appending.batch(quick),
        "import": lambda: importing.imports(quick),
        "delta": lambda: figures.delta_as_of(cache, events, turns),
        "repay": lambda: processes.repay(quick),
        "figures": lambda: figures.other_figures(cache, events, 1 if quick else 3),
        "verify": lambda: audit.verifying(cache, events, 1 if quick else 3),
        "replay": lambda: audit.replaying(cache, events, 1 if quick else 3),
        "witness": lambda: audit.witness(cache, elsewhere, turns),
        "proofs": lambda: figures.proofs(cache, elsewhere),
        "pack": lambda: packs.pack(cache, events, 1 if quick else 3),
        "measures": lambda: [*measures.prediction_biases(cache, turns), *measures.drifts(cache, min(turns, 3))],
        "drift": lambda: measures.large_drifts(cache),
    }


def machine() -> str:
    """What the figures depend on. Of an append, much is waiting for the disk, and disks differ most."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"a durable write of 4 KiB {_durable_write() * 1000:.2f} ms"
    )


def _durable_write(times: int = 100) -> float:
    """The median of the seconds that the disk under the temporary folder takes to keep a page for good."""
    seconds: list[float] = []
    with tempfile.TemporaryFile() as file:
        for _ in range(times):
            file.write(bytes(4096))
            file.flush()
            seconds.append(timed(os.fsync, file.fileno())[0])
    return median(seconds)


if __name__ == "__main__":
    main()
