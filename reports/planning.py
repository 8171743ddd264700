"""What teams planned and what they spent: the folds that the budget sheets, the Summary and the chart share.

Amounts are in minor units. None is what nobody set, or what is yet to come; it is never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ledger.views.quarter import BudgetView, QuarterView
from ledger.vocabulary.quarters import Quarter

#: Quarters back, the reported one included, and quarters ahead.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class QuarterPlan:
    """Of a quarter and one team or several. actual: what repayments cost, None in a coming quarter."""

    budget: int | None
    actual: int | None
    forecast: int | None

    @property
    def difference(self) -> int | None:
        """Actual - budget: positive is over budget; None without a budget or before there is an actual."""
        return None if self.budget is None or self.actual is None else self.actual - self.budget


def reported_quarters(view: QuarterView) -> tuple[str, ...]:
    """The last four quarters, the reported one last."""
    return view.quarters[-SHOWN:]


def coming_quarters(view: QuarterView) -> tuple[str, ...]:
    """The next four quarters after the reported one."""
    this = Quarter.parse(view.provenance.quarter)
    return tuple(str(this.shift(ahead)) for ahead in range(1, SHOWN + 1))


def team_keys(view: QuarterView) -> Mapping[str, str]:
    """A short key for every team of Past quarters and of the budgets, in alphabetical order; '' is no team.

    People type the names of teams; as a criterion `=1`, `a*` or a long one would find other rows or none.
    """
    teams = {row.team for row in view.history} | {row.team for row in view.budgets}
    return {team: f"team-{number}" for number, team in enumerate(sorted(teams), start=1)}


def coming_rows(view: QuarterView) -> tuple[BudgetView, ...]:
    """A row per coming quarter and team; systems without a team have nobody who could plan for them."""
    coming = set(coming_quarters(view))
    return tuple(row for row in view.budgets if row.quarter in coming and row.team)


def spending(view: QuarterView) -> Mapping[tuple[str, str], int]:
    """What Past quarters says was spent on repayments, by quarter and team."""
    spent: dict[tuple[str, str], int] = {}
    for row in view.history:
        if row.measure == "removed_spent":
            spent[row.quarter, row.team] = spent.get((row.quarter, row.team), 0) + row.amount
    return spent


def together(plans: Iterable[QuarterPlan]) -> QuarterPlan:
    """Plans of one quarter added up; what none of them has stays None."""
    known = tuple(plans)
    return QuarterPlan(
        _sum(plan.budget for plan in known), _sum(plan.actual for plan in known), _sum(plan.forecast for plan in known)
    )


def plans_by_team(view: QuarterView) -> tuple[tuple[BudgetView, QuarterPlan], ...]:
    """Every quarter and team that has a plan or spending, and every team of the coming quarters."""
    reported, spent = set(reported_quarters(view)), spending(view)
    coming = {(row.quarter, row.team) for row in coming_rows(view)}
    rows = []
    for row in view.budgets:
        key = (row.quarter, row.team)
        if key in coming:
            rows.append((row, QuarterPlan(row.budget, None, row.forecast)))
        elif row.quarter in reported:
            plan = QuarterPlan(row.budget, spent.get(key, 0), row.forecast)
            if plan != QuarterPlan(None, 0, None):
                rows.append((row, plan))
    return tuple(rows)


def plans_by_quarter(view: QuarterView) -> Mapping[str, QuarterPlan]:
    """All teams together, for each of the eight quarters; the actual of a reported one is never None."""
    rows = plans_by_team(view)
    plans = {}
    for quarter in (*reported_quarters(view), *coming_quarters(view)):
        nothing = QuarterPlan(None, 0 if quarter in view.quarters else None, None)
        plans[quarter] = together((nothing, *(plan for row, plan in rows if row.quarter == quarter)))
    return plans


def verdicts(view: QuarterView, words: Callable[[int], str]) -> list[str]:
    """What became of the quarter's budget, from long to short. words: how an amount is said."""
    quarter = view.provenance.quarter
    plan = plans_by_quarter(view)[quarter]
    actual = plan.actual or 0
    was, when = ("has been", f"so far in {quarter}") if view.provenance.provisional else ("was", f"in {quarter}")
    if plan.budget is None:
        if actual:
            said = f"{words(actual)} {was} spent without a budget"
            return [f"{said} {when}", said]
        return [f"No budget {was} set for {quarter}, and nothing {was} spent", "Nothing budgeted, nothing spent"]
    if not actual and plan.budget:
        said = f"Nothing {was} spent of {words(plan.budget)} budgeted"
    elif actual == plan.budget:
        said = f"Spending {was} on budget, at {words(actual)}"
    else:
        side = "above" if actual > plan.budget else "below"
        said = f"Spending {was} {words(abs(actual - plan.budget))} {side} budget"
    return [f"{said} {when}", said]


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
