"""The cells of a pack written by openpyxl alone, and its charts drawn and saved by matplotlib; prints the seconds."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path
from time import perf_counter

from openpyxl import Workbook

from reports.charts.render import combined_pdf, rendered
from reports.registry import CHARTS


def write(folder: Path) -> float:
    """Seconds for what `given.pickle` in the folder holds: rows of values and formulas by sheet, and the quarter."""
    sheets, view = pickle.loads((folder / "given.pickle").read_bytes())
    start = perf_counter()
    book = Workbook()
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(folder / "floor.xlsx")
    charts = [rendered(entry.draw, view) for entry in CHARTS]
    (folder / "floor.pdf").write_bytes(combined_pdf(charts, "floor"))
    for number, chart in enumerate(charts):
        (folder / f"{number}.png").write_bytes(chart.png)
        (folder / f"{number}.svg").write_bytes(chart.svg)
    return perf_counter() - start


if __name__ == "__main__":
    sys.stdout.write(str(write(Path(sys.argv[1]))))
