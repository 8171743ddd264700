"""Recalculates a finished workbook with evaluators that are not ours.

formualizer's `umya` backend reads tables and names, but takes `[#This Row]` inside its own table for a
circular reference; in the uncached copy that is evaluated here structured references become A1.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import formualizer
import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

_THIS_ROW = re.compile(r"(tbl\w+)\[\[#This Row\],\[([^\]]+)\]\]")
_COLUMN = re.compile(r"(tbl\w+)\[([^\[\]#]+)\]")

Cells = dict[tuple[str, str], Any]
Change = Callable[[Any], None]


def cached_formulas(workbook: Path) -> Cells:
    """Every formula cell's cached value, by sheet and address."""
    formulas, values = openpyxl.load_workbook(workbook), openpyxl.load_workbook(workbook, data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def uncached(workbook: Path, change: Change | None = None) -> Any:
    """The workbook, loaded, and so without cached values; changed if asked for."""
    book = openpyxl.load_workbook(workbook)
    tables = {
        table.name: (sheet.title, *range_boundaries(table.ref), [column.name for column in table.tableColumns])
        for sheet in book
        for table in sheet.tables.values()
    }
    if change is not None:
        change(book)

    def letter(table: str, column: str) -> str:
        return str(get_column_letter(tables[table][1] + tables[table][5].index(column)))

    def whole_column(match: re.Match[str]) -> str:
        sheet, _, first, _, last, _ = tables[match[1]]
        at = letter(match[1], match[2])
        return f"{sheet}!${at}${first + 1}:${at}${last}"

    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    # The row is marked first, because a replacement cannot know it.
                    text = _THIS_ROW.sub(lambda match: letter(match[1], match[2]) + "\0", cell.value)
                    cell.value = _COLUMN.sub(whole_column, text).replace("\0", str(cell.row))
    return book


def recalculated(workbook: Path, folder: Path, change: Change | None = None) -> Cells:
    """Every formula cell's value as formualizer computes it from the ledger's values alone."""
    book, copy = uncached(workbook, change), folder / "uncached.xlsx"
    book.save(copy)
    engine = formualizer.load_workbook(str(copy), backend="umya")
    found: Cells = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found[sheet.title, cell.coordinate] = engine.evaluate_cell(sheet.title, cell.row, cell.column)
    return found


def named(cells: Cells, workbook: Path, name: str) -> Any:
    """The value of a defined name that is a formula cell."""
    with closing(openpyxl.load_workbook(workbook, read_only=True)) as book:
        sheet, address = book.defined_names[name].attr_text.split("!")
    return cells[sheet.strip("'"), address.replace("$", "")]


def same(one: Any, other: Any) -> bool:
    """Equal, numbers up to what adding doubles costs."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-4)
    return bool(one == other)


def libreoffice(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after recalculating every formula (0: always)."""
    program = shutil.which("soffice")
    assert program is not None
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
        "<value>0</value></prop></item></oor:items>"
    )
    out = folder / "out"
    settings = [f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    conversion = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(workbook)]
    subprocess.run([program, *settings, *conversion], check=True, capture_output=True, timeout=180)
    return out / workbook.name
