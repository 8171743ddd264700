"""Breakdown, Ageing and Interest: their figures, and the links from figures to the rows behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.vocabulary.ages import OF_WHICH
from reports.pack.pack import Pack
from tests.helpers.quarter_books import CASES, Books
from tests.helpers.written import written


def _spread() -> Books:
    """Two systems in three dimensions, three owners, four ages; an item lapsed, one overdue, one both."""
    books = Books()
    books.item(
        "FRAUD",
        opening=100_00,
        dimension="input",
        category="data-testing",
        opened_on=date(2026, 6, 30),
        status="overdue",
    )
    books.item("FRAUD", opening=200_00, opened_on=date(2026, 7, 2), team="blue", cost_centre=None, status="lapsed")
    books.item("CHURN", opening=300_00, opened_on=date(2026, 3, 31), status="lapsed", late=OF_WHICH, per_year=36_50)
    books.item("CHURN", opening=400_00, opened_on=date(2025, 9, 29), nature="neglect", team="", cost_centre=None)
    books.item("CHURN", opening=50_00, moves=(("repaid", -50_00, 60_00),), status="repaid", category="configuration")
    return books


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Any:
    pack = written(_spread().view(), tmp_path_factory.mktemp("spread"))
    assert pack.ok
    return openpyxl.load_workbook(pack.workbook, data_only=True)


def rows_of(sheet: Any, columns: int) -> dict[str, tuple[Any, ...]]:
    """The last row of each name in the first column, without the name."""
    return {str(row[0]): row[1:columns] for row in sheet.iter_rows(values_only=True) if row[0]}


def test_breakdown_by_dimension_category_and_owner(values: Any) -> None:
    rows = rows_of(values["Breakdown"], 6)
    assert rows["input"][1:] == (100, 0, 100, pytest.approx(0.1))
    assert rows["system"][1:] == (500, 400, 900, pytest.approx(0.9))
    assert rows["data-testing"] == ("input", 100, 0, 100, pytest.approx(0.1))
    assert rows["blue"] == ("none", 200, 0, 200, pytest.approx(0.2))
    assert rows["no team"] == ("none", 0, 400, 400, pytest.approx(0.4))
    sums = [row[2:6] for row in values["Breakdown"].iter_rows(values_only=True) if row[0] == "All"]
    assert sums == [(600, 400, 1000, 1)] * 3 + [(-50, 60, 1, None)]
    assert rows["CC-100"] == ("red", -50, 60, 1, "CC2")
    assert "configuration" not in rows, "a category without a balance"


def test_ageing_by_system_adds_up_and_shows_lapsed_and_overdue_apart(values: Any) -> None:
    rows = rows_of(values["Ageing"], 10)
    assert rows["FRAUD"] == (200, 100, 0, 0, 300, 300, 0, 200, 100)
    assert rows["CHURN"] == (0, 0, 300, 400, 700, 700, 0, 300, 300), "an item can be both"
    assert rows["All systems"] == (200, 100, 300, 400, 1000, 1000, 0, 500, 400)
    assert rows["Share of all ages"][:5] == (0.2, 0.1, 0.3, 0.4, 1)


def test_interest_incurred_and_avoided_by_system(values: Any) -> None:
    blocks = [row for row in values["Interest"].iter_rows(values_only=True) if row[0] == "CHURN"]
    assert blocks[0][4:7] == (9.2, 9.2, 36.5)
    assert blocks[1][4] == 0.62


def links(book: Any, title: str) -> Iterator[tuple[Any, str, Any]]:
    """Every linked cell of a sheet with its value, the sheet it leads to, and the cells there."""
    for row in book[title]:
        for cell in row:
            if cell.hyperlink:
                sheet, _, address = cell.hyperlink.location.rpartition("!")
                yield cell, sheet, book[sheet.strip("'")][address]


@pytest.mark.parametrize("case", ["typical", "large", "hostile", "tampered amount"])
def test_a_link_of_the_rollforward_selects_the_amounts_that_make_up_the_figure(case: str, tmp_path: Path) -> None:
    """The selection may hold the other nature; the filter of column Nature leaves exactly the figure."""
    pack = written(CASES[case], tmp_path)
    book = openpyxl.load_workbook(pack.workbook, data_only=True)
    found = list(links(book, "Roll-forward"))
    for cell, title, target in found:
        area = [target] if not isinstance(target, tuple) else [row[0] for row in target]
        headings = {column.value: column.column for column in book[title][4]}
        nature = book["Roll-forward"].cell(cell.row, 1).value
        amounts = [
            Decimal(str(each.value))
            for each in area
            if nature in ("total", book[title].cell(each.row, headings["Nature"]).value)
        ]
        if not case.startswith("tampered") or title == "Postings":
            assert Decimal(str(cell.value)) == pytest.approx(sum(amounts), abs=Decimal("0.001")), cell.coordinate
    linked = {cell.coordinate for cell, _, _ in found}
    figures = [cell for row in book["Roll-forward"].iter_rows(min_row=5, min_col=3, max_col=12) for cell in row]
    assert not [
        cell for cell in figures if isinstance(cell.value, int | float) and cell.value and cell.coordinate not in linked
    ]


def test_a_link_of_the_breakdown_leads_to_the_filter_of_items(pack: Pack) -> None:
    book = openpyxl.load_workbook(pack.workbook)
    assert {(sheet, target.value) for _, sheet, target in links(book, "Breakdown")} == {
        ("Items", "Dimension"),
        ("Items", "Category"),
        ("Items", "Owner key"),
        ("Postings", "Cost centre key"),
    }


def test_every_figure_of_the_summary_leads_to_the_sheet_that_it_comes_from(pack: Pack) -> None:
    book = openpyxl.load_workbook(pack.workbook)
    sheet = book["Summary"]
    linked = {cell.coordinate: target.strip("'") for cell, target, _ in links(book, "Summary")}
    read = {
        cell.coordinate: {name for name in book.sheetnames if f"{name}!" in cell.value.replace("'", "")}
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    elsewhere = {place: sheets for place, sheets in read.items() if sheets}
    assert len(elsewhere) > 8
    assert all(linked[place] in sheets for place, sheets in elsewhere.items())


def test_links_leave_the_print_clean(pack: Pack) -> None:
    book = openpyxl.load_workbook(pack.workbook)
    assert all(cell.font.underline is None for cell, _, _ in links(book, "Roll-forward"))


def test_buckets_are_named_once_and_looked_up(pack: Pack) -> None:
    book = openpyxl.load_workbook(pack.workbook)
    for name in ("bucket_from", "bucket_name"):
        assert re.fullmatch(r"Ageing!\$[AB]\$\d+:\$[AB]\$\d+", book.defined_names[name].attr_text)
    assert book["Items"]["U5"].value == "=LOOKUP(tblItems[[#This Row],[Age in days]],bucket_from,bucket_name)"


def test_the_texts_of_checks_name_the_new_sheets(pack: Pack) -> None:
    names = [check.name for check in pack.checks]
    assert sum("Breakdown by" in name for name in names) == 6
    assert sum(name.startswith("Ageing of") for name in names) == 2
