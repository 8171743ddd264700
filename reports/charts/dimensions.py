"""Chart 9: debt and neglect in each dimension over the last quarters, in four small charts of one scale."""

from __future__ import annotations

from typing import Any

from ledger.views.quarter import QuarterView
from ledger.vocabulary.kinds import DIMENSIONS, NATURES
from reports import figures, lettering
from reports.charts import frame
from reports.charts.quarters import restated_words
from reports.comparatives import comparative
from reports.content import money

_LEFT, _WIDTH, _GAP = 0.04, 0.206, 0.038
_BOTTOM, _HEIGHT = 0.165, 0.50

Series = dict[str, tuple[list[int], list[int]]]  # debt and neglect per quarter, by dimension; minor units


def draw(view: QuarterView) -> frame.Drawing:
    """Four panels side by side; a column per quarter in each."""
    series: Series = {dimension: _closings(view, dimension) for dimension in DIMENSIONS}
    deltas = {name: [sum(pair) for pair in zip(*both, strict=True)] for name, both in series.items()}
    everything = [amount for both in series.values() for one in both for amount in one]
    unit = frame.scale(view, [*everything, *(amount for delta in deltas.values() for amount in delta)])
    message = frame.title(view, _messages(view, deltas))
    quarters = f"{view.quarters[0]} to {view.quarters[-1]}"
    restated = restated_words(view, ("closing",))
    subtitle = f"Debt and neglect outstanding at the end of each quarter, {quarters}, {unit.name}{restated}"
    figure, axes = frame.new_chart(view, message, subtitle)
    if any(everything):
        axes.remove()
        _panels(figure, view, unit, series)
    else:
        frame.say_nothing_to_show(axes, f"No technical delta from {quarters}.")
    return frame.Drawing(figure, message, _alternative(view, message, series))


def _closings(view: QuarterView, dimension: str) -> tuple[list[int], list[int]]:
    found = {(row.quarter, row.nature): row.closing for row in view.dimensions if row.dimension == dimension}
    debt, neglect = ([found.get((quarter, nature), 0) for quarter in view.quarters] for nature in NATURES)
    return debt, neglect


def _panels(figure: Any, view: QuarterView, unit: frame.Scale, series: Series) -> None:
    columns = [pair for both in series.values() for pair in zip(*both, strict=True)]
    low = min(0.0, *(unit.value(sum(min(0, part) for part in pair)) for pair in columns))
    high = max(0.0, *(unit.value(sum(max(0, part) for part in pair)) for pair in columns))
    for index, (dimension, (debt, neglect)) in enumerate(series.items()):
        axes = figure.add_axes((_LEFT + index * (_WIDTH + _GAP), _BOTTOM, _WIDTH, _HEIGHT))
        for place, (owed, omitted) in enumerate(zip(debt, neglect, strict=True)):
            above = below = 0.0
            for amount, colour in ((unit.value(owed), frame.DEBT), (unit.value(omitted), frame.NEGLECT)):
                axes.bar(place, amount, bottom=above if amount > 0 else below, width=0.72, color=colour, zorder=3)
                above, below = above + max(0.0, amount), below + min(0.0, amount)
        axes.set_ylim(low, high)
        axes.set_xlim(-0.5, len(debt) - 0.5)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=4)
        axes.spines["bottom"].set_visible(False)
        _words(figure, axes, view, unit, dimension, debt[-1], neglect[-1])


def _words(
    figure: Any, axes: Any, view: QuarterView, unit: frame.Scale, dimension: str, debt: int, neglect: int
) -> None:
    """Name and closing over the panel, debt and neglect in their colours, first and last quarter below."""
    room = axes.bbox.width
    heading = axes.text(
        0,
        1.19,
        f"{dimension.capitalize()}  {unit.entry(debt + neglect)}",
        transform=axes.transAxes,
        fontweight="bold",
        va="bottom",
        fontsize=10,
    )
    parts = [
        axes.text(0, 1.07, f"Debt {unit.entry(debt)}", transform=axes.transAxes, color=frame.DEBT_WORDS, va="bottom"),
        axes.text(
            1,
            1.07,
            f"Neglect {unit.entry(neglect)}",
            transform=axes.transAxes,
            color=frame.NEGLECT_WORDS,
            va="bottom",
            ha="right",
        ),
    ]
    for text in parts:
        text.set_fontsize(8)
    ends = [axes.text(0, -0.05, view.quarters[0], transform=axes.transAxes, va="top", fontsize=8, color=frame.QUIET)]
    if len(view.quarters) > 1:
        ends.append(
            axes.text(
                1,
                -0.05,
                view.quarters[-1],
                transform=axes.transAxes,
                va="top",
                ha="right",
                fontsize=8,
                color=frame.QUIET,
            )
        )
    lettering.fit(figure, [heading], room)
    lettering.fit(figure, parts, room * 0.48)
    lettering.fit(figure, ends, room * 0.45)


def _messages(view: QuarterView, deltas: dict[str, list[int]]) -> list[str]:
    origin = view.provenance
    if not any(amount for delta in deltas.values() for amount in delta):
        return ["No technical delta stands in any dimension"]
    moved = {}
    for each, delta in deltas.items():
        of_quarter: dict[str, int] = dict(zip(view.quarters, delta, strict=True))
        if found := comparative(view, of_quarter.get):
            moved[each] = found
    name = max(moved, key=lambda each: (abs(moved[each].change), each), default=None)
    if name is None or moved[name].stays:
        return [f"No dimension changed in {origin.quarter}"]
    verb = "grew" if moved[name].rises else "shrank"
    amount = figures.compact(abs(int(moved[name].change)), origin.currency, origin.exponent)
    words = f"Dimension {name} {verb} most in {origin.quarter}"
    return [f"{words}, by {amount}", words]


def _alternative(view: QuarterView, message: str, series: Series) -> str:
    points = "; ".join(
        f"{name} debt {money(view, debt[-1])}, neglect {money(view, neglect[-1])}"
        for name, (debt, neglect) in series.items()
    )
    return f"{message}. Columns by quarter and dimension; at the end {points}."
