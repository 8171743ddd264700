"""The finishing pass over a saved workbook: cached values, alternative texts, fixed dates.

openpyxl writes formulas without a value: Protected View then shows blanks, pandas reads nothing. And it
stamps the clock into the file. This pass fills in what Python computed, takes every date from the pack
and refuses to hand out a workbook in which a formula has no value or a drawing no alternative text.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

Cached = str | int | float | Decimal | date | None

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FORMULA_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(.*?)</f><v ?(?:/>|></v>)</c>', re.S)
_FORMULA = re.compile("<f[ />]")
_DRAWING_OBJECT = re.compile(r'<([a-z]*:?)cNvPr id="(\d+)" name="([^"]*)"(?: descr="[^"]*")?')
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that zip can say
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


class UnfinishedError(ValueError):
    """A workbook that must not leave the house; the message names the cells or drawings."""


@dataclass(slots=True)
class Finish:
    """What the pass fills in. known_at: naive, UTC. cached: by sheet title and address."""

    known_at: datetime
    cached: dict[tuple[str, str], Cached] = field(default_factory=dict)
    alternatives: dict[str, list[str]] = field(default_factory=dict)


def finished(raw: bytes, finish: Finish) -> bytes:
    """The workbook with its cached values, alternative texts and dates; raises UnfinishedError if one is missing."""
    with zipfile.ZipFile(io.BytesIO(raw)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    for title, path in _sheet_paths(parts).items():
        parts[path] = _with_values(parts[path], title, finish.cached)
        drawing = _drawing_path(parts, path)
        if drawing:
            parts[drawing] = _with_alternatives(parts[drawing], title, finish.alternatives.get(title, []))
    stamp = finish.known_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = _MODIFIED.sub(rf"\g<1>{stamp}", core).encode()
    return _zipped(parts)


def _with_values(xml: bytes, title: str, cached: Mapping[tuple[str, str], Cached]) -> bytes:
    missing = 0

    def filled(match: re.Match[str]) -> str:
        nonlocal missing
        value = cached.get((title, match[1]))
        if value is None or value == "":
            missing += 1
            return match[0]
        kind, text = _as_xml(value)
        return f'<c r="{match[1]}"{match[2]}{kind}><f>{match[3]}</f><v>{text}</v></c>'

    done, found = _FORMULA_CELL.subn(filled, xml.decode())
    # Every formula is counted: one that the expression overlooked must not slip through.
    if missing or found != len(_FORMULA.findall(done)):
        _refuse_empty(done, title)
    return done.encode()


def _refuse_empty(xml: str, title: str) -> None:
    """Name the formulas without a value; only a parser sees those that are spelled unexpectedly."""
    empty = [
        cell.get("r")
        for cell in ElementTree.fromstring(xml).iter(f"{_MAIN}c")  # noqa: S314 (our own output)
        if cell.find(f"{_MAIN}f") is not None and not cell.findtext(f"{_MAIN}v")
    ]
    raise UnfinishedError(f"Formulas without a cached value on sheet {title!r}: {empty[:5]}, {len(empty)} in all.")


def _as_xml(value: Cached) -> tuple[str, str]:
    """The type attribute and the text of a cached value."""
    if isinstance(value, str):
        return (' t="e"' if value in _ERRORS else ' t="str"'), escape(value)
    if isinstance(value, float):
        return "", repr(value)
    if isinstance(value, date):
        raise UnfinishedError(f"A formula's cached date must be given as a number, not {value!r}.")
    return "", str(value)


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


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            target.writestr(info, data, compresslevel=6)
    return buffer.getvalue()
