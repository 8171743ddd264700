"""Budget vs actual, the budget form, and the Summary's budget: figures, keys, yellow cells, checks."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.views.quarter import QuarterView
from ledger.vocabulary import budget_form
from reports.charts import budget as budget_chart
from reports.pack.pack import Pack, check_lines, described
from reports.planning import QuarterPlan, plans_by_quarter, team_keys, verdicts
from reports.scenarios import unmarked
from reports.xlsx.writer import Stamp, workbook_bytes
from tests.helpers.quarter_books import CASES, HOSTILE_TEAMS, Books, empty, typical
from tests.helpers.quarter_plans import COMING
from tests.helpers.recalculation import cached_formulas, named, recalculated, same
from tests.helpers.written import Written

Rows = list[tuple[Any, ...]]


def block_of(book: Any, sheet: str, title: str) -> Rows:
    """The rows under a block's headings, up to the next empty row."""
    rows = list(book[sheet].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == title) + 2
    return rows[start : next((n for n in range(start, len(rows)) if rows[n][0] is None), len(rows))]


#: What a line of Budget vs actual holds of money: budget, actual, forecast, difference, in per cent, and teams with a budget.
HELD = (
    *("Budget", "Actual spent", "Forecast", "Difference", "Difference in % of budget", "Spent without a budget"),
    "Teams with a budget",
)


def held(book: Any, title: str, *names: str, of: tuple[str, ...] = HELD) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Lines of a block of Budget vs actual by the columns that name them."""
    rows = list(book["Budget vs actual"].iter_rows(values_only=True))
    headings = rows[next(number for number, row in enumerate(rows) if row[0] == title) + 1]
    places = {unmarked(heading or ""): place for place, heading in enumerate(headings)}
    return {
        tuple(row[places[name]] for name in names): tuple(row[places[heading]] for heading in of)
        for row in block_of(book, "Budget vs actual", title)
    }


def spent_once(spent: int, **plan: int) -> Books:
    """One team that spent an amount on a repayment of the quarter, and what it had planned."""
    books = Books(earlier=[(0, 0)] * 7).item(moves=(("commissioned", 9_000_00, 0), ("repaid", -1_00, spent)))
    return books.plan("red", "2026Q3", **plan) if plan else books


def without_teams() -> QuarterView:
    """A book in which no system has been registered yet."""
    return replace(empty().view(), history=(), budgets=())


def workbook(view: QuarterView, folder: Path) -> Path:
    """The workbook of a pack without the charts, which take most of a pack's time."""
    stamp = Stamp("Pack", "footer", view.provenance.exponent, datetime(2026, 10, 3, 9, 0))
    path = folder / "workbook.xlsx"
    path.write_bytes(workbook_bytes(described(view), stamp))
    return path


@pytest.fixture(scope="module")
def values(pack: Pack) -> Any:
    """The typical workbook with its cached values."""
    return openpyxl.load_workbook(pack.workbook, data_only=True)


# Budget vs actual


def test_each_quarter_compares_all_teams(values: Any) -> None:
    lines = held(values, "All teams by quarter", "Quarter")
    rows = {quarter: line for (quarter,), line in lines.items()}
    assert rows["2026Q1"] == (24000, 26772.72, "n/a", 2772.72, pytest.approx(2772.72 / 24000), 0, 1)
    assert rows["2026Q3"] == (75000, 62000, 69000.5, -13000, pytest.approx(-13 / 75), 0, 2)
    assert rows["2026Q4"] == (72500.5, None, 67000, None, None, None, 2)
    assert rows["2027Q3"] == ("n/a", None, "n/a", None, None, None, 0)
    assert list(rows) == ["2025Q4", "2026Q1", "2026Q2", "2026Q3", *COMING]


def test_a_past_quarter_lists_who_planned_or_spent_and_a_coming_one_every_team(values: Any) -> None:
    rows = held(values, "By quarter and team", "Quarter", "Team", of=("Cost centre", *HELD[:-1]))
    assert list(rows) == [
        ("2025Q4", "red"),
        ("2026Q1", "red"),
        *((quarter, team) for quarter in ("2026Q2", "2026Q3", *COMING) for team in ("blue", "red")),
    ]
    assert rows["2026Q2", "blue"] == ("several", 0, 0, None, 0, "n/a", 0), "a budget of 0 is a budget"
    assert rows["2027Q1", "blue"] == ("several", None, None, 8000, None, None, None)


def test_a_team_counts_under_its_cost_centre_with_budget_actual_and_forecast(values: Any) -> None:
    rows = held(values, "By quarter and cost centre", "Quarter", "Cost centre", of=HELD[:4])
    assert rows["2026Q3", "CC-100"] == (70000, 62000, 65000, -8000)
    assert rows["2026Q3", "several cost centres"] == (5000, 0, 4000.5, -5000)
    assert rows["2027Q1", "several cost centres"] == ("n/a", None, 8000, None)


def test_cost_centres_that_are_called_like_our_own_words_stay_apart(tmp_path: Path) -> None:
    books = Books(earlier=[(0, 0)] * 7)
    centres = {"a": ("several",), "b": ("CC-1", "CC-2"), "c": ("none",), "d": ("",), "e": (), "f": ("", "CC-1")}
    for number, (team, names) in enumerate(centres.items()):
        books.plan(team, "2026Q3", 10**number * 1_00)
        books.centres[team] = names
    book = openpyxl.load_workbook(workbook(books.view(), tmp_path), data_only=True)
    rows = block_of(book, "Budget vs actual", "By quarter and cost centre")
    assert {row[2]: row[3] for row in rows if row[0] == "2026Q3"} == {
        "several": 1,
        "none": 100,
        "several cost centres": 100_010,
        "no cost centre": 11_000,
    }


def test_spending_without_a_budget_is_shown_apart(tmp_path: Path) -> None:
    books = spent_once(700_00, budget=1_000_00).item(
        "CHURN", moves=(("commissioned", 5_00, 0), ("repaid", -5_00, 450_00)), team="blue"
    )
    book = openpyxl.load_workbook(workbook(books.view(), tmp_path), data_only=True)
    rows = held(book, "All teams by quarter", "Quarter")
    assert rows["2026Q3",] == (1000, 1150, "n/a", -300, -0.3, 450, 1), "what red saved is not lessened by blue"
    teams = held(book, "By quarter and team", "Quarter", "Team", of=HELD[:-1])
    assert teams["2026Q3", "blue"] == (None, 450, None, "n/a", "n/a", 450)
    assert teams["2026Q3", "red"] == (1000, 700, None, -300, -0.3, 0)


def test_a_forecast_of_one_team_is_held_against_what_that_team_spent(tmp_path: Path) -> None:
    """And how many of the teams have one stands beside it, in the chart too."""
    books = spent_once(700_00, budget=1_000_00, forecast=900_00)
    for number, team in enumerate(("blue", "green", "violet"), start=1):
        books.item("CHURN", moves=(("commissioned", 9_00, 0), ("repaid", -5_00, number * 10_00)), team=team)
    books.plan("blue", "2026Q3", None, 25_00)
    view = books.view()
    book = openpyxl.load_workbook(workbook(view, tmp_path), data_only=True)
    of = (
        "Actual spent",
        "Forecast",
        "Spent without a forecast",
        "Difference from forecast",
        "Teams with a forecast",
        "Teams",
    )
    assert held(book, "All teams by quarter", "Quarter", of=of)["2026Q3",] == (760, 925, 50, -215, 2, 4)
    covered = "1 of 4 teams with a budget, 2 of 4 teams with a forecast"
    assert plans_by_quarter(view)["2026Q3"].coverage == covered
    assert covered in budget_chart.draw(view).alternative


def test_what_corrects_earlier_quarters_is_no_saving_of_this_ones_work(tmp_path: Path) -> None:
    """Work of 9,000 that was undone leaves this quarter's 16,000 four thousand below its budget, and not thirteen."""
    books = spent_once(16_000_00, budget=20_000_00).item(opening=9_500_00, moves=(("corrected", 9_000_00, -9_000_00),))
    view = books.view()
    book = openpyxl.load_workbook(workbook(view, tmp_path), data_only=True)
    of = ("Actual spent", "Of which for earlier quarters", "Difference")
    assert held(book, "All teams by quarter", "Quarter", of=of)["2026Q3",] == (7000, -9000, -4000)
    said = verdicts(view, lambda amount: str(amount // 100))
    assert said[0] == ("Spending was 4000 below budget in 2026Q3; what is for earlier quarters, -9000, is apart")
    drawn = budget_chart.draw(view)
    assert drawn.title == "Spending was EUR 4,000 below budget; earlier quarters apart"
    assert "for earlier quarters EUR −9,000" in drawn.alternative
    assert "For earlier quarters" in {text.get_text() for text in drawn.figure.texts}


@pytest.mark.reliability
def test_hostile_names_of_teams_and_centres_stay_text_and_find_their_own_rows_only(tmp_path: Path) -> None:
    """Every team has another power of two; 'a*' as a criterion would find 'ab' too, 'A*' would find 'a*'."""
    path = workbook(CASES["hostile teams"], tmp_path)
    book = openpyxl.load_workbook(path, data_only=True)
    for block in ("By quarter and team", "By quarter and cost centre"):
        column = "Team" if block.endswith("team") else "Cost centre"
        rows = held(book, block, "Quarter", column, "Cost centre", of=HELD[:2])
        shown = {
            name: line for (quarter, name, centre), line in rows.items() if quarter == "2026Q3" and centre != "CC-100"
        }
        other = "no team" if column == "Team" else "no cost centre"
        assert shown == {
            team or other: (2**number + 1 / 100 if team else None if column == "Team" else "n/a", 3 * 2**number)
            for number, team in enumerate(HOSTILE_TEAMS, start=1)
        }
    sheet = openpyxl.load_workbook(path)["Budget vs actual"]
    names = [row[1] for row in sheet.iter_rows() if row[1].value in HOSTILE_TEAMS]
    assert {cell.data_type for cell in names} == {"s"}
    assert {cell.value for cell in names if cell.quotePrefix} == {"=1"}


def test_no_criterion_is_a_text_that_people_type(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(CASES["hostile teams"], tmp_path))
    for sheet, typed in (("Budget vs actual", "[BC]"), ("Budget", "B")):
        formulas = [cell for row in book[sheet] for cell in row if cell.data_type == "f"]
        assert not [cell for cell in formulas if re.search(rf"(?<![A-Z$]){typed}\d|\[Team\]", cell.value)]


def test_history_gives_every_team_its_key(values: Any) -> None:
    keys = team_keys(CASES["typical"])
    assert keys == {"blue": "team-1", "red": "team-2"}
    rows = list(
        values["Past quarters"].iter_rows(min_row=5, max_row=4 + len(CASES["typical"].history), values_only=True)
    )
    assert {(row[2], row[6]) for row in rows} == set(keys.items())


def test_a_team_leads_to_its_yellow_cell(pack: Pack) -> None:
    book = openpyxl.load_workbook(pack.workbook)
    linked = [cell for row in book["Budget vs actual"] for cell in row if cell.hyperlink]
    links = [cell for cell in linked if cell.hyperlink.location.startswith("Budget!")]
    assert len(links) == 8
    for cell in links:
        sheet, address = cell.hyperlink.location.split("!")
        row = book[sheet][re.sub(r"[A-Z]+", "", address)]
        assert (row[0].value, row[1].value) == (book["Budget vs actual"].cell(cell.row, 1).value, cell.value)
        assert not book[sheet][address].protection.locked


# The Summary


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("books", "budget", "over"),
    [
        (spent_once(700_00), "n/a", "n/a"),
        (spent_once(700_00, budget=0), 0, 700),
        (spent_once(700_00, budget=1_000_00), 1000, -300),
        (spent_once(700_00, forecast=1_000_00), "n/a", "n/a"),
        (spent_once(-700_00, budget=1_000_00), 1000, -1700),
    ],
    ids=["unset", "zero", "under", "forecast only", "a reversal gave back"],
)
def test_the_summary_compares_spending_with_a_budget_only_where_one_was_set(
    books: Books, budget: int | str, over: int | str, tmp_path: Path
) -> None:
    path = workbook(books.view(), tmp_path)
    sheet = openpyxl.load_workbook(path, data_only=True)["Summary"]
    rows = {unmarked(row[0]): (*row[1:3], *row[5:8]) for row in sheet.iter_rows(values_only=True) if row[0]}
    assert rows["Budget"] == (budget, "n/a", "n/a", "n/a", "n/a")
    assert rows["Budget variance"] == (over, "n/a", "n/a", None, "n/a")
    cached, live = cached_formulas(path), recalculated(path, tmp_path)
    assert not [key for key in cached if not same(cached[key], live[key])]


@pytest.mark.parametrize(
    ("books", "said"),
    [
        (spent_once(700_00, budget=1_000_00), "Spending was 300 below budget in 2026Q3"),
        (spent_once(1_200_00, budget=1_000_00), "Spending was 200 above budget in 2026Q3"),
        (spent_once(1_000_00, budget=1_000_00), "Spending was on budget, at 1000 in 2026Q3"),
        (spent_once(0, budget=0), "Spending was on budget, at 0 in 2026Q3"),
        (spent_once(0, budget=1_000_00), "Nothing was spent of 1000 budgeted in 2026Q3"),
        (spent_once(700_00), "700 was spent without a budget in 2026Q3"),
        (spent_once(0, forecast=5_00), "No budget was set for 2026Q3, and nothing was spent"),
    ],
)
def test_the_headline_says_what_became_of_the_budget(books: Books, said: str) -> None:
    view = books.view()
    assert verdicts(view, lambda amount: str(amount // 100))[0] == said
    running = replace(view, provenance=replace(view.provenance, provisional=True))
    provisional = verdicts(running, lambda amount: str(amount // 100))[0]
    assert "has been" in provisional
    assert " was " not in provisional


# The form


def test_the_form_has_the_names_by_which_it_is_found_again(pack: Pack, values: Any) -> None:
    sheet = openpyxl.load_workbook(pack.workbook)["Budget"]
    (table,) = sheet.tables.values()
    assert table.displayName == budget_form.TABLE
    names = [column.name for column in table.tableColumns]
    wanted = ("QUARTER", "TEAM", "BUDGET", "FORECAST", "NOTE", "BUDGET_EXPORTED", "FORECAST_EXPORTED")
    assert {each: names.count(getattr(budget_form, each)) for each in wanted} == dict.fromkeys(wanted, 1)
    rows = [[cell.value for cell in row] for row in values["Budget"][table.ref]]
    assert rows[0] == names
    planned = sum(row.outstanding for row in CASES["typical"].items if row.planned_for == "2026Q4") / 100
    assert [tuple(row) for row in rows[1:4]] == [
        ("2026Q4", "blue", "team-1", 12500.5, 9000, None, 12500.5, 9000, 0, 1),
        ("2026Q4", "red", "team-2", 60000, 58000, None, 60000, 58000, planned, 1),
        ("2027Q1", "blue", "team-1", None, 8000, None, None, 8000, 0, 1),
    ]
    assert len(rows) == 9
    assert values["Budget"]["A1"].value == "Fill in budget and forecast for 2026Q4 to 2027Q3 and return the file"


def test_the_entries_of_the_form_are_the_only_unlocked_cells(any_workbook: tuple[str, Written]) -> None:
    name, pack = any_workbook
    book = openpyxl.load_workbook(pack.workbook)
    unlocked = {
        (sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if not cell.protection.locked
    }
    (table,) = book["Budget"].tables.values()
    cells = book["Budget"][table.ref][1:] if any(row.team for row in CASES[name].budgets) else ()
    assert unlocked == {("Budget", cell.coordinate) for row in cells for cell in row[3:6]}
    yellow = {cell.fill.fgColor.rgb for row in cells for cell in row[3:6]}
    assert yellow == {"00FFF9DB"}
    assert {cell.font.color.rgb for row in cells for cell in row[3:6]} == {"000000C8"}
    assert all(sheet.protection.sheet for sheet in book)


def test_the_file_refuses_entries_that_the_ledger_would_refuse(pack: Pack) -> None:
    with zipfile.ZipFile(pack.workbook) as parts:
        sheets = {name: parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name}
    (xml,) = [text for text in sheets.values() if "<dataValidation" in text]
    rules = re.findall(r"<dataValidation (.*?)>(.*?)</dataValidation>", xml)
    found = {}
    for attributes, formula in rules:
        known = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
        found[known["sqref"]] = (known["type"], known["operator"], re.sub("<[^>]+>", "", formula))
        assert (known["allowBlank"], known["showErrorMessage"], known["errorStyle"]) == ("1", "1", "stop")
        assert len(known["errorTitle"]) <= 32
        assert len(known["error"]) <= 255
    assert found == {
        "D13:D20": ("decimal", "greaterThanOrEqual", "0"),
        "E13:E20": ("decimal", "greaterThanOrEqual", "0"),
        "F13:F20": ("textLength", "lessThanOrEqual", "500"),
    }


def test_a_pack_without_a_team_has_a_form_without_entries(tmp_path: Path) -> None:
    path = workbook(without_teams(), tmp_path)
    assert all(line.ok for line in check_lines(without_teams()))
    book = openpyxl.load_workbook(path)
    assert book["Budget"]["A1"].value == "There is no team that could plan 2026Q4 to 2027Q3"
    assert all(cell.protection.locked for sheet in book for row in sheet for cell in row)
    assert not book["Budget"].data_validations.dataValidation
    cached, live = cached_formulas(path), recalculated(path, tmp_path)
    assert {key: (cached[key], live[key]) for key in cached if not same(cached[key], live[key])} == {}


def test_systems_without_a_team_have_spending_but_no_row_to_plan_in(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(CASES["hostile teams"], tmp_path), data_only=True)
    planned = {row[1] for row in block_of(book, "Budget", "To fill in: the yellow cells")}
    assert planned == {*HOSTILE_TEAMS, "red"} - {""}
    spent = {row[0] for row in block_of(book, "Budget vs actual", "By quarter and team") if row[1] == "no team"}
    assert spent == {"2026Q3"}


def test_what_is_filled_in_moves_the_totals_of_the_form_and_no_check(pack: Pack, tmp_path: Path) -> None:
    def fill_in(book: Any) -> None:
        book["Budget"]["D20"] = 1500.25
        book["Budget"]["E15"] = None

    live = recalculated(pack.workbook, tmp_path, fill_in)
    assert (live["Budget", "D9"], live["Budget", "G9"]) == (1500.25, "n/a")
    assert (live["Budget", "E7"], live["Budget", "H7"]) == (52000, 60000)
    assert live["Budget", "F9"] == "1 of 2 budgets set"
    assert named(live, pack.workbook, "all_checks") == "OK"


# Checks


def _of(view: QuarterView, change: Callable[[Any], Any]) -> QuarterView:
    rows = [change(row) for row in view.budgets]
    return replace(view, budgets=tuple(row for row in rows if row is not None))


def _in_quarter(quarter: str, **fields: Any) -> Callable[[Any], Any]:
    return lambda row: replace(row, **fields) if (row.quarter, row.team) == (quarter, "red") else row


@pytest.mark.parametrize(
    ("change", "fails"),
    [
        (_in_quarter("2026Q1", spent=1), "as the ledger counts it"),
        (_in_quarter("2026Q3", budget=1), "Budget of 2026Q3 in Budget vs actual = budget in Past quarters"),
        (_in_quarter("2026Q3", forecast=None), "Forecast of 2026Q3 in Budget vs actual = forecast in Past quarters"),
        (
            lambda row: None if row.team == "red" else row,
            "Actual in Budget vs actual in 2026Q2 = spent in Past quarters",
        ),
    ],
)
def test_plans_and_spending_that_do_not_tie_fail_their_check(change: Callable[[Any], Any], fails: str) -> None:
    assert [line for line in check_lines(_of(typical().view(), change)) if not line.ok and fails in line.name]


def test_plans_add_up_and_what_nobody_set_stays_unset() -> None:
    plans = plans_by_quarter(CASES["typical"])
    one_of_two = {"teams": 2, "budgets": 1, "forecasts": 0}
    assert plans["2027Q2"] == QuarterPlan(40_000_00, None, None, original=40_000_00, **one_of_two)
    assert plans["2026Q2"].difference == plans["2026Q2"].actual - 29_500_00  # type: ignore[operator]
    assert plans_by_quarter(without_teams())["2026Q3"] == QuarterPlan(None, 0, None)
