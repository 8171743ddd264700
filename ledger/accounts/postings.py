"""Postings: the only place where an event is given a meaning in money.

Double entry: debit positive, credit negative, every event's legs sum to zero. Carry sits on liability
legs only: a memorandum of interest, never part of a balance.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from ledger.events import (
    BookOpened,
    BudgetSet,
    CheckpointSigned,
    DatasheetAnswered,
    DayRateSet,
    DebtCommissioned,
    DebtRenewed,
    DependencyDeclared,
    EstimateRevised,
    Event,
    EventReversed,
    EvidenceAdded,
    ExpectationMeasured,
    ExplanationDocumented,
    ForecastSet,
    ItemWrittenOff,
    Leg,
    MonitorDocumented,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    PackIssued,
    PeriodClosed,
    PolicySet,
    RepaymentPlanned,
    RepaymentRecorded,
    RobustnessDocumented,
    ScoreAnswered,
    SystemChanged,
    SystemRegistered,
    SystemRetired,
)
from ledger.vocabulary.kinds import Dimension, Movement, Nature

SHORTCUTS = "equity:shortcuts"
OMISSIONS = "equity:omissions"
REVALUATION = "equity:revaluation"
WRITE_OFFS = "equity:write-offs"
ESTIMATE_VARIANCE = "expenses:estimate-variance"
CAPACITY = "assets:capacity"


def post(event: Event, effective_on: date) -> tuple[Leg, ...]:
    """The legs of an event. effective_on: its day in the books; a late entry accrues from `occurred_on`."""
    kind = type(event)
    meaning = _MEANINGS.get(kind)
    if meaning is not None:
        return meaning(event, event.occurred_on or effective_on)
    if kind in _WITHOUT_POSTINGS:
        return ()
    raise AssertionError(
        f"{kind.__name__} has no meaning in money yet: give it one, or name it as one without postings"
    )


def mirrored(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The legs that undo these: every amount, carry and spent with the other sign, accruing from the same day."""
    return tuple(
        Leg(
            leg.account,
            -leg.amount_minor,
            "corrected",
            leg.nature,
            leg.dimension,
            -leg.carry_minor_per_year,
            leg.accrues_from,
            -leg.spent_minor,
        )
        for leg in legs
    )


def _liability(
    nature: Nature,
    dimension: Dimension,
    increase: int,
    movement: Movement,
    carry: int,
    accrues_from: date,
    spent: int = 0,
) -> Leg:
    """A liability is a credit: an increase of what is owed is a negative amount."""
    return Leg(f"liabilities:{nature}:{dimension}", -increase, movement, nature, dimension, carry, accrues_from, spent)


def _commissioned(event: DebtCommissioned, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    return (
        Leg(SHORTCUTS, principal, "commissioned"),
        _liability("debt", event.dimension, principal, "commissioned", carry, accrues_from),
    )


def _observed(event: NeglectObserved, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    if principal is None:
        return ()
    return (
        Leg(OMISSIONS, principal, "observed"),
        _liability("neglect", event.dimension, principal, "observed", carry, accrues_from),
    )


def _adopted(event: NeglectAdopted, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    return (
        _liability("neglect", event.dimension, -principal, "adopted", -carry, accrues_from),
        _liability("debt", event.dimension, principal, "adopted", carry, accrues_from),
    )


def _repaid(event: RepaymentRecorded, accrues_from: date) -> tuple[Leg, ...]:
    variance = event.spent_minor - event.removed_minor
    legs = (
        _liability(
            event.nature,
            event.dimension,
            -event.removed_minor,
            "repaid",
            -event.carry_removed_minor_per_year,
            accrues_from,
            event.spent_minor,
        ),
        Leg(ESTIMATE_VARIANCE, variance, "repaid"),
        Leg(CAPACITY, -event.spent_minor, "repaid"),
    )
    # The liability leg stays even at 0: it closes an unestimated item and carries what was spent.
    return legs[:1] + tuple(leg for leg in legs[1:] if leg.amount_minor)


def _revised(event: EstimateRevised, accrues_from: date) -> tuple[Leg, ...]:
    change = event.principal_change_minor
    liability = _liability(
        event.nature, event.dimension, change, "revised", event.carry_change_minor_per_year, accrues_from
    )
    return (Leg(REVALUATION, change, "revised"), liability) if change else (liability,)


def _written_off(event: ItemWrittenOff, accrues_from: date) -> tuple[Leg, ...]:
    removed = event.removed_minor
    liability = _liability(
        event.nature, event.dimension, -removed, "written-off", -event.carry_removed_minor_per_year, accrues_from
    )
    return (liability, Leg(WRITE_OFFS, -removed, "written-off")) if removed else (liability,)


def _reversed(event: EventReversed, accrues_from: date) -> tuple[Leg, ...]:
    return event.legs


_MEANINGS: dict[type[Event], Callable[[Any, date], tuple[Leg, ...]]] = {
    DebtCommissioned: _commissioned,
    NeglectObserved: _observed,
    NeglectAdopted: _adopted,
    RepaymentRecorded: _repaid,
    EstimateRevised: _revised,
    ItemWrittenOff: _written_off,
    EventReversed: _reversed,
}

_WITHOUT_POSTINGS: frozenset[type[Event]] = frozenset(
    {
        BookOpened,
        DayRateSet,
        PeriodClosed,
        BudgetSet,
        ForecastSet,
        PackIssued,
        PolicySet,
        CheckpointSigned,
        SystemRegistered,
        SystemChanged,
        DependencyDeclared,
        SystemRetired,
        DebtRenewed,
        RepaymentPlanned,
        NoteAdded,
        EvidenceAdded,
        MonitorDocumented,
        ExpectationMeasured,
        DatasheetAnswered,
        ExplanationDocumented,
        RobustnessDocumented,
        ScoreAnswered,
    }
)
