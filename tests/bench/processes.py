"""Whole processes: a command as a lead waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from ledger.decide.commission import Commission
from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.store.upgrade import upgrade
from ledger.vocabulary.quantities import Quantity
from tests.bench.books import opened
from tests.bench.floors import imports
from tests.bench.results import Result, duration

#: As an installed program runs: with the bytecode that Python keeps of it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
DEBT = str(Path(sys.executable).with_name("debt"))


@dataclass(frozen=True, slots=True)
class Used:
    """What a process used: seconds by the clock, seconds of user CPU time, and at most so many MiB."""

    wall: float
    user: float
    mebibytes: float


def run(command: Sequence[str]) -> Used:
    """Run a command to its end, which must be a good one."""
    start = perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}.")
    kibibytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    return Used(wall, usage.ru_utime, kibibytes / 1024)


def repay(quick: bool) -> list[Result]:
    """`debt repay`, against a Python that imports its three libraries. Who goes first changes from pair to pair."""
    pairs = 5 if quick else 30
    ours: list[Used] = []
    floor: list[Used] = []
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        database = f"sqlite:///{_small_book(Path(folder) / 'ledger.db')}"
        for number in range(pairs + 1):
            command = (DEBT, "--database", database, "--actor", "bench", "repay", "FRAUD-1", str(number + 1))
            one, other = (run(command), run(imports.COMMAND)) if number % 2 else _swapped(command)
            if number:  # the first pair reads the files into memory
                ours.append(one)
                floor.append(other)
    return [
        duration("debt repay / imports, wall", [used.wall for used in ours], [used.wall for used in floor], at_most=1.3),
        duration("debt repay / imports, user CPU", [used.user for used in ours], [used.user for used in floor], at_most=1.3),
    ]  # fmt: skip


def _swapped(command: Sequence[str]) -> tuple[Used, Used]:
    other = run(imports.COMMAND)
    return run(command), other


def _small_book(path: Path) -> Path:
    """A book with one system and one large debt."""
    upgrade(f"sqlite:///{path}")
    ledger, today = opened(path, "bench"), date(2026, 1, 5)
    asked = (
        OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="Europe/Berlin"),
        AddSystem(system="FRAUD", name="Fraud scoring", team="red"),
        Commission(
            system="FRAUD", title="Thresholds by hand", category="fixed-threshold", principal=Quantity(minor=10**9),
            decided_by="head of fraud", because="The launch could not wait", benefit="A quarter earlier",
            repay_by="2027Q1"),
    )  # fmt: skip
    for command in asked:
        ledger.handle(Request(command, "bench", today), opening=isinstance(command, OpenBook))
    ledger.engine.dispose()
    return path
