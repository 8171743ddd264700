"""Chart 2: debt and neglect at the end of each of the last quarters, stacked."""

from __future__ import annotations

from typing import Any

from matplotlib.ticker import FuncFormatter, MaxNLocator

from ledger.views.quarter import QuarterView
from reports import figures, lettering
from reports.charts import frame
from reports.charts.quarters import name_quarters, quarter_words
from reports.content import recorded
from reports.restated import notes
from reports.sentences import how_it_divides

_RIGHT_EDGE = 0.78
#: Least distance of two labels, as a share of the height of the axes.
_LABEL_GAP = 0.075


def draw(view: QuarterView, on: lettering.Surface | None = None) -> frame.Drawing:
    """Two bands and their sum, named at their right end."""
    debt = [recorded(view, quarter, "closing", "debt") for quarter in view.quarters]
    neglect = [recorded(view, quarter, "closing", "neglect") for quarter in view.quarters]
    delta = [sum(pair) for pair in zip(debt, neglect, strict=True)]
    unit = frame.scale(view, (*debt, *neglect, *delta))
    message = frame.title(view, how_it_divides(view))
    subtitle = f"Debt and neglect outstanding at the end of each quarter, {unit.name}"
    figure, axes = frame.new_chart(view, message, subtitle, on=on, right=_RIGHT_EDGE)
    if any(debt) or any(neglect):
        _areas(axes, unit, debt, neglect)
        places = [0.5] if len(debt) == 1 else [float(index) for index in range(len(debt))]
        name_quarters(figure, axes, places, quarter_words(view, unit, "closing"))
        _labels(figure, axes, unit, debt[-1], neglect[-1], delta)
    else:
        axes.set_position((0.075, 0.165, 0.87, 0.66))
        frame.say_nothing_to_show(axes, f"No technical delta from {view.quarters[0]} to {view.quarters[-1]}.")
    return frame.Drawing(figure, message, _alternative(view, message, debt, neglect))


def _areas(axes: Any, unit: frame.Scale, debt: list[int], neglect: list[int]) -> None:
    # A single quarter has no area; it is drawn as a band of its own.
    twice = len(debt) == 1
    x = [0.0, 1.0] if twice else [float(index) for index in range(len(debt))]
    low = [unit.value(amount) for amount in debt * 2][: len(x)] if twice else [unit.value(amount) for amount in debt]
    top_minor = [a + b for a, b in zip(debt, neglect, strict=True)]
    top = [unit.value(amount) for amount in (top_minor * 2 if twice else top_minor)]
    axes.fill_between(x, 0, low, color=frame.DEBT, linewidth=0, zorder=2)
    axes.fill_between(x, low, top, color=frame.NEGLECT, linewidth=0, zorder=2)
    axes.plot(x, low, color="white", lw=0.9, zorder=3)
    axes.plot(x, top, color="#1F1F1F", zorder=4)
    floor, ceiling = min(0.0, *low, *top), max(0.0, *low, *top)
    axes.set_ylim(floor, ceiling + (ceiling - floor) * 0.14)
    axes.set_xlim(x[0], x[-1])
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}".replace("-", "\N{MINUS SIGN}")))
    axes.grid(visible=True, axis="y")


def _labels(figure: Any, axes: Any, unit: frame.Scale, debt: int, neglect: int, delta: list[int]) -> None:
    low, high = axes.get_ylim()
    entries = sorted(
        [
            (unit.value(debt) / 2, f"Debt  {unit.label(debt)}", frame.DEBT_WORDS),
            (unit.value(debt) + unit.value(neglect) / 2, f"Neglect  {unit.label(neglect)}", frame.NEGLECT_WORDS),
            (unit.value(delta[-1]), f"Delta  {unit.label(delta[-1])}", "#1F1F1F"),
        ],
        key=lambda entry: entry[0],
    )
    wanted = [(position - low) / (high - low) for position, _, _ in entries]
    texts = [
        axes.text(1.02, place, words, transform=axes.transAxes, va="center", fontweight="bold", color=colour)
        for place, (_, words, colour) in zip(frame.spread(wanted, _LABEL_GAP), entries, strict=True)
    ]
    lettering.fit(figure, texts, (0.975 - _RIGHT_EDGE) * figure.bbox.width - 0.02 * axes.bbox.width)
    if len(delta) > 1 and delta[0]:
        above = unit.value(max(delta[:2])) + (high - low) * 0.02
        axes.text(0.06, above, unit.label(delta[0]), ha="left", va="bottom", fontweight="bold")


def _alternative(view: QuarterView, message: str, debt: list[int], neglect: list[int]) -> str:
    origin = view.provenance

    def words(amount: int) -> str:
        return figures.money(amount, origin.currency, origin.exponent)

    points = "; ".join(
        f"{quarter} debt {words(owed)}, neglect {words(omitted)}"
        for quarter, owed, omitted in zip(view.quarters, debt, neglect, strict=True)
    )
    restated = notes(view, {"closing": "delta"}, view.quarters[:-1])
    return " ".join([f"{message}. Stacked areas: {points}.", *restated])
