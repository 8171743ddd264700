"""Workbooks that another release made: columns, rows and words may stand elsewhere, and the values are the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.views.quarter import QuarterView
from reports.content import naive_utc
from reports.pack.pack import check_lines, described
from reports.releases import may_lack
from reports.returned.comparison import WorkbookComparison, differences
from reports.sheet import Block, Column, Kind, Sheet
from reports.xlsx.writer import Stamp, workbook_bytes
from tests.helpers.quarter_books import CASES
from tests.helpers.returned_files import Live, edited, issued, planted

pytestmark = pytest.mark.reliability

VIEW = CASES["restated"]
OTHER = "0.1.0"


def made_by_another(view: QuarterView) -> QuarterView:
    """The quarter in a pack of another release."""
    return replace(view, provenance=replace(view.provenance, versions=(("debt-ledger", OTHER), ("pandas", "3.1.1"))))


def written(sheets: list[Sheet], target: Path) -> Path:
    """A workbook of these sheets."""
    known_at = naive_utc(VIEW.provenance.known_at)
    assert known_at is not None
    target.write_bytes(
        workbook_bytes(sheets, Stamp("Technical debt", "head", VIEW.provenance.exponent, known_at, False))
    )
    return target


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that looks as this release's does and names another one."""
    return issued(made_by_another(VIEW), tmp_path_factory.mktemp("other") / "other.xlsx")


@pytest.mark.reliability
@pytest.mark.parametrize("case", CASES)
def test_a_workbook_of_another_release_is_compared_by_value_and_differs_nowhere(case: str, tmp_path: Path) -> None:
    view = made_by_another(CASES[case])
    found = differences(issued(view, tmp_path / "other.xlsx"), CASES[case])
    assert found.across is not None
    assert found.differences == ()
    assert found.same
    assert (found.across.missing_sheets, found.across.missing) == ((), ())
    assert (found.across.additional_sheets, found.across.additional) == ((), ())
    of_cells = differences(issued(CASES[case], tmp_path / "this.xlsx"), CASES[case])
    assert of_cells.across is None
    assert found.formulas_checked == of_cells.formulas_checked
    assert 0 < found.values_checked < of_cells.values_checked


# --- another layout -------------------------------------------------------------------------------------


def _items(sheet: Sheet) -> Sheet:
    """Items without titles, with a column that this release does not know, and the categories last."""
    (block,) = sheet.blocks
    columns = [column for column in block.columns if column.key not in ("title", "category")]
    columns.insert(2, Column("colour", "Colour", Kind.COUNT))
    columns += [column for column in block.columns if column.key == "category"]
    cells = ({key: content for key, content in row.cells.items() if key != "title"} for row in block.rows)
    rows = tuple(replace(row, cells={**own, "colour": 7}) for row, own in zip(block.rows, cells, strict=True))[::-1]
    return replace(sheet, blocks=(replace(block, columns=tuple(columns), rows=rows),))


def _past_quarters(sheet: Sheet) -> Sheet:
    """Past quarters as it was called before, from right to left."""
    (block,) = sheet.blocks
    return replace(
        sheet,
        title="History",
        headline="Another headline",
        notes=("Another note, and a longer one.", "And a second one."),
        blocks=(replace(block, columns=tuple(reversed(block.columns)), table="tblHistory"),),
    )


def _roll_forward(sheet: Sheet) -> Sheet:
    """Roll-forward with its rows in another order."""
    return replace(sheet, blocks=tuple(replace(block, rows=tuple(reversed(block.rows))) for block in sheet.blocks))


OTHERWISE: dict[str, Callable[[Sheet], Sheet]] = {
    "Items": _items,
    "Past quarters": _past_quarters,
    "Roll-forward": _roll_forward,
}


@pytest.fixture(scope="module")
def otherwise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as another release may have laid it out."""
    sheets = [OTHERWISE.get(sheet.title, lambda same: same)(sheet) for sheet in described(made_by_another(VIEW))]
    sheets = [sheet for sheet in sheets if sheet.title != "Readiness"]
    sheets.append(Sheet("Colours", "Colours", "", (Block("colours", (Column("a", "Colour", Kind.LABEL),), ()),)))
    return written(sheets, tmp_path_factory.mktemp("otherwise") / "otherwise.xlsx")


def test_what_only_one_release_has_is_told_and_is_no_difference(otherwise: Path) -> None:
    found = differences(otherwise, VIEW)
    assert found.across is not None
    assert found.differences == ()
    assert found.across.missing_sheets == ("Readiness",)
    assert found.missing_sheets == ()
    assert found.across.missing == found.missing == ("Items tblItems Title",)
    assert found.additional_sheets == ("Colours",)
    assert found.across.additional == ("Items tblItems Colour",)
    assert not found.same, "a column may have been taken out"
    whole = differences(issued(made_by_another(VIEW), otherwise.with_name("whole.xlsx")), VIEW)
    assert whole.across is not None
    assert found.across.tables == whole.across.tables - 1  # without Readiness


@pytest.mark.reliability
@pytest.mark.parametrize(("title", "heading"), [("Items", "Category"), ("History", "Amount"), ("Items", "Outstanding")])
def test_a_value_is_named_where_it_stands_in_the_file(
    title: str, heading: str, otherwise: Path, tmp_path: Path
) -> None:
    sheet = openpyxl.load_workbook(otherwise)[title]
    column = next(cell.column_letter for cell in sheet[4] if cell.value == heading)
    typed = 123_456 if heading != "Category" else "another"
    found = differences(planted(otherwise, tmp_path / "altered.xlsx", {(title, f"{column}7"): typed}), VIEW)
    (difference,) = found.differences
    assert (difference.sheet, difference.cell) == (title, f"{column}7")
    assert difference.what.startswith(f"{heading}, ")


def test_headings_that_were_taken_away_take_their_table_with_them(workbook: Path, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Roll-forward"].delete_rows(4)
        titles = {cell.value: cell.row for cell in book["Breakdown"]["A"]}
        book["Breakdown"].delete_rows(4, titles["By category"] - 4)

    found = differences(edited(workbook, tmp_path / "changed.xlsx", change), VIEW)
    assert not found.same
    assert found.missing == ("Roll-forward", "Breakdown By dimension")


def test_a_check_that_only_this_release_makes_is_told_and_changes_no_count(tmp_path: Path) -> None:
    lines = check_lines(VIEW)
    gone = next(line for line in reversed(lines) if not may_lack("0.1.0", f"the check '{line.name}'"))
    left = [line for line in lines if line is not gone]
    found = differences(written(described(made_by_another(VIEW), (), left), tmp_path / "other.xlsx"), VIEW)
    assert found.differences == ()
    assert found.missing == (f"the check '{gone.name}'",)


# --- what is filled in, and what is not computed ---------------------------------------------------------


def changed(workbook: Path, tmp_path: Path, cells: dict[tuple[str, str], Any]) -> WorkbookComparison:
    return differences(planted(workbook, tmp_path / "changed.xlsx", cells), VIEW)


def test_totals_of_what_was_filled_in_are_no_difference_and_lied_ones_are(workbook: Path, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(workbook)["Budget"]
    entry = next(
        cell.coordinate
        for row in sheet.iter_rows(min_row=6)
        for cell in row[3:4]
        if cell.data_type != "f" and not cell.protection.locked
    )
    total = Live(sheet["D6"].value, 1)
    assert changed(workbook, tmp_path, {("Budget", entry): 5, ("Budget", "D6"): total}).differences == ()
    (difference,) = changed(workbook, tmp_path, {("Budget", "D6"): total}).differences
    assert (difference.sheet, difference.cell) == ("Budget", "D6")


def test_formulas_without_a_stored_value_are_counted(workbook: Path, tmp_path: Path) -> None:
    found = differences(edited(workbook, tmp_path / "saved.xlsx", lambda _book: None), VIEW)
    assert found.same
    assert found.formulas_without_value == found.formulas_checked > 0
