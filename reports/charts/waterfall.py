"""Chart 1: how the technical delta went from opening to closing."""

from __future__ import annotations

from typing import Any

from ledger.views import MOVEMENTS, QuarterView
from reports import figures
from reports.charts import frame
from reports.content import NATURES, total_posted
from reports.figures import change_in_words, compact

#: Width of a bar as a share of its slot, and how many slots a chart has at least.
_BAR, _FEWEST_SLOTS = 0.62, 6

#: What moved the delta most, as the title says it.
_DRIVERS = {
    "commissioned": "new debt",
    "observed": "observed neglect",
    "adopted": "adoptions",
    "revised": "revised estimates",
    "repaid": "repayments",
    "written_off": "write-offs",
    "corrected": "corrections",
    "transferred": "transfers",
}


def draw(view: QuarterView) -> frame.Drawing:
    """Opening, every movement that is not zero, closing."""
    opening, closing = _total(view, "opening"), _total(view, "closing")
    moves = {column: amount for column in MOVEMENTS if (amount := _total(view, column))}
    unit = frame.scale(view, (opening, closing, *moves.values()))
    message = frame.title(view, _messages(view, opening, closing, moves))
    quarter = view.provenance.quarter
    subtitle = f"Roll-forward of debt and neglect, {quarter}, {unit.name} · orange adds to the delta, blue lowers it"
    figure, axes = frame.new_chart(view, message, subtitle)
    if opening or closing or moves:
        _bars(figure, axes, view, unit, opening, closing, moves)
    else:
        frame.say_nothing_to_show(axes, f"No technical delta stood or moved in {quarter}.")
    return frame.Drawing(figure, message, _alternative(view, message, opening, closing, moves))


def _total(view: QuarterView, column: str) -> int:
    return sum(total_posted(view, nature, column) for nature in NATURES)


def _messages(view: QuarterView, opening: int, closing: int, moves: dict[str, int]) -> list[str]:
    currency, exponent = view.provenance.currency, view.provenance.exponent
    amount = compact(closing, currency, exponent)
    if opening == closing == 0 and not moves:
        return ["No technical delta stands"]
    if opening == closing:
        return [f"Delta stayed at {amount}" + (": movements cancel out" if moves else ": nothing moved")]
    words = f"Delta {change_in_words(closing, opening)} to {amount}"
    same_way = {column: move for column, move in moves.items() if (move > 0) == (closing > opening)}
    driver = max(same_way, key=lambda column: abs(same_way[column]), default=None)
    return [f"{words}, driven by {_DRIVERS[driver]}", words] if driver else [words]


def _bars(
    figure: Any, axes: Any, view: QuarterView, unit: frame.Scale, opening: int, closing: int, moves: dict[str, int]
) -> None:
    steps = [("Opening", opening, True), *((_name(c), a, False) for c, a in moves.items()), ("Closing", closing, True)]
    labels, level, edges = [], 0, [0]
    bar = _BAR * min(1.0, len(steps) / _FEWEST_SLOTS)
    span = _span(opening, moves)
    for index, (_, amount, is_total) in enumerate(steps):
        low, high = sorted((0, amount) if is_total else (level, level + amount))
        colour = frame.TOTAL if is_total else frame.INCREASE if amount > 0 else frame.DECREASE
        axes.bar(index, unit.value(high - low), bottom=unit.value(low), width=bar, color=colour, zorder=3)
        text = unit.label(amount, signed=not is_total)
        top = unit.value(high) + unit.value(span) * 0.02
        labels.append(axes.text(index, top, text, ha="center", va="bottom", fontweight="bold", color=colour, zorder=4))
        level = amount if is_total else level + amount
        edges += [low, high]
        if index < len(steps) - 1:
            level_now = unit.value(level)
            axes.plot([index + bar / 2, index + 1 - bar / 2], [level_now] * 2, color="#8C8C8C", lw=0.8, zorder=2)
    axes.set_xlim(-0.5, len(steps) - 0.5)
    axes.set_ylim(unit.value(min(edges)) - (0 if min(edges) == 0 else unit.value(span) * 0.05),
                  unit.value(max(edges)) + unit.value(span) * 0.12)  # fmt: skip
    axes.set_yticks([])
    axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=1)
    axes.spines["bottom"].set_visible(False)
    _ticks(figure, axes, view, [name for name, _, _ in steps], labels)


def _ticks(figure: Any, axes: Any, view: QuarterView, names: list[str], labels: list[Any]) -> None:
    first, last = view.provenance.first_day, min(view.provenance.last_day, view.provenance.as_of)
    names = [f"{names[0]}\n{first}", *names[1:-1], f"{names[-1]}\n{last}"]
    axes.set_xticks(range(len(names)), names)
    room = axes.bbox.width / len(names) * 0.94
    frame.fit(figure, axes.get_xticklabels(), room)
    frame.fit(figure, labels, room)


def _span(opening: int, moves: dict[str, int]) -> int:
    """The height of the chart from its lowest to its highest level, zero among them; at least one minor unit."""
    levels, level = [0, opening], opening
    for amount in moves.values():
        level += amount
        levels.append(level)
    return max(1, max(levels) - min(levels))


def _name(column: str) -> str:
    return column.replace("_", "-").capitalize()


def _alternative(view: QuarterView, message: str, opening: int, closing: int, moves: dict[str, int]) -> str:
    currency, exponent = view.provenance.currency, view.provenance.exponent

    def words(amount: int) -> str:
        return figures.money(amount, currency, exponent)

    steps = ", ".join(f"{_name(column).lower()} {words(amount)}" for column, amount in moves.items()) or "no movement"
    quarter = view.provenance.quarter
    return f"{message}. Waterfall of {quarter}: opening {words(opening)}, {steps}, closing {words(closing)}."
