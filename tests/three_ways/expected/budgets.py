"""Budget vs actual, and the form in which finance plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.model.packs import NO_CENTRE, QUARTERS_PLANNED, SEVERAL, PackFigures
from tests.three_ways.comparison import Expectation, Part, Row
from tests.three_ways.expected.register import item_rows
from tests.three_ways.expected.words import NOT_AVAILABLE, money, money_or, ratio
from tests.three_ways.play import Played

#: How a team's line spells what a line of many teams spells out.
SHORT_CENTRES = {SEVERAL: "several", NO_CENTRE: "none"}


@dataclass(frozen=True)
class Plan:
    """A team's quarter; minor units. spent: None of a quarter yet to come."""

    quarter: str
    team: str
    centre: str
    budget: int | None
    forecast: int | None
    spent: int | None
    earlier: int
    original: int | None
    set_after: date | None

    @property
    def own(self) -> int:
        """What the quarter's own work cost."""
        return (self.spent or 0) - self.earlier


def plans(figures: PackFigures) -> list[Plan]:
    """Every team of the coming quarters, and those of the last four that planned or spent."""
    shown = (*figures.quarters[-QUARTERS_PLANNED:], *figures.coming)
    budgets, forecasts, originals = figures.plans("budget"), figures.plans("forecast"), figures.first_budgets()
    found = []
    for quarter in shown:
        coming, spent = quarter in figures.coming, figures.spent(quarter)
        earlier = Counter[str]()
        for (_, _, team), amount in figures.earlier(quarter).items():
            earlier[team] += amount
        for team in figures.teams:
            cell = (quarter, team)
            due = cell in budgets or cell in forecasts or planned_minor(figures, *cell)
            if coming or due or team in spent or earlier[team]:
                actual = None if coming else spent.get(team, 0)
                centre = figures.centre(quarter, team)
                planned = budgets.get(cell), forecasts.get(cell)
                original = originals.get(cell, (None, None))
                found.append(Plan(quarter, team, centre, *planned, actual, earlier[team], *original))
    return found


def budget_vs_actual(played: Played) -> list[Part]:
    """All teams by quarter, each team, each cost centre."""
    figures = played.figures
    every: dict[tuple[str, ...], Row] = {}
    teams: dict[tuple[str, ...], Row] = {}
    centres: dict[tuple[str, ...], Row] = {}
    for quarter in (*figures.quarters[-QUARTERS_PLANNED:], *figures.coming):
        own = [plan for plan in plans(figures) if plan.quarter == quarter]
        every[quarter,] = {**_together(figures, own, coming=quarter in figures.coming), **_planned(figures, quarter)}
        for centre in {plan.centre for plan in own}:
            members = [plan for plan in own if plan.centre == centre]
            planned = [planned_minor(figures, quarter, plan.team) for plan in members]
            repay: Row = {"Planned repayments": money(figures, sum(planned))}
            centres[quarter, centre] = {**_together(figures, members, coming=quarter in figures.coming), **repay}
        for plan in own:
            line = _together(figures, [plan], coming=plan.spent is None)
            amounts = {
                "Budget": money_or(figures, plan.budget, None),
                "Forecast": money_or(figures, plan.forecast, None),
                "Original budget": money_or(figures, plan.original, None),
                "Original set only on": plan.set_after,
            }
            centre = SHORT_CENTRES.get(plan.centre, plan.centre)
            planned = _planned(figures, quarter, plan.team)
            teams[quarter, plan.team] = {**line, **amounts, **planned, "Cost centre": centre}
    return [
        Part(("Quarter",), every, "All teams by quarter"),
        Part(("Quarter", "Team"), teams, "By quarter and team"),
        Part(("Quarter", "Cost centre"), centres, "By quarter and cost centre"),
    ]


def _together(figures: PackFigures, own: list[Plan], *, coming: bool) -> Row:
    """Teams added up: what none of them has is n/a, what is yet to come is empty."""
    budget, forecast = _sum(plan.budget for plan in own), _sum(plan.forecast for plan in own)
    original = _sum(plan.original for plan in own)
    line: dict[str, Expectation] = {
        "Original budget": money_or(figures, original, NOT_AVAILABLE),
        "Original set only on": None,
        "Originals set late": sum(plan.set_after is not None for plan in own),
        "Teams": len(own),
        "Teams with a forecast": sum(plan.forecast is not None for plan in own),
        "Budget": money_or(figures, budget, NOT_AVAILABLE),
        "Forecast": money_or(figures, forecast, NOT_AVAILABLE),
        "Teams with a budget": sum(plan.budget is not None for plan in own),
    }
    if coming:
        names = ("Actual spent", "Of which for earlier quarters", "Spent without a budget", "Spent without a forecast")
        differences = ("Difference", "Difference in % of budget", "Difference from forecast")
        return {**line, **dict.fromkeys((*names, *differences))}
    over = _sum(plan.own - plan.budget for plan in own if plan.budget is not None)
    missed = _sum(plan.own - plan.forecast for plan in own if plan.forecast is not None)
    without = sum(plan.own for plan in own if plan.budget is None)
    return {
        **line,
        "Actual spent": money(figures, sum(plan.spent or 0 for plan in own)),
        "Of which for earlier quarters": money(figures, sum(plan.earlier for plan in own)),
        "Spent without a forecast": money(figures, sum(plan.own for plan in own if plan.forecast is None)),
        "Difference from forecast": money_or(figures, missed, NOT_AVAILABLE),
        "Difference": money_or(figures, over, NOT_AVAILABLE),
        "Difference in % of budget": ratio(over, budget),
        "Spent without a budget": money(figures, without),
    }


def form(played: Played) -> list[Part]:
    """A line per coming quarter and team, as the ledger has it twice; and the quarters' sums."""
    figures = played.figures
    coming = [plan for plan in plans(figures) if plan.spent is None]
    lines: dict[tuple[str, ...], Row] = {
        (plan.quarter, plan.team): {
            **_entries(figures, [plan], None),
            **_planned(figures, plan.quarter, plan.team),
            **_ONCE,
        }
        for plan in coming
    }
    sums: dict[tuple[str, ...], Row] = {}
    for quarter in figures.coming:
        own = [plan for plan in coming if plan.quarter == quarter]
        said = f"{sum(plan.budget is not None for plan in own)} of {len(own)} budgets set"
        rows: Row = {"Rows": len(own), "Note": said}
        sums[quarter,] = {**_entries(figures, own, NOT_AVAILABLE), **_planned(figures, quarter), **rows}
    return [
        Part(("Quarter",), sums, "All teams by quarter, live"),
        Part(("Quarter", "Team"), lines, "To fill in: the yellow cells"),
    ]


def _planned(figures: PackFigures, quarter: str, team: str | None = None) -> Row:
    return {"Planned repayments": money(figures, planned_minor(figures, quarter, team))}


def planned_minor(figures: PackFigures, quarter: str, team: str | None = None) -> int:
    """What is outstanding of the items planned for a quarter, those of one team or all."""
    rows = (row for row in item_rows(figures) if row.current and row.listed["planned"] == quarter)
    owners = ((row, figures.figures.owner_of(row.item, figures.as_of).team) for row in rows)
    return sum(row.outstanding for row, own in owners if team in (None, own))


_ONCE: Row = {"Rows of this quarter and team": 1}


def _entries(figures: PackFigures, own: list[Plan], otherwise: Expectation) -> Row:
    budget = money_or(figures, _sum(plan.budget for plan in own), otherwise)
    forecast = money_or(figures, _sum(plan.forecast for plan in own), otherwise)
    exported = {"Budget as exported": budget, "Forecast as exported": forecast}
    return {"Budget": budget, "Forecast": forecast, **exported}


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [minor for minor in amounts if minor is not None]
    return sum(known) if known else None
