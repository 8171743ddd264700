"""What teams planned and what they spent: the folds that the budget sheets, the Summary and the chart share.

Amounts are in minor units. None is what nobody set, or what is yet to come; it is never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ledger.views.quarter import SPENT_EARLIER, BudgetView, QuarterView
from ledger.vocabulary.quarters import Quarter

#: Quarters back, the reported one included, and quarters ahead.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class QuarterPlan:
    """Of a quarter and one team or several. actual: what repayments cost, None in a coming quarter.

    original: the budget as it stood when the quarter began. earlier: what of the actual is for work of earlier
    quarters, late entries and reversals; the rest is the quarter's own work. unbudgeted, unforeseen: own work of the
    teams without a budget, without a forecast. late: how many originals were set after the quarter began. teams,
    budgets, forecasts: how many teams it is of, how many of them have either. planned: principal still outstanding of the items
    whose repayment is planned for the quarter.
    """

    budget: int | None
    actual: int | None
    forecast: int | None
    original: int | None = None
    earlier: int = 0
    unbudgeted: int = 0
    unforeseen: int = 0
    late: int = 0
    teams: int = 0
    budgets: int = 0
    forecasts: int = 0
    planned: int = 0

    @property
    def own(self) -> int | None:
        """What the quarter's own work cost; None before there is an actual."""
        return None if self.actual is None else self.actual - self.earlier

    @property
    def difference(self) -> int | None:
        """Own work of the teams with a budget - their budget: positive is over; None where there is either not."""
        return self.beyond(self.budget)

    def beyond(self, budget: int | None) -> int | None:
        """The same against a budget: that of today, or the original."""
        return None if budget is None or self.own is None else self.own - self.unbudgeted - budget

    @property
    def missed(self) -> int | None:
        """The same of the teams with a forecast, against it."""
        return None if self.forecast is None or self.own is None else self.own - self.unforeseen - self.forecast

    @property
    def coverage(self) -> str:
        """How many of the teams have a budget and how many a forecast, in words; empty where all of them have both."""
        said = [
            f"{have} of {self.teams} teams with a {plan}"
            for have, plan in ((self.budgets, "budget"), (self.forecasts, "forecast"))
            if 0 < have < self.teams
        ]
        return ", ".join(said)


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


def spending(view: QuarterView, measure: str = "removed_spent") -> Mapping[tuple[str, str], int]:
    """What Past quarters says was spent on repayments, by quarter and team. measure: all of it, or a part."""
    spent: dict[tuple[str, str], int] = {}
    for row in view.history:
        if row.measure == measure:
            spent[row.quarter, row.team] = spent.get((row.quarter, row.team), 0) + row.amount
    return spent


def planned_repayments(view: QuarterView) -> Mapping[tuple[str, str], int]:
    """All that is outstanding of the items planned for a quarter, by quarter and team of today."""
    planned: dict[tuple[str, str], int] = {}
    for item in view.items:
        if item.planned_for:
            key = (item.planned_for, item.team)
            planned[key] = planned.get(key, 0) + item.outstanding
    return planned


def together(plans: Iterable[QuarterPlan]) -> QuarterPlan:
    """Plans of one quarter added up; what none of them has stays None."""
    known = tuple(plans)
    counted = ("earlier", "unbudgeted", "unforeseen", "late", "teams", "budgets", "forecasts", "planned")
    counts = {name: sum(getattr(plan, name) for plan in known) for name in counted}
    return QuarterPlan(
        budget=_sum(plan.budget for plan in known),
        actual=_sum(plan.actual for plan in known),
        forecast=_sum(plan.forecast for plan in known),
        original=_sum(plan.original for plan in known),
        **counts,
    )


def plans_by_team(view: QuarterView) -> tuple[tuple[BudgetView, QuarterPlan], ...]:
    """Every quarter and team that has a plan or spending, and every team of the coming quarters."""
    reported, spent, earlier = set(reported_quarters(view)), spending(view), spending(view, SPENT_EARLIER)
    coming, planned = set(coming_quarters(view)), planned_repayments(view)
    rows = []
    for row in view.budgets:
        key = (row.quarter, row.team)
        repay = planned.get(key, 0)
        if row.quarter in coming and (row.team or repay):
            rows.append((row, replace(_of_team(row, None, 0), planned=repay)))
        elif row.quarter in reported:
            actual, apart = spent.get(key, 0), earlier.get(key, 0)
            if actual or apart or repay or (row.budget, row.forecast) != (None, None):
                rows.append((row, replace(_of_team(row, actual, apart), planned=repay)))
    return tuple(rows)


def _of_team(row: BudgetView, actual: int | None, earlier: int) -> QuarterPlan:
    own = (actual or 0) - earlier
    return QuarterPlan(
        budget=row.budget,
        actual=actual,
        forecast=row.forecast,
        original=row.original,
        earlier=earlier,
        unbudgeted=own if row.budget is None else 0,
        unforeseen=own if row.forecast is None else 0,
        late=int(row.set_after is not None),
        teams=1,
        budgets=int(row.budget is not None),
        forecasts=int(row.forecast is not None),
    )


def plans_by_quarter(view: QuarterView) -> Mapping[str, QuarterPlan]:
    """All teams together, for each of the eight quarters; the actual of a reported one is never None."""
    rows = plans_by_team(view)
    plans = {}
    for quarter in (*reported_quarters(view), *coming_quarters(view)):
        nothing = QuarterPlan(None, 0 if quarter in view.quarters else None, None)
        plans[quarter] = together((nothing, *(plan for row, plan in rows if row.quarter == quarter)))
    return plans


def posted_plan(view: QuarterView) -> QuarterPlan:
    """The reported quarter's, all teams together, with an actual as the formulas over Postings have it."""
    return replace(plans_by_quarter(view)[view.provenance.quarter], actual=sum(row.spent for row in view.postings))


def verdicts(view: QuarterView, words: Callable[[int], str]) -> list[str]:
    """What became of the quarter's budget, from long to short. words: how an amount is said.

    The quarter's own work of the teams that have a budget is held against it; what is not, is said apart.
    """
    quarter = view.provenance.quarter
    plan = plans_by_quarter(view)[quarter]
    was, when = ("has been", f"so far in {quarter}") if view.provenance.provisional else ("was", f"in {quarter}")
    said = _verdict(plan, was, words)
    apart = _apart(plan, words)
    if said is None:
        said = "Nothing budgeted, nothing spent"
        long = f"No budget {was} set for {quarter}, and nothing {was} spent"
    else:
        long = f"{said} {when}"
    if not apart:
        return [long, said]
    first = next(iter(apart))
    return ["; ".join([long, *apart.values()]), f"{said}; {' and '.join(apart)} apart", f"{said}; {first} apart", said]


def _verdict(plan: QuarterPlan, was: str, words: Callable[[int], str]) -> str | None:
    """None where nothing was budgeted and nothing spent."""
    own, difference = plan.own or 0, plan.difference
    if plan.budget is None or difference is None:
        return f"{words(own)} {was} spent without a budget" if own else None
    if not plan.budget + difference and plan.budget:
        return f"Nothing {was} spent of {words(plan.budget)} budgeted"
    if not difference:
        return f"Spending {was} on budget, at {words(plan.budget)}"
    return f"Spending {was} {words(abs(difference))} {'above' if difference > 0 else 'below'} budget"


def _apart(plan: QuarterPlan, words: Callable[[int], str]) -> dict[str, str]:
    """What is not held against the budget of today, each in one word and in a sentence."""
    apart = {}
    if plan.earlier:
        apart["earlier quarters"] = f"what is for earlier quarters, {words(plan.earlier)}, is apart"
    if plan.budget is not None and plan.unbudgeted:
        apart["unbudgeted"] = f"beside it {words(plan.unbudgeted)} without a budget"
    if plan.original != plan.budget and plan.original is not None:
        apart["original"] = f"the original budget was {words(plan.original)}"
    return apart


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
