"""Recording a measurement."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import msgspec

from ledger.decide.command import SystemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.decimal_text import decimal
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.under_monitor import refuse_measured_otherwise
from ledger.decide.words import closest
from ledger.events import (
    ExpectationMeasured,
)
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.kinds import Expectation, Verdict
from ledger.vocabulary.measure_settings import read_threshold
from ledger.vocabulary.measurements import Measurement, SeriesVerdict


class RecordMeasurement(SystemCommand, frozen=True, kw_only=True, tag="measure"):
    what: str
    expectation: Expectation
    headline: str
    value: str
    verdict: Verdict
    rows: int
    monitor: str | None = None
    threshold: str | None = None
    figures: dict[str, str] = msgspec.field(default_factory=dict)
    findings: tuple[dict[str, str], ...] = ()
    files: dict[str, str] = msgspec.field(default_factory=dict)
    settings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    series: tuple[SeriesVerdict, ...] = ()

    recorded_by: ClassVar[str] = "ledger.services.open_ledger.OpenedLedger.record_measurement"

    def claims(self) -> tuple[str, ...]:
        return ("files",) if self.files else ()


def measurement_of(
    found: Measurement,
    system: str,
    *,
    monitor: str | None = None,
    on: date | None = None,
    late: bool = False,
    evidence: str | None = None,
) -> RecordMeasurement:
    """The command that records what a measure found about a system. monitor: under whose definition."""
    return RecordMeasurement(
        on=on,
        late=late,
        evidence=evidence,
        system=system,
        what=found.what,
        monitor=monitor,
        expectation=found.kind.expectation,
        headline=found.kind.headline,
        value=found.value,
        threshold=found.threshold,
        verdict=found.verdict,
        rows=found.rows,
        figures=found.figures,
        findings=found.findings,
        files=found.files,
        settings=found.settings,
        series=found.series,
    )


#: Findings, and series, kept with a measurement at most; the rest is in the file that was measured.
MOST_FINDINGS = 200


def _check_threshold(command: RecordMeasurement) -> None:
    """Of a prediction bias the measure has found whether it is one of numbers."""
    if command.threshold is not None:
        try:
            read_threshold(command.what, command.threshold, of_numbers=command.what == "prediction-bias")
        except Unreadable as strange:
            by_convention(strange)


def decide_record_measurement(command: RecordMeasurement, state: State) -> tuple[Decided, ...]:
    """A measurement stands as it was made; its monitor must be documented, and it made as that says."""
    system = known_system(command.system, state)
    if command.monitor is not None and command.monitor not in system.monitors:
        raise Refused(
            f"{system.key} has no monitor '{command.monitor}'. {closest(command.monitor, sorted(system.monitors))}".strip(),
            f"`debt monitor {system.key} NAME --what … --threshold …` documents one.",
        )
    monitor = system.monitors_on(state.today).get(command.monitor) if command.monitor else None
    if monitor is not None:
        refuse_measured_otherwise(command.what, command.threshold, command.settings, command.files, monitor)
    for text, what in ((command.value, command.headline), (command.threshold or "0", "--threshold")):
        decimal(text, what)
    _check_threshold(command)
    placed = place_in_book(command, state)
    event = ExpectationMeasured(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        what=command.what,
        monitor=command.monitor,
        expectation=command.expectation,
        headline=command.headline,
        value=command.value,
        threshold=command.threshold,
        verdict=command.verdict,
        rows=command.rows,
        figures=command.figures,
        findings=command.findings[:MOST_FINDINGS],
        files=command.files,
        settings=command.settings,
        series=command.series[:MOST_FINDINGS],
    )
    return (Decided(placed.effective_on, event),)
