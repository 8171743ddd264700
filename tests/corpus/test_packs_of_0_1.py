"""Packs of release 0.1 stay readable: reproduced by value, verified cell by cell, imported as budgets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger import open_ledger
from ledger.services.reproduce import reproduce
from ledger.services.verify_workbook import came_back, verify_workbook
from ledger.views.quarter import QuarterView
from ledger.vocabulary.budget_form import BUDGET
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.release import __version__
from reports.origin import as_made
from reports.pack.files import put
from reports.pack.manifest import read_pack
from reports.pack.pack import BuiltPack, build_pack, described
from reports.releases import REDEFINED, SINCE, may_lack
from reports.returned.comparison import differences
from reports.returned.entries import fed_by_entries
from reports.returned.headings import value_tables
from reports.returned.origin import read_origin
from reports.xlsx.layout import Layout
from tests.corpus.conftest import WHOLE
from tests.corpus.frozen import Given, held, thawed_pack, thawed_sqlite, view_of
from tests.corpus.questions import DEMO, SECOND
from tests.helpers.budget_forms import fill_in
from tests.helpers.returned_files import planted

pytestmark = pytest.mark.reliability

WITHOUT_READINESS = "0001"
RELEASE = "0.1.0"
OTHERWISE = "Counted otherwise since, and not compared: "


def new_in_this_release(said: str) -> set[str]:
    """What an answer says that the file lacks, as `reports.releases` calls it; it says nothing else."""
    (line,) = [line for line in said.splitlines() if "New in this release: " in line] or [""]
    left = line.partition("New in this release: ")[2].removesuffix(".").replace("the sheet ", "")
    left = re.sub(r"\d{4}Q[1-4]", "QUARTER", left).replace("postings-QUARTER.csv", "postings.csv")
    names = set()
    for name in sorted(SINCE, key=len, reverse=True):
        if name in left:
            names.add(name)
            left = left.replace(name, "")  # of this quarter and of the one before
    assert not left.replace(", ", ""), left
    return names


def _is_young(sheet: str) -> bool:
    """Whether no workbook of 0.1 has the sheet."""
    return sheet != "Readiness" and may_lack(RELEASE, sheet)


@pytest.mark.reliability
def test_a_pack_of_0_1_is_reproduced_by_value(thawed: Callable[[str], Given]) -> None:
    whole = thawed(WHOLE)
    assert whole.manifest["versions"]["debt-ledger"] == RELEASE
    view = view_of(whole)
    sheets = described(view)
    layout, fed = Layout(sheets), fed_by_entries(sheets)
    tables = [table for sheet in sheets for table in value_tables(sheet, layout, fed, view.provenance.exponent)]
    there = [
        table for table in tables if not _is_young(table.sheet) and not may_lack(RELEASE, f"{table.sheet} {table.name}")
    ]
    number = sum(1 for table in there if table.rows) + len(list(whole.pack.glob("*.csv")))
    answer = whole.type("reproduce", str(whole.pack))
    assert answer.exit_code == 0, answer.output
    assert f"OK: made by debt-ledger {RELEASE}: other bytes, the same values in {number} tables" in answer.stdout
    assert "DIFFERS" not in answer.output
    assert new_in_this_release(answer.stderr) <= set(SINCE)
    assert "Not in this release" not in answer.stderr
    assert OTHERWISE in answer.stderr


@pytest.mark.parametrize("schema", [WHOLE, WITHOUT_READINESS])
def test_a_workbook_of_0_1_is_verified(schema: str, thawed: Callable[[str], Given]) -> None:
    given = thawed(schema)
    assert "History" in openpyxl.load_workbook(given.workbook, read_only=True).sheetnames
    answer = given.type("verify-workbook", str(given.workbook))
    assert answer.exit_code == 0, answer.output
    assert "are what the ledger gives at position" in answer.stdout
    assert f"Made by debt-ledger {RELEASE}" in answer.stderr
    found = differences(given.workbook, view_of(given))
    assert found.across is not None
    lacking = ("Management summary", *(() if schema == WHOLE else ("Readiness",)))
    assert (found.across.missing_sheets, found.across.additional) == (lacking, ())
    assert found.missing == (), "all that it lacks is younger than its release"
    assert ("Readiness" in new_in_this_release(answer.stderr)) == (schema != WHOLE)
    assert found.formulas_without_value == 0
    assert set(found.across.otherwise) == set(REDEFINED)
    assert OTHERWISE in answer.stderr


def test_every_figure_of_a_workbook_of_0_1_is_compared(thawed: Callable[[str], Given]) -> None:
    """As many as stand in its tables, counted in the file: all cells with a number or a formula, but for entries."""
    whole = thawed(WHOLE)
    found = differences(whole.workbook, view_of(whole))
    book = openpyxl.load_workbook(whole.workbook)
    formulas = sum(1 for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f")
    assert found.formulas_checked == formulas > 500
    numbers = sum(
        1
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type in "nd" and cell.value is not None
    )
    assert found.values_checked > numbers > 100


def test_an_altered_cell_of_history_is_named(
    given: Given, again: tuple[BuiltPack, QuarterView], tmp_path: Path
) -> None:
    """By its sheet, table, row and column, and by its address."""
    sheet = openpyxl.load_workbook(given.workbook)["History"]
    cells = dict(zip((cell.value for cell in sheet[4]), sheet[9], strict=True))
    was, address = cells["Amount"].value, cells["Amount"].coordinate
    altered = planted(given.workbook, tmp_path / "altered.xlsx", {("History", address): was + 1})
    answer = given.type("verify-workbook", str(altered), "--format", "json")
    assert answer.exit_code == 3
    (said,) = json.loads(answer.stdout)["differences"]
    assert said["what"].startswith(f"Amount, {cells['Quarter'].value}, ")
    told = {"sheet": "History", "cell": address, "what": said["what"], "expected": f"{was:,}", "found": f"{was + 1:,}"}
    assert said == told
    altered.replace(given.workbook)
    found = held(again, given)
    (difference,) = found.differences
    assert difference._replace(row="") == (
        "History", "tblPastQuarters", "", "Amount", address, f"{was:,}", f"{was + 1:,}",
    )  # fmt: skip
    assert said["what"] == f"Amount, {difference.row}"
    (file,) = [file for file in found.files if not file.ok]
    assert (file.file, file.in_folder, file.rebuilt) == (given.workbook.name, "DIFFERS", "OTHER VALUES")


@pytest.mark.reliability
@pytest.mark.parametrize(
    "versions",
    [{"debt-ledger": "9.9.0"}, {}, {"debt-ledger": "\x1b[2J" + "9" * 5000}],
    ids=["a later release", "no release", "a hostile one"],
)
def test_a_manifest_that_names_another_release_than_the_workbook_is_named(
    versions: dict[str, str], given: Given
) -> None:
    given.rewrite(versions=versions)
    answer = given.type("--book", SECOND, "reproduce", str(given.pack))
    assert answer.exit_code == 3, answer.output
    assert f"position {given.manifest['position']}: {given.workbook.name}" in answer.stderr
    assert "versions" in answer.stdout
    assert "\x1b" not in answer.output


@pytest.mark.reliability
def test_a_pack_of_a_later_release_is_reproduced_by_value(given: Given, tmp_path: Path) -> None:
    """It says so; what a later release does not have any more could not be told from what was taken out."""
    later = replace(read_origin(given.workbook), versions={"debt-ledger": "9.9.0"})
    built = build_pack(as_made(view_of(given), later), {})
    put(tmp_path / "later", built.files)
    answer = given.type("--book", SECOND, "reproduce", str(tmp_path / "later"))
    assert answer.exit_code == 0, answer.output
    assert f"made by debt-ledger 9.9.0, which is later than this {__version__}: other bytes" in answer.stdout
    assert "The ledger keeps no hash of this manifest" in answer.stderr


@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({"head_hash": "0" * 64}, 3, "of another ledger"),
        ({"position": 4000}, 3, "no position 4000"),
        ({"book": "demo"}, 1, "is of the book 'demo'"),
        ({"format": "debt-ledger-pack/9"}, 2, "debt-ledger-pack/9"),
    ],
)
def test_a_pack_of_something_else_is_a_clear_answer(
    fields: dict[str, Any], code: int, words: str, given: Given
) -> None:
    given.rewrite(**fields)
    answer = given.type("--book", SECOND, "reproduce", str(given.pack))
    assert (answer.exit_code, words in answer.stderr) == (code, True), answer.output


def test_what_is_refused_on_the_command_line_is_refused_from_python(given: Given) -> None:
    other, own = (open_ledger(given.database, actor="ada", book=book) for book in (DEMO, SECOND))
    with pytest.raises(Refused, match=f"is of the book '{SECOND}', not of '{DEMO}'"):
        reproduce(other, read_pack(given.pack))
    with pytest.raises(Refused, match=f"is of the book '{SECOND}', not of '{DEMO}'"):
        verify_workbook(other, came_back(given.workbook))
    given.rewrite(head_hash="0" * 64)
    with pytest.raises(StoreError, match="It is of another ledger, or this one was rewritten"):
        reproduce(own, read_pack(given.pack))
    assert verify_workbook(own, came_back(given.workbook)).same


def test_a_budget_form_of_0_1_is_imported(tmp_path: Path) -> None:
    given = Given(thawed_sqlite(WHOLE, tmp_path), thawed_pack(WHOLE, tmp_path))
    assert given.type("db", "upgrade").exit_code == 0
    filled = fill_in(given.workbook, tmp_path / "filled.xlsx", {("2027Q1", "maps", BUDGET): 123_000})
    answer = given.type("--book", SECOND, "budget", "import", str(filled), "--yes", "--format", "json")
    assert answer.exit_code == 0, answer.output
    lines = json.loads(given.type("--book", SECOND, "budget", "list", "--format", "json").stdout)
    assert ("2027Q1", "maps", "123000") in {(line["quarter"], line["team"], line["budget"]) for line in lines}
    assert given.type("verify-workbook", str(filled)).exit_code == 0
