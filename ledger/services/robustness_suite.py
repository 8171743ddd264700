"""A suite run on a model: each of its cases documented and measured as if it had been typed, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.decide.receipt import Receipt
from ledger.decide.robustness import DocumentRobustness
from ledger.queries.reader import reader_of
from ledger.services.conclude import look
from ledger.services.extra import extra_needed
from ledger.services.judged import Judged
from ledger.services.requester import Requester
from ledger.services.robustness import TriedCase, Trying, judged_case, threshold_of, try_within
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit

if TYPE_CHECKING:
    from ledger.measures.robustness.trials import SuiteTrials, Trial

#: Enough of a hash to tell one file from another; the measurement has all of it.
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteWanted:
    """Which suite is run on what. threshold: the pass rate, 0 to 1, under which a case is broken; the monitor has its own.

    Without either the pass rates are recorded and nothing is judged. on, late, evidence: as every recording has them.
    """

    system: str
    suite: Path
    model: Path
    data: Path
    threshold: str | None = None
    monitor: str | None = None
    on: date | None = None
    late: bool = False
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """What became of a suite's cases, in its order. files: sha256 of suite, model and data, by their role."""

    cases: tuple[TriedCase, ...]
    files: dict[str, str]

    @property
    def is_breach(self) -> bool:
        """Whether a case is broken that no debt carries."""
        return any(case.concluded is not None and case.concluded.is_breach for case in self.cases)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Of every case its document, its measurement, and what followed from it."""
        return tuple(receipt for case in self.cases for receipt in (*case.receipts, *(case.concluded or ())))


def run_suite(
    ledger: Ledger,
    wanted: SuiteWanted,
    requester: Requester,
    *,
    trust: bool,
    record: bool = False,
    key: str | None = None,
    again: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> SuiteRun:
    """Run a suite and record each case's pass rate: all of them, or none.

    trust: run the suite's code. record: what follows from a broken case too, see `conclude`. key: names the request; that of
    case 3 is KEY/3. progress: told how many of how many cases were tried. Raises Refused without trust and by a rule;
    NotFound for the system or its monitor; Unreadable for what goes wrong in the suite, with its line and the case.
    """
    found = _tried(ledger, wanted, requester, trust, progress)

    def work(unit: Unit) -> tuple[TriedCase, ...]:
        held_to = threshold_of(unit.memory, wanted.system, wanted.monitor, wanted.threshold, requester)
        return tuple(
            try_within(
                unit,
                command := _command(wanted, trial, found),
                _judged(wanted, command, trial, found, held_to),
                requester,
                record=record,
                key=f"{key}/{number}" if key else None,
                again=again,
            )
            for number, trial in enumerate(found.trials, start=1)
        )

    return SuiteRun(ledger.append(work), found.files)


def look_at_suite(
    ledger: Ledger,
    wanted: SuiteWanted,
    requester: Requester,
    *,
    trust: bool,
    progress: Callable[[int, int], None] | None = None,
) -> SuiteRun:
    """The same with nothing recorded. Raises as recording it would."""
    found = _tried(ledger, wanted, requester, trust, progress)
    held_to = _threshold(ledger, wanted, requester)
    judged = [_judged(wanted, _command(wanted, trial, found), trial, found, held_to) for trial in found.trials]
    return SuiteRun(tuple(TriedCase((), look(ledger, each, requester)) for each in judged), found.files)


def _tried(
    ledger: Ledger,
    wanted: SuiteWanted,
    requester: Requester,
    trust: bool,
    progress: Callable[[int, int], None] | None,
) -> SuiteTrials:
    # Refused before minutes are spent on a monitor that is not there.
    _threshold(ledger, wanted, requester)
    with extra_needed():
        from ledger.measures.robustness.trials import tried

        return tried(wanted.suite, wanted.model, wanted.data, trust=trust, progress=progress)


def _threshold(ledger: Ledger, wanted: SuiteWanted, requester: Requester) -> str | None:
    with reader_of(ledger) as reader:
        memory = Memory(reader.connection, reader.name)
        return threshold_of(memory, wanted.system, wanted.monitor, wanted.threshold, requester)


def _command(wanted: SuiteWanted, trial: Trial, found: SuiteTrials) -> DocumentRobustness:
    return DocumentRobustness(
        on=wanted.on,
        late=wanted.late,
        evidence=wanted.evidence,
        system=wanted.system,
        case=trial.case,
        perturbation=trial.words,
        passed=trial.passed,
        of=trial.of,
        data=f"{wanted.data.name}, sha256 {found.files['data'][:_SHOWN]}",
    )


def _judged(
    wanted: SuiteWanted, command: DocumentRobustness, trial: Trial, found: SuiteTrials, held_to: str | None
) -> Judged:
    from ledger.measures.robustness.trials import SEED

    trying = Trying(
        figures={"seed": str(SEED)} | ({"level": trial.level} if trial.level is not None else {}),
        files=found.files,
        settings={role: (path.name,) for role, path in (("suite", wanted.suite), ("model", wanted.model))}
        | {"data": (wanted.data.name,)}
        | ({"scale": (trial.scale,)} if trial.scale is not None else {}),
    )
    return judged_case(command, held_to, wanted.monitor, trying)
