"""Page 3: what was spent against the original budget, the budget of today and the forecast, by team."""

from __future__ import annotations

from ledger.views.quarter import QuarterView
from reports.charts import budget, frame
from reports.charts.frame import Drawing
from reports.deck import page
from reports.planning import QuarterPlan, plans_by_quarter, plans_by_team, together
from reports.scenarios import AC, BU, FC, PL, off
from reports.sentences import what_was_spent

_SCENARIOS = (BU, PL, AC, off(PL), FC, off(FC))
_CHART, _TABLE_AT = 6.9, 7.6  # inches
_LEGEND = f"{BU} original budget, {PL} budget of today, {AC} actual own work, {FC} forecast; Δ: {AC} of the teams with one less it"


def draw(view: QuarterView, number: page.Number) -> Drawing:
    """The chart on the left, the teams on the right, the coverage under them."""
    message = what_was_spent(view).removesuffix(".")
    figure = page.new_page(view, number, message)
    height = page.TOP - page.BOTTOM
    chart = budget.draw(view, page.part(figure, page.MARGIN, page.BOTTOM + 0.3, _CHART, height - 0.4))
    this = plans_by_quarter(view)[view.provenance.quarter]
    teams = _teams(view, this, page.rows_in(height - 0.5))
    unit = frame.scale(view, [amount or 0 for _, plan in teams for amount in _amounts(plan)])
    headings = (page.Heading(unit.name, 0.22), *(page.Heading(words, 0.13, right=True) for words in _SCENARIOS))
    lines = [page.TableRow((name, *_figures(unit, plan)), strong=plan is this) for name, plan in teams]
    page.table(figure, headings, lines, _TABLE_AT, page.TOP - 0.15, page.WIDTH - page.MARGIN - _TABLE_AT)
    note = ". ".join(filter(None, (_LEGEND, this.coverage))) + "."
    page.sentences(figure, [note], page.BOTTOM + 0.2, size=9, most=1)
    return Drawing(figure, message, f"{message}. {chart.alternative} {page.in_words(headings, lines)} {note}")


def _teams(view: QuarterView, this: QuarterPlan, room: int) -> list[tuple[str, QuarterPlan]]:
    """The teams that have or spent most; the others share a row. All of them stand below."""
    quarter = view.provenance.quarter
    teams = [(row.team or "no team", plan) for row, plan in plans_by_team(view) if row.quarter == quarter]
    teams.sort(key=lambda pair: (-max(abs(amount or 0) for amount in _amounts(pair[1])), pair[0]))
    shown = teams if len(teams) < room else teams[: room - 2]
    others = teams[len(shown) :]
    if others:
        shown = [*shown, (f"{len(others):,} others", together(plan for _, plan in others))]
    return [*shown, ("All teams", this)]


def _amounts(plan: QuarterPlan) -> tuple[int | None, ...]:
    """In the order of the columns."""
    return (plan.original, plan.budget, plan.own, plan.difference, plan.forecast, plan.missed)


def _figures(unit: frame.Scale, plan: QuarterPlan) -> list[str]:
    """What nobody set, or what cannot be held against it, is n/a."""
    return [
        "n/a" if amount is None else unit.label(amount, signed=scenario.startswith("Δ"))
        for scenario, amount in zip(_SCENARIOS, _amounts(plan), strict=True)
    ]
