"""Management summary: the five figures and the decisions, from the model."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.model.figures import ONE_DAY
from tests.model.packs import PackFigures
from tests.model.register import NEGLECT
from tests.three_ways.comparison import Part, Row
from tests.three_ways.expected.register import ItemRow, item_rows
from tests.three_ways.expected.summary import measures
from tests.three_ways.expected.words import NOT_AVAILABLE, money, money_or
from tests.three_ways.play import Played

#: The page's words for measures of the Summary.
SAME = {
    "Technical delta": "Technical delta",
    "Interest per year": "Interest per year",
    "Spending less original budget": "Variance to the original budget",
    "Spending less budget of today": "Budget variance",
}
#: So many decisions of each kind are named, the largest first.
SHOWN = 4


def management(played: Played) -> list[Part]:
    """The figures of two quarters, and each decision, or the sum of those for which there is no room."""
    figures = played.figures
    now, before = (measures(figures, figures.quarters[back]) for back in (-1, -2))
    lines: dict[tuple[str, ...], Row] = {}
    for title, measure in SAME.items():
        amounts = [now[measure], before[measure]]
        change = None if amounts[0] is None or amounts[1] is None else amounts[0] - amounts[1]
        said = [money_or(figures, minor, NOT_AVAILABLE) for minor in (*amounts, change)]
        lines[title,] = dict(zip(("AC", "Last quarter", "Change"), said, strict=True))
    none: Row = {"Last quarter": None, "Change": None}
    late, neglect = late_items(figures), waiting_items(figures)
    lines["Past due",] = {"AC": money(figures, sum(row.outstanding for row in late)), **none}
    unestimated = len(figures.figures.list_items(figures.as_of, "unestimated"))
    lines["Items without an estimate",] = {"AC": unestimated, **none}
    lines["All checks",] = {"AC": "OK", **none}
    decisions: dict[tuple[str, ...], Row] = {}
    for rows in (late, neglect):
        for row in rows[:SHOWN]:
            owner = figures.figures.owner_of(row.item, figures.as_of).team
            owed = "no estimate" if row.listed["status"] == "unestimated" else money(figures, row.outstanding)
            decisions[row.item,] = {"Outstanding": owed, "Since": _since(figures, row), "Team": owner}
        if rest := rows[SHOWN:]:
            owed = money(figures, sum(row.outstanding for row in rest))
            decisions[f"and {len(rest):,} more",] = {"Outstanding": owed, "Since": None, "Team": None}
    return [Part(("Measure",), lines), Part(("Item",), decisions)]


def late_items(figures: PackFigures) -> list[ItemRow]:
    """Debts past their day, their quarter or both, the largest first."""
    return _sorted(row for row in item_rows(figures) if row.current and row.late and _is_open(row))


def waiting_items(figures: PackFigures) -> list[ItemRow]:
    """Neglect that is open, the largest first."""
    return _sorted(row for row in item_rows(figures) if row.current and row.nature == NEGLECT and _is_open(row))


def _is_open(row: ItemRow) -> bool:
    return bool(row.outstanding) or row.listed["status"] == "unestimated"


def _sorted(rows: Iterable[ItemRow]) -> list[ItemRow]:
    return sorted(rows, key=lambda row: (-row.outstanding, row.item))


def _since(figures: PackFigures, row: ItemRow) -> date:
    if row.nature == NEGLECT:
        return date.fromisoformat(row.listed["opened_on"])
    terms = figures.known.as_of(figures.as_of).terms(row.item)
    last_days = [terms.until] if terms and terms.until else []
    if row.listed["repay_by"]:
        last_days.append(figures.days(row.listed["repay_by"])[1])
    return min(last_days) + ONE_DAY
