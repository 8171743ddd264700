"""Chart 8: what carrying the open items cost in each of the last quarters."""

from __future__ import annotations

from typing import Any

from ledger.views.quarter import QuarterView
from reports import figures, lettering
from reports.charts import frame
from reports.charts.quarters import name_quarters, quarter_words
from reports.comparatives import comparative
from reports.content import money, recorded
from reports.restated import note, notes

_A_YEAR = 4  # quarters


def draw(view: QuarterView) -> frame.Drawing:
    """A column per quarter, that of the year before lighter: AC and PY of the same quarters."""
    incurred = [recorded(view, quarter, "interest") for quarter in view.quarters]
    unit = frame.scale(view, incurred)
    message = frame.title(view, _messages(view, incurred))
    restated = note(view, "interest", "interest")
    years = f" · dark: AC, light: PY, the same {_A_YEAR} quarters a year before" if len(incurred) > _A_YEAR else ""
    subtitle = f"Interest incurred in each quarter, {unit.name}{years}{f' · {restated}' if restated else ''}"
    figure, axes = frame.new_chart(view, message, subtitle)
    if any(incurred):
        _columns(figure, axes, view, unit, incurred)
    else:
        frame.say_nothing_to_show(axes, f"No interest from {view.quarters[0]} to {view.quarters[-1]}.")
    return frame.Drawing(figure, message, _alternative(view, message, incurred))


def _columns(figure: Any, axes: Any, view: QuarterView, unit: frame.Scale, incurred: list[int]) -> None:
    values = [unit.value(amount) for amount in incurred]
    low, high = min(0.0, *values), max(0.0, *values)
    this_year = range(len(values) - _A_YEAR, len(values))
    labels = []
    for index, (amount, value) in enumerate(zip(incurred, values, strict=True)):
        axes.bar(index, value, width=0.62, color=frame.TOTAL if index in this_year else frame.PREVIOUS, zorder=3)
        gap = (high - low) * 0.02
        place, side = (value + gap, "bottom") if amount >= 0 else (value - gap, "top")
        labels.append(axes.text(index, place, unit.label(amount), ha="center", va=side, fontweight="bold"))
    axes.set_ylim(low - (high - low) * (0.12 if low < 0 else 0), high + (high - low) * 0.12)
    axes.set_xlim(-0.5, len(values) - 0.5)
    name_quarters(figure, axes, range(len(values)), quarter_words(view, unit, "interest"))
    axes.set_yticks([])
    axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=4)
    axes.spines["bottom"].set_visible(False)
    lettering.fit(figure, labels, axes.bbox.width / len(values) * 0.94)


def _messages(view: QuarterView, incurred: list[int]) -> list[str]:
    origin = view.provenance
    amount = figures.compact(incurred[-1], origin.currency, origin.exponent)
    if not any(incurred):
        return ["No interest was incurred"]
    if min(incurred[-2:]) < 0:
        return [f"Interest was {amount} in {origin.quarter}, corrections among it", f"Interest was {amount}"]
    moved = comparative(view, lambda quarter: incurred[view.quarters.index(quarter)])
    if moved is None:
        return [f"Interest was {amount} in {origin.quarter}"]
    now = f"Interest {moved.words} {'at' if moved.stays else 'to'} {amount}"
    if note(view, "interest", ""):
        return [f"{now}; {moved.quarter} restated", f"{now} (restated)"]
    return [f"{now} in {origin.quarter}", now]


def _alternative(view: QuarterView, message: str, incurred: list[int]) -> str:
    points = "; ".join(
        f"{quarter} {money(view, amount)}" for quarter, amount in zip(view.quarters, incurred, strict=True)
    )
    return " ".join(
        [f"{message}. Columns by quarter: {points}.", *notes(view, {"interest": "interest"}, view.quarters[:-1])]
    )
