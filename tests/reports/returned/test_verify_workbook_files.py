"""Files that came back as workbooks: where they say they come from, and what is said of those that are none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import reports.returned.cells
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.release import __version__
from reports.origin import PackOrigin
from reports.returned.cells import UnreadableWorkbookError
from reports.returned.comparison import differences
from reports.returned.origin import NoPackError, read_origin
from tests.helpers.quarter_books import CASES, HEAD
from tests.helpers.returned_files import edited, issued

pytestmark = pytest.mark.reliability

VIEW = CASES["typical"]


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The typical quarter's workbook as it was issued."""
    return issued(VIEW, tmp_path_factory.mktemp("issued") / "typical.xlsx")


def test_a_workbook_says_where_it_comes_from(workbook: Path) -> None:
    assert read_origin(workbook) == PackOrigin(
        book="Example book",
        quarter="2026Q3",
        as_of=date(2026, 9, 30),
        position=1234,
        head_hash=HEAD,
        compared_with=(),
        schema_version="0001",
        versions={"debt-ledger": __version__, "python": "3.11.2", "openpyxl": "3.1.5"},
    )


def test_it_names_the_issues_that_it_compares_itself_with(tmp_path: Path) -> None:
    view = CASES["restated"]
    positions = tuple(row.issue.position for row in view.restatements)
    assert positions
    assert read_origin(issued(view, tmp_path / "restated.xlsx")).compared_with == positions
    two = [replace(view.restatements[0], issue=replace(view.restatements[0].issue, position=31)), view.restatements[-1]]
    again = replace(view, restatements=tuple(replace(row, quarter=f"202{n}Q1") for n, row in enumerate(two)))
    assert read_origin(issued(again, tmp_path / "two.xlsx")).compared_with == (31, positions[-1])


def about(name: str, value: Any) -> Callable[[Any], None]:
    """Puts a value beside a name of About."""

    def change(book: Any) -> None:
        next(row for row in book["About"].iter_rows() if row[0].value == name)[1].value = value

    return change


def cell_of(workbook: Path, name: str) -> str:
    rows = openpyxl.load_workbook(workbook)["About"].iter_rows()
    return str(next(row for row in rows if row[0].value == name)[1].coordinate)


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("Book", None, "should hold the name of a book, and holds empty"),
        ("Position of the last event known", "twelve", "should hold a position, and holds twelve"),
        ("Position of the last event known", -1, "should hold a position, and holds -1"),
        ("Position of the last event known", 12.5, "should hold a position, and holds 12.5"),
        ("Position of the last event known", True, "should hold a position, and holds TRUE"),
        ("Position of the last event known", "=1+1", "should hold a position, and holds =1+1"),
        ("Position of the last event known", "#N/A", "should hold a position, and holds the error #N/A"),
        ("Hash of that event", "9f2c12ab34cd", "should hold a hash of 64 hexadecimal digits, and holds 9f2c12ab34cd"),
        ("This quarter", "2026Q5", "should hold a quarter such as 2026Q3, and holds 2026Q5"),
        ("As of, inclusive", "30 September", "should hold a date, and holds 30 September"),
        ("As of, inclusive", 1e300, "should hold a date, and holds the error #VALUE!"),
        ("Compared with the issues at positions", "31;12", "should hold a list of positions, or 'none', and holds 31;12"),
    ],
)  # fmt: skip
def test_an_origin_that_cannot_be_read_names_the_cell(
    name: str, value: Any, message: str, workbook: Path, tmp_path: Path
) -> None:
    changed = edited(workbook, tmp_path / "changed.xlsx", about(name, value))
    with pytest.raises(NoPackError) as caught:
        read_origin(changed)
    assert str(caught.value) == f"About!{cell_of(workbook, name)} ('{name}') {message}."


def test_a_position_that_was_typed_anew_is_the_same_position(workbook: Path, tmp_path: Path) -> None:
    for typed in (1234.0, "1234", " 1234 "):
        changed = edited(workbook, tmp_path / "typed.xlsx", about("Position of the last event known", typed))
        assert read_origin(changed).position == 1234


@pytest.mark.reliability
@pytest.mark.parametrize("name", ["Book", "This quarter", "Reproduced by", "Schema version", "As of, inclusive"])
def test_an_about_without_a_row_is_no_pack(name: str, workbook: Path, tmp_path: Path) -> None:
    def delete(book: Any) -> None:
        book["About"].delete_rows(next(row[0].row for row in book["About"].iter_rows() if row[0].value == name))

    with pytest.raises(NoPackError, match=f"its sheet About has no row '{name}'"):
        read_origin(edited(workbook, tmp_path / "changed.xlsx", delete))


def test_a_workbook_of_somebody_else_is_no_pack(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "theirs.xlsx")
    with pytest.raises(NoPackError, match="it has no sheet About"):
        read_origin(tmp_path / "theirs.xlsx")
    book.create_sheet("About")["A1"] = "About us"
    book.save(tmp_path / "theirs.xlsx")
    with pytest.raises(NoPackError, match="no row"):
        differences(tmp_path / "theirs.xlsx", VIEW)


def with_part(workbook: Path, name: str, data: bytes | None) -> bytes:
    """The workbook's bytes with another part in place of one; None leaves it out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        if data is not None:
            new.writestr(name, data)
    return buffer.getvalue()


def zipped(*names: str, encrypted: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in names:
            target.writestr(name, b"nothing")
    data = buffer.getvalue()
    # The first bit of a part's flags says that it is encrypted.
    return data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01") if encrypted else data


_OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)
_BOMB = (
    b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
)

BROKEN: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda _file: b"", "is empty"),
    "text": (lambda _file: b"Quarter;Team\n", "is no workbook"),
    "old": (lambda _file: _OLE, "is an old .xls workbook. Save it as .xlsx"),
    "password": (lambda _file: _OLE + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
    "encrypted parts": (lambda _file: zipped("[Content_Types].xml", encrypted=True), "is protected by a password"),
    "binary": (lambda _file: zipped("[Content_Types].xml", "xl/workbook.bin"), r"is a binary workbook \(.xlsb\)"),
    "OpenDocument": (lambda _file: zipped("mimetype", "content.xml"), "is no workbook of type .xlsx"),
    "cut": (lambda file: file.read_bytes()[:-3000], "is no workbook"),
    "no XML": (lambda _file: zipped("[Content_Types].xml"), "is damaged and cannot be read"),
    "no workbook": (lambda file: with_part(file, "xl/workbook.xml", None), "is damaged and cannot be read"),
    "bad workbook": (lambda file: with_part(file, "xl/workbook.xml", b"<workbook/>"), "is damaged|is no pack"),
    "bad styles": (lambda file: with_part(file, "xl/styles.xml", b"<styleSheet"), "is damaged and cannot be read"),
    "bad sheet": (lambda file: with_part(file, "xl/worksheets/sheet1.xml", b"<worksheet"), "is damaged and cannot"),
    "bad cell": (
        lambda file: with_part(
            file,
            "xl/worksheets/sheet1.xml",
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
            b'<c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>',
        ),
        "is damaged and cannot be read",
    ),
    "bomb": (
        lambda file: with_part(file, "xl/worksheets/sheet1.xml", _BOMB),
        "has a document type, which no workbook has",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_cannot_be_read_says_why(what: str, workbook: Path, tmp_path: Path) -> None:
    made, message = BROKEN[what]
    path = tmp_path / "returned.xlsx"
    path.write_bytes(made(workbook))
    with pytest.raises(UnreadableWorkbookError, match=message) as caught:
        differences(path, VIEW)
    assert "\n" not in str(caught.value)


def test_no_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbookError, match=r"nothing\.xlsx cannot be read: No such file"):
        read_origin(tmp_path / "nothing.xlsx")
    with pytest.raises(Unreadable, match="is a folder and no file"):
        read_origin(tmp_path)


def test_a_damaged_byte_is_found(workbook: Path, tmp_path: Path) -> None:
    data = bytearray(workbook.read_bytes())
    with zipfile.ZipFile(workbook) as parts:
        start = parts.getinfo("xl/worksheets/sheet1.xml").header_offset
    data[start + 200] ^= 0xFF
    (tmp_path / "returned.xlsx").write_bytes(data)
    with pytest.raises(UnreadableWorkbookError, match="is damaged and cannot be read"):
        differences(tmp_path / "returned.xlsx", VIEW)


def test_a_part_that_is_there_twice_is_refused(workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "returned.xlsx"
    path.write_bytes(workbook.read_bytes())
    with zipfile.ZipFile(path, "a") as parts, pytest.warns(UserWarning, match="Duplicate"):
        parts.writestr("xl/worksheets/sheet1.xml", b"<worksheet/>")
    with pytest.raises(UnreadableWorkbookError, match=r"it holds the part xl/worksheets/sheet1\.xml more than once"):
        read_origin(path)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports.returned.cells, "MOST_UNPACKED_BYTES", 10**7)
    path = tmp_path / "returned.xlsx"
    path.write_bytes(with_part(workbook, "xl/media/zeros.bin", bytes(2 * 10**7)))
    assert path.stat().st_size < 10**6
    with pytest.raises(UnreadableWorkbookError, match="is too large to be a pack"):
        read_origin(path)


def test_a_sheet_that_spans_too_many_cells_is_refused(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports.returned.cells, "MOST_CELLS", 10_000)

    def widen(book: Any) -> None:
        book["Summary"]["XFD1"] = 1

    with pytest.raises(UnreadableWorkbookError, match=r"Sheet Summary of wide\.xlsx spans more than 10,000 cells"):
        differences(edited(workbook, tmp_path / "wide.xlsx", widen), VIEW)


@pytest.mark.reliability
def test_formats_on_empty_cells_are_no_difference(workbook: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="P{row}" s="2"/></row>' for row in range(100, 50_100))
    path = tmp_path / "formatted.xlsx"
    changed = sheet.replace("</sheetData>", f"{rows}</sheetData>").encode()
    path.write_bytes(with_part(workbook, "xl/worksheets/sheet1.xml", changed))
    assert differences(path, VIEW).differences == ()


def test_a_file_that_says_it_is_smaller_than_it_is_is_read_whole(workbook: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    changed = sheet.replace("</sheetData>", '<row r="90"><c r="B90"><v>7</v></c></row></sheetData>')
    assert '<dimension ref="A1:' in changed
    path = tmp_path / "small.xlsx"
    path.write_bytes(with_part(workbook, "xl/worksheets/sheet1.xml", changed.encode()))
    (difference,) = differences(path, VIEW).differences
    assert difference == ("Management summary", "B90", "outside the report", "empty", "7.00")


@pytest.mark.parametrize("name", ["returned", "returned.XLSX", "Kopie von debt (2).xlsx.bak"])
def test_the_name_of_the_file_does_not_matter(name: str, workbook: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(workbook.read_bytes())
    assert differences(tmp_path / name, VIEW).same


def test_what_is_told_is_one_short_line(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Items"]["B5"] = f"{book['Items']['B5'].value}\nsee\u202e my mail\x85 " + "x" * 30_000

    (difference,) = differences(edited(workbook, tmp_path / "long.xlsx", change), VIEW).differences
    assert len(difference.found) < 200
    assert difference.found.isprintable()
    assert "⏎see� my mail" in difference.found
