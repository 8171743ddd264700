"""Workbooks as JavaScript libraries read them: ExcelJS and SheetJS, which many a finance tool stands on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

FOLDER = Path(__file__).parent / "javascript"
LIBRARIES = ("exceljs", "xlsx")  # SheetJS goes by the name of xlsx

needs_libraries = pytest.mark.skipif(
    not all((FOLDER / "node_modules" / name).is_dir() for name in LIBRARIES),
    reason="needs ExcelJS and SheetJS: `npm ci` in tests/reports/javascript",
)

#: Of each sheet, by its title, what each cell with a content shows, by its address.
Sheets = dict[str, dict[str, Any]]


def read_by(library: str, workbooks: Sequence[Path]) -> list[Sheets]:
    """What a library reads in each workbook; fails with its message where it cannot open one."""
    program = shutil.which("node")
    assert program is not None
    done = subprocess.run(
        [program, "cells.js", library, *map(str, workbooks)],
        cwd=FOLDER,
        env={**os.environ, "TZ": "UTC"},  # their dates are moments, shown in the time zone of the machine
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[Sheets] = json.loads(done.stdout)
    return found


def read_by_openpyxl(workbook: Path) -> Sheets:
    """The same of openpyxl, cached values in place of formulas."""
    return {
        sheet.title: {
            cell.coordinate: cell.value.isoformat(timespec="seconds")
            if isinstance(cell.value, datetime)
            else cell.value
            for row in sheet
            for cell in row
            if cell.value is not None
        }
        for sheet in openpyxl.load_workbook(workbook, data_only=True)
    }
