"""Widths and heights, so that nothing is cut, shows #### or overlaps, also in a font wider than Calibri."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from unicodedata import east_asian_width

from reports.sheet import Block, Column, Formula, Kind, Scalar
from reports.xlsx.formats import TEXTS, shown
from reports.xlsx.pages import paging
from reports.xlsx.styles import LINE_HEIGHT

#: Where Calibri is missing its substitute may be wider; numbers would show as ####.
WIDENING = 1.12
NARROWEST, WIDEST = 6.0, 120.0
_WIDEST_LETTER = 2.0
#: Sizes of headlines, and how wide their letters are on average, in pixels for each point.
_HEADLINES, _PIXELS_OF_A_LETTER = (16, 14, 12, 11, 10), 0.68
#: Excel's limit for the height of a row, points.
TALLEST = 409.0


def column_widths(blocks: Sequence[Block], exponent: int) -> list[float]:
    """Width of each column of a sheet, in characters, wide enough for all its blocks."""
    per_block = [[_width(block, column, exponent) for column in block.columns] for block in blocks]
    return [max(widths) for widths in zip_longest(*per_block, fillvalue=NARROWEST)]


def shown_widths(blocks: Sequence[Block], widths: Sequence[float]) -> list[float]:
    """The widths, 0 where every block that reaches so far hides its column."""
    return [
        0.0 if all(block.columns[at].hidden for block in blocks if at < len(block.columns)) else width
        for at, width in enumerate(widths)
    ]


def notes_width(blocks: Sequence[Block], exponent: int, repeated: int) -> float:
    """How many characters wide the notes under the blocks are: as the first printed page is."""
    shown = shown_widths(blocks, column_widths(blocks, exponent))
    breaks = paging(shown, repeated).breaks
    return sum(shown[: breaks[0]] if breaks else shown)


def row_height(texts: Sequence[str], widths: Sequence[float], *, bold: bool = False) -> float:
    """Height in points of a row whose texts wrap within the widths."""
    factor = 1.1 if bold else 1.0
    lines = max((_lines(text, (width - 1.5) / factor) for text, width in zip(texts, widths, strict=False)), default=1)
    return min(TALLEST, max(1, lines) * LINE_HEIGHT + 2)


def headline_size(text: str, room: float) -> int:
    """The largest size in points in which a headline stays within the room, in pixels; it has one line."""
    return next((size for size in _HEADLINES if len(text) * size * _PIXELS_OF_A_LETTER <= room), _HEADLINES[-1])


def note_lines(note: str, width: float) -> list[str]:
    """A note cut into lines that fit the sheet's width; notes are set in a small font."""
    return textwrap.wrap(note, max(40, int(width * 0.95))) or [""]


def _width(block: Block, column: Column, exponent: int) -> float:
    heading = max((len(word) for word in column.heading.split()), default=0) if block.header else 0
    heading_width = heading * WIDENING + (3 if block.table else 1.5)  # a table's heading carries a filter button
    if column.width and column.kind in TEXTS:
        return max(float(column.width), heading_width)
    longest = _longest(block, column, exponent)
    return min(WIDEST, max(NARROWEST, column.width, heading_width, longest * WIDENING + 1.5))


def _longest(block: Block, column: Column, exponent: int) -> int:
    """Characters of the longest value of a column as it is shown."""
    numbers: dict[Kind, tuple[int, int]] = {}
    longest = 0
    for row in (*block.rows, *([block.total] if block.total else [])):
        content = row.cells.get(column.key)
        value: Scalar = content.cached if isinstance(content, Formula) else content
        if value is None:
            continue
        kind = row.kinds.get(column.key, column.kind) if row.kinds else column.kind
        if isinstance(value, int):
            # Of whole numbers of one kind none is longer than the lowest or the highest.
            low, high = numbers.get(kind, (value, value))
            numbers[kind] = (min(low, value), max(high, value))
        else:
            longest = max(longest, 19 if kind is Kind.STAMP else len(shown(value, kind, exponent)))
    ends = (len(shown(end, kind, exponent)) for kind, pair in numbers.items() for end in pair)
    return max(longest, *ends) if numbers else longest


@lru_cache(maxsize=10_000)
def _lines(text: str, room: float) -> int:
    """How many lines a text takes, broken at blanks as spreadsheets break it."""
    if len(text) * _WIDEST_LETTER <= room and "\n" not in text:
        return 1
    return sum(_paragraph_lines(part, room) for part in text.split("\n"))


def _paragraph_lines(text: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in text.split(" "):
        size = sum(_size(letter) for letter in word)
        if used and used + size > room:
            lines, used = lines + 1, 0.0
        lines += int(used + size) // max(1, int(room)) if size > room else 0
        used = (used + size) % room if size > room else used + size + _size(" ")
    return lines


def _size(letter: str) -> float:
    """Width of a letter in 10 points, in the width of a digit in 11; generous, because fonts differ."""
    if east_asian_width(letter) in "WF":
        return _WIDEST_LETTER
    return 1.25 if letter.isupper() or letter in "@%#mw" else 0.92
