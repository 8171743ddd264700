"""Budgets and forecasts as they stood on a day, beside what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ledger.projections.budgets import budget
from ledger.quarters import Quarter
from ledger.queries.reader import Reader
from ledger.queries.rollforward import rollforward


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One quarter and team; minor units, None where nothing was set."""

    quarter: str
    team: str
    budget: int | None
    forecast: int | None
    actual: int

    @property
    def difference(self) -> int | None:
        """Actual - budget: positive is more than was budgeted."""
        return None if self.budget is None else self.actual - self.budget


def budget_lines(reader: Reader, as_of: date) -> list[BudgetLine]:
    """Every quarter and team for which something was set by a day; of two on one cell the later position holds."""
    query = select(budget).where(
        budget.c.book == reader.name, budget.c.effective_on <= as_of, budget.c.position <= reader.position
    )
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for row in reader.connection.execute(query.order_by(budget.c.position)):
        cells.setdefault((row.quarter, row.team), {})[row.kind] = row.amount_minor
    spent = {quarter: _spent(reader, Quarter.parse(quarter), as_of) for quarter in {quarter for quarter, _ in cells}}
    return [
        BudgetLine(quarter, team, amounts.get("budget"), amounts.get("forecast"), spent[quarter].get(team, 0))
        for (quarter, team), amounts in sorted(cells.items())
    ]


def _spent(reader: Reader, quarter: Quarter, as_of: date) -> dict[str, int]:
    """What each team spent on repayments in a quarter, by a day."""
    first_day, last_day = reader.calendar.span(quarter)
    if first_day > as_of:
        return {}
    rows = rollforward(reader, first_day, min(last_day, as_of), ("team",)).rows
    return {key[0] or "": figures.spent for nature, key, figures in rows if nature == "total"}
