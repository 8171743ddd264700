"""Printed pages: everything can be read, no chart stands under headings that are not its own, long lists print one page."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from reports.content import PRINTED_WHOLE
from reports.pack.pack import PICTURE_WIDTH, Pack, workbook_of
from reports.sheet import Picture
from reports.xlsx.pages import ROWS_OF_LONG, paging, pixels
from tests.helpers.printed_sizes import printed_texts, scale_of
from tests.helpers.quarter_books import Books, many_systems
from tests.helpers.written import Written, written

#: Pixels between the margins of A4 on its long side; points that can be read.
ROOM = (11.69 - 0.8) * 96
SMALLEST = 7
LONG = ("Past quarters", "Postings")


def _widths(sheet: Any, first: int, last: int) -> float:
    dimensions = (sheet.column_dimensions[get_column_letter(column)] for column in range(first, last + 1))
    return sum(pixels(each.width) for each in dimensions if not each.hidden)


def test_nothing_is_printed_smaller_than_seven_points(any_workbook: tuple[str, Written]) -> None:
    """Cells, notes, header and footer of every sheet, at the scale that the file asks for or that its size makes."""
    _, pack = any_workbook
    for sheet in openpyxl.load_workbook(pack.workbook):
        small = {address: size for address, size in printed_texts(sheet) if size < SMALLEST}
        assert small == {}, (sheet.title, scale_of(sheet))


def test_the_first_page_is_one_and_stands(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    sheet = openpyxl.load_workbook(pack.workbook)["Management summary"]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "portrait",
        1,
        1,
    )


def test_no_column_runs_out_of_the_page_on_which_it_stands(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    for sheet in openpyxl.load_workbook(pack.workbook):
        if sheet.sheet_properties.pageSetUpPr.fitToPage:
            continue
        first, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
        ends = [first - 1, *(each.id for each in sheet.col_breaks.brk), last]
        repeated = column_index_from_string(sheet.print_title_cols.replace("$", "").rpartition(":")[2])
        for number, (before, end) in enumerate(pairwise(ends)):
            again = _widths(sheet, first, repeated) if number else 0
            assert (_widths(sheet, before + 1, end) + again) * scale_of(sheet) <= ROOM, (sheet.title, end)


def test_the_amounts_and_movements_of_postings_are_printed(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    sheet = openpyxl.load_workbook(pack.workbook)["Postings"]
    first, top, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
    printed = {cell.value for row in sheet.iter_rows(min_row=top, min_col=first, max_col=last) for cell in row}
    assert {"Amount", "Movement", "Spent"} <= printed


def test_a_long_list_prints_its_first_rows_and_says_so(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    book = openpyxl.load_workbook(pack.workbook)
    for title in LONG:
        sheet = book[title]
        *_, last_row = range_boundaries(sheet.print_area.rpartition("!")[2])
        assert last_row <= 4 + ROWS_OF_LONG
        assert "the first rows are printed" in sheet["A2"].value


def test_over_a_chart_the_title_is_repeated_and_no_heading_of_a_table(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    for sheet in openpyxl.load_workbook(pack.workbook):
        *_, last_row = range_boundaries(sheet.print_area.rpartition("!")[2])
        if any(drawing.anchor._from.row < last_row for drawing in (*sheet._charts, *sheet._images)):
            assert sheet.print_title_rows == "$2:$2"


def test_the_chart_of_the_budget_that_others_print_takes_no_page(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    sheet = openpyxl.load_workbook(pack.workbook)["Budget vs actual"]
    *_, last_row = range_boundaries(sheet.print_area.rpartition("!")[2])
    printed = [str(row[0].value or "") for row in sheet.iter_rows(max_row=last_row, max_col=1)]
    assert all(chart.anchor._from.row >= last_row for chart in sheet._charts)
    assert not sheet.row_breaks.brk
    parted = not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert any("is not printed" in words for words in printed) is bool(sheet._charts and not parted)


def test_columns_are_parted_only_where_they_must_be_and_hidden_ones_take_no_room() -> None:
    assert paging([20.0] * 7, 1).breaks == ()
    assert paging([20.0] * 7 + [0.0] * 40, 1).breaks == ()
    parted = paging([20.0] * 30, 1)
    assert parted.breaks
    assert all(later - earlier >= 7 for earlier, later in pairwise(parted.breaks))


@pytest.mark.reliability
def test_the_first_page_can_be_read_with_its_chart_and_as_many_decisions_as_it_names(pack: Pack) -> None:
    """Long titles, names and teams take lines; the page is one whatever they do."""
    png = next(chart for chart in pack.charts if chart.suffix == ".png").read_bytes()
    books = Books()
    for number in range(30):
        late = ("lapsed", "overdue") if number % 2 else ()
        books.item(
            "LONGSYSTEMNAME", title="What was not said in full is said again, word for word " * 3, opening=1_000_00 + number,
            nature="debt" if late else "neglect", late=late, status="lapsed" if late else "open", team="team of many " * 4,
            decided="the committee for the conduct of models and of those who read them",
        )  # fmt: skip
    workbook = workbook_of(books.view(), [Picture(png, "the bridge", PICTURE_WIDTH)])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Management summary"]
    assert min(size for _, size in printed_texts(sheet)) >= SMALLEST


@pytest.mark.reliability
def test_of_a_register_of_hundreds_the_first_rows_are_printed(tmp_path: Path) -> None:
    for systems, whole in ((PRINTED_WHOLE, True), (PRINTED_WHOLE + 1, False)):
        book = openpyxl.load_workbook(written(many_systems(systems).view(), tmp_path / str(systems)).workbook)
        *_, last = range_boundaries(book["Items"].print_area.rpartition("!")[2])
        assert (last > systems) is whole
        assert ("the first rows are printed" in book["Items"]["A2"].value) is not whole
