"""Turns descriptions of sheets into the bytes of a workbook."""

from __future__ import annotations

import os

# With lxml installed openpyxl writes other bytes; it decides once, when first imported.
os.environ["OPENPYXL_LXML"] = "False"

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from ledger.vocabulary.spreadsheet_text import printable
from reports.sheet import Block, CellContent, Column, Formula, Kind, Reference, Row, Sheet
from reports.text import PROVISIONAL
from reports.xlsx.cells import SheetCells
from reports.xlsx.drawings import ROW_HEIGHT, add_drawings, alternatives
from reports.xlsx.finish import Finish, finished
from reports.xlsx.formats import CHANGES
from reports.xlsx.layout import Layout, Place, letter_of
from reports.xlsx.measures import column_widths, headline_size, note_lines, notes_width, row_height, shown_widths
from reports.xlsx.page import Printed, limit_entries, set_page
from reports.xlsx.pages import paging, pixels
from reports.xlsx.pens import Pen
from reports.xlsx.styles import Look, Role, Stylist, add_signals

_SIGNALS = CHANGES | {Kind.RESULT, Kind.GAP}
_SUBTITLE_ROW = 2


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every sheet of a workbook shows of its origin. exponent: decimal places of the currency."""

    pack: str  # `Technical debt 2026Q3, EUR`, PROVISIONAL in front if it is
    footer: str  # `head 9f2c12ab34cd · as of 2026-09-30`
    exponent: int
    known_at: datetime  # naive, UTC
    provisional: bool = False
    subject: str = ""
    keywords: str = ""
    company: str = ""  # whose figures these are


def workbook_bytes(
    sheets: Sequence[Sheet], stamp: Stamp, progress: Callable[[str, float], None] | None = None
) -> bytes:
    """The finished .xlsx: the same sheets and stamp give the same bytes, anywhere, any day.

    progress: told which sheet is being written and how much of the work is done, 0 to 1.
    """
    layout = Layout(sheets)
    book = Workbook()
    book.remove(book.active)
    finish = Finish(stamp.known_at, printable(stamp.company))
    writer = _Writer(layout, Stylist(book, stamp.exponent), stamp, finish)
    # A sheet takes as long as it has rows; packing the file at the end takes about a third of it all.
    written, whole = 0, 1.5 * sum(len(block.rows) + 20 for sheet in sheets for block in sheet.blocks)
    for sheet in sheets:
        if progress is not None:
            progress(f"Writing {sheet.title}", written / whole)
        written += sum(len(block.rows) + 20 for block in sheet.blocks)
        writer.write(book.create_sheet(sheet.title), sheet)
        for name, reference in sheet.names.items():
            book.defined_names[name] = DefinedName(name, attr_text=layout.qualified(reference))
    book.active = 0
    book.properties.title, book.properties.subject = stamp.pack, stamp.subject or stamp.pack
    book.properties.keywords = stamp.keywords
    book.properties.creator = book.properties.lastModifiedBy = "debt-ledger"
    book.properties.created = stamp.known_at
    if progress is not None:
        progress("Packing the workbook", written / whole)
    raw = io.BytesIO()
    book.save(raw)
    return finished(raw.getvalue(), finish)


class _Writer:
    """Writes one sheet after the other; what openpyxl does not write is left to the finishing pass."""

    def __init__(self, layout: Layout, stylist: Stylist, stamp: Stamp, finish: Finish) -> None:
        self._layout = layout
        self._stylist = stylist
        self._known_pens: dict[Look, Pen] = {}
        self._usual_pens: dict[tuple[str, bool], Sequence[Pen]] = {}
        self._stamp = stamp
        self._finish = finish
        self._cells = SheetCells("")  # of the sheet that is being written

    def write(self, target: Worksheet, sheet: Sheet) -> None:
        """Write a whole sheet: headline, blocks, notes, drawings, page setup."""
        self._cells = self._finish.cells[sheet.title] = SheetCells(sheet.title)
        places = [self._layout.place(block.key) for block in sheet.blocks]
        widths = column_widths(sheet.blocks, self._stamp.exponent)
        shown = shown_widths(sheet.blocks, widths)
        for index, width in enumerate(widths, start=1):
            dimension = target.column_dimensions[letter_of(index)]
            dimension.width, dimension.hidden = width, not shown[index - 1]
        pages = paging(shown, sheet.frozen_columns, whole=sheet.one_page, standing=sheet.standing)
        self._headline(
            sheet, sum(pixels(width) for width in shown[: pages.breaks[0] if pages.breaks else None] if width)
        )
        for place in places:
            self._block(target, place, widths)
        table_end = max(place.end for place in places)
        end = table_end + 1
        room = notes_width(sheet.blocks, self._stamp.exponent, sheet.frozen_columns) if sheet.notes else 0
        start = self._notes(sheet, end + 1, room) + 1
        above = self._cells.height
        end = add_drawings(target, sheet, self._layout, self._stamp.exponent, start, above, pages)
        for row in range(start, end + 1):
            self._cells.end_row(row, ROW_HEIGHT)
        self._finish.alternatives[sheet.title] = alternatives(sheet)
        header = next(place.header_row for place in places if place.header_row)
        header = _SUBTITLE_ROW if sheet.headings_differ else header
        printed = Printed(header, len(widths), end if sheet.prints_drawings else start - 2, table_end, pages)
        set_page(target, sheet, printed, self._stamp)

    def _headline(self, sheet: Sheet, room: int) -> None:
        """room: pixels of the columns over which the headline may run on paper."""
        prefix, role = (PROVISIONAL, Role.ALARM) if self._stamp.provisional else ("", Role.HEADLINE)
        sentences = ((sentence, Role.SUBTITLE, 16.0) for sentence in sheet.sentences)
        top = ((prefix + sheet.headline, role, 26.0), (sheet.subtitle, Role.SUBTITLE, 16.0))
        lines = (*top, *sentences, ("", Role.NOTE, 8.0))
        for row, (text, line_role, height) in enumerate(lines, start=1):
            size = headline_size(text, room) if line_role is role else 0
            self._put(row, 1, text, Look(line_role, Kind.LABEL, size=size))
            self._cells.end_row(row, height)

    def _notes(self, sheet: Sheet, row: int, width: float) -> int:
        for note in sheet.notes:
            for line in note_lines(note, width):
                self._put(row, 1, line, Look(Role.NOTE, Kind.LABEL))
                self._cells.end_row(row, 13.0)
                row += 1
        return row

    def _block(self, target: Worksheet, place: Place, widths: Sequence[float]) -> None:
        block = place.block
        if place.title_row:
            self._put(place.title_row, 1, block.title, Look(Role.TITLE, Kind.LABEL))
            self._cells.end_row(place.title_row, 22.0)
        if place.header_row:
            self._header(place, widths)
        for number, row in enumerate(block.rows or (Row("", {}),), start=place.first_row):
            self._row(place, number, row, widths)
        if block.total is not None:
            self._row(place, place.total_row, block.total, widths)
        self._signals(target, place)
        for column in block.columns if block.rows else ():
            if column.entry:
                letter = place.letters[column.key]
                limit_entries(target, column, f"{letter}{place.first_row}:{letter}{place.last_row}")
        if block.table:
            target.add_table(_table(place))

    def _header(self, place: Place, widths: Sequence[float]) -> None:
        for index, column in enumerate(place.block.columns, start=1):
            look = Look(Role.HEADING, column.kind, left=column.left, indented=index > 1)
            self._put(place.header_row, index, column.heading, look)
        texts = ["" if column.hidden else column.heading for column in place.block.columns]
        self._cells.end_row(place.header_row, row_height(texts, widths, bold=True) + 3)

    def _row(self, place: Place, number: int, row: Row, widths: Sequence[float]) -> None:
        if not row.cells.keys() <= place.letters.keys():
            unknown = sorted(set(row.cells) - set(place.letters))
            raise KeyError(f"Row {row.key!r} of block {place.block.key!r} fills unknown columns {unknown}.")
        wrapped: list[str] = []
        rooms: list[float] = []
        for index, (column, pen) in enumerate(zip(place.block.columns, self._pens(place, row), strict=True)):
            text = self._cell(place, number, index + 1, row.cells.get(column.key), pen)
            if text and pen.wraps:
                wrapped.append(text)
                rooms.append(widths[index])
        self._cells.end_row(number, row_height(wrapped, rooms, bold=row.strong))
        for key, reference in {**self._sources(place, row), **row.links}.items():
            # The cell keeps its look: print shows no underlined figures.
            location = self._layout.qualified(reference, absolute=False)
            self._cells.link(f"{place.letters[key]}{number}", location)

    def _sources(self, place: Place, row: Row) -> dict[str, Reference]:
        """Where figures of the row come from that read another sheet; a table has too many rows for that."""
        if place.block.table:
            return {}
        found = (
            (key, self._layout.source_of(content, place))
            for key, content in row.cells.items()
            if isinstance(content, Formula)
        )
        return {key: source for key, source in found if source is not None}

    def _pens(self, place: Place, row: Row) -> Sequence[Pen]:
        """The pens of a row's cells; rows without kinds of their own share them."""
        of_table = row is not place.block.total and row.key in place.row_numbers
        usual = of_table and not row.kinds
        key = (place.block.key, row.strong)
        if usual and key in self._usual_pens:
            return self._usual_pens[key]
        pens = []
        for index, column in enumerate(place.block.columns):
            role = Role.INPUT if column.entry and of_table else Role.VALUE
            kind = row.kinds.get(column.key, column.kind)
            pens.append(self._pen(Look(role, kind, row.strong, left=column.left, indented=index > 0)))
        if usual:
            self._usual_pens[key] = pens
        return pens

    def _cell(self, place: Place, number: int, index: int, content: CellContent, pen: Pen) -> str:
        """Write one cell of a row; gives its text, which decides the height of the row."""
        if isinstance(content, Formula):
            linked = bool(self._layout.sheets_of(content) - {place.sheet})
            text = self._layout.render(content, place, number)
            pen.formula(self._cells, number, index, text, content.cached, linked=linked)
            return str(content.cached)
        pen.write(self._cells, number, index, content)
        return content if isinstance(content, str) else ""

    def _put(self, number: int, index: int, text: str, look: Look) -> None:
        self._pen(look).write(self._cells, number, index, text)

    def _pen(self, look: Look) -> Pen:
        if look not in self._known_pens:
            self._known_pens[look] = Pen(look, self._stylist, self._stamp.exponent)
        return self._known_pens[look]

    def _signals(self, target: Worksheet, place: Place) -> None:
        for kind in sorted(_SIGNALS, key=lambda each: each.value):
            cells = _cells_of_kind(place, kind)
            if cells:
                add_signals(target, kind, " ".join(cells))


def _table(place: Place) -> Table:
    """The Excel table over a block."""
    columns = place.block.columns
    table = Table(displayName=place.block.table, ref=f"A{place.header_row}:{letter_of(len(columns))}{place.last_row}")
    # openpyxl would read the headings from its own cells, and has none.
    table._initialise_columns()
    for column, known in zip(table.tableColumns, columns, strict=True):
        column.name = known.title
    return table


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
