"""What is expected of systems over time: series of measurements beside the delta, and what is documented of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ledger.events import ExpectationMeasured
from ledger.queries.reader import Reader
from ledger.queries.register.carried import CarriedRisk, carried_risks
from ledger.queries.register.documents import Said, SystemDocuments, documents
from ledger.queries.register.items import RegisterItem, register
from ledger.queries.register.systems import SystemRecord
from ledger.tables.postings import posting
from ledger.views.readiness import EXPECTATIONS, MeasurementView, ReadinessView, StandingView, TrialView
from ledger.vocabulary.datasheet_questions import completeness
from ledger.vocabulary.kinds import WORST_FIRST, Verdict
from ledger.vocabulary.ml_test_score import score
from ledger.vocabulary.verdict_words import limits_in_words


@dataclass(frozen=True, slots=True)
class OwedByNature:
    """What a system owes at the end of a day, in minor units."""

    debt: int = 0
    neglect: int = 0

    @property
    def delta(self) -> int:
        """The distance to the ideal: debt + neglect."""
        return self.debt + self.neglect


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement, and what the system owed on its day as it is known now."""

    said: Said
    event: ExpectationMeasured
    owed: OwedByNature

    @property
    def series(self) -> dict[str, Verdict]:
        """The verdict on each case, slice or feature; none where the measurement is one."""
        found = {each.series: each.verdict for each in self.event.series}
        # Early releases told a case by its settings alone.
        return found if found or self.event.case is None else {self.event.case: self.event.verdict}


@dataclass(frozen=True, slots=True)
class SystemExpectations:
    """One system's measurements in order of day, then position; now: what it owes on the day asked for.

    carried: the debts that carry the risks of its monitors on that day, by monitor.
    """

    documents: SystemDocuments
    measured: tuple[Measured, ...]
    now: OwedByNature
    carried: Mapping[str, CarriedRisk]

    @property
    def standing(self) -> dict[str, StandingView]:
        """How each expectation stands, of those that were measured."""
        return {each.expectation: each for each in standing(self.documents.measurements, self.carried)}


def expectations(reader: Reader, system: str, as_of: date) -> SystemExpectations | None:
    """The measurements of one system as of a day, each beside its delta on that day; None if there is no such system.

    The delta of a measurement's day is that of `delta --as-of` on it, as known at the reader's position.
    """
    found = documents(reader, as_of, only=system).get(system)
    if found is None:
        return None
    days = {said.on for said, _ in found.measurements} | {as_of}
    owed = owed_on(reader, system, days)
    measured = tuple(Measured(said, event, owed[said.on]) for said, event in found.measurements)
    named = any(monitor.carried_by for _, monitor in found.monitors.values())
    carried = carried_risks(found, register(reader, as_of), reader.calendar) if named else {}
    return SystemExpectations(found, measured, owed[as_of], carried)


def owed_on(reader: Reader, system: str, days: Iterable[date]) -> dict[date, OwedByNature]:
    """What a system owes at the end of each of these days, from one reading of its postings."""
    wanted = sorted(set(days))
    query = (
        select(posting.c.effective_on, posting.c.nature, -func.sum(posting.c.amount_minor))
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            # 'FRAUD-' <= item < 'FRAUD.': a system's items are a range of the index.
            posting.c.item >= f"{system}-",
            posting.c.item < f"{system}.",
            posting.c.effective_on <= wanted[-1],
            posting.c.position <= reader.position,
        )
        .group_by(posting.c.effective_on, posting.c.nature)
        .order_by(posting.c.effective_on)
    )
    changes = [(on, nature, int(amount)) for on, nature, amount in reader.connection.execute(query)]
    sums, found, next_change = {"debt": 0, "neglect": 0}, {}, 0
    for day in wanted:
        while next_change < len(changes) and changes[next_change][0] <= day:
            _, nature, amount = changes[next_change]
            sums[nature] += amount
            next_change += 1
        found[day] = OwedByNature(**sums)
    return found


def readiness_views(
    reader: Reader,
    said: Mapping[str, SystemDocuments],
    systems: Sequence[SystemRecord],
    items: Sequence[RegisterItem],
    as_of: date,
) -> tuple[ReadinessView, ...]:
    """What is documented of each system on a day. said: by its key, as `documents` gives them; items: the register."""
    return tuple(
        _readiness(said[system.key], system, as_of, carried_risks(said[system.key], items, reader.calendar))
        for system in systems
    )


def measurement_views(said: Mapping[str, SystemDocuments]) -> tuple[MeasurementView, ...]:
    """Every measurement: by system, then day, then position."""
    return tuple(
        MeasurementView(
            system=system,
            on=where.on,
            position=where.position,
            what=event.what,
            monitor=event.monitor,
            expectation=event.expectation,
            value=event.value,
            threshold=event.threshold,
            verdict=event.verdict,
            trial=_trial(event),
            ratio=event.ratio,
        )
        for system, found in said.items()
        for where, event in found.measurements
    )


def _trial(event: ExpectationMeasured) -> TrialView | None:
    if event.case is None:
        return None
    figures, scale = event.figures, next(iter(event.settings.get("scale", ())), None)
    passed, of = (int(figures.get(name, "0")) for name in ("passed", "of"))
    return TrialView(event.case, passed, of, scale, figures.get("level") if scale is not None else None)


def standing(
    measurements: Iterable[tuple[Said, ExpectationMeasured]], carried: Mapping[str, CarriedRisk]
) -> Iterator[StandingView]:
    """How each expectation that was measured stands (docs/method-expectations.md, 'How an expectation stands').

    A series is what one monitor measured of one kind, of robustness of one case; measurements by hand are series of their
    own. What was only looked at, without a threshold, says nothing where something else was held against one. carried: by
    monitor, the debt that carries its risk on that day; what nobody carries is worse.
    """
    last: dict[tuple[str, str, str | None, str | None], tuple[Said, ExpectationMeasured]] = {}
    for said, event in measurements:
        last[event.expectation, event.what, event.monitor, event.case] = (said, event)
    for expectation in EXPECTATIONS:
        of_it = [found for (wanted, *_), found in last.items() if wanted == expectation]
        held = [found for found in of_it if found[1].threshold is not None] or of_it
        stands = [_stands(said, event, carried) for said, event in held]
        if stands:
            yield min(stands, key=lambda each: each[0])[1]


def _stands(
    said: Said, event: ExpectationMeasured, carried: Mapping[str, CarriedRisk]
) -> tuple[tuple[int, bool, int], StandingView]:
    """A last verdict, and its rank: the worst comes first, of equals the latest."""
    risk = carried.get(event.monitor or "") if event.verdict == "broken" else None
    view = StandingView(
        event.expectation,
        event.verdict,
        said.on,
        risk.item if risk else None,
        risk.until if risk else None,
        limits_in_words(event.threshold, event.ratio),
    )
    return (WORST_FIRST.index(event.verdict), risk is not None, -said.position), view


def _readiness(
    found: SystemDocuments, system: SystemRecord, as_of: date, carried: Mapping[str, CarriedRisk]
) -> ReadinessView:
    retired = found.retired_on
    monitors = [monitor for _, monitor in found.monitors.values()]
    scopes = {explained.scope for _, explained in found.explanations}
    sections = [section for answers in found.datasheets.values() for section in completeness(answers)]
    last_trials = {trial.case: trial for _, trial in found.cases}.values()
    return ReadinessView(
        system=system.key,
        name=system.name,
        # Retired later: on that day it was not.
        retired_on=retired if retired and retired <= as_of else None,
        monitors=len(monitors),
        alerted=sum(monitor.alerts for monitor in monitors),
        automatic=sum(monitor.remediation == "automatic" for monitor in monitors),
        answers=sum(section.answered for section in sections),
        asked=sum(section.asked for section in sections),
        explained=tuple(sorted(scopes)),
        cases=len(last_trials),
        passed=sum(trial.passed for trial in last_trials),
        tried=sum(trial.of for trial in last_trials),
        readers=tuple(dict.fromkeys(system.read_by)),
        standing=tuple(standing(found.measurements, carried)),
        score=score(found.score_answers) if found.answers else None,
        score_answers=len(found.answers),
    )
