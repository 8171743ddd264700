"""Postings: what an event means in money.

Each event says so itself, where it is defined (ledger.events), and nothing else does.
"""

from __future__ import annotations

from datetime import date

from ledger.events import POSTS, Event, Leg


def post(event: Event, effective_on: date) -> tuple[Leg, ...]:
    """The legs of an event. effective_on: its day in the books; a late entry accrues from `occurred_on`."""
    return POSTS[type(event)](event, event.occurred_on or effective_on)


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
