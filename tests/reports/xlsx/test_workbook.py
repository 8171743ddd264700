"""The workbook as a reader meets it: order, names, tables, text, widths, print, protection."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest

from ledger.vocabulary.spreadsheet_text import printable
from reports.content import ordered_items
from reports.figures import FigureTooLongError
from reports.pack.pack import Pack, described, write_pack
from reports.registry import CHARTS, SHEETS
from reports.sheet import Kind
from reports.sheets import items
from reports.text import LONGEST_CELL
from tests.helpers.quarter_books import CASES, HOSTILE, Books, many_systems, typical
from tests.helpers.written import Written, written

ORDER = [
    "Management summary",
    "Summary",
    "Roll-forward",
    "Breakdown",
    "Ageing",
    "Interest",
    "Budget vs actual",
    "Budget",
    "Items",
    "Past quarters",
    "Postings",
    "Readiness",
    "Restatements",
    "Checks",
    "About",
]


@pytest.fixture(scope="session")
def book(pack: Pack) -> Any:
    """The typical workbook with its formulas."""
    return openpyxl.load_workbook(pack.workbook)


@pytest.fixture(scope="session")
def values(pack: Pack) -> Any:
    """The typical workbook with its cached values."""
    return openpyxl.load_workbook(pack.workbook, data_only=True)


def test_the_answer_is_the_title_of_the_first_and_active_sheet(values: Any) -> None:
    assert values.sheetnames == ORDER
    assert len(SHEETS) == len(ORDER)
    assert values.active.title == "Management summary"
    assert values["Management summary"]["A1"].value == values["Summary"]["A1"].value
    assert values["Summary"]["A1"].value == (
        "Technical delta rose 16% to EUR 370,252 in 2026Q3, driven by new debt (EUR 104,000)"
    )


def test_the_summary_shows_the_measures_with_their_comparatives(values: Any) -> None:
    headings, *below = [[cell.value for cell in row] for row in values["Summary"].iter_rows(min_row=6, max_row=26)]
    shown = [headings.index(each) for each in ("This quarter 2026Q3 (AC)", "Last quarter 2026Q2 (PP)", "Change (ΔPP)")]
    shown += [headings.index(each) for each in ("Change in % (ΔPP%)", "Year before 2025Q3 (PY)")]
    rows = {row[0]: [row[place] for place in shown] for row in below}
    assert rows["Technical delta"] == [370251.5, 320251, 50000.5, pytest.approx(50000.5 / 320251), 238000]
    assert rows["Technical debt"][:3] == [297251.5, 215250.25, 82001.25]
    assert rows["Neglect"][0] == 73000
    assert rows["Share of neglect"][0] == pytest.approx(73000 / 370251.5)
    incurred = sum(row.interest_in_quarter for row in CASES["typical"].items)
    assert rows["Interest incurred in the quarter"][0] == incurred / 100
    assert rows["Interest per year"][0] == 34000
    assert rows["Repaid"][0] == -50000
    assert rows["Spent on repayments"][0] == 62000
    assert rows["Estimate variance"][0] == 12000
    assert rows["Budget (PL)"] == [75000, 29500, 45500, pytest.approx(45500 / 29500), 20000]
    assert rows["Budget variance (ΔPL)"] == [-13000, -386.28, -12613.72, None, 1636.36]


def test_tables_and_names_that_others_rely_on(book: Any) -> None:
    assert {name for sheet in book for name in sheet.tables} == {
        "tblBudget",
        "tblItems",
        "tblPastQuarters",
        "tblPostings",
    }
    names = set(book.defined_names)
    assert names >= {
        "quarter",
        "as_of",
        "position",
        "tolerance",
        "all_checks",
        "total_debt",
        "total_neglect",
        "total_delta",
    }
    sheet, address = book.defined_names["as_of"].attr_text.split("!")
    assert book[sheet][address.replace("$", "")].value == datetime(2026, 9, 30)


def test_formulas_in_tables_use_the_spelling_of_the_file_and_others_a1(book: Any) -> None:
    formulas = {(sheet.title, cell.value) for sheet in book for row in sheet for cell in row if cell.data_type == "f"}
    assert ("Items", "=as_of-tblItems[[#This Row],[Opened]]") in formulas
    assert not [text for _, text in formulas if "[@" in text]
    assert {title for title, text in formulas if "tbl" in text} == {"Budget", "Items", "Postings"}
    assert max(len(text) for _, text in formulas) < 170


def test_no_amount_is_written_into_a_formula(book: Any) -> None:
    """Numbers in formulas: 0 and 1 as flags, 0 as the divisor that is no divisor. Everything else has a name."""
    for sheet in book:
        for row in sheet:
            for cell in row:
                if cell.data_type == "f":
                    bare = re.sub(r"\"[^\"]*\"|'[^']*'!|\$?[A-Z]{1,3}\$?\d+", "", cell.value)
                    assert set(re.findall(r"\d+", bare)) <= {"0", "1"}, cell.value


def test_pandas_reads_the_figures_without_a_spreadsheet_program(pack: Pack) -> None:
    frame = pandas.read_excel(pack.workbook, sheet_name="Roll-forward", header=3)
    debt = frame[(frame["Nature"] == "debt") & (frame["System"] == "All systems")].iloc[0]
    assert debt["Closing"] == debt["Ledger replay"] == 297251.5
    assert debt["Repaid"] == -50000


def test_every_sheet_prints_on_a4_with_repeated_headings_and_all_but_the_first_page_lie(book: Any) -> None:
    for sheet in book:
        stands = "portrait" if sheet.title == "Management summary" else "landscape"
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, stands)
        assert sheet.print_title_rows
        assert sheet.freeze_panes
        assert not sheet.merged_cells.ranges
        assert "Technical debt 2026Q3" in sheet.oddHeader.left.text
        assert sheet.title in sheet.oddHeader.right.text
        assert "9f2c12ab34cd" in sheet.oddFooter.left.text
        assert "2026-09-30" in sheet.oddFooter.left.text
        assert sheet.oddFooter.right.text == "Page &P of &N"


def test_every_sheet_is_protected_without_password_and_can_be_filtered(book: Any) -> None:
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.protection.sort, "Excel sorts no locked cells"
        assert not sheet.protection.autoFilter


def test_every_drawing_says_in_words_what_it_shows(pack: Pack) -> None:
    with zipfile.ZipFile(pack.workbook) as parts:
        drawings = [name for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
        words = [
            text for name in drawings for text in re.findall(r'cNvPr [^>]*descr="([^"]*)"', parts.read(name).decode())
        ]
    native = [chart.alternative for sheet in described(CASES["typical"]) for chart in sheet.charts]
    assert native
    assert len(words) == 1 + len(native) + sum(1 for chart in CHARTS if chart.on_summary)
    assert native == words[3:]
    assert words[0] == words[1], "the bridge, on the first page and on the Summary"
    assert "opening EUR 320,251" in words[0]
    assert "2026Q3 debt EUR 297,252" in words[2]


def _text_of(cell: Any, exponent: int) -> str:
    """What a spreadsheet shows for a number in one of our formats."""
    value, code = cell.value, cell.number_format
    if isinstance(value, date):
        return f"{value:%Y-%m-%d %H:%M:%S}" if "hh" in code else f"{value:%Y-%m-%d}"
    if "%" in code:
        return f"{value:+.1%}"
    return f"{value:,.{exponent}f}" if ".0" in code else f"{value:,.0f}"


def test_no_number_is_wider_than_its_column(any_workbook: tuple[str, Written]) -> None:
    name, pack = any_workbook
    assert _too_wide(pack.workbook, CASES[name].provenance.exponent) == []


@pytest.mark.reliability
def test_no_number_of_two_hundred_systems_is_wider_than_its_column(tmp_path: Path) -> None:
    assert _too_wide(written(many_systems().view(), tmp_path).workbook, 2) == []


def _too_wide(workbook: Path, exponent: int) -> list[tuple[str, str]]:
    """The cells that would show ####."""
    return [
        (sheet.title, cell.coordinate)
        for sheet in openpyxl.load_workbook(workbook, data_only=True)
        for row in sheet
        for cell in row
        if cell.value is not None and not isinstance(cell.value, str)
        if sheet.column_dimensions[cell.column_letter].width < len(_text_of(cell, exponent)) * 1.1
    ]


def test_every_row_with_content_has_a_height_of_its_own(any_workbook: tuple[str, Written]) -> None:
    _, pack = any_workbook
    for sheet in openpyxl.load_workbook(pack.workbook):
        rows = {cell.row for row in sheet for cell in row if cell.value is not None}
        heights = {row: sheet.row_dimensions[row].height for row in rows}
        assert all(height and height <= 409 for height in heights.values()), sheet.title


def test_a_long_title_gets_the_lines_it_needs(tmp_path: Path) -> None:
    books = Books().item(title="Feature store bypassed " * 13, opening=1_00)
    sheet = openpyxl.load_workbook(written(books.view(), tmp_path).workbook)["Items"]
    assert sheet.row_dimensions[5].height > 7 * 13
    assert sheet["B5"].alignment.wrap_text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    pack = written(CASES["hostile"], tmp_path)
    sheet = openpyxl.load_workbook(pack.workbook)["Items"]
    for cell, text in zip((row[1] for row in sheet.iter_rows(min_row=5)), HOSTILE, strict=False):
        assert cell.data_type == "s"
        if len(text) <= LONGEST_CELL:
            assert cell.value == printable(text)
        else:
            assert len(cell.value) == LONGEST_CELL
            assert cell.value.endswith(f"[cut: {len(text):,} characters in the ledger]")
        assert cell.quotePrefix is (text[0] in "=+-@")
    formulas = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.data_type == "f"]
    headings = {sheet.cell(4, cell.column).value for cell in formulas}
    # Computed cells, none of which shows what somebody typed.
    assert headings >= {"Age in days", "Bucket", "Incurred to date"}
    assert not headings & {column.title for column in items.COLUMNS if column.kind is Kind.TEXT}


def test_an_amount_that_a_spreadsheet_would_round_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    books = Books().item(opening=10**15)
    with pytest.raises(FigureTooLongError, match="15 significant digits"):
        write_pack(books.view(), tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


@pytest.mark.parametrize(("case", "code"), [("yen", "#,##0"), ("dinar", "#,##0.000"), ("typical", "#,##0.00")])
def test_amounts_are_in_major_units_of_the_currency(case: str, code: str, tmp_path: Path) -> None:
    view = CASES[case]
    sheet = openpyxl.load_workbook(written(view, tmp_path).workbook, data_only=True)["Items"]
    assert sheet["L5"].value == ordered_items(view)[0].outstanding / 10**view.provenance.exponent
    assert sheet["L5"].number_format == f'{code};-{code};"–"'


def test_a_provisional_quarter_says_so_everywhere(tmp_path: Path) -> None:
    pack = written(CASES["provisional"], tmp_path)
    book = openpyxl.load_workbook(pack.workbook)
    assert all(sheet["A1"].value.startswith("PROVISIONAL") for sheet in book)
    assert all(sheet.oddHeader.left.text.startswith("PROVISIONAL") for sheet in book)
    assert book.properties.title.startswith("PROVISIONAL")


def test_an_empty_table_keeps_one_empty_row(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(CASES["empty"], tmp_path).workbook)
    for sheet in ("Items", "Postings"):
        (table,) = book[sheet].tables.values()
        first, last = re.findall(r"\d+", table.ref)
        assert int(last) == int(first) + 1
        assert {cell.value for cell in book[sheet][int(last)]} == {None}
    assert book["Summary"]["A1"].value == "No technical delta stands at the end of 2026Q3"


def test_the_stamps_of_the_file_come_from_the_pack_and_not_from_the_clock(book: Any) -> None:
    assert book.properties.created == book.properties.modified == datetime(2026, 10, 3, 9, 0)


def test_a_header_survives_an_ampersand(tmp_path: Path) -> None:
    view = typical().view()
    view = replace(view, provenance=replace(view.provenance, book="R&D & more"))
    with zipfile.ZipFile(written(view, tmp_path).workbook) as parts:
        assert "R&amp;&amp;D &amp;&amp; more" in parts.read("xl/worksheets/sheet1.xml").decode()
