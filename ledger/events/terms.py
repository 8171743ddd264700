"""Terms: the dated decisions about an item, and what an adoption posts."""

from __future__ import annotations

from datetime import date

from ledger.events.item import ItemEvent
from ledger.events.legs import Leg, liability
from ledger.vocabulary.kinds import Dimension


class NeglectAdopted(ItemEvent, frozen=True, kw_only=True):
    """A conscious decision turned neglect into debt.

    principal_minor: what moved, > 0. carry_minor_per_year: the interest that moved with it, >= 0.
    """

    dimension: Dimension
    principal_minor: int
    carry_minor_per_year: int
    decided_by: str
    because: str
    benefit: str
    repay_by: str
    until: date | None


def adopted(event: NeglectAdopted, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    return (
        liability("neglect", event.dimension, -principal, "adopted", -carry, accrues_from),
        liability("debt", event.dimension, principal, "adopted", carry, accrues_from),
    )


class DebtRenewed(ItemEvent, frozen=True, kw_only=True):
    """A new term for a debt, by a new decision. No postings."""

    decided_by: str
    because: str
    repay_by: str
    until: date | None


class RepaymentPlanned(ItemEvent, frozen=True, kw_only=True):
    """Somebody means to repay the debt in this quarter. No postings."""

    quarter: str
