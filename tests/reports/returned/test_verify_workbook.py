"""A workbook that came back: unchanged however it was saved, and every changed cell of it named."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest

from ledger.views.quarter import QuarterView
from reports.pack.pack import Pack, described
from reports.returned.comparison import WorkbookComparison, differences
from reports.sheet import Block, Column, Formula, Kind, Row
from reports.xlsx.formats import stored
from reports.xlsx.layout import Layout
from tests.helpers.optional import needs
from tests.helpers.quarter_books import CASES, EVERY_CASE
from tests.helpers.returned_files import Address, Live, edited, issued, planted, saved_by_libreoffice

needs_libreoffice = needs("soffice")

#: The case that has something on every sheet.
FULLEST = CASES["restated"]
TITLES = tuple(sheet.title for sheet in described(FULLEST))
#: Every other sheet is changed at once, the ones between are to stay as they were; then the other way round.
EVERY_OTHER = pytest.mark.parametrize("titles", [TITLES[::2], TITLES[1::2]], ids=["first, third …", "second, fourth …"])


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The workbook of every case, as it was issued."""
    folder = tmp_path_factory.mktemp("issued")
    return {name: issued(view, folder / f"{name.replace(' ', '-')}.xlsx") for name, view in CASES.items()}


@pytest.fixture(scope="session")
def fullest(files: Mapping[str, Path]) -> Path:
    """The workbook that has something on every sheet."""
    return files["restated"]


def named(result: WorkbookComparison) -> set[Address]:
    """The cells that differ."""
    return {(each.sheet, each.cell) for each in result.differences}


def contents(path: Path, view: QuarterView) -> tuple[int, int]:
    """How many values and how many formulas a file holds, entries left out."""
    sheets = described(view)
    layout = Layout(sheets)
    entries = {
        (sheet.title, f"{place.letters[column.key]}{number}")
        for sheet in sheets
        for place in (layout.place(block.key) for block in sheet.blocks)
        for column in place.block.columns
        if column.entry
        for number in range(place.first_row, place.last_row + 1)
    }
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value not in (None, "") and (sheet.title, cell.coordinate) not in entries
    ]
    formulas = sum(1 for cell in cells if cell.data_type == "f")
    return len(cells) - formulas, formulas


@pytest.mark.reliability
@pytest.mark.parametrize("case", EVERY_CASE)
def test_a_pack_as_it_was_issued_differs_nowhere_and_every_cell_of_it_was_checked(
    case: str, files: Mapping[str, Path]
) -> None:
    result = differences(files[case], CASES[case])
    assert result.differences == ()
    assert result.same
    assert (result.values_checked, result.formulas_checked) == contents(files[case], CASES[case])
    assert result.formulas_without_value == result.formulas_respelled == 0
    assert result.missing_sheets == result.additional_sheets == ()


@pytest.mark.reliability
def test_a_whole_pack_with_its_charts_differs_nowhere(pack: Pack) -> None:
    assert differences(pack.workbook, CASES["typical"]).same


@pytest.mark.reliability
@pytest.mark.parametrize("case", EVERY_CASE)
def test_saved_by_openpyxl_it_has_no_stored_values_and_differs_nowhere(
    case: str, files: Mapping[str, Path], tmp_path: Path
) -> None:
    result = differences(edited(files[case], tmp_path / "saved.xlsx", lambda _book: None), CASES[case])
    assert result.differences == ()
    assert result.formulas_without_value == result.formulas_checked > 0


@needs_libreoffice
@pytest.mark.reliability
@pytest.mark.parametrize(
    ("through", "recalculated", "cases"),
    [
        ("xlsx", False, ("typical", "empty", "dinar", "hostile", "restated", "tampered amount")),
        ("xlsx", True, ("typical", "large", "hostile teams")),
        # With the long runs: it takes as long as all the rest of these tests.
        pytest.param("ods", False, ("typical", "empty", "hostile", "restated"), marks=pytest.mark.soak),
    ],
    ids=["as it is", "recalculated", "through OpenDocument"],
)
def test_saved_by_libreoffice_it_differs_nowhere(
    through: str, recalculated: bool, cases: tuple[str, ...], files: Mapping[str, Path], pack: Pack, tmp_path: Path
) -> None:
    workbooks = [*(files[case] for case in cases), pack.workbook]
    saved = saved_by_libreoffice(workbooks, tmp_path, through=through, recalculated=recalculated)
    views = {files[case].name: CASES[case] for case in cases} | {pack.workbook.name: CASES["typical"]}
    results = {path.name: differences(path, views[path.name]) for path in sorted(saved.iterdir())}
    assert results.keys() == views.keys()
    assert {name: result.differences for name, result in results.items() if not result.same} == {}
    assert {(result.formulas_without_value, result.formulas_respelled) for result in results.values()} == {(0, 0)}


class Changed(NamedTuple):
    """A cell to change: where it stands, what it holds there, and its column's heading."""

    address: Address
    kind: Kind
    content: Any
    heading: str


def one_of_every_column(view: QuarterView, titles: Collection[str], *, formulas: bool) -> list[Changed]:
    """One cell of every column of every block of these sheets, in one row after the other."""
    sheets = described(view)
    layout = Layout(sheets)
    return [
        Changed(
            (sheet.title, f"{place.letters[column.key]}{place.row_numbers[row.key]}"), *_kind_and_content(row, column)
        )
        for sheet in sheets
        if sheet.title in titles
        for block in sheet.blocks
        for place in [layout.place(block.key)]
        for number, column in enumerate(block.columns)
        for row in _some_row(block, column, number, formulas=formulas)
    ]


def _kind_and_content(row: Row, column: Column) -> tuple[Kind, Any, str]:
    return row.kinds.get(column.key, column.kind), row.cells.get(column.key), column.title


def _some_row(block: Block, column: Column, number: int, *, formulas: bool) -> Iterator[Row]:
    """The row that is changed in a column: another one for the next column, and not the first, which names the book."""
    rows = [*block.rows, *([block.total] if block.total else [])]
    fitting = [row for row in rows if isinstance(row.cells.get(column.key), Formula) is formulas]
    if fitting and not column.entry:
        yield fitting[(number + 1) % len(fitting)]


def altered(changed: Changed, exponent: int) -> Any:
    """The least other content of a cell's kind."""
    value = stored(changed.content, changed.kind, exponent)
    if value is None:
        return "typed in"
    if isinstance(value, str):
        return value + "."
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if isinstance(value, date):
        return value + timedelta(days=1)
    if changed.kind is Kind.COUNT:
        return value + 1
    return Decimal(str(value)) + Decimal(1).scaleb(-exponent)


@EVERY_OTHER
def test_a_changed_value_in_any_column_of_any_block_is_named(
    titles: Collection[str], fullest: Path, tmp_path: Path
) -> None:
    cells = one_of_every_column(FULLEST, titles, formulas=False)
    changed = planted(fullest, tmp_path / "changed.xlsx", {each.address: altered(each, 2) for each in cells})
    result = differences(changed, FULLEST)
    assert {each.address[0] for each in cells} == set(titles)
    assert named(result) == {each.address for each in cells}
    whats = {(each.sheet, each.cell): each.what for each in result.differences}
    assert [each for each in cells if not whats[each.address].startswith(each.heading)] == []


def words_of(title: str) -> dict[Address, str]:
    """What stands around the figures of a sheet: headline, subtitle, titles and headings of blocks, the first note."""
    sheets = described(FULLEST)
    layout = Layout(sheets)
    (sheet,) = (each for each in sheets if each.title == title)
    places = [layout.place(block.key) for block in sheet.blocks]
    cells = {"A1": "headline", "A2": "subtitle"}
    cells |= {f"A{place.title_row}": "title" for place in places if place.title_row}
    cells |= {
        f"{letter}{place.header_row}": "heading"
        for place in places
        if place.header_row
        for letter in place.letters.values()
    }
    if sheet.notes:
        cells[f"A{max(place.end for place in places) + 2}"] = "note"
    return {(title, cell): what for cell, what in cells.items()}


@pytest.mark.reliability
@EVERY_OTHER
def test_changed_words_around_the_figures_are_named(titles: Collection[str], fullest: Path, tmp_path: Path) -> None:
    words = {address: what for title in titles for address, what in words_of(title).items()}
    old = openpyxl.load_workbook(fullest)
    said = {(title, cell): f"{old[title][cell].value}, they say" for title, cell in words}
    changed = planted(fullest, tmp_path / "words.xlsx", said)
    result = differences(changed, FULLEST)
    assert {(each.sheet, each.cell): each.what for each in result.differences} == words
    assert all(each.found.endswith(", they say") for each in result.differences)


@pytest.mark.reliability
@needs_libreoffice
def test_they_are_named_after_libreoffice_saved_the_file_too(fullest: Path, tmp_path: Path) -> None:
    changes = {each.address: altered(each, 2) for each in one_of_every_column(FULLEST, TITLES, formulas=False)}
    saved = saved_by_libreoffice([planted(fullest, tmp_path / "changed.xlsx", changes)], tmp_path / "saved")
    assert named(differences(saved / "changed.xlsx", FULLEST)) == set(changes)


def every_kind_once(*, formulas: bool) -> dict[Kind, Changed]:
    """The last cell of each kind that a pack has."""
    sheets = described(FULLEST)
    layout = Layout(sheets)
    return {
        kind: Changed((sheet.title, f"{place.letters[column.key]}{place.row_numbers[row.key]}"), kind, content, heading)
        for sheet in sheets
        for block in sheet.blocks
        for place in [layout.place(block.key)]
        for row in block.rows
        for column in block.columns
        for kind, content, heading in [_kind_and_content(row, column)]
        if not column.entry and content is not None and isinstance(content, Formula) is formulas
    }


@pytest.mark.reliability
@pytest.mark.parametrize("kind", every_kind_once(formulas=False), ids=lambda kind: kind.value)
def test_a_single_changed_value_is_the_only_difference(kind: Kind, fullest: Path, tmp_path: Path) -> None:
    cell = every_kind_once(formulas=False)[kind]
    path = planted(fullest, tmp_path / "changed.xlsx", {cell.address: altered(cell, 2)})
    (difference,) = differences(path, FULLEST).differences
    assert (difference.sheet, difference.cell) == cell.address
    assert difference.expected != difference.found


def test_the_values_of_a_pack_are_of_these_kinds() -> None:
    """What the tests above change is what there is: shares and changes are formulas, always."""
    values = {Kind.LABEL, Kind.TEXT, Kind.CODE, Kind.AMOUNT, Kind.EXACT, Kind.COUNT, Kind.NUMBER, Kind.DATE, Kind.STAMP}
    assert set(every_kind_once(formulas=False)) >= values
    assert set(every_kind_once(formulas=True)) >= {Kind.SHARE, Kind.SHARE_CHANGE, Kind.POINTS, Kind.RESULT, Kind.AMOUNT}


@pytest.mark.reliability
@EVERY_OTHER
def test_a_changed_stored_value_of_a_formula_is_named(titles: Collection[str], fullest: Path, tmp_path: Path) -> None:
    texts = openpyxl.load_workbook(fullest)
    cells = {each.address: each for each in one_of_every_column(FULLEST, titles, formulas=True)}
    lies = {
        (sheet, cell): Live(texts[sheet][cell].value, altered(each._replace(content=each.content.cached), 2))
        for (sheet, cell), each in cells.items()
    }
    assert named(differences(planted(fullest, tmp_path / "lies.xlsx", lies), FULLEST)) == set(lies)


@pytest.mark.reliability
@EVERY_OTHER
def test_a_value_typed_over_a_formula_is_named_though_it_is_right(
    titles: Collection[str], fullest: Path, tmp_path: Path
) -> None:
    cells = one_of_every_column(FULLEST, titles, formulas=True)
    typed = {each.address: stored(each.content.cached, each.kind, 2) for each in cells}
    result = differences(planted(fullest, tmp_path / "typed.xlsx", typed), FULLEST)
    assert named(result) == set(typed)
    assert all(each.what.startswith("formula of ") for each in result.differences)
    assert all(each.found.endswith(": a value was typed over the formula") for each in result.differences)


@pytest.mark.reliability
@EVERY_OTHER
def test_a_changed_formula_is_named_though_its_stored_value_is_right(
    titles: Collection[str], fullest: Path, tmp_path: Path
) -> None:
    texts = openpyxl.load_workbook(fullest)
    values = openpyxl.load_workbook(fullest, data_only=True)
    addresses = [each.address for each in one_of_every_column(FULLEST, titles, formulas=True)]
    changed = {
        (sheet, cell): Live(f"{texts[sheet][cell].value}+0", values[sheet][cell].value) for sheet, cell in addresses
    }
    result = differences(planted(fullest, tmp_path / "formulas.xlsx", changed), FULLEST)
    assert named(result) == set(changed)
    assert all(each.what.startswith("formula of ") for each in result.differences)
    assert result.formulas_respelled == 0


@pytest.mark.reliability
def test_a_formula_over_other_cells_is_named(fullest: Path, tmp_path: Path) -> None:
    """What somebody would do to hide a row from a sum."""
    text = next(
        cell.value
        for cell in openpyxl.load_workbook(fullest)["Roll-forward"]["C"]
        if str(cell.value).startswith("=SUM(")
    )
    address = next(
        cell.coordinate for cell in openpyxl.load_workbook(fullest)["Roll-forward"]["C"] if cell.value == text
    )
    shorter = re.sub(r"(\d+)\)", lambda match: f"{int(match[1]) - 1})", text)

    def shorten(book: Any) -> None:
        book["Roll-forward"][address] = shorter

    (difference,) = differences(edited(fullest, tmp_path / "hidden.xlsx", shorten), FULLEST).differences
    assert (difference.cell, difference.expected, difference.found) == (address, text, shorter)


@pytest.mark.reliability
@needs_libreoffice
def test_a_changed_formula_is_named_after_libreoffice_saved_the_file(fullest: Path, tmp_path: Path) -> None:
    texts = openpyxl.load_workbook(fullest)
    cells = {each.address: each for each in one_of_every_column(FULLEST, TITLES, formulas=True)}
    changed = {
        (sheet, cell): Live(f'{texts[sheet][cell].value}&""', stored(each.content.cached, each.kind, 2))
        for (sheet, cell), each in cells.items()
    }
    saved = saved_by_libreoffice([planted(fullest, tmp_path / "formulas.xlsx", changed)], tmp_path / "saved")
    assert named(differences(saved / "formulas.xlsx", FULLEST)) == set(changed)


@pytest.mark.reliability
def test_a_program_that_spells_all_formulas_anew_is_not_held_against_the_file(fullest: Path, tmp_path: Path) -> None:
    def respell(book: Any) -> None:
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            cell.value = f"=IFERROR({cell.value[1:]},0)"

    result = differences(edited(fullest, tmp_path / "respelled.xlsx", respell), FULLEST)
    assert result.differences == ()
    assert result.formulas_respelled == result.formulas_checked > 100


def test_blanks_capitals_and_shorter_ranges_are_no_other_formula(fullest: Path, tmp_path: Path) -> None:
    def respell(book: Any) -> None:
        for sheet, cells in (("Roll-forward", "C5:P6"), ("Items", "R5:S8"), ("Postings", "P5:P8")):
            for row in book[sheet][cells]:
                for cell in row:
                    if cell.data_type == "f":
                        cell.value = (
                            cell.value.lower().replace(",", " , ").replace("tblitems[item]", "Items!$A$5:$A$13")
                        )

    assert differences(edited(fullest, tmp_path / "blanks.xlsx", respell), FULLEST).differences == ()


def test_a_formula_that_excel_shares_among_rows_is_the_same_formula(fullest: Path, tmp_path: Path) -> None:
    """After a formula was filled down, Excel stores it once and a number in the other rows."""
    shared = 0
    with zipfile.ZipFile(fullest) as old, zipfile.ZipFile(tmp_path / "shared.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if b">SUM(B5:E5)<" in data:
                data = data.replace(b"<f>SUM(B5:E5)<", b'<f t="shared" ref="F5:F6" si="0">SUM(B5:E5)<')
                data = data.replace(b"<f>SUM(B6:E6)</f>", b'<f t="shared" si="0"/>')
                shared += data.count(b't="shared"')
            new.writestr(name, data)
    assert shared == 2
    assert differences(tmp_path / "shared.xlsx", FULLEST).differences == ()


def test_the_versions_of_the_tools_are_no_facts_of_the_ledger(fullest: Path) -> None:
    newer = replace(FULLEST.provenance, versions=(("debt-ledger", "9.9.9"), ("python", "3.99")), schema_version="0099")
    result = differences(fullest, replace(FULLEST, provenance=newer))
    assert result.differences == ()
    assert dict(result.origin.versions) == dict(FULLEST.provenance.versions)


def test_another_quarters_ledger_differs_in_many_cells(files: Mapping[str, Path]) -> None:
    result = differences(files["typical"], CASES["still"])
    assert len(result.differences) > 100
    assert {each.sheet for each in result.differences} >= {"Summary", "Roll-forward", "Items", "Postings", "Checks"}


def test_a_ledger_that_says_one_amount_otherwise_differs_where_that_amount_stands(files: Mapping[str, Path]) -> None:
    """The file holds the posting before somebody raised it by a cent in the ledger."""
    postings = [
        each for each in differences(files["typical"], CASES["tampered amount"]).differences if each.sheet == "Postings"
    ]
    amount = CASES["tampered amount"].postings[-1].amount
    assert [each.expected for each in postings] == [f"{amount / 100:,.2f}"]
