"""What every chart shares: the message, the subtitle, the provenance, units, and text that never overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from matplotlib.figure import Figure

from ledger.views.quarter import QuarterView
from ledger.vocabulary.spreadsheet_text import printable
from reports.figures import fitting, major
from reports.lettering import Surface, fit, in_lines, shorten
from reports.text import PROVISIONAL

LONGEST_TITLE = 60

# Okabe and Ito's hues, which the colour-blind tell apart, dark enough for words where words have them. Blue is debt and
# nothing else: what lowers a figure is green.
INCREASE, DECREASE, TOTAL = "#B34700", "#00735C", "#404040"
DEBT, NEGLECT = "#0072B2", "#E69F00"
DEBT_WORDS, NEGLECT_WORDS = "#005A8F", "#8F5F00"
#: What is a year old, beside what is of today.
PREVIOUS = "#A6A6A6"
INTEREST = "#404040"
QUIET, INK = "#595959", "#1F1F1F"

_LEFT, _RIGHT = 0.025, 0.975
#: Of charts with a table of figures: width of a column of figures and of the gap before it, 0 to 1.
_COLUMN, _COLUMN_GAP = 0.118, 0.012
#: Fewer rows do not make thicker bars than this many would.
_FEWEST_ROWS = 7
#: Of bridges: width of a bar as a share of its slot, and how many slots they have at least.
_BAR, _FEWEST_SLOTS = 0.62, 6


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart. title: the message; alternative: the same and all figures in words."""

    figure: Surface
    title: str
    alternative: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row: words, a bar of coloured parts (in the chart's unit), and its figures in words."""

    words: str
    parts: Sequence[tuple[float, str]]
    figures: Sequence[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of a bridge, in minor units. A total stands on the ground; a change begins where the last bar ended.

    label: over the bar; the amount in the chart's unit, if it is empty.
    """

    words: str
    amount: int
    total: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of a chart's labels. power: of ten, of the major unit."""

    power: int
    name: str
    exponent: int

    def value(self, minor: int) -> float:
        """An amount in the chart's unit, for coordinates."""
        return float(self._exact(minor))

    def label(self, minor: int, *, signed: bool = False) -> str:
        """An amount in the chart's unit, in words; with a sign where it is a change."""
        exact = self._exact(minor)
        places = 1 if self.power and minor else 0
        text = f"{exact:{'+' if signed else ''},.{places}f}"
        return text.replace("-", "\N{MINUS SIGN}")

    def entry(self, minor: int) -> str:
        """The same in a table of figures, where a dash is zero, as in the workbook."""
        return self.label(minor) if minor else "–"

    def _exact(self, minor: int) -> Decimal:
        return major(minor, self.exponent).scaleb(-self.power)


def scale(view: QuarterView, amounts: Iterable[int]) -> Scale:
    """The unit in which the largest of the amounts has at most five digits before the point."""
    origin = view.provenance
    largest = abs(major(max((abs(amount) for amount in amounts), default=0), origin.exponent))
    for power, word in ((9, "billion"), (6, "million"), (3, "thousand")):
        if largest >= Decimal(10) ** (power + 1):
            return Scale(power, f"{origin.currency} {word}", origin.exponent)
    return Scale(0, origin.currency, origin.exponent)


def title(view: QuarterView, candidates: Sequence[str]) -> str:
    """The longest message that fits, given from long to short; a provisional quarter says so first."""
    prefix = PROVISIONAL if view.provenance.provisional else ""
    return fitting([prefix + candidate for candidate in candidates], LONGEST_TITLE)


def new_chart(
    view: QuarterView, message: str, subtitle: str, *, on: Surface | None = None, right: float = _RIGHT
) -> tuple[Surface, Any]:
    """A figure with its message, subtitle and footer, and the axes to draw on. right: edge of the axes, 0 to 1.

    on: the part of a page that the chart is drawn on; the page has a message and the footer, and it the subtitle.
    """
    figure = on or Figure()
    if on is not None:
        room = (_RIGHT - _LEFT) * figure.bbox.width
        # A line of smaller letters rather than one word alone on a second.
        one = in_lines(figure, subtitle, room, 10, 1)
        lines, size = one if len(one[0]) == 1 else in_lines(figure, subtitle, room, 10, 2)
        texts = [figure.text(_LEFT, 0.965, "\n".join(lines), fontsize=size, va="top", color=INK)]
    else:
        colour = INCREASE if view.provenance.provisional else INK
        texts = [
            figure.text(_LEFT, 0.965, message, fontsize=13, fontweight="bold", va="top", color=colour),
            figure.text(_LEFT, 0.885, subtitle, fontsize=9, va="top", color=QUIET),
            figure.text(_LEFT, 0.022, provenance(view), fontsize=7.5, va="bottom", color=QUIET),
        ]
    for text in texts:
        fit(figure, [text], (_RIGHT - _LEFT) * figure.bbox.width)
    axes = figure.add_axes((0.075, 0.165, right - 0.075, 0.66))
    return figure, axes


def bar_table(
    figure: Surface,
    axes: Any,
    headings: Sequence[tuple[str, str]],
    rows: Sequence[BarRow],
    *,
    words_end: float = 0.245,
) -> None:
    """Horizontal bars between their words and a table of their figures, so that no label meets a bar.

    headings: of the columns of figures, each with its colour; they name the colours of the parts as well.
    words_end: how far the words reach, 0 to 1; the bars get the rest.
    """
    start, end = words_end + 0.01, _RIGHT - _COLUMN * len(headings) - _COLUMN_GAP
    axes.set_position((start, 0.10, end - start, 0.69))
    slots = max(len(rows), _FEWEST_ROWS)
    ends = [0.0]
    for index, row in enumerate(rows):
        above = below = 0.0
        for value, colour in row.parts:
            axes.barh(index, value, left=above if value > 0 else below, height=0.62, color=colour, zorder=3)
            above, below = above + max(value, 0.0), below + min(value, 0.0)
        ends += [above, below]
    low, high = min(ends), max(ends)
    axes.set_xlim(low, high if high > low else low + 1)
    axes.set_ylim(slots - 0.4, -0.6)
    axes.plot([0, 0], [-0.5, len(rows) - 0.5], color="#8C8C8C", lw=0.8, zorder=4)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    _table(figure, axes, headings, rows, words_end)


def _table(
    figure: Surface, axes: Any, headings: Sequence[tuple[str, str]], rows: Sequence[BarRow], words_end: float
) -> None:
    places = [_RIGHT - _COLUMN * index for index in reversed(range(len(headings)))]
    row_of_figure = axes.get_yaxis_transform()
    columns: list[list[Any]] = []
    labels = []
    for place, (words, colour) in zip(places, headings, strict=True):
        columns.append([figure.text(place, 0.80, words, ha="right", va="bottom", fontweight="bold", color=colour)])
    start, end = axes.get_position().x0, axes.get_position().x1
    for index, row in enumerate(rows):
        weight = "bold" if row.strong else "normal"
        x = (_LEFT - start) / (end - start)
        label = axes.text(x, index, row.words, transform=row_of_figure, va="center", fontweight=weight)
        shorten(figure, label, (words_end - _LEFT) * figure.bbox.width)
        labels.append(label)
        for column, place, words in zip(columns, places, row.figures, strict=True):
            x = (place - start) / (end - start)
            style = {"ha": "right", "va": "center", "fontweight": weight}
            column.append(axes.text(x, index, words, transform=row_of_figure, **style))
    smallest = min(label.get_fontsize() for label in labels)
    for label in labels:
        label.set_fontsize(smallest)
    for column in columns:
        fit(figure, column, (_COLUMN - _COLUMN_GAP) * figure.bbox.width)


def bridge(figure: Surface, axes: Any, unit: Scale, steps: Sequence[Step], *, floor: int = 0) -> None:
    """Bars that lead from one total to another, change by change.

    floor: where the chart begins, in minor units; below it, the bars of totals are cut and show it by a gap.
    """
    labels, level = [], 0
    edges = [floor]
    bar = _BAR * min(1.0, len(steps) / _FEWEST_SLOTS)
    span = unit.value(_span(steps, floor))
    for index, step in enumerate(steps):
        low, high = sorted((0, step.amount) if step.total else (level, level + step.amount))
        low = max(low, floor) if step.total and floor else low
        colour = TOTAL if step.total else INCREASE if step.amount > 0 else DECREASE
        axes.bar(index, unit.value(high - low), bottom=unit.value(low), width=bar, color=colour, zorder=3)
        text = step.label or unit.label(step.amount, signed=not step.total)
        top = unit.value(high) + span * 0.02
        labels.append(axes.text(index, top, text, ha="center", va="bottom", fontweight="bold", color=colour, zorder=4))
        if step.total and floor:
            cut = unit.value(floor) + span * 0.06
            axes.plot([index - bar * 0.6, index + bar * 0.6], [cut, cut + span * 0.04], color="white", lw=4, zorder=5)
        level = step.amount if step.total else level + step.amount
        edges += [low, high]
        if index < len(steps) - 1:
            level_now = unit.value(level)
            axes.plot([index + bar / 2, index + 1 - bar / 2], [level_now] * 2, color="#8C8C8C", lw=0.8, zorder=2)
    axes.set_xlim(-0.5, len(steps) - 0.5)
    below = 0 if min(edges) == floor else span * 0.05
    axes.set_ylim(unit.value(min(edges)) - below, unit.value(max(edges)) + span * 0.12)
    axes.set_yticks([])
    axes.axhline(0, color="#8C8C8C", lw=0.8, zorder=1)
    axes.spines["bottom"].set_visible(False)
    axes.set_xticks(range(len(steps)), [step.words for step in steps])
    room = axes.bbox.width / len(steps) * 0.94
    fit(figure, axes.get_xticklabels(), room)
    fit(figure, labels, room)


def _span(steps: Sequence[Step], floor: int) -> int:
    """The height of a bridge from its floor or lowest level to its highest; at least one minor unit."""
    levels, level = [floor], 0
    for step in steps:
        level = step.amount if step.total else level + step.amount
        levels.append(level)
    return max(1, max(levels) - min(levels))


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Positions in rising order, at least a gap apart, as near to the wanted (rising) ones as one pass gives."""
    placed: list[float] = []
    for position in wanted:
        placed.append(max(position, placed[-1] + gap) if placed else position)
    return placed


def say_nothing_to_show(axes: Any, words: str) -> None:
    """An empty chart says why it is empty instead of showing an empty scale."""
    axes.set_axis_off()
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", fontsize=11, color=QUIET)


def provenance(view: QuarterView) -> str:
    """The footer: the book, the day, what was known, and the hash of the last event."""
    origin = view.provenance
    book = printable(origin.book).replace("\n", " ")
    book = book if len(book) <= 30 else book[:29] + "…"
    return (
        f"{book} · as of {origin.as_of} · known at {origin.known_at[:16].replace('T', ' ')} UTC"
        f" · position {origin.position:,} · head {origin.head_hash[:12]}"
    )
