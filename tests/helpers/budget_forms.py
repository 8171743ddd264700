"""Small workbooks with a budget form, as finance might return them, and cells as only a spreadsheet program saves them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.table import Table

from ledger.vocabulary.budget_form import (
    BUDGET,
    BUDGET_EXPORTED,
    FORECAST,
    FORECAST_EXPORTED,
    NOTE,
    QUARTER,
    TABLE,
    TEAM,
)

#: Columns C and E are entries, F the note, G and H the exported copies.
COLUMNS = (QUARTER, TEAM, BUDGET, "Spent so far", FORECAST, NOTE, BUDGET_EXPORTED, FORECAST_EXPORTED)
#: The first row of amounts in a form that `write_form` puts where it is put by default.
FIRST_ROW = 5

Row = Mapping[str, Any]


def row(quarter: str, team: str, budget: Any = None, was: Any = None, **others: Any) -> Row:
    """A row that plans a budget; forecast, forecast_was, note: the other cells."""
    return {
        QUARTER: quarter,
        TEAM: team,
        BUDGET: budget,
        BUDGET_EXPORTED: was,
        FORECAST: others.get("forecast"),
        FORECAST_EXPORTED: others.get("forecast_was"),
        NOTE: others.get("note"),
    }


def write_form(
    path: Path,
    rows: Sequence[Row],
    *,
    columns: Sequence[str] = COLUMNS,
    sheet: str = "Budget",
    left: int = 1,
    table: str = TABLE,
    about: Sequence[tuple[str, Any]] = (),
    below: Sequence[Row] = (),
    totals: bool = False,
) -> Path:
    """A workbook whose table begins in row 4. about: rows of the sheet About; below: rows under the table."""
    workbook = Workbook()
    workbook.active.append(["What finance should know"])
    form = workbook.create_sheet(sheet)
    form["A1"] = "Budget"
    for index, name in enumerate(columns, start=left):
        form.cell(FIRST_ROW - 1, index, name)
        for number, cells in enumerate([*rows, *below], start=FIRST_ROW):
            cell = form.cell(number, index)
            cell.value = cells.get(name.strip().capitalize(), cells.get(name))
    last = FIRST_ROW - 1 + len(rows)
    ref = f"{get_column_letter(left)}{FIRST_ROW - 1}:{get_column_letter(left + len(columns) - 1)}{last}"
    part = Table(displayName=table, ref=ref)
    if totals:
        part.totalsRowCount = 1
    form.add_table(part)
    if about:
        sheet_about = workbook.create_sheet("About")
        for fact in about:
            sheet_about.append(fact)
    workbook.save(path)
    return path


def fill_in(workbook: Path, target: Path, entries: Mapping[tuple[str, str, str], Any]) -> Path:
    """A workbook with cells of its form filled in, saved by openpyxl; (quarter, team, column) -> what is typed."""
    book = load_workbook(workbook)
    sheet, ref = next((sheet, sheet.tables[TABLE].ref) for sheet in book.worksheets if TABLE in sheet.tables)
    left, top, right, bottom = range_boundaries(ref)
    header = {sheet.cell(top, column).value: column for column in range(left, right + 1)}
    rows = {
        (sheet.cell(number, header[QUARTER]).value, sheet.cell(number, header[TEAM]).value): number
        for number in range(top + 1, bottom + 1)
    }
    for (quarter, team, column), value in entries.items():
        sheet.cell(rows[quarter, team], header[column]).value = value
    book.save(target)
    return target


def put_raw(workbook: Path, coordinate: str, inside: str, kind: str = "n") -> Path:
    """Replace what a cell of the form holds: by a formula with the value that a spreadsheet program saved, say.

    kind: the cell's type, 'n', 'str', 'b' or 'e'.
    """
    cell = rf'<c r="{coordinate}"([^>]*?)(?: t="\w+")?\s*(?:/>|>.*?</c>)'
    return edit_xml(workbook, 2, cell, rf'<c r="{coordinate}"\1 t="{kind}">{inside}</c>')


def edit_xml(workbook: Path, sheet: int, pattern: str, replacement: str) -> Path:
    """Replace the one place in a sheet's XML that matches. sheet: its number, from 1; the form is on the second."""
    name = f"xl/worksheets/sheet{sheet}.xml"
    with zipfile.ZipFile(workbook) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    xml, found = re.subn(pattern, replacement, parts[name].decode())
    assert found == 1, f"{pattern} is not in {name}"
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in (parts | {name: xml.encode()}).items():
            archive.writestr(part, data)
    return workbook
