"""The cells of a pack written by openpyxl alone, values, formulas and number formats, and its charts drawn and saved
by matplotlib; prints the seconds."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell

from reports.charts.render import PdfHeading, combined_pdf, rendered
from reports.registry import CHARTS


def formatted(sheet: Any, content: Any, code: str) -> Cell:
    """A cell with a number format."""
    cell = Cell(sheet, row=1, column=1, value=content)
    cell.number_format = code
    return cell


def write(folder: Path) -> float:
    """Seconds for what `given.pickle` in the folder holds: by sheet its rows of (content, number format, none), and the quarter."""
    sheets, view = pickle.loads((folder / "given.pickle").read_bytes())
    start = perf_counter()
    book = Workbook()
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([content if plain else formatted(sheet, content, code) for content, code, plain in row])
    book.save(folder / "floor.xlsx")
    charts = [rendered(entry.draw, view) for entry in CHARTS]
    drawings = [chart.drawing for chart in charts]
    (folder / "floor.pdf").write_bytes(combined_pdf(drawings, PdfHeading("floor", "floor", "floor")))
    for number, chart in enumerate(charts):
        (folder / f"{number}.png").write_bytes(chart.png)
        (folder / f"{number}.svg").write_bytes(chart.svg)
    return perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write(str(write(Path(sys.argv[1]))))
