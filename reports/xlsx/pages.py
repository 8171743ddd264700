"""Printed pages: how much of a sheet goes on one, in a size that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Inches of A4 between the margins, and from top to bottom between header and footer: lying, and standing.
_LYING, _STANDING = (10.85, 7.1), (7.4, 10.5)
#: Of that width, what is used where columns are parted: a font that replaces Calibri may be wider.
_SURE = 0.9
_POINTS_PER_INCH, _PIXELS_PER_INCH = 72, 96
#: Notes of 9 points stay above 7 at this scale.
SMALLEST = 0.78
#: Rows of a long sheet that go on its one page.
ROWS_OF_LONG = 24


class Paging(NamedTuple):
    """breaks: after which columns a page ends, none if all fit on one; scale: of the print, at most 1; room: in inches."""

    breaks: tuple[int, ...]
    scale: float
    room: tuple[float, float] = _LYING

    @property
    def height(self) -> float:
        """How many points of rows go on a page."""
        return self.room[1] * _POINTS_PER_INCH / self.scale

    @property
    def width(self) -> float:
        """How many pixels of columns go on a page."""
        return self.room[0] * _PIXELS_PER_INCH / self.scale


def pixels(width: float) -> int:
    """The width of a column in pixels at 96 a inch, Calibri 11 being the workbook's default font."""
    return int(width * 7 + 5)


def paging(widths: Sequence[float], repeated: int, *, whole: bool = False, standing: bool = False) -> Paging:
    """Columns parted among pages. widths: of the columns in characters, 0 of a hidden one; repeated: how many of the
    first columns stand on every page; whole: a sheet that is to be one page, whatever that does to its letters; standing: of
    which the short side is up.
    """
    wide = [pixels(width) if width else 0 for width in widths]
    size = _STANDING if standing else _LYING
    room = size[0] * _PIXELS_PER_INCH
    if whole or sum(wide) * SMALLEST <= room:
        return Paging((), min(1.0, room / max(1, sum(wide))), size)
    again = sum(wide[:repeated])
    breaks, used = [], 0
    for number, width in enumerate(wide):
        if number > repeated and used + width > room * _SURE / SMALLEST:
            breaks.append(number)
            used = again
        used += width
    return Paging(tuple(breaks), SMALLEST, size)
