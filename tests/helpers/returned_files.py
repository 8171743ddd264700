"""Workbooks as they come back: cells changed in the file itself, files saved anew by other programs.

A cell that is planted in the file's XML leaves everything else as it was, the cached values among it; openpyxl
drops those when it saves.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils.datetime import to_excel

from ledger.views.quarter import QuarterView
from reports.content import naive_utc
from reports.pack.pack import described
from reports.xlsx.writer import Stamp, workbook_bytes

#: Sheet and address of a cell.
Address = tuple[str, str]

_RECALCULATION = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">'
    "<value>0</value></prop></item></oor:items>"
)


class Live(NamedTuple):
    """A formula, with its equals sign, and the value stored with it."""

    text: str
    stored: Any


def issued(view: QuarterView, target: Path) -> Path:
    """The workbook of a pack, without pictures, which take long to draw."""
    origin = view.provenance
    known_at = naive_utc(origin.known_at)
    assert known_at is not None
    stamp = Stamp("Technical debt", "head", origin.exponent, known_at, origin.provisional)
    target.write_bytes(workbook_bytes(described(view), stamp))
    return target


def planted(source: Path, target: Path, cells: Mapping[Address, Any]) -> Path:
    """The file with other content in cells that it has; None empties one."""
    titles = openpyxl.load_workbook(source, read_only=True).sheetnames
    parts = {f"xl/worksheets/sheet{number}.xml": title for number, title in enumerate(titles, 1)}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name in parts:
                own = {address: value for (sheet, address), value in cells.items() if sheet == parts[name]}
                data = _with_cells(data.decode(), own).encode()
            new.writestr(name, data)
    return target


def _with_cells(xml: str, cells: Mapping[str, Any]) -> str:
    for address, value in cells.items():
        pattern = rf'<c r="{address}" s="([0-9]+)"[^>]*?(?:/>|>.*?</c>)'
        xml, found = re.subn(pattern, lambda match: _cell(address, match[1], value), xml, count=1, flags=re.S)  # noqa: B023
        assert found, f"The file has no cell {address}."
    return xml


def _cell(address: str, style: str, value: Any) -> str:
    start = f'<c r="{address}" s="{style}"'
    formula = ""
    if isinstance(value, Live):
        formula, value = f"<f>{escape(value.text[1:])}</f>", value.stored
        if isinstance(value, str):
            return f'{start} t="str">{formula}<v>{escape(value)}</v></c>'
    if isinstance(value, str):
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    if value is None:
        return f"{start}>{formula}</c>"
    number = to_excel(value) if isinstance(value, date) else value
    assert isinstance(number, int | float | Decimal)
    return f"{start}>{formula}<v>{number}</v></c>"


def edited(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    """The file after openpyxl loaded it, somebody changed the book, and openpyxl saved it."""
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def saved_by_libreoffice(
    files: Iterable[Path], folder: Path, *, through: str = "xlsx", recalculated: bool = False
) -> Path:
    """A folder with the files as LibreOffice saves them. through: the format that it first turns them into.

    It believes the stored values of a file that it has not written, unless it is told to recalculate.
    """
    program = shutil.which("soffice")
    assert program is not None
    profile = folder / "profile"
    if recalculated:
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATION)
    for form in dict.fromkeys((through, "xlsx")):
        target = folder / form
        files = [str(path) for path in files]
        named = "xlsx:Calc MS Excel 2007 XML" if form == "xlsx" else form
        settings = [f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", named]
        subprocess.run(
            [program, *settings, "--outdir", str(target), *files], check=True, capture_output=True, timeout=300
        )
        files = sorted(target.iterdir())
    return folder / "xlsx"
