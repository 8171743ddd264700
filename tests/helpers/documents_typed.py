"""A system's documents, recorded as commands at their dates: what no command line measures from a file in a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from ledger.decide.command import Command
from ledger.decide.datasheet import AnswerDatasheet
from ledger.decide.explain import DocumentExplanation
from ledger.decide.measure import RecordMeasurement
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.request import Request
from ledger.decide.robustness import DocumentRobustness
from ledger.decide.score import AnswerScore
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import KINDS


def monitor(name: str, what: str, *, alerts: bool = True) -> DocumentMonitor:
    return DocumentMonitor(
        system="FRAUD",
        monitor=name,
        what=what,
        threshold="0.05",
        alerts=alerts,
        remediation="manual",
        plan="train again",
        on=date(2026, 1, 20),
    )


def measured(
    on: date,
    what: str,
    value: str,
    *,
    monitor: str | None = None,
    verdict: Verdict | None = None,
    threshold: str | None = "0.05",
    system: str = "FRAUD",
) -> RecordMeasurement:
    """Held against 0.05; broken above it, whatever the kind, unless it is said."""
    return RecordMeasurement(
        system=system,
        what=what,
        monitor=monitor,
        expectation=KINDS[what].expectation,
        headline=KINDS[what].headline,
        value=value,
        threshold=threshold,
        verdict=verdict or ("broken" if Decimal(value) > Decimal("0.05") else "kept"),
        rows=1000,
        on=on,
    )


#: Of FRAUD; two series of one expectation, one of another, the third was never measured.
DOCUMENTS: tuple[Command, ...] = (
    monitor("weekly", "prediction-bias"),
    measured(date(2026, 2, 1), "prediction-bias", "0.012", monitor="weekly"),
    measured(date(2026, 4, 2), "prediction-bias", "0.071", monitor="weekly"),
    measured(date(2026, 3, 31), "prediction-bias", "0.03", verdict="undecided"),
    measured(date(2026, 6, 30), "drift", "0.049"),
    AnswerDatasheet(system="FRAUD", dataset="payments", answers={"1.1": "Fraud", "2.1": "One payment"}, on=date(2026, 2, 2)),
    DocumentExplanation(
        system="FRAUD", scope="local", method="occlusion", artifact="wiki", audience="auditors", quality="fair",
        on=date(2026, 2, 3)),
    # Tried again two days later, which is what counts.
    DocumentRobustness(
        system="FRAUD", case="nights", perturbation="at night", passed=70, of=80, data="sample 6", on=date(2026, 2, 2)),
    DocumentRobustness(
        system="FRAUD", case="nights", perturbation="at night", passed=3, of=100, data="sample 7", on=date(2026, 2, 4)),
    *(
        AnswerScore(system="FRAUD", test=test, answer="automated", evidence="the pipeline", on=date(2026, 2, 5))
        for test in ("data-1", "model-1", "infrastructure-1", "monitoring-1")
    ),
    AnswerScore(system="FRAUD", test="data-2", answer="manual", evidence="a note", on=date(2026, 2, 6)),
)  # fmt: skip


def record(
    database: str | Engine,
    commands: Iterable[Command],
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    today: date = date(2026, 7, 15),
) -> None:
    """Record commands in the book 'main'."""
    engine = open_engine(database) if isinstance(database, str) else database
    ledger = Ledger(engine, "main", clock, new_id)
    for command in commands:
        ledger.handle(Request(command, "ada", today, again=True))
    if isinstance(database, str):
        engine.dispose()
