"""How large the letters of a workbook are on paper: the scale at which a sheet is printed, by the file's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries

from reports.xlsx.pages import pixels

#: Millimetres of A4, its long side first, and in an inch; points and pixels in one.
A4, MILLIMETRES, POINTS, PIXELS = (297, 210), 25.4, 72, 96
#: Of a row or column that says nothing of its size.
ROW, COLUMN = 15.0, 8.43


def scale_of(sheet: Any) -> float:
    """The scale that a program prints with: the one that is set, or at which all fits on as many pages as are asked for."""
    if not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return float(sheet.page_setup.scale) / 100
    left, top, right, bottom = _printed(sheet)
    long, short = (side / MILLIMETRES for side in A4)
    across, down = (long, short) if sheet.page_setup.orientation == "landscape" else (short, long)
    margins = sheet.page_margins
    scales = [1.0]
    if sheet.page_setup.fitToWidth:
        wide = sum(_width(sheet, number) for number in range(left, right + 1))
        scales.append((across - margins.left - margins.right) * PIXELS / wide * sheet.page_setup.fitToWidth)
    if sheet.page_setup.fitToHeight:
        high = sum(_height(sheet, number) for number in range(top, bottom + 1))
        scales.append((down - margins.top - margins.bottom) * POINTS / high * sheet.page_setup.fitToHeight)
    return min(scales)


def printed_texts(sheet: Any) -> Iterator[tuple[str, float]]:
    """The address of every text or figure that is printed, and its size in points on paper."""
    scale = scale_of(sheet)
    left, top, right, bottom = _printed(sheet)
    for row in sheet.iter_rows(top, bottom, left, right):
        for cell in row:
            if cell.value not in (None, "") and not sheet.column_dimensions[cell.column_letter].hidden:
                yield cell.coordinate, cell.font.size * scale
    for name in ("oddHeader", "oddFooter"):
        for part in (getattr(sheet, name).left, getattr(sheet, name).center, getattr(sheet, name).right):
            if part.text:
                yield name, part.size * (scale if sheet.HeaderFooter.scaleWithDoc is not False else 1)


def _printed(sheet: Any) -> tuple[int, int, int, int]:
    return range_boundaries(sheet.print_area.rpartition("!")[2])  # type: ignore[return-value]


def _width(sheet: Any, number: int) -> float:
    dimension = sheet.column_dimensions.get(get_column_letter(number))
    if dimension is None:
        return pixels(COLUMN)
    return 0 if dimension.hidden else pixels(dimension.width)


def _height(sheet: Any, number: int) -> float:
    dimension = sheet.row_dimensions.get(number)
    return ROW if dimension is None or dimension.height is None else dimension.height
