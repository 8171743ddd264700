"""What must hold of Budget vs actual: against Past quarters, the ledger's own sums, and between its blocks."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.views.quarter import SPENT_EARLIER, SPENT_UNBUDGETED, QuarterView
from reports.content import recorded
from reports.planning import QuarterPlan, plans_by_quarter, plans_by_team, reported_quarters, together
from reports.sheet import CellOf, CheckLine, Formula
from reports.sheets.budget_vs_actual.centres import by_centre
from reports.sheets.budget_vs_actual.columns import CENTRES, QUARTERS, TEAMS, TITLES

#: What of the spending is not held against the budget, by its measure in Past quarters.
PARTS = {SPENT_EARLIER: "earlier", SPENT_UNBUDGETED: "unbudgeted"}


def checks(view: QuarterView) -> Sequence[CheckLine]:
    """The sheet against Past quarters and the ledger's own sums, and its blocks against each other."""
    quarters, this = plans_by_quarter(view), view.provenance.quarter
    lines = [
        CheckLine(
            f"Actual in Budget vs actual in {quarter} = spent in Past quarters",
            Formula("{actual}", quarters[quarter].actual or 0, {"actual": CellOf(QUARTERS, quarter, "actual")}),
            Formula(
                'SUMIFS({past.amount},{past.quarter},{of},{past.measure},"removed_spent")',
                recorded(view, quarter, "removed_spent"),
                {"of": CellOf(QUARTERS, quarter, "quarter")},
            ),
        )
        for quarter in reported_quarters(view)
    ]
    lines.append(
        CheckLine(
            "Actual in Budget vs actual, all quarters = spent by the teams as the ledger counts it",
            Formula(f"SUM({{{TEAMS}.actual}})", sum(plan.actual or 0 for _, plan in plans_by_team(view))),
            sum(row.spent for row in view.budgets if row.quarter in view.quarters),
        )
    )
    lines += [_check_of_part(view, measure, column) for measure, column in PARTS.items()]
    for kind, planned in (("budget", quarters[this].budget), ("forecast", quarters[this].forecast)):
        lines.append(
            CheckLine(
                f"{kind.capitalize()} of {this} in Budget vs actual = {kind} in Past quarters",
                Formula(f"SUMIFS({{{TEAMS}.{kind}}},{{{TEAMS}.quarter}},quarter)", planned or 0),
                Formula(
                    f'SUMIFS({{past.amount}},{{past.quarter}},quarter,{{past.measure}},"{kind}")',
                    recorded(view, this, kind),
                ),
            )
        )
    lines += [_check_of_centres(view, column) for column in ("budget", "actual", "forecast")]
    return lines


def _check_of_part(view: QuarterView, measure: str, column: str) -> CheckLine:
    """A part of the quarter's spending that stands apart, against Past quarters, where the Summary has it from."""
    this = view.provenance.quarter
    found = getattr(plans_by_quarter(view)[this], column)
    return CheckLine(
        f"{TITLES[column]} in Budget vs actual in {this} = the same in Past quarters",
        Formula("{here}", found, {"here": CellOf(QUARTERS, this, column)}),
        Formula(
            f'SUMIFS({{past.amount}},{{past.quarter}},quarter,{{past.measure}},"{measure}")',
            recorded(view, this, measure),
        ),
    )


def _check_of_centres(view: QuarterView, column: str) -> CheckLine:
    def added(plans: Sequence[QuarterPlan]) -> int:
        return sum(getattr(plan, column) or 0 for plan in plans)

    return CheckLine(
        f"{column.capitalize()} by cost centre = {column} by team",
        Formula(f"SUM({{{CENTRES}.{column}}})", added([together(plans) for plans in by_centre(view).values()])),
        Formula(f"SUM({{{TEAMS}.{column}}})", added([plan for _, plan in plans_by_team(view)])),
    )
