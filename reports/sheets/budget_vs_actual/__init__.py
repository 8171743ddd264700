"""Budget vs actual: what teams may spend on repayments, what they spent, and what they expect to spend."""

from __future__ import annotations

from fractions import Fraction

from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_EARLIER, BudgetView, QuarterView
from reports.content import Content, money, unit
from reports.figures import share
from reports.planning import (
    QuarterPlan,
    plans_by_quarter,
    plans_by_team,
    reported_quarters,
    team_keys,
    together,
    verdicts,
)
from reports.restated import notes
from reports.sheet import (
    Block,
    CellContent,
    CellOf,
    Formula,
    Kind,
    Mark,
    NativeChart,
    Row,
    Series,
    Sheet,
)
from reports.sheets.budget_vs_actual.centres import IN_WORDS, by_centre, centre_keys, centre_of
from reports.sheets.budget_vs_actual.columns import CENTRES, COLUMNS, QUARTERS, TEAMS
from reports.sheets.budget_vs_actual.ties import checks

__all__ = ["build", "checks"]

_APART = 'IF(ISNUMBER({{{plan}}}),{{actual}}-{{earlier}}-{{{apart}}}-{{{plan}}},"n/a")'

NOTE = (
    "Actual is what repayments cost (spent), summed over Past quarters by quarter and team key; a coming quarter has none yet."
    " Budget and forecast are as the ledger knows them; an empty cell or n/a means that none was set, which is not 0."
    " Original budget is the one that stood at the end of the day before the quarter began, else the first set after it,"
    " on the day in 'Original set only on'."
)
TOGETHER = (
    "Like with like: what is for earlier quarters (late entries of their work, reversals of it) is no spending of this one's"
    " work and stands apart, and so does the work of teams without a budget, or without a forecast. Difference = actual −"
    " for earlier quarters − without a budget − budget: positive, orange, is over budget; from forecast likewise."
)
SPLIT = (
    "A budget is set per team and cannot be split: a team counts under its cost centre with budget, actual and forecast"
    " alike, and under 'several cost centres' if its systems had more than one. So every line compares like with like."
)
PLANNED = (
    "Planned repayments are the principal that is outstanding today of the items planned for the quarter; in a quarter that"
    " has passed, what was planned and is not done. A budget is money for the work, a plan is principal: the two need not agree."
)
LINKS = "Click on the team of a coming quarter: it leads to the yellow cells of that quarter and team in Budget."
UNPRINTED = (
    "The chart under these lines is there to be changed, and is not printed: the charts' PDF and the deck print the same"
    " figures."
)


def build(content: Content) -> Sheet:
    """All teams by quarter, then each team, then each cost centre."""
    view = content.view
    return Sheet(
        title="Budget vs actual",
        headline=verdicts(view, lambda amount: money(view, amount))[0],
        subtitle=f"Budget, actual and forecast of spending on repayments, the last four quarters and the next four"
        f" · {unit(view)}, whole units",
        blocks=(_quarters(view), _teams(view), _centres(view)),
        charts=_charts(view),
        charts_printed=False,
        frozen_columns=2,
        notes=(
            *notes(
                view,
                {
                    "removed_spent": "spent",
                    "budget": "budget",
                    BUDGET_ORIGINAL: "original budget",
                    "forecast": "forecast",
                },
                reported_quarters(view)[:-1],
            ),
            NOTE,
            TOGETHER,
            SPLIT,
            PLANNED,
            LINKS,
            *([UNPRINTED] if _charts(view) else []),
        ),
    )


def _charts(view: QuarterView) -> tuple[NativeChart, ...]:
    """All teams by quarter, for who wants to change it, if there is anything to draw; the chart of budgets draws the same."""
    plans = plans_by_quarter(view)
    if not any(amount for plan in plans.values() for amount in (plan.budget, plan.actual, plan.forecast)):
        return ()

    def said(plan: QuarterPlan) -> str:
        figures = (("budget", plan.budget), ("actual", plan.actual), ("forecast", plan.forecast))
        amounts = ", ".join(f"{name} {money(view, amount)}" for name, amount in figures if amount is not None)
        return f"{amounts} ({plan.coverage})" if plan.coverage else amounts

    quarters = [f"{quarter}: {said(plan) or 'nothing'}" for quarter, plan in plans.items()]
    chart = NativeChart(
        title=f"Budget, actual and forecast by quarter, {unit(view)}",
        block=QUARTERS,
        categories="quarter",
        series=(
            Series("budget", Mark.PLAN),
            Series("actual", Mark.ACTUAL),
            Series("forecast", Mark.FORECAST),
            Series("difference", Mark.DIFFERENCE),
        ),
        alternative=f"Bars of budget, actual and forecast, a line of the difference. {'; '.join(quarters)}.",
    )
    return (chart,)


def _quarters(view: QuarterView) -> Block:
    """What feeds the Summary: eight rows, whatever was planned or spent."""
    rows = []
    for quarter, plan in plans_by_quarter(view).items():
        this = quarter == view.provenance.quarter
        who = "All teams, so far" if this and view.provenance.provisional else "All teams"
        cells = {"quarter": quarter, "team": who, "centre": "all", **_sums(plan, "quarter")}
        rows.append(Row(quarter, cells, {"team": Kind.LABEL, "centre": Kind.LABEL}, strong=this))
    return Block(QUARTERS, COLUMNS, tuple(rows), title="All teams by quarter")


def _teams(view: QuarterView) -> Block:
    keys, centres = team_keys(view), centre_keys(view)
    rows = tuple(_team(row, plan, keys[row.team], centres[centre_of(row)]) for row, plan in plans_by_team(view))
    return Block(TEAMS, COLUMNS, rows, title="By quarter and team")


def _team(row: BudgetView, plan: QuarterPlan, key: str, centre_key: str) -> Row:
    name = f"{row.quarter} {key}"
    cells: dict[str, CellContent] = {
        "quarter": row.quarter,
        "team": row.team or "no team",
        "centre": centre_of(row)[1],
        "original": plan.original,
        "budget": plan.budget,
        "forecast": plan.forecast,
        "set": Formula("COUNT({budget})", plan.budgets),
        "foreseen": Formula("COUNT({forecast})", plan.forecasts),
        "teams": Formula("COUNTA({key})", plan.teams),
        "set_after": row.set_after,
        "late": Formula("COUNT({set_after})", plan.late),
        "planned": Formula(
            "SUMIFS({items.planned},{items.planned_for},{quarter},{items.team_key},{key})", plan.planned
        ),
        "key": key,
        "centre_key": centre_key,
    }
    if plan.actual is None:
        return Row(name, cells, links={"team": CellOf("budget", name, "budget")} if row.team else {})
    for column, measure, amount in (("actual", "removed_spent", plan.actual), ("earlier", SPENT_EARLIER, plan.earlier)):
        cells[column] = Formula(
            f'SUMIFS({{past.amount}},{{past.quarter}},{{quarter}},{{past.team_key}},{{key}},{{past.measure}},"{measure}")',
            amount,
        )
    for column, has, own in (("unbudgeted", "set", plan.unbudgeted), ("unforeseen", "foreseen", plan.unforeseen)):
        cells[column] = Formula(f"IF({{{has}}}=0,{{actual}}-{{earlier}},0)", own)
    return Row(name, {**cells, **_difference(plan)})


def _centres(view: QuarterView) -> Block:
    keys = centre_keys(view)
    rows = []
    for (quarter, centre), plans in by_centre(view).items():
        cells: dict[str, CellContent] = {
            "quarter": quarter,
            "team": "all its teams",
            "centre": IN_WORDS.get(centre, centre[1]),
            "centre_key": keys[centre],
            **_sums(together(plans), "quarter", "centre_key"),
        }
        rows.append(Row(f"{quarter} {keys[centre]}", cells, {"team": Kind.LABEL}))
    return Block(CENTRES, COLUMNS, tuple(rows), title="By quarter and cost centre")


def _sums(plan: QuarterPlan, *columns: str) -> dict[str, CellContent]:
    """A plan as sums over the rows of the teams that agree with this row in the columns."""
    rows = ",".join(f"{{{TEAMS}.{column}}},{{{column}}}" for column in columns)
    cells: dict[str, CellContent] = {
        kind: Formula(
            f'IF(COUNTIFS({rows},{{{TEAMS}.{kind}}},">=0")=0,"n/a",SUMIFS({{{TEAMS}.{kind}}},{rows}))', _or_na(amount)
        )
        for kind, amount in (("original", plan.original), ("budget", plan.budget), ("forecast", plan.forecast))
    }
    summed = {"set": plan.budgets, "foreseen": plan.forecasts, "teams": plan.teams, "late": plan.late}
    summed["planned"] = plan.planned
    if plan.actual is not None:
        summed |= {"actual": plan.actual, "earlier": plan.earlier}
        summed |= {"unbudgeted": plan.unbudgeted, "unforeseen": plan.unforeseen}
        cells |= _difference(plan)
    return cells | {column: Formula(f"SUMIFS({{{TEAMS}.{column}}},{rows})", sum_) for column, sum_ in summed.items()}


def _difference(plan: QuarterPlan) -> dict[str, Formula]:
    relative = None if plan.difference is None or not plan.budget else share(plan.difference, plan.budget)
    return {
        "difference": Formula(_APART.format(apart="unbudgeted", plan="budget"), _or_na(plan.difference)),
        "missed": Formula(_APART.format(apart="unforeseen", plan="forecast"), _or_na(plan.missed)),
        "relative": Formula(
            'IF(ISNUMBER({difference}),IF(ABS({budget})<tolerance,"n/a",{difference}/{budget}),"n/a")', _or_na(relative)
        ),
    }


def _or_na(value: int | Fraction | None) -> int | Fraction | str:
    return "n/a" if value is None else value
