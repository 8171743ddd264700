"""The sheet Readiness: what is documented of each system, gaps marked by a word and a colour, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.views.quarter import QuarterView
from ledger.views.readiness import EXPECTATIONS, ReadinessView, StandingView
from reports.content import Content
from reports.returned.comparison import differences
from reports.sheet import Sheet, integer
from reports.sheets import readiness
from tests.helpers.documented_books import documented, hostile_documents, undocumented
from tests.helpers.quarter_books import CASES, HOSTILE, many_systems, still, typical
from tests.helpers.returned_files import issued, planted
from tests.helpers.written import written

HEADINGS = (
    "System", "Name", "Retired on", "Monitors", "Alerts", "Remediation", "Datasheet answers", "Explanation",
    "Robustness cases", "Came out right", "Declared readers", "Reliable", "Refinable", "Comprehensible",
    "ML Test Score", "Gaps",
)  # fmt: skip


def described(view: QuarterView) -> Sheet:
    """The sheet's description, which takes no writing."""
    return readiness.build(Content(view))


def sheet_of(view: QuarterView, folder: Path, *, data_only: bool = True) -> Any:
    return openpyxl.load_workbook(written(view, folder).workbook, data_only=data_only)["Readiness"]


def rows_of(sheet: Any) -> dict[str, dict[str, Any]]:
    """The cells of each system, and of the line under them, by heading."""
    lines = sheet.iter_rows(min_row=4, values_only=True)
    headings = next(lines)
    found = [line for line in lines if line[0] and line[-1] is not None]
    return {line[0]: dict(zip(headings, line, strict=True)) for line in found}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return sheet_of(documented(typical().view()), tmp_path_factory.mktemp("full"))


def test_a_row_says_what_is_documented_and_how_each_expectation_stands(full: Any) -> None:
    rows = rows_of(full)
    assert tuple(rows["CHURN"]) == HEADINGS
    assert tuple(rows["CHURN"].values()) == (
        "CHURN", "CHURN model", None, 3, "2 of 3", "1 automatic, 2 manual", "61 of 100", "global, local", 4,
        "81 of 400", 1, "broken 2026-09-07 (0.05, ratio 1.25)", "kept 2026-04-10 (0.7)", "kept 2026-08-03 (0.25)", 2.5, 0,
    )  # fmt: skip
    assert tuple(rows["FRAUD"].values()) == (
        "FRAUD", "FRAUD model", None, 1, "missing", "manual", "missing", "missing", 1, "0 of 1,000,000", "missing",
        "cannot tell 2026-09-01", "missing", "missing", 0, 6,
    )  # fmt: skip


def test_what_a_debt_carries_is_told_with_its_end_and_is_not_counted_as_broken() -> None:
    view = undocumented(["FRAUD"])[0]
    carried = StandingView("reliable", "broken", date(2026, 9, 7), "FRAUD-1", date(2026, 12, 31))
    sheets = [
        described(replace(typical().view(), readiness=(replace(view, standing=standing),)))
        for standing in ((carried,), (replace(carried, carried_by=None, carried_until=None),))
    ]
    assert [sheet.blocks[0].rows[0].cells["reliable"] for sheet in sheets] == [
        "carried to 2026-12-31",
        "broken 2026-09-07",
    ]
    assert ["broken" in sheet.headline for sheet in sheets] == [False, True]
    assert [any(note.startswith("Carried:") for note in sheet.notes) for sheet in sheets] == [True, False]


def test_a_retired_system_misses_nothing(full: Any) -> None:
    row = rows_of(full)["SEARCH"]
    assert row["Retired on"] == datetime(2026, 8, 1)
    assert {value for heading, value in row.items() if heading not in (*HEADINGS[:3], "Gaps")} == {None}
    assert row["Gaps"] == 0


def test_gaps_are_counted_by_system_and_by_column(full: Any) -> None:
    rows = rows_of(full)
    total = rows.pop("All systems")
    for heading in (*HEADINGS[3:5], *HEADINGS[6:9], *HEADINGS[10:15]):
        assert total[heading] == sum(row[heading] == "missing" for row in rows.values()), heading
    assert total["Gaps"] == sum(row["Gaps"] for row in rows.values()) == 6
    assert full["A1"].value == "6 gaps are left in what is documented of 3 systems; 1 expectation is broken"


def test_counts_of_gaps_are_live_and_facts_are_values(tmp_path: Path) -> None:
    sheet = sheet_of(documented(typical().view()), tmp_path, data_only=False)
    formulas = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"}
    gaps = {f"P{row}" for row in (5, 6, 7, 8)}
    assert formulas == gaps | {f"{letter}8" for letter in "DEGHIKLMNO"}
    assert sheet["P5"].value == '=COUNTIF(D5:O5,"missing")'


def test_the_word_missing_is_coloured_and_a_broken_expectation_stands_out(full: Any) -> None:
    """By rule, so that a cell that is filled in the ledger loses its colour in the next pack."""
    rules = {
        cells: {rule.formula[0]: rule.dxf.fill.bgColor.rgb[-6:] for rule in ruled}
        for cells, ruled in ((str(entry.sqref), entry.rules) for entry in full.conditional_formatting)
    }
    (cells,) = rules
    assert {each.split(":")[0] for each in cells.split()} == {f"{letter}5" for letter in "DEGHIKLMNO"}
    assert rules[cells] == {'D5="missing"': "FCE4D6", 'LEFT(D5,6)="broken"': "C00000"}


@pytest.mark.parametrize(
    ("systems", "headline"),
    [
        ([], "No system is registered"),
        (["FRAUD"], "10 gaps are left in what is documented of 1 system"),
        (["A", "B"], "20 gaps are left in what is documented of 2 systems"),
        ([f"S{number}" for number in range(200)], "2,000 gaps are left in what is documented of 200 systems"),
    ],
)
def test_the_headline_counts_gaps(systems: list[str], headline: str) -> None:
    sheet = described(replace(still().view(), readiness=undocumented(systems)))
    (block,) = sheet.blocks
    assert sheet.headline == headline
    assert [row.key for row in block.rows] == systems
    assert block.total is not None
    assert integer(block.total.cells["gaps"]) == 10 * len(systems)


def test_nothing_is_missing_of_a_system_of_which_everything_is_documented() -> None:
    standing = [StandingView(name, "kept", date(2026, 9, 1)) for name in EXPECTATIONS]
    first = documented(typical().view()).readiness[0]
    sheet = described(replace(still().view(), readiness=(replace(first, standing=tuple(standing)),)))
    assert sheet.headline == "Nothing is missing in what is documented of 1 system"


@pytest.mark.parametrize(
    ("automatic", "manual", "words"),
    [(0, 0, None), (2, 0, "automatic"), (0, 1, "manual"), (1000, 2, "1,000 automatic, 2 manual")],
)
def test_remediation_is_told_in_as_few_words_as_will_do(automatic: int, manual: int, words: str | None) -> None:
    (row,) = undocumented(["FRAUD"])
    monitored: ReadinessView = replace(row, monitors=automatic + manual, automatic=automatic)
    (block,) = described(replace(still().view(), readiness=(monitored,))).blocks
    assert block.rows[0].cells["remediation"] == words


def test_names_that_look_like_formulas_stay_text(tmp_path: Path) -> None:
    view = hostile_documents(still().view(), HOSTILE)
    sheet = sheet_of(view, tmp_path, data_only=False)
    names = [sheet.cell(row, 2) for row in range(5, 5 + len(view.readiness))]
    assert {cell.data_type for cell in names} == {"s"}
    assert names[1].value == HOSTILE[0]
    assert names[1].quotePrefix


@pytest.mark.reliability
def test_many_systems_are_verified_cell_by_cell(tmp_path: Path) -> None:
    view = many_systems(30).view()
    path = issued(view, tmp_path / "issued.xlsx")
    assert differences(path, view).same
    sent_back = planted(path, tmp_path / "altered.xlsx", {("Readiness", "E20"): "all"})
    (found,) = differences(sent_back, view).differences
    assert (found.sheet, found.cell, found.expected, found.found) == ("Readiness", "E20", "missing", "all")


def test_a_workbook_without_the_sheet_is_told_so(tmp_path: Path) -> None:
    """Packs of the release before had none."""
    path = issued(CASES["still"], tmp_path / "issued.xlsx")
    book = openpyxl.load_workbook(path)
    del book["Readiness"]
    book.save(tmp_path / "older.xlsx")
    found = differences(tmp_path / "older.xlsx", CASES["still"])
    assert found.missing_sheets == ("Readiness",)
    assert not found.same
