"""Projections: read models derived from events, written in the same transaction. One line per projection."""

from __future__ import annotations

from functools import cache

from ledger.events import Event
from ledger.tables import budgets, items, postings, reversals, systems, terms
from ledger.tables.projection import Projection, Row

PROJECTIONS: tuple[Projection, ...] = (
    postings.PROJECTION,
    items.PROJECTION,
    terms.PROJECTION,
    reversals.PROJECTION,
    systems.SYSTEMS,
    systems.OWNERS,
    systems.DEPENDENCIES,
    systems.RETIREMENTS,
    budgets.PROJECTION,
)


@cache
def showing(event: type[Event]) -> tuple[int, ...]:
    """Which of the PROJECTIONS show an event, by their number there."""
    return tuple(number for number, projection in enumerate(PROJECTIONS) if issubclass(event, projection.of))


__all__ = ["PROJECTIONS", "Projection", "Row", "showing"]
