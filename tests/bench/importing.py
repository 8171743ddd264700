"""Importing what other tools found, against the store's own batch append of the same items typed by a lead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.decide.init import OpenBook
from ledger.decide.observe import Observe
from ledger.decide.rate_set import SetRate
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.services.decision_log import import_decisions
from ledger.services.import_ import KINDS, import_findings
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.vocabulary.quantities import Quantity
from tests.bench.books import opened
from tests.bench.results import Result, rate, timed
from tests.helpers.sarif_logs import result, run_of, write_log

TODAY, FOUND = date(2026, 9, 30), date(2026, 3, 2)


def imports(quick: bool) -> list[Result]:
    """Records of every kind, and the batch, in turns, each into a book of its own."""
    size, turns = (500, 2) if quick else (5_000, 3)
    results = []
    with TemporaryDirectory(prefix="debt-bench-") as folder:
        for source, written in _EXPORTS.items():
            imported = partial(_imported, source=source, path=written(Path(folder), size))
            ours: list[float] = []
            batch: list[float] = []
            for turn in range(turns + 1):
                one = _rate(Path(folder) / f"{source}-{turn}.db", imported)
                other = _rate(Path(folder) / f"batch-{source}-{turn}.db", partial(_typed, size=size))
                if turn:  # the first one imports modules
                    ours.append(one)
                    batch.append(other)
            results.append(rate(f"import {source}, {size:,} records / batch", ours, batch, at_least=0.3))
    return results


def _rate(path: Path, work: Callable[[Ledger], int]) -> float:
    """Events that work records in a new book, per second."""
    ledger = _book(path)
    seconds, events = timed(work, ledger)
    ledger.engine.dispose()
    return events / seconds


def _imported(ledger: Ledger, source: str, path: Path) -> int:
    if source == "adr":
        logged = import_decisions(ledger, path, Requester("bench", TODAY), system="FRAUD")
        assert not logged.refused
        return sum(logged.recorded.values())
    report = import_findings(ledger, KINDS[source], [path], system="FRAUD", actor="bench", asked_on=TODAY)
    assert not report.refused
    return sum(report.recorded.values())


def _typed(ledger: Ledger, size: int) -> int:
    outcomes = ledger.handle_all(
        Request(
            Observe(system="FRAUD", title=f"Finding {number}", category="code-quality", cause="missed-maintenance",
                    principal=Quantity(minutes=30), on=FOUND, evidence=f"ticket {number}"),
            "bench", TODAY)
        for number in range(size)
    )  # fmt: skip
    return sum(len(outcome.receipts) for outcome in outcomes)


def _book(path: Path) -> Ledger:
    """An empty book with one system and a price of a day."""
    upgrade(f"sqlite:///{path}")
    ledger = opened(path, "bench")
    asked: Iterable[OpenBook | AddSystem | SetRate] = (
        OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="Europe/Berlin"),
        AddSystem(system="FRAUD", name="Fraud scoring", team="red"),
        SetRate(rate_minor=80_000, on=date(2026, 1, 1)),
    )
    for command in asked:
        ledger.handle(Request(command, "bench", FOUND), opening=isinstance(command, OpenBook))
    return ledger


def _sonarqube(folder: Path, size: int) -> Path:
    issues = [
        {
            "key": f"K{number}", "rule": "python:S125", "message": f"Finding {number}", "effort": "30min", "severity": "MAJOR",
            "component": f"app:{number}.py", "project": "app", "line": number, "type": "CODE_SMELL", "status": "OPEN",
            "creationDate": f"{FOUND}T10:00:00+0000", "updateDate": f"{FOUND}T10:00:00+0000",
        }
        for number in range(size)
    ]  # fmt: skip
    path = folder / "issues.json"
    path.write_text(json.dumps({"issues": issues}), "utf-8")
    return path


def _sarif(folder: Path, size: int) -> Path:
    results = (result(number, level="warning", message={"text": f"Finding {number}"}) for number in range(1, size + 1))
    return write_log(folder / "scan.sarif", run_of(*results, ended=f"{FOUND}T10:00:00Z"))


def _decisions(folder: Path, size: int) -> Path:
    (log := folder / "adr").mkdir()
    for number in range(1, size + 1):
        text = f"# {number}. Decision {number}\n\nDate: {FOUND}\n\n## Status\n\nAccepted\n\n## Context\n\nSo it is.\n"
        (log / f"{number:04}-decision.md").write_text(text, "utf-8")
    return log


_EXPORTS: dict[str, Callable[[Path, int], Path]] = {"sonarqube": _sonarqube, "sarif": _sarif, "adr": _decisions}
