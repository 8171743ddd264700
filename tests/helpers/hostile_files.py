"""Files that break readers: empty, endless, nested, packed, cut; made in a folder, each by its name."""

from __future__ import annotations

import io
import os
import socket
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

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

_HEADING = (QUARTER, TEAM, BUDGET, FORECAST, NOTE, BUDGET_EXPORTED, FORECAST_EXPORTED)
_DEEP = 100_000
_OWN = "A1:G2"
#: The namespace of what a workbook is made of.
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

#: Contents by the name of what is wrong with them.
CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "zeros": b"\0" * 4096,
    "no-utf-8": b"\xff\xfe\x00\xd8",
    "a-mark-alone": b"\xef\xbb\xbf",
    "brackets": b"[" * _DEEP,
    "objects": b'{"a":' * _DEEP,
    "toml-brackets": b"database = " + b"[" * _DEEP,
    "toml-tables": b"[" + b"a." * _DEEP + b"a]\n",
    "a-long-number": b"[" + b"9" * 5000 + b"]",
    "toml-long-number": b"busy_seconds = " + b"9" * 5000,
    "an-exponent": b'[1e999999999, {"issues": 1e999999999}]',
    "surrogates": b'{"issues": ["\\ud800"]}',
    "quotes": b'"' * 4097,
    "one-line": b"a," * 300_000,
    "yaml-aliases": b"---\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n---\n",
    "markdown": b"# " * 20_000 + b"\n" + b"> " * 20_000,
    "sqlite-head": b"SQLite format 3\0" + b"\xff" * 2000,
    "zip-head": b"PK\x03\x04" + b"\xff" * 2000,
    "parquet-head": b"PAR1" + b"\xff" * 2000 + b"PAR1",
    "pickle": b"\x80\x04\x95" + b"\xff" * 200,
}


def made(folder: Path) -> dict[str, Path]:
    """Every hostile file, and the devices of this machine that have no end or no bytes."""
    files = {}
    for name, content in CONTENTS.items():
        files[name] = folder / name
        files[name].write_bytes(content)
    for make in (_bomb, _stray, _stretched, _stretched_wide, _wide_rows):
        files[make.__name__.strip("_")] = make(folder / f"{make.__name__.strip('_')}.xlsx")
    files["folder"] = folder / "folder"
    files["folder"].mkdir()
    files["dangling"] = folder / "dangling"
    files["dangling"].symlink_to(folder / "nowhere")
    files["loop"] = folder / "loop"
    files["loop"].symlink_to("loop")
    for device in ("/dev/zero", "/dev/null"):
        if Path(device).exists():
            files[device] = Path(device)
    return files


def no_files(folder: Path) -> dict[str, Path]:
    """What has a name in a folder and is no file, each by how a refusal calls it; and a link to each."""
    pipe, listening, device, inner = (folder / name for name in ("pipe", "socket", "device", "folder"))
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(listening))
    device.symlink_to("/dev/zero")
    inner.mkdir()
    made = {f"a {path.name} and no file": path for path in (pipe, listening, device, inner)}
    linked = {}
    for name, path in made.items():
        link = folder / f"linked-{path.name}"
        link.symlink_to(path)
        linked[name + " (linked)"] = link
    return {**made, **linked}


def _bomb(path: Path) -> Path:
    """Some megabytes that unpack to gigabytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open("xl/workbook.xml", "w", force_zip64=True) as part:
            zeros = bytes(2**20)
            for _ in range(1100):
                part.write(zeros)
    return path


def form(path: Path, reference: str, **cells: Any) -> Path:
    """A budget form whose table says how far it reaches."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Budget"
    sheet.append(_HEADING)
    sheet.append(("2026Q4", "red", 900, None, None, None, None))
    for cell, value in cells.items():
        sheet[cell] = value
    sheet.add_table(openpyxl.worksheet.table.Table(displayName=TABLE, ref=_OWN))
    plain = io.BytesIO()
    book.save(plain)
    # Not by openpyxl, which would make every cell that the table reaches.
    with zipfile.ZipFile(plain) as parts, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in parts.namelist():
            file.writestr(name, parts.read(name).replace(_OWN.encode(), reference.encode()))
    return path


def _stray(path: Path) -> Path:
    """A cell in the last row that a sheet has."""
    return form(path, "A1:G2", A1048576="x")


def _stretched(path: Path) -> Path:
    return form(path, "A1:G1048576")


def _stretched_wide(path: Path) -> Path:
    return form(path, "A1:XFD1048576", XFD1048576="x")


def _wide_rows(path: Path) -> Path:
    """A cell in the last column of many rows."""
    return form(path, "A1:G2", **{f"XFD{number}": "x" for number in range(1, 1000)})
