"""Legs: the lines of a posting, and the accounts that they name.

Double entry: debit positive, credit negative, every event's legs sum to zero. Carry sits on liability legs only: a
memorandum of interest, never part of a balance.
"""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.events.base import Event
from ledger.vocabulary.kinds import Dimension, Movement, Nature

SHORTCUTS = "equity:shortcuts"
OMISSIONS = "equity:omissions"
REVALUATION = "equity:revaluation"
WRITE_OFFS = "equity:write-offs"
UNMEASURED = "equity:unmeasured"
ESTIMATE_VARIANCE = "expenses:estimate-variance"
CAPACITY = "assets:capacity"


class Leg(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One line of a posting.

    amount_minor: debit positive, credit negative. movement: the column of the roll-forward.
    Of a liability leg only: nature, dimension, carry_minor_per_year (the change of the item's interest,
    positive when it adds), accrues_from (the day from which that counts), spent_minor (on the repaying leg).
    """

    account: str
    amount_minor: int
    movement: Movement
    nature: Nature | None = None
    dimension: Dimension | None = None
    carry_minor_per_year: int = 0
    accrues_from: date | None = None
    spent_minor: int = 0


def liability(
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


def without_postings(event: Event, accrues_from: date) -> tuple[Leg, ...]:
    """What an event says that moves no money."""
    return ()
