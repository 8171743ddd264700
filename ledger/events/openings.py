"""Openings: how an item came into the register, and what that posts."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events.item import ItemEvent
from ledger.events.legs import OMISSIONS, SHORTCUTS, Leg, liability
from ledger.vocabulary.kinds import Dimension


class Opening(ItemEvent, frozen=True, kw_only=True):
    """What both ways of opening an item fix for good.

    effort_minutes, day_rate_minor: what the principal was priced from, None if it was given in money.
    source, external_key, content_hash: of an imported item, the tool, its key there, and the sha256 of
    the record as read; details: what else the tool said of it (rule, file, severity), as text.
    """

    system: str
    title: str
    dimension: Dimension
    category: str
    carry_minor_per_year: int
    effort_minutes: int | None = None
    day_rate_minor: int | None = None
    source: str | None = None
    external_key: str | None = None
    content_hash: str | None = None
    details: dict[str, str] = msgspec.field(default_factory=dict)


class DebtCommissioned(Opening, frozen=True, kw_only=True):
    """Somebody knowingly took a shortcut, with a plan: all that the gate asks for is here.

    principal_minor: > 0. repay_by: a quarter. until: last day of a temporary debt.
    """

    principal_minor: int
    decided_by: str
    decided_on: date
    because: str
    benefit: str
    repay_by: str
    until: date | None
    adr: str | None


def commissioned(event: DebtCommissioned, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    return (
        Leg(SHORTCUTS, principal, "commissioned"),
        liability("debt", event.dimension, principal, "commissioned", carry, accrues_from),
    )


class NeglectObserved(Opening, frozen=True, kw_only=True):
    """Something was found undone. principal_minor: > 0, or None while nobody has estimated it."""

    principal_minor: int | None
    cause: str


def observed(event: NeglectObserved, accrues_from: date) -> tuple[Leg, ...]:
    principal, carry = event.principal_minor, event.carry_minor_per_year
    if principal is None:
        return ()
    return (
        Leg(OMISSIONS, principal, "observed"),
        liability("neglect", event.dimension, principal, "observed", carry, accrues_from),
    )
