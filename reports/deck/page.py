"""What every page of the deck shares: its size, message, status and footer, and how tables, tiles and sentences stand on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from reports import lettering
from reports.charts import frame
from reports.text import PROVISIONAL

#: Inches: the shape of a screen, which A4 on its side holds without loss.
WIDTH, HEIGHT = 40 / 3, 7.5
#: Inches, of the margins; where the message begins, and where what is shown begins and ends.
MARGIN, MESSAGE, TOP, BOTTOM = 0.55, 7.15, 6.0, 0.65
#: Points.
_MESSAGE_SIZE, _STATUS_SIZE, _FOOTER_SIZE, _CELL_SIZE = 19, 10, 8, 10
_LINES_OF_MESSAGE = 2
#: Inches, of the headings and of a row, which has room for two lines of words.
_HEADINGS, _ROW = 0.31, 0.41
_GAP = 0.12  # inches between two columns


@dataclass(frozen=True, slots=True)
class Number:
    """Which page it is of how many."""

    page: int
    of: int


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a column of a table. share: of the table's width; all of them add up to 1.

    right: a column of figures. whole: nothing of it may be cut; the letters become smaller instead.
    """

    words: str
    share: float
    right: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table."""

    cells: Sequence[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that is to be seen first. words: what it is; beside: what it is compared with, a line each."""

    words: str
    figure: str
    beside: Sequence[str] = ()


def new_page(view: QuarterView, number: Number, message: str) -> Figure:
    """A page with its message, whether it is final, and the footer."""
    origin = view.provenance
    figure = Figure(figsize=(WIDTH, HEIGHT))
    colour = frame.INCREASE if origin.provisional else frame.INK
    said = f"{PROVISIONAL if origin.provisional else ''}{message}"
    style = {"fontweight": "bold", "color": colour}
    sentences(figure, [said], MESSAGE, size=_MESSAGE_SIZE, most=_LINES_OF_MESSAGE, **style)
    known = origin.known_at[:16].replace("T", " ")
    status = f"provisional: {origin.quarter} had not ended on {origin.as_of}" if origin.provisional else "final"
    words = f"{origin.quarter} · {origin.currency} · {status}, as known at {known} UTC"
    at: dict[str, Any] = {"va": "bottom", "color": frame.QUIET}
    _fitted(figure, MARGIN, TOP + 0.14, words, WIDTH - 2 * MARGIN, fontsize=_STATUS_SIZE, **at)
    room = WIDTH - 2 * MARGIN - 1
    _fitted(figure, MARGIN, 0.3, frame.provenance(view), room, fontsize=_FOOTER_SIZE, **at)
    page = f"{number.page} of {number.of}"
    figure.text((WIDTH - MARGIN) / WIDTH, 0.3 / HEIGHT, page, fontsize=_FOOTER_SIZE, ha="right", **at)
    return figure


def part(figure: Figure, left: float, bottom: float, width: float, height: float) -> SubFigure:
    """A part of the page for a chart. All in inches."""
    columns = (left, width, WIDTH - left - width)
    rows = (HEIGHT - bottom - height, height, bottom)
    grid = figure.add_gridspec(3, 3, width_ratios=columns, height_ratios=rows)
    return figure.add_subfigure(grid[1, 1])


def sentences(
    figure: Figure, said: Sequence[str], top: float, *, size: float = 14, most: int = 3, **style: Any
) -> float:
    """Sentences under each other over the width of the page, each on `most` lines; gives where they end, in inches."""
    line = size / 72 * 1.35
    for sentence in said:
        words, fits = lettering.in_lines(figure, sentence, (WIDTH - 2 * MARGIN) * figure.dpi, size, most, **style)
        for row in words:
            figure.text(MARGIN / WIDTH, top / HEIGHT, row, fontsize=fits, va="top", **style)
            top -= line
        top -= line * 0.45
    return top


def tiles(figure: Figure, shown: Sequence[Tile], top: float) -> float:
    """Tiles beside each other over the width of the page; gives where they end, in inches."""
    width = (WIDTH - 2 * MARGIN) / len(shown)
    room = width - 0.3
    for index, tile in enumerate(shown):
        left = MARGIN + index * width
        _rule(figure, left, left + width - 0.2, top, 1.6)
        at = {"va": "top"}
        _fitted(figure, left, top - 0.12, tile.words, room, fontsize=10.5, color=frame.QUIET, **at)
        _fitted(figure, left, top - 0.4, tile.figure, room, fontsize=20, fontweight="bold", **at)
        for number, words in enumerate(tile.beside):
            _fitted(figure, left, top - 0.9 - number * 0.25, words, room, fontsize=10, **at)
    return top - 0.95 - 0.25 * max(len(tile.beside) for tile in shown)


def table(
    figure: Figure, headings: Sequence[Heading], lines: Sequence[TableRow], left: float, top: float, width: float
) -> None:
    """Headings and rows; what is longer than its column ends in an ellipsis. All in inches."""
    start = left
    for index, heading in enumerate(headings):
        end = start + heading.share * width - _GAP
        at: dict[str, Any] = {
            "x": (end if heading.right else start) / WIDTH,
            "ha": "right" if heading.right else "left",
        }
        at["va"] = "center"
        words = figure.text(y=(top - _HEADINGS / 2) / HEIGHT, s=heading.words, color=frame.QUIET, fontsize=9.5, **at)
        lettering.fit(figure, [words], (end - start) * figure.dpi)
        cells = []
        for number, line in enumerate(lines):
            y = (top - _HEADINGS - _ROW * (number + 0.5) - 0.05) / HEIGHT
            weight = "bold" if line.strong else "normal"
            cells.append(figure.text(y=y, s=line.cells[index], fontsize=_CELL_SIZE, fontweight=weight, **at))
        _alike(figure, cells, (end - start) * figure.dpi, whole=heading.right or heading.whole)
        start = end + _GAP
    _rule(figure, left, left + width - _GAP, top - _HEADINGS - 0.02, 0.8)


def _alike(figure: Figure, cells: Sequence[Text], room: float, *, whole: bool) -> None:
    """The cells of a column in one size of letters. whole: nothing is cut but what no letters are small enough for."""
    if whole:
        lettering.fit(figure, cells, room)
    for cell in cells:
        (lettering.shorten if whole else lettering.in_two_lines)(figure, cell, room)
    smallest = min((cell.get_fontsize() for cell in cells), default=0.0)
    for cell in cells:
        cell.set_fontsize(smallest)


def rows_in(height: float) -> int:
    """How many rows a table of this height has under its headings; inches."""
    return max(1, int((height - 0.05 - _HEADINGS) / _ROW))


def in_words(headings: Sequence[Heading], lines: Sequence[TableRow]) -> str:
    """A table for those who cannot see it."""
    said = ("; ".join(_cells(headings, line)) for line in lines)
    return " ".join(f"{words}." for words in said)


def _cells(headings: Sequence[Heading], line: TableRow) -> Iterator[str]:
    for heading, cell in zip(headings, line.cells, strict=True):
        if cell:
            yield f"{heading.words} {' '.join(cell.split())[:80]}"


def _fitted(figure: Figure, left: float, bottom: float, words: str, room: float, **style: Any) -> None:
    text = figure.text(left / WIDTH, bottom / HEIGHT, words, **style)
    lettering.fit(figure, [text], room * figure.dpi)


def _rule(figure: Figure, left: float, right: float, height: float, width: float) -> None:
    xs, ys = [left / WIDTH, right / WIDTH], [height / HEIGHT] * 2
    figure.add_artist(Line2D(xs, ys, color=frame.TOTAL, lw=width, transform=figure.transFigure))
