"""Turns descriptions of sheets into the bytes of a workbook. The only module that knows openpyxl's cells."""

from __future__ import annotations

import os

# With lxml installed openpyxl writes other bytes; it decides once, when first imported.
os.environ["OPENPYXL_LXML"] = "False"

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from reports.text import cell_text, looks_like_formula
from reports.workbook.description import Block, CellContent, Column, Formula, Kind, Reference, Row, Sheet
from reports.workbook.finish import Finish, finished
from reports.workbook.formats import CHANGES, stored
from reports.workbook.layout import Layout, Place, letter_of
from reports.workbook.measures import column_widths, note_lines, row_height
from reports.workbook.page import add_pictures, set_page
from reports.workbook.styles import Look, Role, Stylist, add_signals

_SIGNALS = CHANGES | {Kind.RESULT}
#: Excel calls a file with more than 65,530 links on one sheet damaged.
_MOST_LINKS = 65_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every sheet of a workbook shows of its origin. exponent: decimal places of the currency."""

    pack: str  # `Technical debt 2026Q3, EUR`, PROVISIONAL in front if it is
    footer: str  # `head 9f2c12ab34cd · as of 2026-09-30`
    exponent: int
    known_at: datetime  # naive, UTC
    provisional: bool = False


def workbook_bytes(sheets: Sequence[Sheet], stamp: Stamp) -> bytes:
    """The finished .xlsx: the same sheets and stamp give the same bytes, anywhere, any day."""
    layout = Layout(sheets)
    book = Workbook()
    book.remove(book.active)
    finish = Finish(stamp.known_at)
    writer = _Writer(layout, Stylist(stamp.exponent), stamp, finish)
    for sheet in sheets:
        writer.write(book.create_sheet(sheet.title), sheet)
        for name, reference in sheet.names.items():
            book.defined_names[name] = DefinedName(name, attr_text=layout.qualified(reference))
    book.active = 0
    book.properties.title = stamp.pack
    book.properties.creator = book.properties.lastModifiedBy = "debt-ledger"
    book.properties.created = stamp.known_at
    raw = io.BytesIO()
    book.save(raw)
    return finished(raw.getvalue(), finish)


class _Writer:
    """Writes one sheet after the other; collects what the finishing pass must fill in."""

    def __init__(self, layout: Layout, stylist: Stylist, stamp: Stamp, finish: Finish) -> None:
        self._layout = layout
        self._stylist = stylist
        self._stamp = stamp
        self._finish = finish
        self._links = 0  # on the sheet that is being written

    def write(self, target: Worksheet, sheet: Sheet) -> None:
        """Write a whole sheet: headline, blocks, notes, pictures, page setup."""
        self._links = 0
        places = [self._layout.place(block.key) for block in sheet.blocks]
        widths = column_widths(sheet.blocks, self._stamp.exponent)
        for index, width in enumerate(widths, start=1):
            target.column_dimensions[letter_of(index)].width = width
        self._headline(target, sheet)
        for place in places:
            self._block(target, place, widths)
        end = max(place.end for place in places) + 1
        end = self._notes(target, sheet, end + 1, sum(widths))
        end = add_pictures(target, sheet.pictures, end + 1)
        self._finish.alternatives[sheet.title] = [picture.alternative for picture in sheet.pictures]
        header = next(place.header_row for place in places if place.header_row)
        set_page(target, sheet, header_row=header, columns=len(widths), end=end, stamp=self._stamp)

    def _headline(self, target: Worksheet, sheet: Sheet) -> None:
        prefix, role = ("PROVISIONAL · ", Role.ALARM) if self._stamp.provisional else ("", Role.HEADLINE)
        lines = ((prefix + sheet.headline, role, 26.0), (sheet.subtitle, Role.SUBTITLE, 16.0), ("", Role.NOTE, 8.0))
        for row, (text, line_role, height) in enumerate(lines, start=1):
            self._put(target, row, 1, text, Look(line_role, Kind.LABEL))
            target.row_dimensions[row].height = height

    def _notes(self, target: Worksheet, sheet: Sheet, row: int, width: float) -> int:
        for note in sheet.notes:
            for line in note_lines(note, width):
                self._put(target, row, 1, line, Look(Role.NOTE, Kind.LABEL))
                target.row_dimensions[row].height = 13.0
                row += 1
        return row

    def _block(self, target: Worksheet, place: Place, widths: Sequence[float]) -> None:
        block = place.block
        if place.title_row:
            self._put(target, place.title_row, 1, block.title, Look(Role.TITLE, Kind.LABEL))
            target.row_dimensions[place.title_row].height = 22.0
        if place.header_row:
            self._header(target, place, widths)
        rows = list(block.rows) or [Row("", {})]
        for number, row in enumerate(rows, start=place.first_row):
            self._row(target, place, number, row, widths)
        if block.total is not None:
            self._row(target, place, place.total_row, block.total, widths)
        self._signals(target, place)
        if block.table:
            last = place.letters[block.columns[-1].key]
            target.add_table(Table(displayName=block.table, ref=f"A{place.header_row}:{last}{place.last_row}"))

    def _header(self, target: Worksheet, place: Place, widths: Sequence[float]) -> None:
        for index, column in enumerate(place.block.columns, start=1):
            look = Look(Role.HEADING, column.kind, left=column.left, indented=index > 1)
            self._put(target, place.header_row, index, column.title, look)
        texts = [column.title for column in place.block.columns]
        target.row_dimensions[place.header_row].height = row_height(texts, widths, bold=True) + 3

    def _row(self, target: Worksheet, place: Place, number: int, row: Row, widths: Sequence[float]) -> None:
        unknown = set(row.cells) - set(place.letters)
        if unknown:
            raise KeyError(f"Row {row.key!r} of block {place.block.key!r} fills unknown columns {sorted(unknown)}.")
        texts = []
        for index, column in enumerate(place.block.columns, start=1):
            content = row.cells.get(column.key)
            kind = row.kinds.get(column.key, column.kind)
            look = Look(Role.VALUE, kind, row.strong, left=column.left, indented=index > 1)
            text = self._cell(target, place, number, index, content, look)
            texts.append(text if kind in {Kind.TEXT, Kind.LABEL} else "")
        target.row_dimensions[number].height = row_height(texts, widths, bold=row.strong)
        for key, reference in row.links.items():
            self._link(target.cell(number, list(place.letters).index(key) + 1), reference)

    def _link(self, cell: Any, reference: Reference) -> None:
        """A click on the cell selects the reference. The cell keeps its look: print shows no underlined figures."""
        if self._links < _MOST_LINKS:
            location = self._layout.qualified(reference, absolute=False)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, tooltip=f"Shows {location}")
            self._links += 1

    def _cell(self, target: Worksheet, place: Place, number: int, index: int, content: CellContent, look: Look) -> str:
        """Write one cell of a row; gives its text, which decides the height of the row."""
        exponent = self._stamp.exponent
        if isinstance(content, Formula):
            others = self._layout.sheets_of(content) - {place.sheet}
            cell = target.cell(number, index, self._layout.render(content, place, number))
            self._stylist.apply(cell, look._replace(role=Role.LINK if others else Role.FORMULA))
            self._finish.cached[target.title, cell.coordinate] = stored(content.cached, look.kind, exponent)
            return str(content.cached)
        value = stored(content, look.kind, exponent)
        if isinstance(value, str):
            words = look.kind in {Kind.LABEL, Kind.RESULT}
            self._put(target, number, index, value, look._replace(role=Role.WORDS) if words else look)
            return value
        self._stylist.apply(target.cell(number, index, value), look)
        return ""

    def _put(self, target: Worksheet, number: int, index: int, text: str, look: Look) -> None:
        """Write text as text, whatever it looks like."""
        clean = cell_text(text)
        cell = target.cell(number, index, clean)
        if clean:
            cell.data_type = "s"
        self._stylist.apply(cell, look._replace(quoted=True) if looks_like_formula(clean) else look)

    def _signals(self, target: Worksheet, place: Place) -> None:
        for kind in sorted(_SIGNALS, key=lambda each: each.value):
            cells = _cells_of_kind(place, kind)
            if cells:
                add_signals(target, kind, " ".join(cells))


def _cells_of_kind(place: Place, kind: Kind) -> list[str]:
    """A range for each column of the kind, and each single cell that differs from its column."""
    block: Block = place.block
    ranges = []
    # Rows that differ from their columns are few; in a long table there are none.
    rows = [row for row in (*block.rows, *([block.total] if block.total else [])) if row.kinds]
    for column in block.columns:
        letter = place.letters[column.key]
        if column.kind is kind:
            ranges.append(f"{letter}{place.first_row}:{letter}{place.end}")
        ranges += [f"{letter}{place.row_numbers[row.key]}" for row in rows if _differs(row, column, kind)]
    return ranges


def _differs(row: Row, column: Column, kind: Kind) -> bool:
    return column.kind is not kind and row.kinds.get(column.key) is kind
