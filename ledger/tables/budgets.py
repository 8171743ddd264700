"""Budgets: what was set for a quarter and team, budgets and forecasts, every time it was set."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, PrimaryKeyConstraint, Table, Text

from ledger.events import BudgetSet, ForecastSet, Leg, Recorded
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

budget = Table(
    "budget",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    # 'budget' or 'forecast'.
    Column("kind", Text, nullable=False),
    Column("quarter", Text, nullable=False),
    Column("team", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("effective_on", Date, nullable=False),
    PrimaryKeyConstraint("book", "position", name="budget_pk"),
    sqlite_with_rowid=False,
)


def rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per amount that was set."""
    event = recorded.event
    if not isinstance(event, BudgetSet | ForecastSet):
        return []
    return [
        {
            "book": recorded.book,
            "position": recorded.position,
            "kind": "budget" if isinstance(event, BudgetSet) else "forecast",
            "quarter": event.quarter,
            "team": event.team,
            "amount_minor": event.amount_minor,
            "effective_on": recorded.effective_on,
        }
    ]


PROJECTION = Projection(budget, rows, of=(BudgetSet, ForecastSet))
