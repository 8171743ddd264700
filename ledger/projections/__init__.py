"""Projections: read models derived from events, written in the same transaction. One line per projection."""

from __future__ import annotations

from ledger.projections import budgets, items, postings, reversals, systems, terms
from ledger.projections.base import Projection, Row

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

__all__ = ["PROJECTIONS", "Projection", "Row"]
