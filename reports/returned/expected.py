"""What every cell of a pack must hold: the descriptions of its sheets, line by line, as the writer places them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ledger.views.quarter import Provenance
from reports.returned.cells import FoundRow
from reports.returned.values import canonical_expected, canonical_found, told_expected
from reports.sheet import CellContent, Column, Formula, Kind, Row, Sheet
from reports.text import PROVISIONAL
from reports.xlsx.layout import Layout, Place
from reports.xlsx.measures import note_lines, notes_width

#: Between the cells of a row's key; no canonical text holds it.
_BETWEEN = "\x1f"
_LONGEST_NAME = 60


class Cell(NamedTuple):
    """content: as described. what: the heading of its column, or what it is. entry: the reader may fill it in."""

    content: CellContent
    kind: Kind
    what: str
    entry: bool = False

    @property
    def is_value(self) -> bool:
        """Whether the file must hold just this."""
        return not self.entry and not isinstance(self.content, Formula)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet. number: as the pack has it. row: of the description; empty for titles, headings and notes."""

    number: int
    cells: Mapping[int, Cell]
    place: Place | None = None
    row: str = ""


@dataclass(frozen=True)
class Table:
    """An Excel table: its rows may stand in any order."""

    place: Place
    exponent: int

    @cached_property
    def key_columns(self) -> tuple[tuple[int, Column], ...]:
        """The columns that hold the same in the file as in the ledger: neither formulas nor entries."""
        rows = self.place.block.rows
        return tuple(
            (number, column)
            for number, column in enumerate(self.place.block.columns, start=1)
            if not column.entry and not any(isinstance(row.cells.get(column.key), Formula) for row in rows)
        )

    @cached_property
    def key_numbers(self) -> frozenset[int]:
        """The numbers of the key columns."""
        return frozenset(number for number, _ in self.key_columns)

    def line(self, index: int) -> Line:
        """A row by its index, 0 at the top."""
        return _line(self.place, self.place.block.rows[index], self.place.first_row + index)

    def parts(self, index: int) -> tuple[str, ...]:
        """What a row holds in the key columns."""
        row = self.place.block.rows[index]
        contents = ((row.cells.get(column.key), column.kind) for _, column in self.key_columns)
        return tuple(
            "" if isinstance(content, Formula) else canonical_expected(content, kind, self.exponent)
            for content, kind in contents
        )

    def found_parts(self, found: FoundRow) -> tuple[str, ...]:
        """What a row of the file holds there. A formula is none of the ledger's values, whatever it gives."""
        return tuple(
            f"f{cell.formula}" if (cell := found.get(number)) and cell.formula else canonical_found(cell, column.kind)
            for number, column in self.key_columns
        )

    def key(self, index: int) -> str:
        """One text that tells a row from others."""
        return _BETWEEN.join(self.parts(index))

    def found_key(self, found: FoundRow) -> str:
        """The same of a row of the file."""
        return _BETWEEN.join(self.found_parts(found))


@dataclass(frozen=True)
class ExpectedSheet:
    """lines: all but those of tables, from top to bottom."""

    title: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]

    @property
    def contents(self) -> Iterator[Cell]:
        """Every cell that must hold something."""
        for line in self.lines:
            yield from (cell for cell in line.cells.values() if cell.content not in (None, ""))
        for table in self.tables:
            for index in range(len(table.place.block.rows)):
                yield from (cell for cell in table.line(index).cells.values() if cell.content not in (None, ""))


def expected_sheet(sheet: Sheet, layout: Layout, origin: Provenance) -> ExpectedSheet:
    """Every line of a sheet of the pack that has this origin."""
    exponent, prefix = origin.exponent, PROVISIONAL if origin.provisional else ""
    places = [layout.place(block.key) for block in sheet.blocks]
    lines = [_words(1, prefix + sheet.headline, "headline"), _words(2, sheet.subtitle, "subtitle")]
    lines += [_words(number, text, "sentence") for number, text in enumerate(sheet.sentences, start=3)]
    for place in places:
        lines += _lines_around(place)
    number = max(place.end for place in places) + 2
    width = notes_width(sheet.blocks, exponent, sheet.frozen_columns) if sheet.notes else 0
    for text in (line for note in sheet.notes for line in note_lines(note, width)):
        lines.append(_words(number, text, "note"))
        number += 1
    tables = tuple(Table(place, exponent) for place in places if place.block.table)
    return ExpectedSheet(sheet.title, tuple(sorted(lines, key=lambda line: line.number)), tables)


def namer(place: Place, exponent: int) -> Callable[[str], str]:
    """Tells rows of a block, by key, with the fewest columns from the left that tell them apart: `FRAUD-1, debt`."""
    rows = [*place.block.rows, *([place.block.total] if place.block.total else [])]
    names = [""] * len(rows)
    for column in place.block.columns:
        if len(set(names)) == len(rows) and names[:1] != [""]:
            break
        longer = [f"{name}{_BETWEEN}{_name(row, column, exponent)}" for name, row in zip(names, rows, strict=True)]
        if len(set(longer)) > len(set(names)) or len(rows) == 1:
            names = longer
    told = {row.key: ", ".join(filter(None, name.split(_BETWEEN))) for row, name in zip(rows, names, strict=True)}
    return told.__getitem__


def _name(row: Row, column: Column, exponent: int) -> str:
    content = row.cells.get(column.key)
    if content is None or isinstance(content, Formula) or column.entry:
        return ""
    told = told_expected(content, row.kinds.get(column.key, column.kind), exponent)
    return told if len(told) <= _LONGEST_NAME else told[: _LONGEST_NAME - 1] + "…"


def _lines_around(place: Place) -> Iterator[Line]:
    """Title, headings, total and, if it is no table, the rows of a block."""
    block = place.block
    if place.title_row:
        yield _words(place.title_row, block.title, "title")
    if place.header_row:
        cells = {number: Cell(column.heading, Kind.LABEL, "heading") for number, column in _numbered(block.columns)}
        yield Line(place.header_row, cells)
    if not block.table:
        for number, row in enumerate(block.rows, start=place.first_row):
            yield _line(place, row, number)
    if block.total is not None:
        yield _line(place, block.total, place.total_row)


def _line(place: Place, row: Row, number: int) -> Line:
    cells = {
        index: Cell(row.cells.get(column.key), row.kinds.get(column.key, column.kind), column.title, column.entry)
        for index, column in _numbered(place.block.columns)
    }
    return Line(number, cells, place, row.key)


def _numbered(columns: Sequence[Column]) -> Iterator[tuple[int, Column]]:
    return enumerate(columns, start=1)


def _words(number: int, text: str, what: str) -> Line:
    return Line(number, {1: Cell(text, Kind.LABEL, what)})
