"""Packs of release 0.1 that were altered: what differs is named, and nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.views.quarter import QuarterView
from reports.pack.files import content_hash, sha256
from reports.pack.pack import BuiltPack
from reports.releases import may_lack
from reports.returned.comparison import differences
from tests.corpus.frozen import Given, held, view_of
from tests.helpers.returned_files import Live, planted

pytestmark = pytest.mark.reliability


def figures(workbook: Path, *, live: bool) -> Iterator[tuple[str, str, Any]]:
    """Sheet, address and content of one figure of each sheet that has any: a formula that gives a number, or a value."""
    book, values = openpyxl.load_workbook(workbook), openpyxl.load_workbook(workbook, data_only=True)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            number = values[sheet.title][cell.coordinate].value
            if (
                isinstance(number, int | float)
                and (cell.data_type == "f") == live
                and cell.protection.locked is not False
            ):
                yield sheet.title, cell.coordinate, cell.value
                break


@pytest.mark.parametrize("live", [False, True], ids=["value", "formula"])
def test_a_figure_of_any_sheet_that_was_altered_is_named(live: bool, given: Given, tmp_path: Path) -> None:
    """All at once, and nothing else is named; a value that was typed over a formula too, and one that it never gave."""
    view, cells = view_of(given), list(figures(given.workbook, live=live))
    assert len(cells) >= (10 if live else 6)
    planting: dict[tuple[str, str], Any] = {(sheet, address): 987_654_321 for sheet, address, _ in cells}
    found = differences(planted(given.workbook, tmp_path / "typed.xlsx", planting), view)
    assert {(each.sheet, each.cell) for each in found.differences} == set(planting)
    if live:
        values = openpyxl.load_workbook(given.workbook, data_only=True)
        planting = {(sheet, address): values[sheet][address].value for sheet, address, _ in cells}
        found = differences(planted(given.workbook, tmp_path / "same.xlsx", planting), view)
        assert {(each.sheet, each.cell) for each in found.differences} == set(planting)
        assert all(each.found.endswith("a value was typed over the formula") for each in found.differences)
        planting = {(sheet, address): Live(content, 987_654_321) for sheet, address, content in cells}
        found = differences(planted(given.workbook, tmp_path / "lied.xlsx", planting), view)
        assert {(each.sheet, each.cell) for each in found.differences} == set(planting)


def test_a_row_that_was_taken_out_and_one_that_was_put_in_are_named(given: Given, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(given.workbook)
    quarter = str(book["History"]["A9"].value)
    book["History"].delete_rows(9)
    book["Roll-forward"].insert_rows(6)
    book["Roll-forward"]["A6"], book["Roll-forward"]["B6"], book["Roll-forward"]["C6"] = "debt", "GHOST", 5
    book.save(tmp_path / "altered.xlsx")
    gone, there = sorted(differences(tmp_path / "altered.xlsx", view_of(given)).differences)
    assert (gone.sheet, gone.cell, gone.found) == ("History", "", "no such row")
    assert gone.expected.startswith(quarter)
    assert (there.sheet, there.cell, there.expected) == ("Roll-forward", "A6", "no such row")


def beyond(names: Sequence[str]) -> list[str]:
    """Those of the names of what a pack lacks that its release had."""
    had = [name for name in names if not may_lack("0.1.0", name.removeprefix("the sheet ")) or "Readiness" in name]
    return [name for name in had if not name.startswith("postings-")]


def test_a_sheet_that_was_taken_out_is_missing_and_not_new(given: Given, again: tuple[BuiltPack, QuarterView]) -> None:
    """A workbook of 0.1 need not have Readiness: some have it, and some have not."""
    book = openpyxl.load_workbook(given.workbook)
    del book["History"], book["Readiness"]
    book.create_sheet("Ours")["A1"] = "Our own"
    book.save(given.workbook)
    answer = given.type("verify-workbook", str(given.workbook))
    assert (answer.exit_code, "the sheets Past quarters are missing" in answer.stderr) == (3, True)
    assert "Sheets that no pack has were not read: Ours." in answer.stderr
    found = held(again, given)
    assert [each.expected for each in found.differences] == ["the sheet Past quarters"]
    assert (beyond(found.new), found.unknown) == (["the sheet Readiness"], ("the sheet Ours",))


def test_what_a_pack_lacks_is_new_only_if_the_ledger_knows_it_to_be_as_it_was_issued(
    given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    """Hashes that were written anew prove nothing; a release without a sheet would have been recorded without it."""
    book = openpyxl.load_workbook(given.workbook)
    del book["Ageing"]
    table, heading = (book["Restatements"][address].value for address in ("A4", "C5"))
    book["Restatements"]["C5"] = "Something else"
    book.save(given.workbook)
    (csv_file,) = given.pack.glob("*.csv")
    listed = [file for file in given.manifest["files"] if file["name"] != csv_file.name]
    data = given.workbook.read_bytes()
    listed[0] |= {"sha256": sha256(data), "content_sha256": content_hash(given.workbook.name, data)}
    given.rewrite(files=listed)
    issued, forged = (held(again, given, issued=issued) for issued in (True, False))
    lacking = ["the sheet Ageing", f"Restatements {table} {heading}"]
    assert (beyond(issued.new), issued.differences) == (lacking, ())
    assert all(file.ok for file in issued.files)
    assert (beyond(forged.new), [each.expected for each in forged.differences]) == ([], lacking)
    assert {file.file: file.rebuilt for file in forged.files if not file.ok} == {
        given.workbook.name: "OTHER VALUES",
        csv_file.name: "NOT LISTED",
    }


@pytest.mark.parametrize("damage", ["cut", "another's"])
def test_a_workbook_that_is_none_any_more_is_no_traceback(
    damage: str, given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    if damage == "cut":
        given.workbook.write_bytes(given.workbook.read_bytes()[:5000])
    else:
        book = openpyxl.Workbook()
        book.active.title = "Summary"
        book.save(given.workbook)
    found = held(again, given)
    (difference,) = found.differences
    assert (difference.place, difference.expected) == (given.workbook.name, "what can be compared")
    assert not all(file.ok for file in found.files)


def test_altered_postings_are_named_by_line_and_column_whatever_the_manifest_says(
    given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    (path,) = given.pack.glob("*.csv")
    text = path.read_bytes().decode("utf-8-sig")
    header, first, *rows = csv.reader(io.StringIO(text, newline=""))
    at = header.index("debit") if first[header.index("debit")] else header.index("credit")
    was, first[at] = first[at], "1"
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([header, *rows, first])  # as its last row: order is no value
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    files = given.manifest["files"]
    for file in files:
        if file["name"] == path.name:
            file["sha256"] = file["content_sha256"] = sha256(path.read_bytes())
    given.rewrite(files=files)
    found = held(again, given)
    (difference,) = found.differences
    assert difference == (path.name, "", f"line {len(rows) + 2}", header[at], "", was, "1")
    assert {file.file for file in found.files if not file.ok} == {path.name}


def test_a_column_and_a_row_that_only_one_side_has_are_told_of_the_postings(
    given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    (path,) = given.pack.glob("*.csv")
    header, first, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([*header[1:], "ours"])  # without position, and with a column that this release does not know
    writer.writerows([*row[1:], "x"] for row in (*rows, ["", "abc", *first[2:]]))
    path.write_bytes(buffer.getvalue().encode("utf-8-sig"))
    found = held(again, given)
    assert found.unknown == (f"{path.name} ours",)
    assert [(each.column, each.expected, each.found) for each in found.differences] == [
        ("event_hash", first[1], "abc"),
        ("", f"{path.name} position", "nothing of it"),
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b'position,"', b"position,position\n1,1\n", b"position\n1,2\n"])
def test_postings_that_cannot_be_read_are_no_traceback(
    content: bytes, given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    (path,) = given.pack.glob("*.csv")
    path.write_bytes(content)
    found = held(again, given)
    assert {each.place for each in found.differences} == {path.name}
    assert {file.rebuilt for file in found.files if file.file == path.name} == {"OTHER VALUES"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("checks", "ERROR"), ("currency", "EUR"), ("known_at", "2026-04-03T12:36:02.000000Z"), ("accounts", {"a": "1"})],
)
def test_a_field_of_the_manifest_that_was_altered_is_named(
    field: str, value: Any, given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    given.rewrite(**{field: value})
    found = held(again, given)
    assert [(each.place, each.column) for each in found.differences] == [("MANIFEST.json", field)]
    assert [file.rebuilt for file in found.files if not file.ok] == ["OTHER VALUES"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "more.csv"])
def test_a_file_that_was_added_to_the_manifest_is_not_taken_for_one_of_another_release(
    name: str, given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    (given.pack / "more.csv").write_bytes(b"1")
    added = {"name": name, "sha256": sha256(b"1"), "content_sha256": sha256(b"1")}
    given.rewrite(files=[*given.manifest["files"], added])
    (file,) = [file for file in held(again, given, issued=False).files if not file.ok]
    assert (file.file, file.rebuilt) == (name, "MISSING")


def test_a_file_that_an_issued_pack_has_and_this_release_does_not_make_is_told(
    given: Given, again: tuple[BuiltPack, QuarterView]
) -> None:
    """And the other way round."""
    (given.pack / "more.csv").write_bytes(b"1")
    added = {"name": "more.csv", "sha256": sha256(b"1"), "content_sha256": sha256(b"1")}
    listed = [file for file in given.manifest["files"] if not file["name"].endswith("1-roll-forward.png")]
    given.rewrite(files=[*listed, added])
    found = held(again, given)
    assert all(file.ok for file in found.files)
    told = {file.file: file.rebuilt for file in found.files}
    assert (told["more.csv"], told["charts/1-roll-forward.png"]) == ("not in this release", "new in this release")
