"""Printed pages: everything can be read, no chart stands under headings that are not its own, long lists print one page."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from reports.xlsx.pages import ROWS_OF_LONG, paging, pixels
from tests.helpers.written import Written

#: Pixels between the margins of A4 on its long side, and the size of the text in the cells.
ROOM, SIZE = (11.69 - 0.8) * 96, 10
SMALLEST = 7
LONG = ("Past quarters", "Postings")


def _widths(sheet: Any, first: int, last: int) -> float:
    dimensions = (sheet.column_dimensions[get_column_letter(column)] for column in range(first, last + 1))
    return sum(pixels(each.width) for each in dimensions if not each.hidden)


def test_no_text_of_a_printed_table_is_smaller_than_seven_points(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    for sheet in openpyxl.load_workbook(pack.workbook):
        first, _, last, _ = range_boundaries(sheet.print_area.rpartition("!")[2])
        if sheet.title == "Summary":  # one page, whatever is on it
            continue
        if sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert SIZE * min(1.0, ROOM / _widths(sheet, first, last)) >= SMALLEST, sheet.title
            continue
        assert SIZE * sheet.page_setup.scale / 100 >= SMALLEST, sheet.title
        ends = [first - 1, *(each.id for each in sheet.col_breaks.brk), last]
        repeated = column_index_from_string(sheet.print_title_cols.replace("$", "").rpartition(":")[2])
        for number, (before, end) in enumerate(pairwise(ends)):
            again = _widths(sheet, first, repeated) if number else 0
            assert (_widths(sheet, before + 1, end) + again) * sheet.page_setup.scale / 100 <= ROOM, (sheet.title, end)


def test_a_long_list_prints_one_page_and_says_so(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    book = openpyxl.load_workbook(pack.workbook)
    for title in LONG:
        sheet = book[title]
        *_, last_row = range_boundaries(sheet.print_area.rpartition("!")[2])
        assert last_row <= 4 + ROWS_OF_LONG
        assert "one page is printed" in sheet["A2"].value


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
