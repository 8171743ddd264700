"""Key figures: the few that a reader asks for first, with last quarter's beside them. Amounts in minor units.

The Management summary has them as live formulas with these values; the deck has them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.views.quarter import BUDGET_ORIGINAL, QuarterView
from ledger.vocabulary.kinds import NATURES
from reports.causes import unestimated
from reports.content import money, previous_quarter, recorded, total_posted
from reports.decisions import past_due
from reports.planning import plans_by_quarter, posted_plan
from reports.restated import figure_issued, of_previous, variance_issued
from reports.scenarios import BU, PL, marked, off


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """key: of its row in the Summary, too. where: its source in the workbook. now, before: None where it is n/a.

    restated: how last quarter's was issued, where it is another by now. compared: whether last quarter's is known at all.
    count: a number of things, else an amount. signed: a difference.
    """

    key: str
    title: str
    where: str
    now: int | None
    before: int | None = None
    compared: bool = True
    count: bool = False
    signed: bool = False
    restated: str = ""

    @property
    def change(self) -> int | None:
        """Since last quarter; None where either is n/a."""
        return None if self.now is None or self.before is None else self.now - self.before


def key_figures(view: QuarterView) -> tuple[KeyFigure, ...]:
    """Delta, interest per year, spending against both budgets, past due, unestimated: in the order of the page."""
    delta = sum(total_posted(view, nature, "closing") for nature in NATURES)
    per_year = sum(row.interest_per_year for row in view.items)
    late = sum(asked.item.outstanding for asked in past_due(view))
    where = "Items; nothing of them is in the delta"
    return (
        _measured(view, "delta", "closing", "Technical delta", "Summary: debt + neglect", delta),
        _measured(view, "per_year", "interest_per_year", "Interest per year", "Items", per_year),
        _beyond(view, "original", BUDGET_ORIGINAL, marked("Spending less original budget", off(BU))),
        _beyond(view, "budget", "budget", marked("Spending less budget of today", off(PL))),
        KeyFigure("late", "Past due", "Ageing: lapsed, overdue or both", late, compared=False),
        KeyFigure("unestimated", "Items without an estimate", where, unestimated(view), compared=False, count=True),
    )


def _measured(view: QuarterView, key: str, measure: str, title: str, where: str, now: int) -> KeyFigure:
    """A measure that Past quarters has of last quarter."""
    before, issue = recorded(view, previous_quarter(view), measure), of_previous(view)
    said = "" if issue is None else _issued_as(view, figure_issued(issue, measure), before)
    return KeyFigure(key, title, where, now, before, restated=said)


def _beyond(view: QuarterView, budget: str, measure: str, title: str) -> KeyFigure:
    """What the quarter's own work cost beyond a budget. measure: what Past quarters calls the budget."""
    plans = (posted_plan(view), plans_by_quarter(view).get(previous_quarter(view)))
    now, before = (None if plan is None else plan.beyond(getattr(plan, budget)) for plan in plans)
    issue = of_previous(view)
    said = "" if issue is None else _issued_as(view, variance_issued(issue, measure), before)
    where = "Budget vs actual: the quarter's own work"
    return KeyFigure(f"over.{budget}", title, where, now, before, signed=True, restated=said)


def _issued_as(view: QuarterView, was: int | None, known: int | None) -> str:
    """The mark of a figure of last quarter that was issued otherwise, with what was; empty of one that stands."""
    return "" if was == known else f"issued as {'n/a' if was is None else money(view, was)}"
