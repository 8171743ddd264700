"""Sentences: what may be said on a day, in the words that somebody would type.

Amounts are in EUR ('12000'), efforts in days or hours ('15d'), interest per period ('800/month', '8%').
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledger.decide.budget_set import SetBudget
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.forecast_set import SetForecast
from ledger.decide.measure import RecordMeasurement, measurement_of
from ledger.decide.monitor import DocumentMonitor
from ledger.decide.observe import Observe
from ledger.decide.rate_set import SetRate
from ledger.decide.renew import Renew
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.decide.robustness import DocumentRobustness
from ledger.decide.system_add import AddSystem
from ledger.measures.kit.verdicts import EffectInterval, up_to
from ledger.measures.robustness.cases import measured_case
from ledger.vocabulary.kinds import Remediation
from ledger.vocabulary.measurements import KINDS
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quantities import Interest, Quantity

EUR = Currency("EUR", 2)


@dataclass(frozen=True, slots=True)
class Undo:
    """Reverse the latest entry of an item."""

    item: str
    because: str


@dataclass(frozen=True, slots=True)
class PackAsked:
    """Finance asks for the pack of a quarter."""

    quarter: str


@dataclass(frozen=True, slots=True)
class SuiteAsked:
    """Somebody documents a monitor of robustness, and tries the model in earnest under it."""

    monitor: DocumentMonitor


#: What is said on a day. The day is when it is recorded; the command's `on`, if any, when it happened.
Sentence = tuple[str, Command | Undo | PackAsked | SuiteAsked]


def _quantity(text: str | None) -> Quantity | None:
    return Quantity.parse(text, EUR) if text else None


def _interest(text: str | None) -> Interest | None:
    return Interest.parse(text, EUR) if text else None


def revise(item: str, principal: str, interest: str, because: str) -> Revise:
    return Revise(item=item, principal=_quantity(principal), interest=_interest(interest), because=because)


def renew(item: str, *, by: str, because: str, repay_by: str, until: str | None = None) -> Renew:
    return Renew(item=item, decided_by=by, because=because, repay_by=repay_by, until=_day(until))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def commission(
    place: str,
    title: str,
    principal: str,
    interest: str,
    *,
    by: str,
    because: str,
    benefit: str,
    repay_by: str,
    until: str | None = None,
) -> Commission:
    """place: system and category, 'FRAUD/fixed-threshold'."""
    system, _, category = place.partition("/")
    return Commission(
        system=system,
        category=category,
        title=title,
        principal=_quantity(principal),
        interest=_interest(interest),
        decided_by=by,
        because=because,
        benefit=benefit,
        repay_by=repay_by,
        until=_day(until),
    )


def observe(
    place: str,
    title: str,
    cause: str,
    principal: str | None = None,
    interest: str | None = None,
    *,
    on: str | None = None,
    late: bool = False,
    evidence: str | None = None,
) -> Observe:
    """place: as for a commission. Without principal: unestimated."""
    system, _, category = place.partition("/")
    return Observe(
        system=system,
        category=category,
        title=title,
        cause=cause,
        principal=_quantity(principal),
        interest=_interest(interest),
        on=_day(on),
        late=late,
        evidence=evidence,
    )


def repay(
    item: str,
    amount: str | None = None,
    *,
    spent: str | None = None,
    on: str | None = None,
    evidence: str | None = None,
) -> Repay:
    """Without amount: all that is left. Without spent: what it cost was not noted."""
    return Repay(item=item, amount=_quantity(amount), spent=_quantity(spent), on=_day(on), evidence=evidence)


def rate(amount: str, since: str, team: str | None = None) -> SetRate:
    """amount: of a person-day."""
    return SetRate(rate_minor=EUR.parse(amount), on=_day(since), team=team)


def system(key: str, name: str, team: str, cost_centre: str, *reads_from: str) -> AddSystem:
    return AddSystem(system=key, name=name, team=team, cost_centre=cost_centre, reads_from=reads_from)


def budget(quarter: str, team: str, amount: str) -> SetBudget:
    """What the team may spend on repayments in the quarter."""
    return SetBudget(quarter=quarter, team=team, amount_minor=EUR.parse(amount))


def forecast(quarter: str, team: str, amount: str) -> SetForecast:
    """What the team expects to spend on repayments in the quarter."""
    return SetForecast(quarter=quarter, team=team, amount_minor=EUR.parse(amount))


def monitor(
    place: str,
    what: str,
    threshold: str,
    plan: str,
    *,
    alerts: bool = True,
    remediation: Remediation = "manual",
    carried_by: str | None = None,
) -> DocumentMonitor:
    """place: system and the monitor's name, 'FRAUD/approvals'."""
    key, _, name = place.partition("/")
    return DocumentMonitor(
        system=key,
        monitor=name,
        what=what,
        threshold=threshold,
        alerts=alerts,
        remediation=remediation,
        plan=plan,
        carried_by=carried_by,
    )


def measured(documented: DocumentMonitor, value: str, rows: int) -> RecordMeasurement:
    """What a measure found under a monitor. value: in the kind's unit; rows: so many that chance has no say in the verdict."""
    return _held(documented.system, documented.what, value, documented.threshold, rows, documented.monitor)


def counted(key: str, what: str, value: str, threshold: str, lines: int) -> RecordMeasurement:
    """What was counted by hand in a system's code, all of it: no sample. value, threshold: in the kind's unit."""
    return _held(key, what, value, threshold, lines, None)


def _held(key: str, what: str, value: str, threshold: str, rows: int, name: str | None) -> RecordMeasurement:
    kind, found = KINDS[what], Decimal(value)
    return RecordMeasurement(
        system=key,
        what=what,
        monitor=name,
        expectation=kind.expectation,
        headline=kind.headline,
        value=value,
        threshold=threshold,
        verdict=up_to(Decimal(threshold)).verdict(EffectInterval(found, found)),
        rows=rows,
    )


def tried(place: str, perturbation: str, passed: int, of: int, data: str) -> DocumentRobustness:
    """place: system and case."""
    key, _, case = place.partition("/")
    return DocumentRobustness(system=key, case=case, perturbation=perturbation, passed=passed, of=of, data=data)


def judged(trial: DocumentRobustness, under: DocumentMonitor) -> RecordMeasurement:
    """What the ledger says of a trial, held against a monitor's threshold."""
    return measurement_of(measured_case(trial, under.threshold), trial.system, monitor=under.monitor)
