"""The finishing pass refuses to hand out what is not finished; the layout refuses what it cannot find."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from openpyxl import Workbook

from reports.sheet import Block, CellOf, Column, Formula, Kind, Row, Sheet
from reports.xlsx.cells import SheetCells
from reports.xlsx.finish import Finish, UnfinishedError, finished
from reports.xlsx.layout import Layout
from reports.xlsx.writer import Stamp, workbook_bytes

NOON = datetime(2026, 10, 3, 12)
STAMP = Stamp("pack", "head", 2, NOON)


def sheet_of(formula: Formula, table: str = "") -> Sheet:
    columns = (Column("one", "One", Kind.AMOUNT), Column("two", "Two", Kind.AMOUNT))
    return Sheet("S", "h", "s", (Block("b", columns, (Row("r", {"one": 1, "two": formula}),), table=table),))


def test_a_sheet_with_cells_of_its_own_is_refused() -> None:
    """Cells that openpyxl wrote have formulas without a value."""
    book, buffer = Workbook(), io.BytesIO()
    book.active["A1"] = "=1+1"
    book.save(buffer)
    with pytest.raises(UnfinishedError, match="'Sheet' has cells"):
        finished(buffer.getvalue(), Finish(NOON))


@pytest.mark.parametrize("cached", [None, ""])
def test_a_formula_without_a_cached_value_is_refused(cached: str | None) -> None:
    with pytest.raises(UnfinishedError, match=r"without a cached value on sheet 'S': B3, =1\+1"):
        SheetCells("S").formula(3, 2, "=1+1", cached, 0)


def test_a_formula_with_a_date_for_a_value_is_refused() -> None:
    with pytest.raises(UnfinishedError, match="must be given as a number"):
        SheetCells("S").formula(3, 2, "=1+1", NOON, 0)


def test_rows_out_of_order_are_refused() -> None:
    """A spreadsheet program calls such a file damaged."""
    cells = SheetCells("S")
    cells.end_row(2, 15.0)
    with pytest.raises(ValueError, match="Row 2 of sheet 'S' comes after row 2"):
        cells.end_row(2, 15.0)


def test_a_formula_that_the_sheet_gives_no_cached_value_stops_the_build() -> None:
    with pytest.raises(UnfinishedError, match="B5"):
        workbook_bytes([sheet_of(Formula("{one}", None))], STAMP)


def test_a_picture_without_words_is_refused() -> None:
    from openpyxl.drawing.image import Image
    from PIL import Image as Pixels

    book, picture, buffer = Workbook(), io.BytesIO(), io.BytesIO()
    Pixels.new("RGB", (2, 2)).save(picture, "PNG")
    book.active.add_image(Image(picture), "A1")
    book.save(buffer)
    with pytest.raises(UnfinishedError, match="alternative text"):
        finished(buffer.getvalue(), Finish(NOON))


@pytest.mark.parametrize(
    ("text", "refs"),
    [("{three}", {}), ("SUM({b.three})", {}), ("{c.one}", {}), ("{x}", {"x": CellOf("b", "nobody", "one")})],
)
def test_a_formula_that_names_what_is_not_there_stops_the_build(text: str, refs: dict[str, CellOf]) -> None:
    with pytest.raises(KeyError):
        workbook_bytes([sheet_of(Formula(text, 1, refs))], STAMP)


def test_columns_are_spelled_as_table_columns_within_a_table_and_as_a1_outside() -> None:
    formula = Formula("{one}+SUM({b.one})", 2)
    for table, expected in (("tblB", "=tblB[[#This Row],[One]]+SUM(tblB[One])"), ("", "=A5+SUM($A$5:$A$5)")):
        layout = Layout([sheet_of(formula, table)])
        assert layout.render(formula, layout.place("b"), 5) == expected


def test_two_blocks_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="Two blocks"):
        Layout([sheet_of(Formula("{one}", 1)), sheet_of(Formula("{one}", 1))])
