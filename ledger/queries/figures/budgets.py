"""Budgets and forecasts as they stood on a day, beside what was spent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from ledger.queries.figures.grouping import Grouping
from ledger.queries.figures.owners import OWNER_FIELDS, Owners, owners_of
from ledger.queries.figures.periods import periods, spans_by_quarter
from ledger.queries.figures.rollforward import Rollforward, RollforwardFigures, roll_forward
from ledger.queries.reader import Reader
from ledger.tables.budgets import budget
from ledger.tables.postings import posting
from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_UNBUDGETED, BudgetView, HistoryView
from ledger.vocabulary.quarters import Quarter

#: What was spent on repayments, and what of that is for work of days before the quarter; minor units.
Spent = tuple[int, int]
NOTHING: Spent = (0, 0)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One quarter and team, which is empty for systems of none; minor units, None where nothing was set.

    earlier: what of the actual corrects earlier quarters, as late entries and reversals do (docs/method.md, 'Budgets').
    """

    quarter: str
    team: str
    budget: int | None
    forecast: int | None
    actual: int
    earlier: int

    @property
    def difference(self) -> int | None:
        """What the quarter's own work cost - budget: positive is more than was budgeted."""
        return None if self.budget is None else self.actual - self.earlier - self.budget


def budget_lines(reader: Reader, as_of: date) -> list[BudgetLine]:
    """Every quarter and team for which something was set, or that spent something, by a day.

    Of two amounts set on one cell the later position holds.
    """
    cells = standing_plans(reader, as_of)
    spent = _spent_by_team(reader, as_of)
    lines = []
    for quarter, team in sorted(cells.keys() | spent.keys()):
        amounts = cells.get((quarter, team), {})
        actual = spent.get((quarter, team), NOTHING)
        lines.append(BudgetLine(quarter, team, amounts.get("budget"), amounts.get("forecast"), *actual))
    return lines


def budget_views(
    reader: Reader, quarters: Sequence[Quarter], as_of: date, begun: Mapping[Quarter, Rollforward]
) -> list[BudgetView]:
    """Every team's plans and spending in each of the quarters, spending up to a day; see `BudgetView`.

    begun: the roll-forward, by team and cost centre at least, of each of the quarters that has begun by that day.
    """
    cells, originals = standing_plans(reader, date.max), original_budgets(reader)
    owners = owners_of(reader, OWNER_FIELDS)
    spending = {quarter: _spent_by_owner(begun[quarter]) if quarter in begun else {} for quarter in quarters}
    held = {quarter: _held(owners, min(reader.calendar.last_day(quarter), as_of)) for quarter in quarters}
    shown = {str(quarter) for quarter in quarters}
    teams = {team for quarter, team in cells if quarter in shown} | set(_held(owners, as_of))
    teams |= {team for amounts in spending.values() for team, _ in amounts}
    views = []
    for quarter in quarters:
        for team in sorted(teams):
            plans = cells.get((str(quarter), team), {})
            own = {centre: amounts for (owner, centre), amounts in spending[quarter].items() if owner == team}
            centres = {centre or "" for centre in (*own, *held[quarter].get(team, ()))}
            original = originals.get((str(quarter), team))
            views.append(
                BudgetView(
                    quarter=str(quarter),
                    team=team,
                    budget=plans.get("budget"),
                    forecast=plans.get("forecast"),
                    spent=sum(spent for spent, _ in own.values()),
                    spent_earlier=sum(earlier for _, earlier in own.values()),
                    original=original.amount if original else None,
                    set_after=original.set_after if original else None,
                    cost_centres=tuple(sorted(centres)),
                )
            )
    return views


def planned_figures(reader: Reader, quarters: Mapping[Quarter, Rollforward]) -> Iterator[HistoryView]:
    """Budgets, forecasts and unbudgeted spending of the quarters as rows of the history, without system and nature.

    quarters: their roll-forwards, by team at least.
    """
    plans, originals = standing_plans(reader, date.max), original_budgets(reader)
    own: Counter[tuple[str, str]] = Counter()
    for reported, rolled_forward in quarters.items():
        for ((owner,), _), figures in rolled_forward.by("team").cells.items():
            own[str(reported), owner or ""] += figures.spent - figures.spent_earlier
    for quarter, team in sorted(plans.keys() | own.keys()):
        if quarter in map(str, quarters):
            amounts = dict(plans.get((quarter, team), {}))
            if "budget" in amounts:
                amounts[BUDGET_ORIGINAL] = originals[quarter, team].amount
            elif own[quarter, team]:
                amounts[SPENT_UNBUDGETED] = own[quarter, team]
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


class Original(NamedTuple):
    """A budget as it stood when its quarter began. set_after: the day on which it was set, if that was after."""

    amount: int
    set_after: date | None


def original_budgets(reader: Reader) -> dict[tuple[str, str], Original]:
    """By quarter and team: the budget at the end of the day before the quarter began, else the first set after."""
    query = select(budget).where(
        budget.c.book == reader.name, budget.c.kind == "budget", budget.c.position <= reader.position
    )
    before: dict[tuple[str, str], Original] = {}
    after: dict[tuple[str, str], Original] = {}
    for row in reader.connection.execute(query.order_by(budget.c.position)):
        cell = (row.quarter, row.team)
        if row.effective_on < reader.calendar.first_day(Quarter.parse(row.quarter)):
            before[cell] = Original(row.amount_minor, None)  # of two the later position holds, as in `standing_plans`
        elif cell not in after or row.effective_on < (after[cell].set_after or date.min):
            after[cell] = Original(row.amount_minor, row.effective_on)
    return after | before


def _held(owners: Owners, day: date) -> dict[str, set[str | None]]:
    """The cost centres of each team's systems on a day."""
    held: dict[str, set[str | None]] = {}
    for system in owners.tenures:
        team, centre = owners.on(system, day)
        held.setdefault(team or "", set()).add(centre)
    return held


def _spent_by_owner(quarter: Rollforward) -> dict[tuple[str, str | None], Spent]:
    """What was spent on repayments in a quarter by team and cost centre; zeros left out."""
    sums: dict[tuple[str, str | None], Spent] = {}
    for ((team, centre), _), figures in quarter.by(*OWNER_FIELDS).cells.items():
        spent, earlier = sums.get((team or "", centre), NOTHING)
        sums[team or "", centre] = spent + figures.spent, earlier + figures.spent_earlier
    return {owner: spent for owner, spent in sums.items() if any(spent)}


def _of(figures: RollforwardFigures) -> Spent | None:
    spent = figures.spent, figures.spent_earlier
    return spent if any(spent) else None


def _spent_by_team(reader: Reader, as_of: date) -> dict[tuple[str, str], Spent]:
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
        (str(calendar.quarter_of(period.first_day)), team or ""): spent
        for period in periods(reader, spans)
        for nature, (team,), figures in roll_forward(grouping, period).rows
        if nature == "total" and (spent := _of(figures))
    }
