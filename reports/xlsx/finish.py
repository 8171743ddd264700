"""The finishing pass over a saved workbook: cells, alternative texts, fixed dates, spellings that other readers need.

openpyxl stamps the clock into the file and knows no alternative texts. This pass puts in the cells with the values
that Python computed (`reports.xlsx.cells`), takes every date from the pack and refuses to hand out a workbook in
which a drawing has no alternative text. Of two spellings that mean the same it chooses that of Excel, because there are
readers, ExcelJS for one, that know no other.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatch
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from reports.xlsx.cells import SheetCells, UnfinishedError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
#: The prefixes that Excel gives the namespaces of a drawing.
_PREFIXES = {
    "xdr": _DRAWING,
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "r": _RELATIONS,
}
_NO_CELLS = re.compile(rb"<sheetData ?/>|<sheetData></sheetData>")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that zip can say

#: A part of the file in pieces, so that a long sheet is never held twice.
Part = Iterable[bytes]


@dataclass(slots=True)
class Finish:
    """What the pass fills in, by sheet title. known_at: naive, UTC. company: whose figures these are; empty: not said."""

    known_at: datetime
    company: str = ""
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
    for path in parts:
        if fnmatch(path, "xl/*/_rels/*.rels"):
            parts[path] = _with_relative_targets(parts[path])
    stamp = finish.known_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rf"\g<1>{stamp}", core).encode()
    if finish.company:
        # openpyxl knows no company.
        said = f"<Company>{escape(finish.company)}</Company></Properties>".encode()
        parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"</Properties>", said)
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
    """The drawings of a sheet with their words, every element with the prefix that Excel gives it."""
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    words = iter(alternatives)
    root = ElementTree.fromstring(xml)  # noqa: S314 (our own output)
    for drawing in root.iter(f"{{{_DRAWING}}}cNvPr"):
        text = next(words, "")
        if not text:
            raise UnfinishedError(f"A drawing on sheet {title!r} has no alternative text: {drawing.get('name')}.")
        drawing.set("descr", text)
    spelled: bytes = ElementTree.tostring(root, encoding="utf-8")
    return spelled


def _with_relative_targets(relations: bytes) -> bytes:
    """What a part of a folder under xl/ relates to, named from that folder and not from the root of the file."""
    return relations.replace(b'Target="/xl/', b'Target="../')


def _sheet_paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Each sheet's title and the part it is stored in."""
    targets = _relations(parts, "xl/workbook.xml")
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 (our own output)
    return {str(each.get("name")): targets[str(each.get(f"{{{_RELATIONS}}}id"))] for each in book.iter(f"{_MAIN}sheet")}


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
