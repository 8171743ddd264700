"""`debt budget import` refuses: every cell is named, nothing is recorded, and another ledger's form is none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger.services import budget_import
from ledger.vocabulary.budget_form import BUDGET, BUDGET_EXPORTED, FORECAST, NOTE, TEAM
from tests.helpers.budget_form_lines import BEFORE, OBSERVED, ROWS, budgets, cells, refused, reported
from tests.helpers.budget_forms import fill_in, row, write_form
from tests.helpers.refusals import one_line
from tests.helpers.teller import Reply, Teller

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


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("yes", ["", " --yes"])
def test_every_problem_is_named_at_once(planned: Teller, tmp_path: Path, yes: str) -> None:
    """In the order of the file, with its cell, and none of the good cells beside them is recorded."""
    planned.do("close 2026Q1")
    rows = [
        row("2026Q4", "red", "12.000,50", 500, forecast=-5, forecast_was=450),
        row("2026Q4", "blue", 12.345, forecast=True),
        row("2026Q1", "red", 5),
        row("2026Q9", "red", 5),
        row("2027Q1", "blu", 5),
        row("2027Q1", "red", None, 5),
        row("2027Q1", "blue", 70),
        row("2027Q1", " blue ", 80),
        row("2027Q2", "red", 80, "x"),
        row("2027Q3", "red", 10**15),
        row("2027Q4", "red", "=C5"),
    ]
    file = write_form(tmp_path / "form.xlsx", rows, below=[row("2028Q1", "red", 5)])
    said = refused(planned, f"budget import {file}{yes}")
    found = cells(said)
    assert [cell for cell, _ in found] == [
        "Budget!C5", "Budget!E5", "Budget!C6", "Budget!E6", "Budget!C7", "Budget!A8", "Budget!B9", "Budget!C10",
        "Budget!B12", "Budget!G13", "Budget!C14", "Budget!C15", "Budget!A16",
    ]  # fmt: skip
    why = dict(found)
    assert "is text: type a number" in why["Budget!C5"]
    assert why["Budget!C7"] == "2026Q1 is closed: its budget stands. The books are closed to 2026-03-31."
    assert why["Budget!B9"] == "No system names a team 'blu'. Did you mean blue? `debt system list` shows the teams."
    assert why["Budget!C10"] == (
        "EUR 5.00 was cleared, and a budget that was set cannot be unset: type 0, or the amount again."
    )
    assert why["Budget!B12"] == "2027Q1 of blue stands in the form twice, see Budget!B11: keep one of the two rows."


@pytest.mark.parametrize(
    ("what", "place"), [("budget", "Budget!C5"), ("forecast", "Budget!E6")], ids=["budget", "forecast"]
)
def test_an_amount_that_changed_since_the_export_is_refused(planned: Teller, file: Path, what: str, place: str) -> None:
    """All three figures are named; the other cells of the file are not recorded either."""
    team, then, entered = ("red", "EUR 500.00", "EUR 600.50") if what == "budget" else ("blue", "nothing", "EUR 80.00")
    planned.do(f"{what} set 2026Q4 470 --team {team}")
    for yes in ("", " --yes"):
        ((cell, why),) = cells(refused(planned, f"budget import {file}{yes}"))
        assert cell == place
        assert f"The {what} of 2026Q4 for {team} has changed since the workbook was exported" in why
        assert f"EUR 470.00 now, {then} then, {entered} in the file." in why


def test_what_counts_is_the_ledger_when_it_is_recorded(planned: Teller, file: Path) -> None:
    """A preview promises nothing: an amount set between it and --yes is not overwritten."""
    planned.do(f"budget import {file}", "forecast set 2026Q4 1 --team blue")
    assert [cell for cell, _ in cells(refused(planned, f"budget import {file} --yes"))] == ["Budget!E6"]
    planned.do("forecast set 2026Q4 80 --team blue")
    reply = planned.do(f"budget import {file} --yes")
    assert reply.err == "In the ledger already, as in the file: Budget!E6.\n"
    assert planned.position == 9


def test_the_ledger_is_held_while_the_form_is_compared_and_recorded(
    planned: Teller, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else can set a budget between the two; without --yes anybody can."""
    impatient = Teller(planned.path, before=("--config", "impatient.toml"))
    Path("impatient.toml").write_text("busy_seconds = 0.05\n")
    replies: list[Reply] = []
    compared = budget_import._compared

    def interrupted(*words: Any) -> Any:
        # On a thread of its own: whoever holds the book himself is told so at once.
        with ThreadPoolExecutor(1) as elsewhere:
            replies.append(elsewhere.submit(impatient.type, "forecast set 2027Q4 1 --team red").result())
        return compared(*words)

    monkeypatch.setattr(budget_import, "_compared", interrupted)
    planned.do(f"budget import {file} --yes")
    assert (replies[0].exit_code, "busy" in replies[0].err) == (3, True), replies[0].err
    planned.do(f"budget import {file}")
    assert replies[1].exit_code == 0, replies[1].err


def test_a_change_that_finance_did_not_make_is_left_alone(planned: Teller, tmp_path: Path) -> None:
    """An entry that is as exported says nothing about what was set since."""
    file = write_form(tmp_path / "form.xlsx", [row("2026Q4", "red", 500, 500, forecast=460, forecast_was=450)])
    planned.do("budget set 2026Q4 900 --team red", f"budget import {file} --yes")
    assert budgets(planned) == {("2026Q4", "red"): ("900.00", "460.00")}


def test_a_team_that_a_file_cannot_spell_is_found(planned: Teller, tmp_path: Path) -> None:
    """The form shows it with the sign for what cannot be shown."""
    planned.do("system add ODD Odd --team 're\x02d\x85'")
    file = write_form(tmp_path / "form.xlsx", [row("2026Q4", "re\ufffdd\x85", 5)])
    planned.do(f"budget import {file} --yes")
    assert planned.ask("log")[-1]["data"]["team"] == "re\x02d\x85".strip()


def test_what_a_foreign_file_says_cannot_write_on_the_terminal(planned: Teller, tmp_path: Path) -> None:
    """Control characters of C1, which XML carries, are shown as �."""
    file = write_form(tmp_path / "form.xlsx", [row("\x9b2J", "red", 5)])
    said = refused(planned, f"budget import {file}")
    assert "'�2J' is not a quarter" in said


# --- where the form is from -------------------------------------------------------------------------


def origin(teller: Teller, position: int = 5, **others: Any) -> tuple[tuple[str, Any], ...]:
    """The rows of an About sheet that was written at a position of the ledger."""
    facts = {"Book": "main", "Position of the last event known": position}
    facts["Hash of that event"] = teller.ask("log")[position - 1]["hash"]
    return tuple((facts | others).items())


def test_a_form_of_this_ledger_is_held_against_what_it_knew(planned: Teller, tmp_path: Path) -> None:
    """Recorded although the ledger has gone on; the copies are those of its position."""
    about = origin(planned)
    planned.do("forecast set 2026Q4 900 --team red")
    file = write_form(tmp_path / "form.xlsx", ROWS, about=about)
    planned.do(f"budget import {file} --yes")
    assert budgets(planned)["2026Q4", "red"] == ("600.50", "900.00")


@pytest.mark.parametrize(
    ("rows", "place", "said", "was"),
    [
        ([row("2026Q4", "red", 600, 550)], "Budget!G5", "EUR 550.00", "EUR 500.00"),
        ([row("2026Q4", "red", 600)], "Budget!G5", "nothing", "EUR 500.00"),
        ([row("2027Q4", "red", 500, 500)], "Budget!G5", "EUR 500.00", "nothing"),
        ([row("2026Q4", "blue", 0, None, forecast=450, forecast_was=450)], "Budget!H5", "EUR 450.00", "nothing"),
    ],
    ids=["another amount", "cleared", "another quarter", "another team"],
)
def test_an_edited_copy_or_row_is_found_by_what_the_ledger_held(
    planned: Teller, tmp_path: Path, rows: Any, place: str, said: str, was: str
) -> None:
    """Also where the entry equals the copy, so that nothing would have been recorded, and nobody told."""
    file = write_form(tmp_path / "form.xlsx", rows, about=origin(planned))
    found = cells(refused(planned, f"budget import {file}"))
    assert found[0][0] == place
    assert f"the exported copy says {said}, but the" in found[0][1]
    assert (
        f"was {was} at position 5, of which this form is: the copy, the quarter or the team was edited" in found[0][1]
    )


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({"Book": "other"}, "is a form of the book 'other', and this is the book 'main'. Nothing was recorded. Choose"),
        (
            {"Hash of that event": "ab" * 32},
            "was written from another ledger: its event at position 5 has the hash abababababab, and here it has the hash",
        ),
        ({"Position of the last event known": 99}, "and here it does not exist. Nothing was recorded. Choose"),
    ],
)
def test_a_form_of_another_ledger_is_refused(
    planned: Teller, tmp_path: Path, others: dict[str, Any], words: str
) -> None:
    """Before any cell is looked at."""
    file = write_form(tmp_path / "form.xlsx", [row("2026Q4", "red", "much")], about=origin(planned, **others))
    assert words in refused(planned, f"budget import {file} --yes")


@pytest.mark.parametrize("about", [(), (("Book", "main"),), (("Legend", "what colours mean"),)])
def test_a_form_that_does_not_say_where_it_is_from_is_imported(planned: Teller, tmp_path: Path, about: Any) -> None:
    """Finance may have sent the one sheet; what changed since the export is still found, cell by cell."""
    planned.do(f"budget import {write_form(tmp_path / 'form.xlsx', ROWS, about=about)} --yes")
    assert planned.position == 8


# --- wrong usage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("budget import", "Missing: FILE."),
        ("budget import nowhere.xlsx", "File 'nowhere.xlsx' does not exist."),
        ("budget import .", "File '.' is a directory."),
        ("budget import ledger.db", "ledger.db is no workbook: it is not a file of type .xlsx"),
        ("budget import items.xlsx", "items.xlsx holds no table tblBudget: is this the workbook of `debt report`?"),
        ("budget import short.xlsx", "the table tblBudget lacks the columns Team, Forecast as exported;"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(planned: Teller, tmp_path: Path, line: str, words: str) -> None:
    """Exit code 2, with or without --yes."""
    write_form(tmp_path / "items.xlsx", ROWS, table="tblItems")
    write_form(tmp_path / "short.xlsx", ROWS, columns=("Quarter", BUDGET, FORECAST, NOTE, BUDGET_EXPORTED, TEAM + "s"))
    for yes in ("", " --yes"):
        assert words in one_line(refused(planned, line + yes, code=2))


# --- the pack's own form ----------------------------------------------------------------------------


def test_the_form_of_a_pack_names_its_book(planned: Teller, tmp_path: Path) -> None:
    """Another ledger does not take it."""
    planned.do(OBSERVED)
    workbook = reported(planned, tmp_path / "packs")
    other = Teller(tmp_path / "other.db")
    other.do("init --book second --currency EUR", "system add FRAUD 'Fraud scoring' --team red")
    assert "is a form of the book 'main', and this is the book 'second'" in refused(other, f"budget import {workbook}")
    same_name = Teller(tmp_path / "same.db")
    same_name.do("init --book main --currency EUR", "system add FRAUD 'Fraud scoring' --team red")
    said = refused(same_name, f"budget import {workbook}")
    assert "was written from another ledger: its event at position 6 has the hash" in said


@pytest.mark.reliability
def test_the_copies_of_a_pack_cannot_be_edited_unseen(planned: Teller, tmp_path: Path) -> None:
    """The position on its sheet About says what the ledger held."""
    planned.do(OBSERVED)
    edited = fill_in(
        reported(planned, tmp_path / "packs"), tmp_path / "edited.xlsx", {("2026Q4", "red", BUDGET_EXPORTED): 501}
    )
    ((cell, why),) = cells(refused(planned, f"budget import {edited}"))
    assert load_workbook(edited)["Budget"][cell.partition("!")[2]].value == 501
    assert "the exported copy says EUR 501.00, but the budget of 2026Q4 for red was EUR 500.00 at position 6" in why
