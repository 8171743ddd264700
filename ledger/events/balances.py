"""Balances: what changes the principal of an open item, and what that posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.events.item import BalanceChange
from ledger.events.legs import CAPACITY, ESTIMATE_VARIANCE, REVALUATION, UNMEASURED, WRITE_OFFS, Leg, liability
from ledger.vocabulary.kinds import Dimension, Nature


class RepaymentRecorded(BalanceChange, frozen=True, kw_only=True):
    """Work that lowered an item's principal.

    removed_minor: principal it took away, >= 0 (0 only on an unestimated item).
    carry_removed_minor_per_year: interest that ends with it, >= 0.
    spent_minor: what the work cost, >= 0; spent - removed is the estimate variance. None: nobody knows, and none is
    assumed (unmeasured work).
    spent_assumed: nobody said what it cost; it was taken to be what it removed.
    effort_minutes, day_rate_minor: what the removed amount was priced from, if it was given in effort;
    spent_effort_minutes, spent_day_rate_minor: likewise of what was spent.
    """

    nature: Nature
    dimension: Dimension
    removed_minor: int
    carry_removed_minor_per_year: int
    spent_minor: int | None
    spent_assumed: bool
    effort_minutes: int | None = None
    day_rate_minor: int | None = None
    spent_effort_minutes: int | None = None
    spent_day_rate_minor: int | None = None


def repaid(event: RepaymentRecorded, accrues_from: date) -> tuple[Leg, ...]:
    removed, spent = event.removed_minor, event.spent_minor
    owed = liability(
        event.nature,
        event.dimension,
        -removed,
        "repaid",
        -event.carry_removed_minor_per_year,
        accrues_from,
        spent or 0,
    )
    against = (
        (Leg(UNMEASURED, -removed, "repaid"),)
        if spent is None
        else (Leg(ESTIMATE_VARIANCE, spent - removed, "repaid"), Leg(CAPACITY, -spent, "repaid"))
    )
    # The liability leg stays even at 0: it closes an unestimated item and carries what was spent.
    return (owed, *(leg for leg in against if leg.amount_minor))


def repayment_of_version_1(data: dict[str, Any]) -> dict[str, Any]:
    """What work cost was measured or assumed, and the event says which."""
    return data


class EstimateRevised(BalanceChange, frozen=True, kw_only=True):
    """A new estimate of what is outstanding, of the interest, or of both.

    principal_change_minor, carry_change_minor_per_year: what it added (or, negative, took away).
    outstanding_minor, carry_minor_per_year: what it set; None where it left that as it was.
    """

    nature: Nature
    dimension: Dimension
    principal_change_minor: int
    carry_change_minor_per_year: int
    outstanding_minor: int | None
    carry_minor_per_year: int | None
    because: str
    effort_minutes: int | None = None
    day_rate_minor: int | None = None


def revised(event: EstimateRevised, accrues_from: date) -> tuple[Leg, ...]:
    change = event.principal_change_minor
    leg = liability(event.nature, event.dimension, change, "revised", event.carry_change_minor_per_year, accrues_from)
    return (Leg(REVALUATION, change, "revised"), leg) if change else (leg,)


class ItemWrittenOff(BalanceChange, frozen=True, kw_only=True):
    """The whole rest of an item went away unpaid. removed_minor, carry_removed_minor_per_year: >= 0."""

    nature: Nature
    dimension: Dimension
    removed_minor: int
    carry_removed_minor_per_year: int
    because: str


def written_off(event: ItemWrittenOff, accrues_from: date) -> tuple[Leg, ...]:
    removed, carry_removed = event.removed_minor, event.carry_removed_minor_per_year
    leg = liability(event.nature, event.dimension, -removed, "written-off", -carry_removed, accrues_from)
    return (leg, Leg(WRITE_OFFS, -removed, "written-off")) if removed else (leg,)
