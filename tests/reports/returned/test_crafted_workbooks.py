"""A workbook made to fill the machine that reads it: refused by name, within bounds of time and memory, by whoever reads one."""

from __future__ import annotations

import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from reports.returned import guarded_archive as bounds
from tests.helpers.hostile_files import MAIN, form

pytestmark = pytest.mark.reliability

#: Of processor time and of address space.
_SECONDS, _BYTES = 30, 1536 * 2**20

#: Each reader of workbooks from outside, called with a path.
READERS = {
    "budget import": "from ledger.vocabulary.money import Currency\n"
    "from reports.returned.budget_form import read_form\n"
    "read = lambda path: read_form(path, Currency('EUR', 2))",
    "verify-workbook": "from reports.returned.comparison import differences\n"
    "from tests.helpers.quarter_books import CASES\n"
    "read = lambda path: differences(path, CASES['typical'])",
    "every row": "from reports.returned.cells import opened\n"
    "def read(path):\n"
    "    with opened(path) as book:\n"
    "        return [number for sheet in book.sheets for number, _ in book.rows(sheet)]",
}
_CHILD = """
import sys
from pathlib import Path
from ledger.vocabulary.errors import Unreadable
{reader}
try:
    read(Path(sys.argv[1]))
except Unreadable as error:
    print(error)
else:
    print("read")
"""

_SHEET, _STYLES, _BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
_STRINGS, _TABLE = "xl/sharedStrings.xml", "xl/tables/table1.xml"
_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_TOO_MANY = bounds.MOST_ELEMENTS + 1
_OWN_RELATION = 'r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

#: Kind -> the part, the tag before whose end something is put, what, and what the refusal says beside the part's name.
Crafted = tuple[str, str, Callable[[], Iterable[str]], str]
KINDS: dict[str, Crafted] = {
    "texts without end": (_STRINGS, "sst", lambda: ("<si><t/></si>" * (bounds.MOST_RECORDS + 1),), "rows or texts"),
    "a long text": (_STRINGS, "sst", lambda: ("<si><t>", *["x" * 2**20] * 90, "</t></si>"), "a text or a tag"),
    "many long texts": (_STRINGS, "sst", lambda: ["<si><t>" + "x" * 2**20 + "</t></si>"] * 300, "unpacks to more"),
    "a text of many runs": (_STRINGS, "sst", lambda: ("<si>", "<r><t>x</t></r>" * _TOO_MANY, "</si>"), "elements"),
    "formats": (_STYLES, "cellXfs", lambda: ('<xf numFmtId="0"/>' * _TOO_MANY,), "elements"),
    "fonts": (_STYLES, "fonts", lambda: ("<font/>" * _TOO_MANY,), "elements"),
    "styles of many bytes": (_STYLES, "fonts", lambda: [" " * 2**20] * 33, "unpacks to more"),
    "a deep book": (_BOOK, "workbook", lambda: ("<a>" * 2**19, "</a>" * 2**19), "deep"),
    "a deep row": (_SHEET, "row", lambda: ("<a>" * 2**19, "</a>" * 2**19), "deep"),
    "cells in one row": (_SHEET, "row", lambda: ('<c r="A2"/>' * _TOO_MANY,), "elements"),
    "rows": (_SHEET, "sheetData", lambda: ("<row/>" * (bounds.MOST_RECORDS + 1),), "rows or texts"),
    "merged cells": (_SHEET, "worksheet", lambda: ('<mergeCell ref="A1:B2"/>' * _TOO_MANY,), "elements"),
    "strangers that look like rows": (_SHEET, "sheetData", lambda: ('<row xmlns="a"/>' * _TOO_MANY,), "elements"),
    "attributes": (
        _SHEET,
        "sheetData",
        lambda: ("<row ", *(f'a{n}="1" ' for n in range(2**20)), "/>"),
        "a text or a tag",
    ),
    "sheets": (
        _BOOK,
        "sheets",
        lambda: (f'<sheet name="s{n}" sheetId="{n}" {_OWN_RELATION}/>' for n in range(5, bounds.MOST_SHEETS + 6)),
        "sheets",
    ),
    "names": (_BOOK, "workbook", lambda: ("<a/>" * _TOO_MANY,), "elements"),
    "columns of a table": (_TABLE, "tableColumns", lambda: ("<a/>" * _TOO_MANY,), "elements"),
    "types": (_TYPES, "Types", lambda: ('<Default Extension="a" ContentType="b"/>' * _TOO_MANY,), "elements"),
    "relations": (_RELATIONS, "Relationships", lambda: ('<Relationship Id="a" Target="c"/>' * _TOO_MANY,), "elements"),
}

#: Every kind to one reader; to the other some, since both open a workbook through one function.
ASKED = [
    *(
        (kind, "budget import") for kind in KINDS if kind != "rows"
    ),  # it reads on for some rows below its table, no further
    *((kind, "verify-workbook") for kind in ("formats", "a text of many runs", "sheets")),
    ("rows", "every row"),
]


def crafted(plain: Path, target: Path, kind: Crafted) -> Path:
    """The form, with something put before the last end of a tag in one of its parts."""
    place, tag, inserted, _ = kind
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            before, end, after = text.rpartition(f"</{tag}>") if name == place else (text, "", "")
            assert end or name != place
            with new.open(name, "w") as part:
                for piece in (before, *(inserted() if name == place else ()), end, after):
                    part.write(piece.encode())
    return target


def read_by(reader: str, path: Path) -> str:
    """What a process says that reads the file; the system ends it where it needs more."""

    def held() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))

    code = _CHILD.format(reader=READERS[reader])
    words = [sys.executable, "-c", code, str(path)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False, preexec_fn=held)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form with its texts in a part of their own, as Excel saves it."""
    path = form(tmp_path_factory.mktemp("crafted") / "plain.xlsx", "A1:G2")
    declared = (
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    target = path.with_name("with-texts.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"</Types>", declared.encode()) if name == _TYPES else data)
        new.writestr(_STRINGS, f'<sst xmlns="{MAIN}"><si><t>x</t></si></sst>')
    return target


def test_a_form_with_rows_without_end_is_read_no_further_than_its_table(plain: Path, tmp_path: Path) -> None:
    assert read_by("budget import", crafted(plain, tmp_path / "crafted.xlsx", KINDS["rows"])) == "read\n"


@pytest.mark.parametrize("reader", READERS)
def test_the_form_itself_is_read(plain: Path, reader: str) -> None:
    """So that what is refused below is refused for what was put in it."""
    assert "too large" not in read_by(reader, plain)


@pytest.mark.parametrize(("kind", "reader"), ASKED)
def test_a_crafted_workbook_is_refused_by_name(plain: Path, tmp_path: Path, kind: str, reader: str) -> None:
    """With the file, the part and the bound."""
    place, _, _, why = KINDS[kind]
    said = read_by(reader, crafted(plain, tmp_path / "crafted.xlsx", KINDS[kind]))
    assert "crafted.xlsx is too large to be read." in said
    assert why in said
    assert place in said or kind == "sheets"


def test_entities_are_not_expanded(plain: Path, tmp_path: Path) -> None:
    """A document type is refused before anything of it is."""
    target = tmp_path / "crafted.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == _STRINGS:
                data = b'<!DOCTYPE sst [<!ENTITY a "b">]>' + data.replace(b"x</t>", b"&a;</t>")
            new.writestr(name, data)
    assert "a document type" in read_by("budget import", target)
