"""The Summary's rows on budgets: what might be spent, what may be, and what the quarter's work cost beyond either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_EARLIER, SPENT_UNBUDGETED, QuarterView
from reports.comparatives import RELATIVE, relative_words
from reports.content import previous_quarter, recorded, year_ago_quarter
from reports.planning import QuarterPlan, posted_plan
from reports.restated import Issue, figure_issued, variance_issued
from reports.scenarios import BU, PL, marked, off
from reports.sheet import CellContent, CellOf, Formula, Kind, Reference, Row
from reports.sheets.summary.changes import (
    BLOCK,
    ISSUED,
    PAST,
    PLACES,
    beside_issued,
    change_if_known,
    or_na,
)

#: Where Budget vs actual has all teams together.
_PLANS = "budget_vs_actual.quarter"
_BUDGET_OF = (
    'IF(COUNTIFS(past_quarter,{quarter},past_measure,"{measure}")=0,"n/a",'
    'SUMIFS(past_amount,past_quarter,{quarter},past_measure,"{measure}"))'
)


def budget_rows(view: QuarterView, issues: Mapping[str, Issue]) -> Iterator[Row]:
    """Budget and spending less budget, of all teams; nothing is compared with a budget that nobody set.

    issues: of the past quarters, by their columns.
    """
    this = view.provenance.quarter
    past = [_planned(view, quarter) for quarter in (previous_quarter(view), year_ago_quarter(view))]
    plans = [posted_plan(view), *past]
    for each in _BUDGETS:
        budgets = [getattr(plan, each.column) for plan in plans]
        over = [plan.beyond(budget) for plan, budget in zip(plans, budgets, strict=True)]
        budget_row, over_row = _budget_row(this, each, budgets), _over_row(each, over)
        for column, issue in issues.items():
            was, known = figure_issued(issue, each.measure), PLACES[column]
            was_over = variance_issued(issue, each.measure)
            live = Formula(_OVER, or_na(was_over), _parts(each, ISSUED[column][0]))
            budget_row = _with(budget_row, beside_issued(column, was, budgets[known]))
            over_row = _with(over_row, beside_issued(column, was_over, over[known], live))
        yield from (budget_row, over_row)


def _with(row: Row, cells: Mapping[str, CellContent]) -> Row:
    return replace(row, cells={**row.cells, **cells})


@dataclass(frozen=True, slots=True)
class _Budget:
    """A budget and its variance. column: of Budget vs actual. measure: of Past quarters. words: title and meaning."""

    column: str
    measure: str
    words: tuple[str, str]
    variance: tuple[str, str]


_BUDGETS = (
    _Budget(
        "original",
        BUDGET_ORIGINAL,
        (marked("Original budget", BU), "What all teams might spend when the quarter began, or first set after it"),
        (
            marked("Variance to the original budget", off(BU)),
            "This quarter's work of the teams with a budget less that; positive is over",
        ),
    ),
    _Budget(
        "budget",
        "budget",
        (marked("Budget", PL), "What all teams may spend on repayments"),
        (
            marked("Budget variance", off(PL)),
            "This quarter's work of the teams with a budget less the budget; positive is over",
        ),
    ),
)


#: What the quarter's own work cost the teams with a budget beyond it.
_OVER = 'IF(ISNUMBER({budget}),{spent}-{earlier}-{unbudgeted}-{budget},"n/a")'


def _budget_row(this: str, each: _Budget, budgets: list[int | None]) -> Row:
    cells: dict[str, CellContent] = dict(zip(("measure", "meaning"), each.words, strict=True))
    cells["now"] = Formula("{budget}", or_na(budgets[0]), {"budget": CellOf(_PLANS, this, each.column)})
    for column, name, budget in zip(PAST, ("previous_quarter", "year_ago_quarter"), budgets[1:], strict=True):
        cells[column] = Formula(_BUDGET_OF.format(quarter=name, measure=each.measure), or_na(budget))
    change = change_if_known(budgets)
    amounts = [budget for budget in budgets[:2] if budget is not None]
    relative = relative_words(*amounts) if len(amounts) == 2 else "n/a"
    cells["change"] = change
    cells["relative"] = Formula(f'IF(ISNUMBER({{change}}),{RELATIVE},"n/a")', relative)
    return Row(each.column, cells)


def _over_row(budget: _Budget, differences: list[int | None]) -> Row:
    """Without a change in %: a per cent of a difference says nothing."""
    cells: dict[str, CellContent] = dict(zip(("measure", "meaning"), budget.variance, strict=True))
    cells["change"] = change_if_known(differences)
    for column, difference in zip(("now", *PAST), differences, strict=True):
        cells[column] = Formula(_OVER, or_na(difference), _parts(budget, column))
    return Row(f"over.{budget.column}", cells, dict.fromkeys(("now", *PAST), Kind.AMOUNT_CHANGE))


def _parts(budget: _Budget, column: str) -> dict[str, Reference]:
    """What the formula of a variance reads of a column."""
    rows = {"spent": "spent", "earlier": "earlier", "unbudgeted": "unbudgeted", "budget": budget.column}
    return {name: CellOf(BLOCK, row, column) for name, row in rows.items()}


def _planned(view: QuarterView, quarter: str) -> QuarterPlan:
    """A quarter of Past quarters: its budgets, if any were set, and what was spent."""

    def set_in(measure: str) -> int | None:
        amounts = [row.amount for row in view.history if row.quarter == quarter and row.measure == measure]
        return sum(amounts) if amounts else None

    return QuarterPlan(
        set_in("budget"),
        recorded(view, quarter, "removed_spent"),
        None,
        original=set_in(BUDGET_ORIGINAL),
        earlier=recorded(view, quarter, SPENT_EARLIER),
        unbudgeted=recorded(view, quarter, SPENT_UNBUDGETED),
    )
