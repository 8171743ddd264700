"""Budget vs actual: what teams may spend on repayments, what they spent, and what they expect to spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ledger.views.quarter import BudgetView, QuarterView
from reports.content import Content, money, recorded, unit
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
from reports.sheet import (
    Block,
    CellContent,
    CellOf,
    CheckLine,
    Column,
    Formula,
    Kind,
    Mark,
    NativeChart,
    Row,
    Series,
    Sheet,
)

QUARTERS, TEAMS, CENTRES = "budget_vs_actual.quarter", "budget_vs_actual.team", "budget_vs_actual.centre"

_SEVERAL, _NONE = (1, "several"), (2, "none")
_IN_WORDS = {_SEVERAL: "several cost centres", _NONE: "no cost centre"}
#: A cost centre, or one of the two above, which stand behind those that have a name.
Centre = tuple[int, str]

#: The same in all blocks, so that headings repeated in print are right for each.
COLUMNS = (
    Column("quarter", "Quarter", Kind.CODE, 12),
    Column("team", "Team", Kind.TEXT, 26),
    Column("centre", "Cost centre", Kind.TEXT, 22),
    Column("budget", "Budget", Kind.AMOUNT, 16),
    Column("actual", "Actual spent", Kind.AMOUNT, 16),
    Column("forecast", "Forecast", Kind.AMOUNT, 16),
    Column("difference", "Difference", Kind.AMOUNT_CHANGE, 16),
    Column("relative", "Difference in % of budget", Kind.SHARE_CHANGE, 18),
    Column("unbudgeted", "Spent without a budget", Kind.AMOUNT, 16),
    Column("set", "Teams with a budget", Kind.COUNT, 14),
    Column("key", "Team key", Kind.CODE, 12),
    Column("centre_key", "Cost centre key", Kind.CODE, 12),
)

NOTE = (
    "Actual is what repayments cost (spent), summed over Past quarters by quarter and team key; a coming quarter has none yet."
    " Budget and forecast are as the ledger knows them; an empty cell or n/a means that none was set, which is not 0."
    " Difference = actual − budget: positive, orange, is over budget."
)
TOGETHER = (
    "In the sums actual holds the spending of all teams, of those without a budget too; column 'Spent without a budget'"
    " says how much that is."
)
SPLIT = (
    "A budget is set per team and cannot be split: a team counts under its cost centre with budget, actual and forecast"
    " alike, and under 'several cost centres' if its systems had more than one. So every line compares like with like."
)
LINKS = "Click on the team key of a coming quarter: it leads to the yellow cells of that quarter and team in Budget."


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
        frozen_columns=2,
        notes=(NOTE, TOGETHER, SPLIT, LINKS),
    )


def _charts(view: QuarterView) -> tuple[NativeChart, ...]:
    """All teams by quarter, for who wants to change it, if there is anything to draw; chart 4 draws the same."""
    plans = plans_by_quarter(view)
    if not any(amount for plan in plans.values() for amount in (plan.budget, plan.actual, plan.forecast)):
        return ()

    def said(plan: QuarterPlan) -> str:
        figures = (("budget", plan.budget), ("actual", plan.actual), ("forecast", plan.forecast))
        return ", ".join(f"{name} {money(view, amount)}" for name, amount in figures if amount is not None)

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


def _check_of_centres(view: QuarterView, column: str) -> CheckLine:
    def added(plans: Sequence[QuarterPlan]) -> int:
        return sum(getattr(plan, column) or 0 for plan in plans)

    return CheckLine(
        f"{column.capitalize()} by cost centre = {column} by team",
        Formula(f"SUM({{{CENTRES}.{column}}})", added([together(plans) for plans in _by_centre(view).values()])),
        Formula(f"SUM({{{TEAMS}.{column}}})", added([plan for _, plan in plans_by_team(view)])),
    )


def _quarters(view: QuarterView) -> Block:
    """What feeds the Summary: eight rows, whatever was planned or spent."""
    teams = plans_by_team(view)
    rows = []
    for quarter, plan in plans_by_quarter(view).items():
        this = quarter == view.provenance.quarter
        who = "All teams, so far" if this and view.provenance.provisional else "All teams"
        own = [each for row, each in teams if row.quarter == quarter]
        cells = {"quarter": quarter, "team": who, "centre": "all", **_sums(plan, own, "quarter")}
        rows.append(Row(quarter, cells, {"team": Kind.LABEL, "centre": Kind.LABEL}, strong=this))
    return Block(QUARTERS, COLUMNS, tuple(rows), title="All teams by quarter")


def _teams(view: QuarterView) -> Block:
    keys, centres = team_keys(view), _centre_keys(view)
    rows = tuple(_team(row, plan, keys[row.team], centres[_centre(row)]) for row, plan in plans_by_team(view))
    return Block(TEAMS, COLUMNS, rows, title="By quarter and team")


def _team(row: BudgetView, plan: QuarterPlan, key: str, centre_key: str) -> Row:
    name = f"{row.quarter} {key}"
    cells: dict[str, CellContent] = {
        "quarter": row.quarter,
        "team": row.team or "no team",
        "centre": _centre(row)[1],
        "budget": plan.budget,
        "forecast": plan.forecast,
        "set": Formula("COUNT({budget})", 0 if plan.budget is None else 1),
        "key": key,
        "centre_key": centre_key,
    }
    if plan.actual is None:
        return Row(name, cells, links={"key": CellOf("budget", name, "budget")})
    cells["actual"] = Formula(
        'SUMIFS({past.amount},{past.quarter},{quarter},{past.team_key},{key},{past.measure},"removed_spent")',
        plan.actual,
    )
    cells["unbudgeted"] = Formula("IF({set}=0,{actual},0)", _unbudgeted(plan))
    return Row(name, {**cells, **_difference(plan)})


def _centres(view: QuarterView) -> Block:
    keys = _centre_keys(view)
    rows = []
    for (quarter, centre), plans in _by_centre(view).items():
        cells: dict[str, CellContent] = {
            "quarter": quarter,
            "team": "all its teams",
            "centre": _IN_WORDS.get(centre, centre[1]),
            "centre_key": keys[centre],
            **_sums(together(plans), plans, "quarter", "centre_key"),
        }
        rows.append(Row(f"{quarter} {keys[centre]}", cells, {"team": Kind.LABEL}))
    return Block(CENTRES, COLUMNS, tuple(rows), title="By quarter and cost centre")


def _sums(plan: QuarterPlan, own: Sequence[QuarterPlan], *columns: str) -> dict[str, CellContent]:
    """A plan as sums over the rows of the teams that agree with this row in the columns; own: their plans."""
    rows = ",".join(f"{{{TEAMS}.{column}}},{{{column}}}" for column in columns)
    cells: dict[str, CellContent] = {
        kind: Formula(
            f'IF(COUNTIFS({rows},{{{TEAMS}.{kind}}},">=0")=0,"n/a",SUMIFS({{{TEAMS}.{kind}}},{rows}))', _or_na(amount)
        )
        for kind, amount in (("budget", plan.budget), ("forecast", plan.forecast))
    }
    summed = {"set": sum(1 for each in own if each.budget is not None)}
    if plan.actual is not None:
        summed |= {"actual": plan.actual, "unbudgeted": sum(_unbudgeted(each) for each in own)}
        cells |= _difference(plan)
    return cells | {column: Formula(f"SUMIFS({{{TEAMS}.{column}}},{rows})", sum_) for column, sum_ in summed.items()}


def _difference(plan: QuarterPlan) -> dict[str, Formula]:
    relative = None if plan.difference is None or not plan.budget else share(plan.difference, plan.budget)
    return {
        "difference": Formula('IF(ISNUMBER({budget}),{actual}-{budget},"n/a")', _or_na(plan.difference)),
        "relative": Formula(
            'IF(ISNUMBER({difference}),IF(ABS({budget})<tolerance,"n/a",{difference}/{budget}),"n/a")', _or_na(relative)
        ),
    }


def _unbudgeted(plan: QuarterPlan) -> int:
    """What a team spent for which nobody set a budget."""
    return 0 if plan.actual is None or plan.budget is not None else plan.actual


def _or_na(value: int | Fraction | None) -> int | Fraction | str:
    return "n/a" if value is None else value


def _centre(row: BudgetView) -> Centre:
    if len(row.cost_centres) > 1:
        return _SEVERAL
    name = "".join(row.cost_centres)
    return (0, name) if name else _NONE


def _centre_keys(view: QuarterView) -> Mapping[Centre, str]:
    """A short key for every cost centre, because people type their names."""
    centres = sorted({_centre(row) for row in view.budgets})
    return {centre: f"centre-{number}" for number, centre in enumerate(centres, start=1)}


def _by_centre(view: QuarterView) -> Mapping[tuple[str, Centre], list[QuarterPlan]]:
    """The plans of the teams of each quarter and cost centre."""
    groups: dict[tuple[str, Centre], list[QuarterPlan]] = {}
    for row, plan in plans_by_team(view):
        groups.setdefault((row.quarter, _centre(row)), []).append(plan)
    return dict(sorted(groups.items()))
