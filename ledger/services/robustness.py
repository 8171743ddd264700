"""A confounding case that was tried: documented, and measured too where there is a threshold to hold it against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ledger.decide import decide
from ledger.decide.receipt import Receipt
from ledger.decide.robustness import DocumentRobustness
from ledger.decide.under_monitor import refuse_another_kind, refuse_contradiction
from ledger.measures.robustness.cases import measured_case
from ledger.queries.reader import reader_of
from ledger.services.conclude import Concluded, conclude_within, known_or_recorded, look, monitor_named
from ledger.services.judged import Judged
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit
from ledger.vocabulary.measure_settings import read_threshold


@dataclass(frozen=True, slots=True)
class Trying:
    """How a case was tried by a suite. figures, files, settings: as a measurement keeps them, beside what the case says."""

    figures: Mapping[str, str]
    files: Mapping[str, str]
    settings: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TriedCase:
    """What became of a case. receipts: of its document. concluded: of its measurement, None without a threshold."""

    receipts: tuple[Receipt, ...]
    concluded: Concluded | None


def try_case(
    ledger: Ledger,
    command: DocumentRobustness,
    requester: Requester,
    *,
    threshold: str | None = None,
    monitor: str | None = None,
    record: bool = False,
    key: str | None = None,
    again: bool = False,
) -> TriedCase:
    """Document a case and, held against a threshold or its monitor's, record its measurement, in one transaction.

    threshold: the pass rate, 0 to 1, that is allowed at least; the monitor has its own. record: see `conclude`.
    Raises Refused, also for a case without a threshold that was recorded before.
    """

    def work(unit: Unit) -> TriedCase:
        held_to = threshold_of(unit.memory, command.system, monitor, threshold, requester)
        if held_to is None:
            return TriedCase(unit.record(requester.request(command, key=key, again=again)), None)
        judged = judged_case(command, held_to, monitor)
        return try_within(unit, command, judged, requester, record=record, key=key, again=again)

    return ledger.append(work)


def try_within(
    unit: Unit,
    command: DocumentRobustness,
    judged: Judged,
    requester: Requester,
    *,
    record: bool,
    key: str | None,
    again: bool,
) -> TriedCase:
    """Document a case and record its measurement, inside a transaction."""
    receipts = known_or_recorded(unit, requester.request(command, key=key, again=again))
    of_measurement = f"{key} measured" if key else None
    return TriedCase(receipts, conclude_within(unit, judged, requester, record=record, key=of_measurement, again=again))


def look_at_case(
    ledger: Ledger,
    command: DocumentRobustness,
    requester: Requester,
    *,
    threshold: str | None = None,
    monitor: str | None = None,
) -> TriedCase:
    """The same with nothing recorded. Raises Refused, as recording it would."""
    with reader_of(ledger) as reader:
        memory = Memory(reader.connection, reader.name)
        threshold = threshold_of(memory, command.system, monitor, threshold, requester)
        decide(command, memory.state_for(command.needs(), requester.today, requester.actor))
    if threshold is None:
        return TriedCase((), None)
    return TriedCase((), look(ledger, judged_case(command, threshold, monitor), requester))


def threshold_of(
    memory: Memory, system: str, monitor: str | None, typed: str | None, requester: Requester
) -> str | None:
    """The monitor's, or the one that was typed without one.

    Raises NotFound; Refused for a monitor of another kind; Unreadable for a threshold that no case can be held against.
    """
    if monitor is None:
        return str(read_threshold("robustness", typed)) if typed is not None else None
    documented = monitor_named(memory, system, monitor, requester.today)
    refuse_another_kind("robustness", documented)
    if typed is not None:
        refuse_contradiction("threshold", (typed,), documented)
    read_threshold("robustness", documented.threshold)
    return documented.threshold


def judged_case(
    command: DocumentRobustness, threshold: str | None, monitor: str | None, trying: Trying | None = None
) -> Judged:
    """The case as a measurement of its system. threshold: None for one that is only looked at. trying: by a suite."""
    found = measured_case(command, threshold)
    if trying is not None:
        found = replace(
            found,
            figures={**found.figures, **trying.figures},
            files={**trying.files},
            settings={**found.settings, **trying.settings},
        )
    return Judged(
        measurement=found,
        system=command.system,
        monitor=monitor,
        on=command.on,
        late=command.late,
        evidence=command.evidence,
    )
