"""Drawings under the cells: native charts and pictures, side by side, each with its words for who cannot see it."""

from __future__ import annotations

import io
from typing import Any

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from reports.sheet import Picture, Sheet
from reports.xlsx.layout import Layout, letter_of
from reports.xlsx.native_charts import HEIGHT, WIDTH, native_chart
from reports.xlsx.pages import Paging, pixels

#: Points, of the empty rows under a drawing.
ROW_HEIGHT = 16.0
_PIXELS_PER_POINT = 96 / 72
#: Of a page, how much may be used before a drawing goes on the next one: repeated headings take some.
_FULL = 0.97
_GAP = 16  # pixels between two drawings


def add_drawings(
    target: Worksheet, sheet: Sheet, layout: Layout, exponent: int, row: int, above: float, paging: Paging
) -> int:
    """Place the sheet's charts and pictures from `row` on, side by side while a page is wide enough; gives the last row they cover.

    The rows under them must be ROW_HEIGHT high. above: points of all rows before them.
    """
    drawings: list[tuple[Any, int, int]] = [
        (native_chart(chart, layout, exponent), WIDTH, HEIGHT) for chart in sheet.charts
    ]
    drawings += [_image(picture) for picture in sheet.pictures]
    left = tallest = 0
    for drawing, width, height in drawings:
        if left and left + width > paging.width:
            row, above = _below(row, tallest), above + tallest / _PIXELS_PER_POINT
            left = tallest = 0
        if not left:
            _start_page(target, sheet, row, above, height, paging)
        marker = AnchorMarker(col=0, colOff=pixels_to_EMU(left), row=row - 1, rowOff=0)
        size = XDRPositiveSize2D(pixels_to_EMU(width), pixels_to_EMU(height))
        drawing.anchor = OneCellAnchor(_from=_within_columns(target, marker), ext=size)
        add = target.add_image if isinstance(drawing, Image) else target.add_chart
        add(drawing)
        left, tallest = left + width + _GAP, max(tallest, height)
    return _below(row, tallest) - 1 if drawings else row - 1


def _below(row: int, height: int) -> int:
    """The first row under a drawing. height: in pixels."""
    return row + int(height / (ROW_HEIGHT * _PIXELS_PER_POINT)) + 2


def _start_page(target: Worksheet, sheet: Sheet, row: int, above: float, height: int, paging: Paging) -> None:
    """A page that ends within a drawing would cut it in two: it goes on the next one."""
    if (
        sheet.prints_drawings
        and not sheet.one_page
        and above % paging.height + height / _PIXELS_PER_POINT > paging.height * _FULL
    ):
        target.row_breaks.append(Break(id=row - 1))


def alternatives(sheet: Sheet) -> list[str]:
    """The words for each drawing, in the order in which the file holds them: charts, then pictures."""
    return [chart.alternative for chart in sheet.charts] + [picture.alternative for picture in sheet.pictures]


def _image(picture: Picture) -> tuple[Image, int, int]:
    image = Image(io.BytesIO(picture.png))
    return image, picture.width, round(image.height * picture.width / image.width)


def _within_columns(target: Worksheet, marker: AnchorMarker) -> AnchorMarker:
    """The same place with an offset that lies inside its column, as Excel demands."""
    while True:
        dimension = target.column_dimensions.get(letter_of(marker.col + 1))
        width = pixels_to_EMU(pixels(dimension.width)) if dimension is not None else 0
        if not width or marker.colOff < width:
            return marker
        marker = AnchorMarker(col=marker.col + 1, colOff=marker.colOff - width, row=marker.row, rowOff=0)
