"""Chart 4: budget, actual and forecast of the last four quarters and the next four."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.patches import Rectangle

from ledger.views.quarter import QuarterView
from reports import lettering
from reports.charts import frame
from reports.content import money
from reports.figures import compact
from reports.planning import SHOWN, QuarterPlan, plans_by_quarter, verdicts
from reports.restated import notes, otherwise

_INK = "#404040"
#: The notation of IBCS: what is planned is outlined, what happened is solid, what is expected is hatched.
_NOTATION: Mapping[str, Mapping[str, Any]] = {
    "budget": {"facecolor": "white", "edgecolor": _INK, "linewidth": 1.1},
    "own": {"facecolor": _INK, "edgecolor": _INK, "linewidth": 1.1},
    "forecast": {"facecolor": "white", "edgecolor": _INK, "linewidth": 1.1, "hatch": "//////"},
}
#: Of the bars of a quarter, which is one wide: their width and how far apart their middles are.
_BAR, _STEP = 0.2, 0.235
_VARIANCE = 0.08
#: Where a quarter's bars stand, in steps from its middle; a coming quarter has no actual to leave room for.
_REPORTED = {"budget": -1.0, "own": 0.0, "forecast": 1.0}
_COMING = {"budget": -0.5, "forecast": 0.5}
#: Left and right edge of the columns of quarters, and where words stand under them; 0 to 1.
_LEFT, _RIGHT = 0.165, 0.975
_QUARTERS_AT = 0.3
_FIRST_WORDS_AT, _WORDS_APART = 0.245, 0.044
#: What the rows of figures are called.
_WORDS = {
    "budget": "PL budget",
    "own": "AC actual",
    "forecast": "FC forecast",
    "original": "BU original",
    "earlier": "For earlier quarters",
}
#: Of what is drawn, measures of Past quarters that an issue has too.
_RESTATED = {"removed_spent": "spent", "budget": "budget", "forecast": "forecast"}


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """Three bars per quarter with their figures underneath, and the difference from the budget above.

    Actual is what the quarter's own work cost; what is for earlier quarters is a row of figures and no bar.
    """
    plans = plans_by_quarter(view)
    unit = frame.scale(view, [getattr(plan, kind) or 0 for plan in plans.values() for kind in _WORDS])
    origin = view.provenance
    message = frame.title(view, verdicts(view, lambda amount: compact(amount, origin.currency, origin.exponent)))
    covered = plans[origin.quarter].coverage
    subtitle = (
        f"Spending on repayments, {unit.name} · above: ΔPL of teams with a budget, orange + is over, green − is"
        f" under{f' · {origin.quarter}: {covered}' if covered else ''}"
    )
    figure, axes = frame.new_chart(view, message, subtitle, on=on)
    if any(plan.actual or plan.budget is not None or plan.forecast is not None for plan in plans.values()):
        axes.set_position((_LEFT, 0.36, _RIGHT - _LEFT, 0.47))
        _bars(figure, axes, unit, list(plans.values()))
        _table(figure, axes, view, unit, plans)
    else:
        first, *_, last = plans
        frame.say_nothing_to_show(axes, f"No budget, forecast or spending from {first} to {last}.")
    return frame.Drawing(figure, message, _alternative(view, message, plans))


def _bars(figure: Any, axes: Any, unit: frame.Scale, plans: list[QuarterPlan]) -> None:
    values = [[_value(unit, getattr(plan, kind)) for kind in _NOTATION] for plan in plans]
    low, high = min(0.0, *(min(each) for each in values)), max(0.0, *(max(each) for each in values))
    span = high - low or 1.0
    labels = []
    for index, (plan, heights) in enumerate(zip(plans, values, strict=True)):
        for kind, steps in (_COMING if plan.actual is None else _REPORTED).items():
            if getattr(plan, kind) is not None:
                height = _value(unit, getattr(plan, kind))
                axes.bar(index + steps * _STEP, height, width=_BAR, zorder=3, **_NOTATION[kind])
        if plan.difference:
            colour = frame.INCREASE if plan.difference > 0 else frame.DECREASE
            # On the actual: from what was budgeted to what those spent who had a budget.
            over = unit.value(plan.difference)
            axes.bar(index, over, bottom=heights[0], width=_VARIANCE, color=colour, zorder=4)
            top = max(0.0, *heights) + span * 0.03
            words = unit.label(plan.difference, signed=True)
            labels.append(axes.text(index, top, words, ha="center", va="bottom", fontweight="bold", color=colour))
    axes.set_ylim(low, high + span * 0.14)
    axes.set_xlim(-0.5, len(plans) - 0.5)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=4)
    axes.spines["bottom"].set_visible(False)
    lettering.fit(figure, labels, axes.bbox.width / len(plans) * 0.94)


def _table(figure: Any, axes: Any, view: QuarterView, unit: frame.Scale, plans: Mapping[str, QuarterPlan]) -> None:
    """The quarters and their figures; each row begins with the bar that it stands for."""
    width = (_RIGHT - _LEFT) / len(plans)
    figures, names = [], []
    shown = [kind for kind in _WORDS if kind in _NOTATION or _tells_more(plans, kind)]
    places = {kind: _FIRST_WORDS_AT - _WORDS_APART * index for index, kind in enumerate(shown)}
    for index, (quarter, plan) in enumerate(plans.items()):
        middle = _LEFT + width * (index + 0.5)
        weight = "bold" if quarter == view.provenance.quarter else "normal"
        names.append(
            figure.text(middle, _QUARTERS_AT, _named(view, quarter), ha="center", va="center", fontweight=weight)
        )
        for kind, place in places.items():
            amount = None if kind == "earlier" and plan.actual is None else getattr(plan, kind)
            # What is yet to come is left empty; what nobody set is said.
            words = unit.entry(amount) if amount is not None else "" if kind in ("own", "earlier") else "n/a"
            colour = frame.QUIET if amount is None else "#1F1F1F"
            figures.append(figure.text(middle, place, words, ha="center", va="center", color=colour, fontweight=weight))
    lettering.fit(figure, names, width * figure.bbox.width * 0.94)
    rows = []
    for kind, place in places.items():
        if kind in _NOTATION:
            swatch = Rectangle((0.027, place - 0.015), 0.014, 0.03, transform=figure.transSubfigure, **_NOTATION[kind])
            figure.add_artist(swatch)
        rows.append(figure.text(0.052 if kind in _NOTATION else 0.027, place, _WORDS[kind], va="center"))
    lettering.fit(figure, rows[:3], (_LEFT - 0.058) * figure.bbox.width)
    lettering.fit(figure, rows[3:], (_LEFT - 0.035) * figure.bbox.width)
    lettering.fit(figure, figures, width * figure.bbox.width * 0.94)
    coming = sum(1 for plan in plans.values() if plan.actual is not None)
    if 0 < coming < len(plans):
        axes.axvline(coming - 0.5, color="#BFBFBF", lw=0.8, linestyle=(0, (4, 3)), zorder=1)


def _named(view: QuarterView, quarter: str) -> str:
    """A quarter, and whether a figure of it is another than was issued."""
    restated = any(otherwise(view, quarter, measure) is not None for measure in _RESTATED)
    return f"{quarter}\nrestated" if restated else quarter


def _tells_more(plans: Mapping[str, QuarterPlan], kind: str) -> bool:
    """Whether a row without bars says what the others do not: another original budget, corrections."""
    if kind == "original":
        return any(plan.original != plan.budget for plan in plans.values())
    return any(plan.earlier for plan in plans.values())


def _value(unit: frame.Scale, amount: int | None) -> float:
    return 0.0 if amount is None else unit.value(amount)


def _alternative(view: QuarterView, message: str, plans: Mapping[str, QuarterPlan]) -> str:
    def words(amount: int | None) -> str:
        return "not set" if amount is None else money(view, amount)

    quarters = []
    for quarter, plan in plans.items():
        parts = [f"budget {words(plan.budget)}"]
        if plan.actual is not None:
            parts.append(f"actual {words(plan.own)}")
        if plan.original != plan.budget:
            parts.append(f"original budget {words(plan.original)}")
        if plan.earlier:
            parts.append(f"for earlier quarters {words(plan.earlier)}")
        parts.append(f"forecast {words(plan.forecast)}")
        if plan.difference is not None:
            parts.append(f"difference {words(plan.difference)}")
        if plan.coverage:
            parts.append(plan.coverage)
        quarters.append(f"{quarter} {', '.join(parts)}")
    restated = notes(view, _RESTATED, view.quarters[-SHOWN:-1])
    return " ".join([f"{message}. Columns by quarter: {'; '.join(quarters)}.", *restated])
