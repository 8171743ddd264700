"""Postings: the only place where an event is given a meaning in money.

Double entry: debit positive, credit negative, every event's legs sum to zero. Carry sits on liability
legs only: a memorandum of interest, never part of a balance.
"""

from __future__ import annotations

from datetime import date

from ledger.events import (
    BookOpened,
    BudgetSet,
    CheckpointSigned,
    DayRateSet,
    DebtCommissioned,
    DebtRenewed,
    DependencyDeclared,
    EstimateRevised,
    Event,
    EventReversed,
    ForecastSet,
    ItemWrittenOff,
    Leg,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    PackIssued,
    PeriodClosed,
    PolicySet,
    RepaymentPlanned,
    RepaymentRecorded,
    SystemChanged,
    SystemRegistered,
    SystemRetired,
)
from ledger.model import Dimension, Movement, Nature

SHORTCUTS = "equity:shortcuts"
OMISSIONS = "equity:omissions"
REVALUATION = "equity:revaluation"
WRITE_OFFS = "equity:write-offs"
ESTIMATE_VARIANCE = "expenses:estimate-variance"
CAPACITY = "assets:capacity"


def post(event: Event, effective_on: date) -> tuple[Leg, ...]:
    """The legs of an event. effective_on: its day in the books; a late entry accrues from `occurred_on`."""
    accrues_from = event.occurred_on or effective_on
    match event:
        case DebtCommissioned():
            return _opened("debt", SHORTCUTS, event, event.principal_minor, "commissioned", accrues_from)
        case NeglectObserved(principal_minor=None):
            return ()
        case NeglectObserved(principal_minor=int(principal)):
            return _opened("neglect", OMISSIONS, event, principal, "observed", accrues_from)
        case NeglectAdopted():
            return _adopted(event, accrues_from)
        case RepaymentRecorded():
            return _repaid(event, accrues_from)
        case EstimateRevised():
            return _revised(event, accrues_from)
        case ItemWrittenOff():
            return _written_off(event, accrues_from)
        case EventReversed():
            return event.legs
        case (
            BookOpened()
            | DayRateSet()
            | PeriodClosed()
            | BudgetSet()
            | ForecastSet()
            | PackIssued()
            | PolicySet()
            | CheckpointSigned()
            | SystemRegistered()
            | SystemChanged()
            | DependencyDeclared()
            | SystemRetired()
            | DebtRenewed()
            | RepaymentPlanned()
            | NoteAdded()
        ):
            return ()
        case _:
            raise AssertionError(f"{type(event).__name__} has no meaning in money yet: name it in `post`")


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


def _opened(
    nature: Nature,
    equity: str,
    event: DebtCommissioned | NeglectObserved,
    principal: int,
    movement: Movement,
    accrues_from: date,
) -> tuple[Leg, ...]:
    return (
        Leg(equity, principal, movement),
        _liability(nature, event.dimension, principal, movement, event.carry_minor_per_year, accrues_from),
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
