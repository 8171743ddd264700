"""What surrounds the cells: print setup, headers and footers, protection, frozen panes, pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.worksheet import Worksheet

from reports.text import printable
from reports.workbook.description import Picture, Sheet
from reports.workbook.layout import letter_of

_A4 = 9
_ROW_HEIGHT = 16.0  # points, of the empty rows under a picture
_PIXELS_PER_POINT = 96 / 72
_GAP = 16  # pixels between two pictures
#: Excel refuses a header or footer longer than 255 characters; three parts share them.
_LONGEST_PART = 70


class Origin(Protocol):
    """The part of a stamp that is printed on every page."""

    @property
    def pack(self) -> str:
        """Name of the pack."""

    @property
    def footer(self) -> str:
        """Head hash and as-of."""


def set_page(target: Worksheet, sheet: Sheet, *, header_row: int, columns: int, end: int, stamp: Origin) -> None:
    """Print setup, frozen headers, protection. end: the last row to print."""
    target.sheet_view.showGridLines = False
    target.freeze_panes = f"{letter_of(sheet.frozen_columns + 1)}{header_row + 1}"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = _A4
    target.page_setup.fitToWidth = 1
    target.page_setup.fitToHeight = 1 if sheet.one_page else 0
    target.sheet_properties.pageSetUpPr.fitToPage = True
    target.print_options.horizontalCentered = True
    margins = target.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.7, 0.6, 0.3, 0.3
    target.print_title_rows = f"{header_row}:{header_row}"
    target.print_area = f"A1:{letter_of(columns)}{end}"
    _running_lines(target, sheet, stamp)
    protection = target.protection
    protection.sheet = True
    # In the file these flags say what is locked.
    protection.sort = protection.autoFilter = protection.formatColumns = protection.formatRows = False


def add_pictures(target: Worksheet, pictures: Sequence[Picture], row: int) -> int:
    """Place pictures side by side from `row` on; gives the last row that they cover."""
    left, tallest = 0, 0
    for picture in pictures:
        image = Image(io.BytesIO(picture.png))
        height = round(image.height * picture.width / image.width)
        marker = AnchorMarker(col=0, colOff=pixels_to_EMU(left), row=row - 1, rowOff=0)
        size = XDRPositiveSize2D(pixels_to_EMU(picture.width), pixels_to_EMU(height))
        image.anchor = OneCellAnchor(_from=_within_columns(target, marker), ext=size)
        target.add_image(image)
        left += picture.width + _GAP
        tallest = max(tallest, height)
    if not pictures:
        return row - 1
    end = row + int(tallest / (_ROW_HEIGHT * _PIXELS_PER_POINT)) + 1
    for each in range(row, end + 1):
        target.row_dimensions[each].height = _ROW_HEIGHT
    return end


def _within_columns(target: Worksheet, marker: AnchorMarker) -> AnchorMarker:
    """The same place with an offset that lies inside its column, as Excel demands."""
    from reports.workbook.measures import pixels

    while True:
        dimension = target.column_dimensions.get(letter_of(marker.col + 1))
        width = pixels_to_EMU(pixels(dimension.width)) if dimension is not None else 0
        if not width or marker.colOff < width:
            return marker
        marker = AnchorMarker(col=marker.col + 1, colOff=marker.colOff - width, row=marker.row, rowOff=0)


def _running_lines(target: Worksheet, sheet: Sheet, stamp: Origin) -> None:
    target.oddHeader.left.text = _part(stamp.pack)
    target.oddHeader.right.text = _part(sheet.title)
    target.oddFooter.left.text = _part(stamp.footer)
    target.oddFooter.right.text = "Page &P of &N"
    for line in (target.oddHeader, target.oddFooter):
        line.left.size = line.right.size = 8


def _part(text: str) -> str:
    """Text for a header or footer, where & starts a command; never cut within a doubled &."""
    return printable(text)[:_LONGEST_PART].replace("&", "&&")
