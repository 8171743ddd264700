"""Reads a finished workbook as a reader does: a headline, lines under a title and under headings, notes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

#: What stands in the first column of a row of headings, on any sheet.
FIRST_HEADINGS = frozenset(
    {
        *("Measure", "Nature", "System", "Dimension", "Category", "Team"),
        *("Bucket", "Quarter", "Item", "Position", "Check", "Name", "Cost centre"),
    }
)
#: Behind headings and names of measures: which scenario stands there.
_MARK = re.compile(r" \(Δ?[A-Z]{2}%?\)$")


@dataclass(frozen=True)
class Cell:
    """One cell. live: a formula, whose cached value this is."""

    address: str
    value: Any
    live: bool

    @property
    def is_figure(self) -> bool:
        """Whether the cell holds a number or a date, or a formula of any kind."""
        return self.live or isinstance(self.value, int | float | date)


@dataclass(frozen=True)
class Line:
    """One row of a sheet. title: the last line of words above. cells: by heading; by letter above all headings."""

    title: str
    number: int
    cells: Mapping[str, Cell]

    def name(self, headings: tuple[str, ...]) -> tuple[str, ...]:
        """What names the line: what stands under these headings."""
        values = (self.cells[heading].value for heading in headings)
        return tuple("" if value is None else _MARK.sub("", str(value)) for value in values)


@dataclass(frozen=True)
class Sheet:
    """words: rows of one text alone, from the headline to the notes. lines: all others, rows of headings left out."""

    words: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def headline(self) -> str:
        """The message on top."""
        return self.words[0]


Workbook = Mapping[str, Sheet]


def read(path: Path) -> Workbook:
    """Every sheet by its name."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: _sheet(sheet, values[sheet.title]) for sheet in formulas}


def live_cells(workbook: Workbook) -> dict[tuple[str, str], Any]:
    """Every formula's cached value, by sheet and address."""
    return {
        (name, cell.address): cell.value
        for name, sheet in workbook.items()
        for line in sheet.lines
        for cell in line.cells.values()
        if cell.live
    }


def _sheet(formulas: Any, values: Any) -> Sheet:
    found, title = Sheet(), ""
    headings: dict[int, str] = {}
    for row in formulas.iter_rows():
        cells = [Cell(cell.coordinate, values[cell.coordinate].value, live=cell.data_type == "f") for cell in row]
        filled = {at: cell for at, cell in enumerate(cells) if cell.value is not None or cell.live}
        wordy = all(isinstance(cell.value, str) and not cell.live for cell in filled.values())
        if wordy and list(filled) == [0]:
            title = cells[0].value
            found.words.append(title)
        elif wordy and cells[0].value in FIRST_HEADINGS:
            headings = {at: _MARK.sub("", cell.value) for at, cell in filled.items()}
        elif filled:
            named = {headings.get(at, row[at].column_letter): cell for at, cell in enumerate(cells)}
            found.lines.append(Line(title, row[0].row, named))
    return found
