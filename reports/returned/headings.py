"""The tables of a sheet by their headings: what this release puts under each, and where a file has them.

A table is a row of headings and the rows under it, down to the next headings; an Excel table is one too. Another
release may have its columns in another order, or more or fewer of them; its headings tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.releases import todays_words
from reports.returned.cells import Found, FoundRow
from reports.returned.entries import Address
from reports.returned.expected import Cell, namer
from reports.returned.values import canonical_expected, canonical_found
from reports.scenarios import unmarked
from reports.sheet import Block, Column, Formula, Kind, Scalar, Sheet
from reports.xlsx.layout import Layout


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of a table as this release gives it. name: what tells it from the others. cells: by heading.

    fed: the headings under which it has formulas that read what the reader of the workbook fills in.
    """

    name: str
    cells: Mapping[str, Cell]
    fed: frozenset[str]

    def parts(self, headings: Sequence[str], exponent: int) -> tuple[str, ...]:
        """What it holds under these headings; nothing where it has a formula."""
        cells = (self.cells[heading] for heading in headings)
        return tuple(
            "" if isinstance(cell.content, Formula) else expected_part(cell.content, cell.kind, exponent)
            for cell in cells
        )


@dataclass(frozen=True, slots=True)
class ValueTable:
    """sheet: its title. name: how it is told. title: that stands above its headings, if any. columns: by heading."""

    sheet: str
    name: str
    title: str
    columns: Mapping[str, Column]
    rows: tuple[ValueRow, ...]

    def known_by(self, headings: Sequence[str]) -> tuple[str, ...]:
        """Those of the headings under which every row holds a value: no formula, and nothing to fill in."""
        return tuple(
            heading
            for heading in headings
            if not self.columns[heading].entry
            and not any(isinstance(row.cells[heading].content, Formula) for row in self.rows)
        )

    def places(self, row: FoundRow) -> Mapping[str, int]:
        """The columns of a file by heading; empty if the row is not the heading of this table."""
        if any(found.formula or found.type != "s" for found in row.values()):
            return {}
        said = {heading: column for column, heading in sorted(headings_of(row).items(), reverse=True)}
        places = {heading: said[heading] for heading in self.columns if heading in said}
        return places if len(places) >= 2 and min(len(said), len(self.columns)) <= 2 * len(places) else {}

    def found_parts(self, row: FoundRow, places: Mapping[str, int], headings: Sequence[str]) -> tuple[str, ...]:
        """What a row of the file holds under these headings. A formula is no value of the ledger, whatever it gives."""
        return tuple(found_part(row.get(places[heading]), self.columns[heading].kind) for heading in headings)


def expected_part(content: Scalar, kind: Kind, exponent: int) -> str:
    """What the writer gives a cell, in one spelling; the report's own words without what releases differ in."""
    if kind is Kind.LABEL and isinstance(content, str):
        content = unmarked(content)
    return canonical_expected(content, kind, exponent)


def found_part(found: Found | None, kind: Kind) -> str:
    """The content of a cell of the file in one spelling, the report's own words as this release puts them."""
    if found is not None and found.formula:
        return f"f{found.formula}"
    said = canonical_found(found, kind)
    return todays_words(said) if kind is Kind.LABEL else said


def headings_of(row: FoundRow) -> dict[int, str]:
    """The texts of a row of headings by column, as this release puts them."""
    return {column: found_part(found, Kind.LABEL).removeprefix("s") for column, found in row.items()}


def value_tables(sheet: Sheet, layout: Layout, fed: frozenset[Address], exponent: int) -> list[ValueTable]:
    """The tables of a sheet, from top to bottom. fed: cells whose formulas read what the reader fills in."""
    groups: list[list[Block]] = [[]]
    for block in sheet.blocks:
        # What stands above the first headings has its figures in the same columns.
        if block.header and any(each.header for each in groups[-1]):
            groups.append([])
        groups[-1].append(block)
    tables = []
    for blocks in groups:
        headed = next(block for block in blocks if block.header)
        rows = [row for block in blocks for row in _rows(block, headed, layout, fed, exponent)]
        name = headed.table or headed.title or sheet.title
        tables.append(
            ValueTable(sheet.title, name, headed.title, {each.title: each for each in headed.columns}, tuple(rows))
        )
    return tables


def _rows(block: Block, headed: Block, layout: Layout, fed: frozenset[Address], exponent: int) -> Iterator[ValueRow]:
    """The rows of a block that hold a value; those of words alone, a legend's say, are the report's own."""
    named = namer(layout.place(block.key), exponent)
    columns = {heading.title: column for heading, column in zip(headed.columns, block.columns, strict=True)}
    for row in (*block.rows, *([block.total] if block.total else [])):
        cells = {
            heading: Cell(row.cells.get(each.key), row.kinds.get(each.key, each.kind), heading, each.entry)
            for heading, each in columns.items()
        }
        if any(cell.kind is not Kind.LABEL for cell in cells.values()):
            reading = (heading for heading, each in columns.items() if (block.key, row.key, each.key) in fed)
            yield ValueRow(named(row.key), cells, frozenset(reading))
