"""`debt budget import`: what finance entered is shown, and recorded once and whole."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.vocabulary.budget_form import BUDGET, FORECAST, NOTE
from tests.helpers.budget_form_lines import BEFORE, OBSERVED, ROWS, budgets, cells, refused, reported
from tests.helpers.budget_forms import fill_in, row, write_form
from tests.helpers.optional import needs
from tests.helpers.recalculation import libreoffice
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

pytestmark = pytest.mark.usefixtures("first_chart_alone")


@pytest.fixture
def planned(teller: Teller) -> Teller:
    """A ledger with what the form holds as exported; the head is at 5."""
    teller.do(*BEFORE)
    return teller


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The form that came back."""
    return write_form(tmp_path / "form.xlsx", ROWS)


# --- the preview ------------------------------------------------------------------------------------


def test_the_differences_are_shown_and_nothing_is_recorded(planned: Teller, file: Path) -> None:
    """Cell, quarter, team, what; as exported, now, in the file; the note of the row. Then how to record them."""
    before = planned.counts
    reply = planned.do(f"budget import {file} --format json")
    assert reply.json == [
        {"cell": "Budget!C5", "quarter": "2026Q4", "team": "red", "what": "budget",
         "exported": "500.00", "ledger": "500.00", "file": "600.50", "note": "minutes of 3 July"},
        {"cell": "Budget!C6", "quarter": "2026Q4", "team": "blue", "what": "budget",
         "exported": None, "ledger": None, "file": "0.00", "note": None},
        {"cell": "Budget!E6", "quarter": "2026Q4", "team": "blue", "what": "forecast",
         "exported": None, "ledger": None, "file": "80.00", "note": None},
    ]  # fmt: skip
    assert one_line(reply.err) == f"Nothing is recorded yet: `debt budget import {file} --yes` records 3 amounts."
    assert planned.counts == before


def test_the_differences_as_a_table_and_as_csv(planned: Teller, file: Path) -> None:
    """For a person, amounts are grouped and nothing is a dash."""
    table = planned.do(f"budget import {file}").out
    assert "What form.xlsx changes, EUR" in table
    (line,) = [line.split() for line in table.splitlines() if "Budget!C6" in line]
    assert line == ["Budget!C6", "2026Q4", "blue", "budget", "–", "–", "0.00", "–"]
    found = planned.do(f"budget import {file} --format csv").csv
    assert [each["file"] for each in found] == ["600.50", "0.00", "80.00"]
    assert list(found[0]) == ["cell", "quarter", "team", "what", "exported", "ledger", "file", "note"]


@pytest.mark.parametrize("yes", ["", " --yes"])
def test_a_form_in_which_nothing_differs_says_so(planned: Teller, tmp_path: Path, yes: str) -> None:
    """A note beside no change is named, because it is not kept."""
    rows = [row("2026Q4", "red", 500, 500, forecast=450.0, forecast_was=450, note="as agreed"), row("2027Q1", "blue")]
    file, before = write_form(tmp_path / "form.xlsx", rows), planned.counts
    reply = planned.do(f"budget import {file}{yes}")
    assert (reply.out, planned.counts) == ("", before)
    assert reply.err == (
        "A note is kept with an amount that changed; these stand beside none: Budget!F5.\n"
        f"Nothing to record: {file} sets no amount that the ledger does not hold.\n"
    )
    assert planned.ask(f"budget import {file}{yes}") == []


# --- recording --------------------------------------------------------------------------------------


def test_every_changed_cell_becomes_one_event(planned: Teller, file: Path) -> None:
    """With the file, the cell, the old and the new amount; the note is its evidence."""
    reply = planned.do(f"budget import {file} --yes --format json")
    assert [receipt["position"] for receipt in reply.json] == [6, 7, 8]
    logged = planned.ask("log")[5:]
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert [
        (each["stored_as"], *(each["data"][name] for name in ("cell", "previous_minor", "amount_minor", "evidence")))
        for each in logged
    ] == [
        ("budget-set/1", "Budget!C5", 50000, 60050, "minutes of 3 July"),
        ("budget-set/1", "Budget!C6", None, 0, None),
        ("forecast-set/1", "Budget!E6", None, 8000, None),
    ]
    assert {each["data"]["file_sha256"] for each in logged} == {sha256}
    assert {each["effective_on"] for each in logged} == {"2026-07-15"}
    assert budgets(planned) == {("2026Q4", "red"): ("600.50", "450.00"), ("2026Q4", "blue"): ("0.00", "80.00")}
    assert planned.ask("verify")["ok"]


def test_the_receipts_say_what_was_set(planned: Teller, file: Path) -> None:
    """A sentence for each, as for every recording command."""
    said = planned.do(f"budget import {file} --yes").out.splitlines()
    assert said[0] == "budget set: 2026Q4 for red: EUR 600.50, effective 2026-07-15"
    forecast = said.index("forecast set: 2026Q4 for blue: EUR 80.00, effective 2026-07-15")
    assert "  cell: Budget!E6" in said[forecast:]
    assert any("position 8, recorded 2026-07-15T" in line for line in said[forecast:])


@pytest.mark.parametrize("actor", ["ada", "grace"])
def test_a_file_is_imported_once(planned: Teller, file: Path, actor: str) -> None:
    """Whoever sends it again, whatever it is called, whatever was set in between: the first receipts again."""
    first = planned.ask(f"budget import {file} --yes")
    planned.do("budget set 2026Q4 900 --team red", "forecast set 2026Q4 7 --team blue")
    before, planned.actor = planned.counts, actor
    again = planned.do(f"budget import {file.rename(file.with_name('again.xlsx'))} --yes --format json")
    assert again.json == first
    said = "again.xlsx was already imported, at positions 6 to 8. Nothing was recorded again."
    assert said in again.err
    preview = planned.do(f"budget import {file.with_name('again.xlsx')}")
    assert (preview.out, said in preview.err) == ("", True)
    assert planned.counts == before
    assert budgets(planned)["2026Q4", "red"] == ("900.00", "450.00")


def test_a_file_is_imported_once_although_its_quarter_is_closed_since(planned: Teller, tmp_path: Path) -> None:
    """What was recorded is no mistake later."""
    file = write_form(tmp_path / "form.xlsx", [row("2026Q2", "red", 5)])
    planned.do(f"budget import {file} --yes", "close 2026Q2")
    assert "was already imported, at position 6." in planned.do(f"budget import {file} --yes").err


def test_each_book_of_a_database_imports_a_file_for_itself(planned: Teller, file: Path) -> None:
    """What one book has recorded is nothing that another has."""
    planned.do(f"budget import {file} --yes", "init --book second --currency EUR")
    second = Teller(planned.path, planned.clock, before=("--book", "second"))
    others = [f"forecast set 2027Q4 {amount} --team blue" for amount in range(4)]
    second.do("system add FRAUD F --team red", *BEFORE, *others)
    first = second.ask(f"budget import {file} --yes")
    assert [receipt["position"] for receipt in first] == [10, 11, 12]
    planned.before = ("--book", "main")
    planned.do(*others)
    assert second.ask(f"budget import {file} --yes") == first


def test_a_form_returned_again_with_one_more_amount_records_that_one(planned: Teller, file: Path) -> None:
    """What the first return set stands already, although the exported copies are older."""
    planned.do(f"budget import {file} --yes")
    second = fill_in(file, file.with_name("second.xlsx"), {("2027Q1", "red", FORECAST): 70})
    reply = planned.do(f"budget import {second} --yes --format json")
    assert reply.json["stored_as"] == "forecast-set/1"
    assert "In the ledger already, as in the file: Budget!C5, Budget!C6, Budget!E6." in reply.err
    assert budgets(planned)["2027Q1", "red"] == (None, "70.00")


@pytest.mark.reliability
@needs("soffice")
def test_a_file_saved_by_libreoffice_is_recorded(planned: Teller, tmp_path: Path, file: Path) -> None:
    """With the value of a formula that it saved."""
    (tmp_path / "lo").mkdir()
    filled_in = fill_in(file, tmp_path / "formula.xlsx", {("2027Q1", "red", BUDGET): "=0.1+0.2"})
    planned.do(f"budget import {libreoffice(filled_in, tmp_path / 'lo')} --yes")
    assert budgets(planned)["2027Q1", "red"] == ("0.30", None)


# --- laws -------------------------------------------------------------------------------------------

_CELLS = st.lists(
    st.tuples(
        st.sampled_from(["2026Q3", "2026Q4", "2027Q1"]),
        st.sampled_from(["red", "blue"]),
        st.sampled_from(["budget", "forecast"]),
        st.integers(0, 10**15 - 1) | st.integers(0, 10**6),
    ),
    max_size=8,
    unique_by=lambda cell: cell[:3],
)


@pytest.mark.reliability
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entered=_CELLS)
def test_what_is_shown_is_what_is_recorded_and_what_the_ledger_then_says(
    planned: Teller, tmp_path: Path, entered: list[tuple[str, str, str, int]]
) -> None:
    """Whatever amounts, on a ledger that goes on from one form to the next."""
    standing = {cell: _minor(value) for cell, value in _standing(planned).items()}
    expected = standing | {cell[:3]: cell[3] for cell in entered}
    rows = []
    for quarter, team in sorted({cell[:2] for cell in expected}):
        budget, forecast = (quarter, team, "budget"), (quarter, team, "forecast")
        amounts = [_major(each.get(cell)) for cell in (budget, forecast) for each in (expected, standing)]
        rows.append(row(quarter, team, *amounts[:2], forecast=amounts[2], forecast_was=amounts[3]))
    file = write_form(tmp_path / "form.xlsx", rows)
    shown = planned.ask(f"budget import {file}")
    changed = {cell: minor for cell, minor in expected.items() if standing.get(cell) != minor}
    assert {(each["quarter"], each["team"], each["what"]): _minor(each["file"]) for each in shown} == changed
    before = planned.position
    planned.do(f"budget import {file} --yes")
    recorded = [each["data"] for each in planned.ask("log")[before:]]
    assert [(each["cell"], each["amount_minor"], each["previous_minor"]) for each in recorded] == [
        (each["cell"], _minor(each["file"]), _minor(each["exported"])) for each in shown
    ]
    assert {cell: _minor(value) for cell, value in _standing(planned).items()} == expected


def _standing(teller: Teller) -> dict[tuple[str, str, str], str]:
    """Every amount that `budget list` shows, by quarter, team and what it is."""
    return {
        (*owner, what): amount
        for owner, amounts in budgets(teller).items()
        for what, amount in zip(("budget", "forecast"), amounts, strict=True)
        if amount is not None
    }


def _minor(amount: str | None) -> int | None:
    return None if amount is None else int(Decimal(amount) * 100)


def _major(minor: int | None) -> float | None:
    """As a cell holds it: a double."""
    return None if minor is None else minor / 100


# --- the pack's own form ----------------------------------------------------------------------------


def exported(workbook: Path, tmp_path: Path, program: str) -> Path:
    """The workbook as finance's program saves it again, before anything is filled in."""
    if program == "libreoffice":
        (tmp_path / "lo").mkdir()
        return libreoffice(workbook, tmp_path / "lo")
    return workbook


@pytest.mark.parametrize(
    "program", ["openpyxl", pytest.param("libreoffice", marks=[pytest.mark.reliability, needs("soffice")])]
)
def test_the_form_of_a_pack_comes_back(planned: Teller, tmp_path: Path, program: str) -> None:
    """Reported, filled in, shown, recorded; the next pack's form holds it as exported."""
    planned.do(OBSERVED)
    workbook = reported(planned, tmp_path / "packs")
    assert planned.ask(f"budget import {workbook}") == []
    entries = {
        ("2026Q4", "red", BUDGET): 600.5,
        ("2026Q4", "red", NOTE): "minutes of 3 July",
        ("2027Q1", "blue", FORECAST): 75,
    }
    filled_in = fill_in(exported(workbook, tmp_path, program), tmp_path / "returned.xlsx", entries)
    shown = planned.ask(f"budget import {filled_in}")
    assert [(each["quarter"], each["team"], each["what"], each["exported"], each["file"]) for each in shown] == [
        ("2026Q4", "red", "budget", "500.00", "600.50"),
        ("2027Q1", "blue", "forecast", None, "75.00"),
    ]
    planned.do(f"budget import {filled_in} --yes")
    assert budgets(planned) == {("2026Q4", "red"): ("600.50", "450.00"), ("2027Q1", "blue"): (None, "75.00")}
    assert planned.ask("log")[-2]["data"]["evidence"] == "minutes of 3 July"
    planned.clock.now = planned.clock.now.replace(hour=13)
    anew = reported(planned, tmp_path / "anew")
    assert planned.ask(f"budget import {anew}") == []
    cleared = fill_in(anew, tmp_path / "cleared.xlsx", {("2026Q4", "red", BUDGET): None})
    ((_, why),) = cells(refused(planned, f"budget import {cleared} --yes"))
    assert "EUR 600.50 was cleared" in why
