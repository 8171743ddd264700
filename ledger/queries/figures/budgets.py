"""Budgets and forecasts as they stood on a day, beside what was spent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ledger.queries.figures.grouping import Grouping
from ledger.queries.figures.owners import OWNER_FIELDS, Owners, owners_of
from ledger.queries.figures.periods import periods, spans_by_quarter
from ledger.queries.figures.rollforward import Rollforward, roll_forward
from ledger.queries.reader import Reader
from ledger.tables.budgets import budget
from ledger.tables.postings import posting
from ledger.views.quarter import BudgetView, HistoryView
from ledger.vocabulary.quarters import Quarter


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One quarter and team, which is empty for systems of none; minor units, None where nothing was set."""

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
    """Every quarter and team for which something was set, or that spent something, by a day.

    Of two amounts set on one cell the later position holds.
    """
    cells = standing_plans(reader, as_of)
    spent = _spent_by_team(reader, as_of)
    lines = []
    for quarter, team in sorted(cells.keys() | spent.keys()):
        amounts = cells.get((quarter, team), {})
        actual = spent.get((quarter, team), 0)
        lines.append(BudgetLine(quarter, team, amounts.get("budget"), amounts.get("forecast"), actual))
    return lines


def budget_views(
    reader: Reader, quarters: Sequence[Quarter], as_of: date, begun: Mapping[Quarter, Rollforward]
) -> list[BudgetView]:
    """Every team's plans and spending in each of the quarters, spending up to a day; see `BudgetView`.

    begun: the roll-forward, by team and cost centre at least, of each of the quarters that has begun by that day.
    """
    cells = standing_plans(reader, date.max)
    owners = owners_of(reader, OWNER_FIELDS)
    spent = {quarter: _spent_by_owner(begun[quarter]) if quarter in begun else {} for quarter in quarters}
    held = {quarter: _held(owners, min(reader.calendar.last_day(quarter), as_of)) for quarter in quarters}
    shown = {str(quarter) for quarter in quarters}
    teams = {team for quarter, team in cells if quarter in shown} | set(_held(owners, as_of))
    teams |= {team for amounts in spent.values() for team, _ in amounts}
    views = []
    for quarter in quarters:
        for team in sorted(teams):
            plans = cells.get((str(quarter), team), {})
            own = {centre: amount for (owner, centre), amount in spent[quarter].items() if owner == team}
            centres = {centre or "" for centre in (*own, *held[quarter].get(team, ()))}
            amounts = plans.get("budget"), plans.get("forecast"), sum(own.values())
            views.append(BudgetView(str(quarter), team, *amounts, tuple(sorted(centres))))
    return views


def planned_figures(reader: Reader, quarters: Sequence[Quarter]) -> Iterator[HistoryView]:
    """Budgets and forecasts of the quarters as rows of the history, without system and nature."""
    shown = {str(quarter) for quarter in quarters}
    for (quarter, team), amounts in sorted(standing_plans(reader, date.max).items()):
        if quarter in shown:
            for kind, amount in sorted(amounts.items()):
                yield HistoryView(quarter, "", team, "", kind, amount)


def standing_plans(reader: Reader, as_of: date) -> dict[tuple[str, str], dict[str, int]]:
    """Budget and forecast by quarter and team, as set by a day."""
    query = select(budget).where(
        budget.c.book == reader.name, budget.c.effective_on <= as_of, budget.c.position <= reader.position
    )
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for row in reader.connection.execute(query.order_by(budget.c.position)):
        cells.setdefault((row.quarter, row.team), {})[row.kind] = row.amount_minor
    return cells


def _held(owners: Owners, day: date) -> dict[str, set[str | None]]:
    """The cost centres of each team's systems on a day."""
    held: dict[str, set[str | None]] = {}
    for system in owners.tenures:
        team, centre = owners.on(system, day)
        held.setdefault(team or "", set()).add(centre)
    return held


def _spent_by_owner(quarter: Rollforward) -> dict[tuple[str, str | None], int]:
    """What was spent on repayments in a quarter by team and cost centre; zeros left out."""
    rows = quarter.by(*OWNER_FIELDS).rows
    return {
        (key[0] or "", key[1]): figures.spent for nature, key, figures in rows if nature == "total" and figures.spent
    }


def _spent_by_team(reader: Reader, as_of: date) -> dict[tuple[str, str], int]:
    """What each team spent on repayments by a day, by quarter; zeros left out."""
    first_day = reader.connection.execute(
        select(func.min(posting.c.effective_on)).where(
            posting.c.book == reader.name, posting.c.position <= reader.position, posting.c.spent_minor != 0
        )
    ).scalar()
    if first_day is None:
        return {}
    calendar = reader.calendar
    grouping = Grouping.by(reader, ("team",))
    spans = spans_by_quarter(calendar, calendar.quarter_of(first_day), as_of)
    return {
        (str(calendar.quarter_of(period.first_day)), team or ""): figures.spent
        for period in periods(reader, spans)
        for nature, (team,), figures in roll_forward(grouping, period).rows
        if nature == "total" and figures.spent
    }
