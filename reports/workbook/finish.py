"""The finishing pass over a saved workbook: cells, alternative texts, fixed dates.

openpyxl stamps the clock into the file and knows no alternative texts. This pass puts in the cells with the values
that Python computed (`reports.workbook.cells`), takes every date from the pack and refuses to hand out a workbook in
which a drawing has no alternative text.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from reports.workbook.cells import SheetCells, UnfinishedError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NO_CELLS = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
_DRAWING_OBJECT = re.compile(r'<([a-z]*:?)cNvPr id="(\d+)" name="([^"]*)"(?: descr="[^"]*")?')
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that zip can say

#: A part of the file in pieces, so that a long sheet is never held twice.
Part = Iterable[bytes]


@dataclass(slots=True)
class Finish:
    """What the pass fills in, by sheet title. known_at: naive, UTC."""

    known_at: datetime
    cells: dict[str, SheetCells] = field(default_factory=dict)
    alternatives: dict[str, list[str]] = field(default_factory=dict)


def finished(raw: bytes, finish: Finish) -> bytes:
    """The workbook with its cells, alternative texts and dates.

    raw: as openpyxl saved it, without a cell. Raises UnfinishedError for a drawing without alternative text, and
    for a sheet that has cells already.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    whole: dict[str, Part] = {}
    for title, path in _sheet_paths(parts).items():
        whole[path] = _with_cells(parts[path], title, finish.cells.get(title) or SheetCells(title))
        drawing = _drawing_path(parts, path)
        if drawing:
            parts[drawing] = _with_alternatives(parts[drawing], title, finish.alternatives.get(title, []))
    stamp = finish.known_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rf"\g<1>{stamp}", core).encode()
    return _zipped({name: whole.get(name, (data,)) for name, data in parts.items()})


def _with_cells(xml: bytes, title: str, cells: SheetCells) -> Part:
    around = _NO_CELLS.split(xml)
    if len(around) != 2:
        raise UnfinishedError(f"Sheet {title!r} has cells that nobody gave a value.")
    before = _DIMENSION.sub(f'<dimension ref="{cells.dimension}"'.encode(), around[0])
    # The schema wants links between the conditional formats and the print options.
    after = around[1].replace(b"<printOptions", cells.links + b"<printOptions", 1)
    return (piece for pieces in ((before,), cells.xml(), (after,)) for piece in pieces)


def _with_alternatives(xml: bytes, title: str, alternatives: Sequence[str]) -> bytes:
    words = iter(alternatives)

    def described(match: re.Match[str]) -> str:
        text = next(words, "")
        if not text:
            raise UnfinishedError(f"A drawing on sheet {title!r} has no alternative text: {match[3]}.")
        quoted = escape(text, {'"': "&quot;", "\n": "&#10;"})
        return f'<{match[1]}cNvPr id="{match[2]}" name="{match[3]}" descr="{quoted}"'

    return _DRAWING_OBJECT.sub(described, xml.decode()).encode()


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Each sheet's title and the part it is stored in."""
    targets = _relations(parts, "xl/workbook.xml")
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 (our own output)
    return {str(each.get("name")): targets[str(each.get(_RELATION))] for each in book.iter(f"{_MAIN}sheet")}


def _drawing_path(parts: Mapping[str, bytes], sheet_path: str) -> str | None:
    targets = _relations(parts, sheet_path).values()
    return next((target for target in targets if target.startswith("xl/drawings/")), None)


def _relations(parts: Mapping[str, bytes], part: str) -> dict[str, str]:
    folder, name = posixpath.split(part)
    relations = parts.get(f"{folder}/_rels/{name}.rels")
    if relations is None:
        return {}
    root = ElementTree.fromstring(relations)  # noqa: S314 (our own output)
    return {
        str(each.get("Id")): posixpath.normpath(posixpath.join("/", folder, str(each.get("Target")))).lstrip("/")
        for each in root
    }


def _zipped(parts: Mapping[str, Part]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for name, pieces in parts.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            with target.open(info, "w") as part:
                part.writelines(pieces)
    return buffer.getvalue()
