"""A workbook that came back with rows sorted, deleted, inserted or filled in: what is a difference, and which row it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import reports.returned.alignment
from reports.returned.comparison import WorkbookComparison, differences
from tests.helpers.optional import needs
from tests.helpers.quarter_books import CASES
from tests.helpers.returned_files import Live, edited, issued, planted, saved_by_libreoffice

pytestmark = pytest.mark.reliability

needs_libreoffice = needs("soffice")

VIEW = CASES["typical"]


@pytest.fixture(scope="session")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The typical quarter's workbook as it was issued."""
    return issued(VIEW, tmp_path_factory.mktemp("issued") / "typical.xlsx")


def after(workbook: Path, target: Path, change: Callable[[Any], None]) -> WorkbookComparison:
    """The comparison of the workbook after somebody changed it."""
    return differences(edited(workbook, target / "changed.xlsx", change), VIEW)


def table(book: Any, sheet: str) -> Any:
    """The rows below a table's heading."""
    (found,) = (each for each in book[sheet].tables.values())
    return book[sheet][found.ref][1:]


def sort(book: Any, sheet: str, *, by: int) -> None:
    """Sort a table as a spreadsheet program does, largest first."""
    rows = [[cell.value for cell in row] for row in table(book, sheet)]
    rows.sort(key=lambda row: str(row[by]), reverse=True)
    for row, values in zip(table(book, sheet), rows, strict=True):
        for cell, value in zip(row, values, strict=True):
            text = cell.data_type == "s"
            cell.value = value
            if text and isinstance(value, str) and cell.data_type != "f":
                cell.data_type = "s"


@pytest.mark.parametrize(
    ("sheet", "column"), [("Items", 1), ("Items", 11), ("Postings", 13), ("Past quarters", 5), ("Budget", 1)]
)
def test_a_sorted_table_differs_nowhere(sheet: str, column: int, workbook: Path, tmp_path: Path) -> None:
    before = [row[0].value for row in table(openpyxl.load_workbook(workbook), sheet)]
    result = after(workbook, tmp_path, lambda book: sort(book, sheet, by=column))
    now = [row[0].value for row in table(openpyxl.load_workbook(tmp_path / "changed.xlsx"), sheet)]
    assert now != before
    assert sorted(map(str, now)) == sorted(map(str, before))
    assert result.differences == ()


def test_a_changed_value_in_a_sorted_table_is_named_where_it_stands_now(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sort(book, "Postings", by=13)
        row = next(row for row in table(book, "Postings") if row[13].value == -50_000)
        row[13].value = -49_999.99
        change.cell = row[13].coordinate  # type: ignore[attr-defined]

    (difference,) = after(workbook, tmp_path, change).differences
    assert difference.cell == change.cell  # type: ignore[attr-defined]
    position = next(posting.position for posting in VIEW.postings if posting.amount == -50_000_00)
    assert difference[2:] == (f"Amount, {position:,}, FRAUD-1, debt", "-50,000.00", "-49,999.99")


def test_it_is_named_in_a_table_that_is_too_long_to_compare_every_row_with_every_other(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports.returned.alignment, "_MOST_COMPARED", 0)

    def change(book: Any) -> None:
        sort(book, "Postings", by=13)
        book["Postings"]["M7"] = "vanished"
        book["Postings"]["N8"] = 0.01

    result = after(workbook, tmp_path, change)
    assert [(each.cell, each.found) for each in result.differences] == [("M7", "vanished"), ("N8", "0.01")]


def test_a_formula_of_a_sorted_table_that_reads_another_row_is_named(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sort(book, "Items", by=1)
        book["Items"]["T6"] = "=as_of-Items!$I7"

    (difference,) = after(workbook, tmp_path, change).differences
    assert (difference.sheet, difference.cell) == ("Items", "T6")
    assert difference.found == "=as_of-Items!$I7"


def test_two_swapped_values_are_two_differences(workbook: Path, tmp_path: Path) -> None:
    def swap(book: Any) -> None:
        sheet = book["Items"]
        sheet["L5"].value, sheet["L6"].value = sheet["L6"].value, sheet["L5"].value

    result = after(workbook, tmp_path, swap)
    assert [each.cell for each in result.differences] == ["L5", "L6"]
    first, second = result.differences
    assert (first.expected, first.found) == (second.found, second.expected)
    assert all(each.what.startswith("Outstanding, ") for each in result.differences)


def test_two_swapped_amounts_of_rows_that_are_alike_are_two_changed_amounts(workbook: Path, tmp_path: Path) -> None:
    """The two rows differ in measure and amount: the measures could as well have changed places."""

    def swap(book: Any) -> None:
        sheet = book["Past quarters"]
        sheet["F5"].value, sheet["F6"].value = sheet["F6"].value, sheet["F5"].value

    assert [each.cell for each in after(workbook, tmp_path, swap).differences] == ["F5", "F6"]


def test_two_swapped_labels_are_two_differences_and_no_moved_rows(workbook: Path, tmp_path: Path) -> None:
    def swap(book: Any) -> None:
        sheet = book["Roll-forward"]
        sheet["B5"].value, sheet["B6"].value = sheet["B6"].value, sheet["B5"].value

    assert [each.cell for each in after(workbook, tmp_path, swap).differences] == ["B5", "B6"]


def delete(sheet: str, row: int) -> Callable[[Any], None]:
    return lambda book: book[sheet].delete_rows(row)


@pytest.mark.parametrize("sheet", ["Items", "Postings", "Past quarters"])
@pytest.mark.parametrize("row", [5, 7])
def test_a_deleted_row_of_a_table_is_the_only_difference(sheet: str, row: int, workbook: Path, tmp_path: Path) -> None:
    gone = openpyxl.load_workbook(workbook)[sheet][row]
    (difference,) = after(workbook, tmp_path, delete(sheet, row)).differences
    assert difference.sheet == sheet
    assert difference.cell == f"A{row}:{gone[-1].coordinate}"
    assert difference.found == "no such row"
    name = next(cell.value for cell in gone if cell.value is not None)
    assert str(name) in difference.what
    assert str(name) in difference.expected


def test_a_deleted_row_is_the_only_difference_though_ranges_became_shorter(workbook: Path, tmp_path: Path) -> None:
    """A spreadsheet program adapts what reads the table; openpyxl leaves it as it was (above)."""
    rows = len(table(openpyxl.load_workbook(workbook), "Postings"))

    def change(book: Any) -> None:
        book["Postings"].delete_rows(7)
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            for letter in "CDGMNOPRT":
                cell.value = cell.value.replace(
                    f"Postings!${letter}$5:${letter}${4 + rows}", f"Postings!${letter}$5:${letter}${3 + rows}"
                )

    result = after(workbook, tmp_path, change)
    changed = openpyxl.load_workbook(tmp_path / "changed.xlsx")["Roll-forward"]["C5"].value
    assert f"$5:$N${3 + rows}" in changed
    assert [(each.sheet, each.found) for each in result.differences] == [("Postings", "no such row")]


@pytest.mark.parametrize(
    ("sheet", "row"), [("Roll-forward", 6), ("Ageing", 5), ("Checks", 9), ("Summary", 9), ("About", 7)]
)
def test_a_deleted_row_of_a_sheet_without_table_is_named(sheet: str, row: int, workbook: Path, tmp_path: Path) -> None:
    words = [cell.value for cell in openpyxl.load_workbook(workbook)[sheet][row] if cell.value]
    (difference,) = after(workbook, tmp_path, delete(sheet, row)).differences
    assert (difference.sheet, difference.cell.split(":")[0], difference.found) == (sheet, f"A{row}", "no such row")
    assert str(words[0]) in difference.expected


def test_an_emptied_row_is_named(workbook: Path, tmp_path: Path) -> None:
    def clear(book: Any) -> None:
        for cell in book["Postings"][6]:
            cell.value = None

    (difference,) = after(workbook, tmp_path, clear).differences
    assert (difference.cell, difference.found) == ("A6:T6", "no such row")


def test_an_additional_row_of_a_table_is_named_where_it_stands(workbook: Path, tmp_path: Path) -> None:
    def insert(book: Any) -> None:
        book["Items"].insert_rows(8)
        for column, value in enumerate(("FRAUD-9", "Nobody decided this", "FRAUD"), start=1):
            book["Items"].cell(8, column, value)

    (difference,) = after(workbook, tmp_path, insert).differences
    assert difference[:2] == ("Items", "A8:C8")
    assert (difference.expected, difference.found) == ("no such row", "FRAUD-9 · Nobody decided this · FRAUD")


def test_a_row_twice_is_named_once(workbook: Path, tmp_path: Path) -> None:
    def insert(book: Any) -> None:
        values = [cell.value for cell in book["Past quarters"][9]]
        book["Past quarters"].insert_rows(9)
        for column, value in enumerate(values, start=1):
            book["Past quarters"].cell(9, column, value)

    (difference,) = after(workbook, tmp_path, insert).differences
    assert (difference.sheet, difference.expected) == ("Past quarters", "no such row")


def test_an_empty_row_more_is_no_difference(workbook: Path, tmp_path: Path) -> None:
    assert after(workbook, tmp_path, lambda book: book["Roll-forward"].insert_rows(3)).differences == ()


def test_a_row_with_several_changes_is_named_cell_by_cell(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for column in "BDKL":
            book["Items"][f"{column}7"] = "another"

    result = after(workbook, tmp_path, change)
    assert [each.cell for each in result.differences] == ["B7", "D7", "K7", "L7"]


def test_a_column_changed_in_every_row_is_named_in_every_row(workbook: Path, tmp_path: Path) -> None:
    rows = len(table(openpyxl.load_workbook(workbook), "Postings"))

    def change(book: Any) -> None:
        for row in table(book, "Postings"):
            row[4].value = "blue"

    result = after(workbook, tmp_path, change)
    assert [each.cell for each in result.differences] == [f"E{row}" for row in range(5, 5 + rows)]


@pytest.mark.parametrize(
    ("sheet", "cell", "what"),
    [
        ("Roll-forward", "A3", "outside the report"),
        ("Roll-forward", "Z200", "outside the report"),
        ("Postings", "X6", "outside the report"),
        ("Summary", "B60", "outside the report"),
        ("Items", "Q5", "Until, CHURN-1, debt"),
        ("Summary", "C4", "Last quarter 2026Q2"),
    ],
)
def test_what_was_typed_into_an_empty_cell_is_named(
    sheet: str, cell: str, what: str, workbook: Path, tmp_path: Path
) -> None:
    def change(book: Any) -> None:
        assert book[sheet][cell].value is None
        book[sheet][cell] = "see my mail"

    (difference,) = after(workbook, tmp_path, change).differences
    assert difference[:2] == (sheet, cell)
    assert difference.what.startswith(what)
    assert (difference.expected, difference.found) == ("empty", "see my mail")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("31000", 'the text "31000"'),
        ("#N/A", "the error #N/A"),
        (True, "TRUE"),
        (None, "empty"),
        ("=30000+1000", "=30000+1000"),
        (31_000.004, "31,000.004"),
        (30_999.99, "30,999.99"),
    ],
)
def test_an_amount_is_only_the_same_as_that_number(typed: Any, found: str, workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell = next(row[13] for row in table(book, "Postings") if row[13].value == 31_000)
        cell.value = typed
        if typed == "31000":
            cell.data_type = "s"

    (difference,) = after(workbook, tmp_path, change).differences
    assert difference.expected == "31,000.00"
    assert difference.found == found


def test_noise_of_adding_doubles_is_no_difference(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        cell = next(row[13] for row in table(book, "Postings") if row[13].value == 96_000.5)
        cell.value = 96_000.5 + 1.5e-11

    assert after(workbook, tmp_path, change).differences == ()


def fill_in(book: Any) -> None:
    for row in table(book, "Budget"):
        row[3].value, row[4].value, row[5].value = 12_345.67, "=1+1", "decided on Monday"


def test_what_the_reader_fills_in_is_no_difference(workbook: Path, tmp_path: Path) -> None:
    assert after(workbook, tmp_path, fill_in).differences == ()


@needs_libreoffice
def test_totals_that_follow_the_entries_are_no_difference(workbook: Path, tmp_path: Path) -> None:
    filled = edited(workbook, tmp_path / "filled.xlsx", fill_in)
    saved = saved_by_libreoffice([filled], tmp_path, recalculated=True) / "filled.xlsx"
    values = openpyxl.load_workbook(saved, data_only=True)["Budget"]
    issued_values = openpyxl.load_workbook(workbook, data_only=True)["Budget"]
    assert values["D6"].value != issued_values["D6"].value
    assert differences(saved, VIEW).differences == ()


def test_a_false_total_of_entries_that_nobody_filled_in_is_named(workbook: Path, tmp_path: Path) -> None:
    text = openpyxl.load_workbook(workbook)["Budget"]["D6"].value
    lied = planted(workbook, tmp_path / "lied.xlsx", {("Budget", "D6"): Live(text, 1)})
    assert [each.cell for each in differences(lied, VIEW).differences] == ["D6"]


def test_a_changed_copy_of_what_was_exported_is_named(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        fill_in(book)
        table(book, "Budget")[1][6].value = 999

    (difference,) = after(workbook, tmp_path, change).differences
    assert difference.what.startswith("Budget as exported, ")
    assert difference.found == "999.00"


def test_missing_and_additional_sheets_are_told(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        del book["Ageing"]
        book["Past quarters"].title = "Old figures"
        book.create_sheet("My notes")["A1"] = 1

    result = after(workbook, tmp_path, change)
    assert result.missing_sheets == ("Ageing", "Past quarters")
    assert set(result.additional_sheets) == {"Old figures", "My notes"}
    assert not result.same
    assert result.differences == ()
