"""The cells of one sheet as the file spells them, formulas with their cached values.

openpyxl makes everything of a workbook but its cells. It writes formulas without a value, so that Protected View shows
blanks and pandas reads nothing; a second pass over its output to fill them in, and its objects, one per cell, took
most of the time and memory of a long sheet. So the cells are spelled here, row by row, in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

from reports.xlsx.layout import letter_of

Value = str | int | float | Decimal | date | datetime | None

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


#: Excel calls a file with more than 65,530 links on one sheet damaged.
_MOST_LINKS = 65_000


class UnfinishedError(ValueError):
    """A workbook that must not leave the house; the message names the cells or drawings."""


class SheetCells:
    """The rows of a sheet, from top to bottom, and in each the cells from left to right."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.last_row = self.last_column = 0
        #: Points of all rows so far.
        self.height = 0.0
        self._rows: list[str] = []
        self._letters = [""]
        self._cells: list[str] = []
        self._links: list[str] = []

    def cell(self, row: int, column: int, spelling: str) -> None:
        """A cell of text, as `spelled` gives it."""
        self._cells.append(f'<c r="{self._letter(column)}{row}" {spelling}')

    def value(self, row: int, column: int, value: Value, style: int) -> None:
        """A cell that holds a number or a date, or nothing."""
        if value is None:
            self.blank(row, column, style)
        else:
            self._cells.append(f'<c r="{self._letter(column)}{row}" s="{style}"><v>{_number(value)}</v></c>')

    def blank(self, row: int, column: int, style: int) -> None:
        """An empty cell that has a look."""
        self._cells.append(f'<c r="{self._letter(column)}{row}" s="{style}"/>')

    def formula(self, row: int, column: int, formula: str, cached: Value, style: int) -> None:
        """A formula, with its equals sign, and the value that Python computed. Raises UnfinishedError without one."""
        place = f"{self._letter(column)}{row}"
        if cached is None or cached == "":
            raise UnfinishedError(f"Formula without a cached value on sheet {self.title!r}: {place}, {formula}.")
        if isinstance(cached, date):
            raise UnfinishedError(f"A formula's cached date must be given as a number: {self.title!r}, {place}.")
        if isinstance(cached, str):
            kind, shown = (' t="e"' if cached in _ERRORS else ' t="str"'), escape(cached)
        else:
            kind, shown = "", _number(cached)
        self._cells.append(f'<c r="{place}" s="{style}"{kind}><f>{escape(formula[1:])}</f><v>{shown}</v></c>')

    def end_row(self, row: int, height: float) -> None:
        """Close a row, the next one after the last, of a height in points; its cells have been given."""
        if row <= self.last_row:
            raise ValueError(f"Row {row} of sheet {self.title!r} comes after row {self.last_row}.")
        self.last_row = row
        self.height += height
        self._rows.append(f'<row r="{row}" ht="{height:g}" customHeight="1">{"".join(self._cells)}</row>')
        self._cells.clear()

    def link(self, cell: str, location: str) -> None:
        """Make a click on a cell, given by its address, select a range; those beyond what Excel bears are left out."""
        if len(self._links) < _MOST_LINKS:
            place = escape(location, {'"': "&quot;"})
            self._links.append(f'<hyperlink ref="{cell}" location="{place}" tooltip="Shows {place}"/>')

    @property
    def links(self) -> bytes:
        """The element `hyperlinks`, empty without a link."""
        return f"<hyperlinks>{''.join(self._links)}</hyperlinks>".encode() if self._links else b""

    def xml(self) -> Iterator[bytes]:
        """The element `sheetData`, in pieces."""
        yield b"<sheetData>"
        for row in self._rows:
            yield row.encode()
        yield b"</sheetData>"

    @property
    def dimension(self) -> str:
        """The range that the cells take up."""
        return f"A1:{letter_of(max(1, self.last_column))}{max(1, self.last_row)}"

    def _letter(self, column: int) -> str:
        while column >= len(self._letters):
            self._letters.append(letter_of(len(self._letters)))
        self.last_column = max(self.last_column, column)
        return self._letters[column]


def spelled(text: str, style: int) -> str:
    """A cell of text but for its address; text stays text, whatever it looks like."""
    if not text:
        return f's="{style}"/>'
    kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f's="{style}" t="inlineStr"><is><t{kept}>{escape(text)}</t></is></c>'


def _number(value: Value) -> str:
    if isinstance(value, date):
        return repr(to_excel(value))
    return repr(value) if isinstance(value, float) else str(value)
