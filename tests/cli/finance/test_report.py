"""`debt report`: a pack that ties, on the ledger's own figures, or a clear answer why there is none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers.budget_forms import fill_in
from tests.helpers.recalculation import cached_formulas, named, recalculated, same
from tests.helpers.teller import Teller

pytestmark = pytest.mark.usefixtures("first_chart_alone")

COMMISSION = (
    "commission FRAUD 'One threshold' --category fixed-threshold --principal 12000 --interest 800/month "
    "--decided-by cto --because launch --benefit 'two months' --repay-by 2026Q4 --on 2026-01-15"
)
OBSERVE = "observe FRAUD 'Nobody watches it' --category untracked-input --cause untracked --on 2026-02-10"
ADOPT = "adopt FRAUD-2 --decided-by cto --because knowingly --benefit focus --repay-by 2026Q4 --on 2026-05-05"


def told(teller: Teller) -> Teller:
    """A ledger whose second quarter has every kind of movement."""
    teller.do(
        COMMISSION,
        f"{OBSERVE} --principal 3000 --interest 6%",
        "observe FRAUD 'Unestimated' --category code-quality --cause coding-error --on 2026-02-11",
        "repay FRAUD-1 5000 --spent 6200 --on 2026-04-02",
        ADOPT,
        "repay FRAUD-3 --all --spent 450 --on 2026-05-06",
        "revise FRAUD-1 --principal 8000 --because 'harder than thought' --on 2026-05-07",
        "repay FRAUD-2 100 --on 2026-06-01",
        "reverse 10 --because 'the wrong item'",
        "observe FRAUD 'Retired' --category code-quality --cause coding-error --principal 70 --on 2026-06-02",
        "write-off FRAUD-4 --because 'the module is gone' --on 2026-06-03",
        "system change FRAUD --team blue --on 2026-06-15",
    )
    return teller


def reported(teller: Teller, tmp_path: Path, line: str = "report 2026Q2") -> Path:
    """The workbook of a pack that ties."""
    answer = teller.ask(f"{line} --into '{tmp_path}/packs'")
    assert answer["ok"], answer["failed"]
    assert answer["failed"] == []
    return Path(answer["workbook"])


def test_every_cached_value_of_a_real_quarter_is_what_the_formula_gives(teller: Teller, tmp_path: Path) -> None:
    """Spent on an unestimated item, reversals, adoptions, write-offs and a change of team among it."""
    workbook = reported(told(teller), tmp_path)
    cached, live = cached_formulas(workbook), recalculated(workbook, tmp_path)
    assert len(cached) > 200
    assert [place for place, value in cached.items() if not same(value, live[place])] == []
    assert named(live, workbook, "all_checks") == "OK"


def test_the_workbooks_totals_are_those_of_the_command_line(teller: Teller, tmp_path: Path) -> None:
    """The roll-forward of the workbook, the command's, and the delta say one thing."""
    workbook = reported(told(teller), tmp_path)
    sheet = load_workbook(workbook, data_only=True)["Roll-forward"]
    rows = {
        (row[0], row[1]): row for row in sheet.iter_rows(values_only=True) if row[0] in ("debt", "neglect", "total")
    }
    answer = teller.ask("rollforward 2026Q2 --by system")
    for expected in answer["rows"]:
        found = rows[expected["nature"], "FRAUD"]
        columns = ("opening", "commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected")
        for column, value in zip((*columns, "transferred", "closing"), found[2:12], strict=True):
            assert f"{value:.2f}" == expected[column], (expected["nature"], column)
    delta = teller.ask("delta --as-of 2026-06-30")
    assert f"{rows['total', 'FRAUD'][11]:.2f}" == delta["delta"]


@pytest.mark.reliability
@pytest.mark.parametrize(
    "change", ["amount_minor = amount_minor + 1", "nature = 'neglect'", "effective_on = '2026-07-02'"]
)
def test_an_altered_stored_posting_turns_the_checks_to_error(teller: Teller, tmp_path: Path, change: str) -> None:
    """The replay folds event bodies: it does not follow what somebody wrote into the postings."""
    told(teller)
    with closing(sqlite3.connect(teller.path)) as connection, connection:
        changed = connection.execute(f"UPDATE posting SET {change} WHERE position = 6 AND nature IS NOT NULL")
        assert changed.rowcount == 1
    reply = teller.type(f"report 2026Q2 --format json --into '{tmp_path}/packs'")
    assert reply.exit_code == 3
    assert "does not tie" in reply.err
    assert "debt verify" in reply.err
    assert reply.json["ok"] is False
    workbook = Path(reply.json["workbook"])
    assert named(cached_formulas(workbook), workbook, "all_checks") == "ERROR"
    assert named(recalculated(workbook, tmp_path), workbook, "all_checks") == "ERROR"


@pytest.mark.reliability
def test_the_same_position_gives_the_same_bytes_whatever_came_later(teller: Teller, tmp_path: Path) -> None:
    """The command on the About sheet reproduces the pack."""
    first = reported(told(teller), tmp_path).read_bytes()
    known_at = json.loads((tmp_path / "packs/2026Q2/MANIFEST.json").read_text())["known_at"]
    teller.do("repay FRAUD-1 10 --on 2026-06-20")
    again = reported(teller, tmp_path / "again", f"report 2026Q2 --as-of 2026-06-30 --known-at {known_at}")
    assert again.read_bytes() == first
    assert reported(teller, tmp_path / "now").read_bytes() != first


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("report 2026Q3", ("2026Q3 has not ended", "--as-of 2026-07-15", "provisional")),
        ("report 2026Q2 --as-of 2026-07-01", ("--as-of 2026-07-01 is not in 2026Q2",)),
        ("report 2025Q4", ("2025Q4", "before the first entry", "2026-01-15")),
        ("report 2026Q2 --known-at 2024-01-01", ("Nothing was known then",)),
    ],
)
def test_a_quarter_that_cannot_be_reported_is_refused(
    teller: Teller, tmp_path: Path, line: str, words: tuple[str, ...]
) -> None:
    """No traceback, no empty workbook without a word."""
    reply = told(teller).type(f"{line} --into '{tmp_path}/packs'")
    assert reply.exit_code == 1
    assert all(word in reply.err for word in words), reply.err
    assert not (tmp_path / "packs").exists()


def test_a_book_without_items_has_no_pack_of_a_quarter_that_ended(teller: Teller, tmp_path: Path) -> None:
    """There is nothing to report, and the answer says so, and where the form for budgets is."""
    reply = teller.type(f"report 2026Q2 --into '{tmp_path}/packs'")
    assert reply.exit_code == 1
    assert "no entry" in reply.err
    assert "debt report 2026Q3 --as-of 2026-07-15" in reply.err


def test_before_the_first_item_finance_has_the_form_and_its_entries_are_recorded(
    teller: Teller, tmp_path: Path
) -> None:
    """A row per coming quarter and team of the registered systems; what is typed there becomes budgets."""
    teller.do("system add CHURN Churn --team 'growth & co'")
    workbook = reported(teller, tmp_path, "report 2026Q3 --as-of 2026-07-15")
    book = load_workbook(workbook, data_only=True)
    rows = [[cell.value for cell in row[:2]] for row in book["Budget"][book["Budget"].tables["tblBudget"].ref]]
    coming, teams = ("2026Q4", "2027Q1", "2027Q2", "2027Q3"), ("growth & co", "red")
    assert rows[1:] == [[quarter, team] for quarter in coming for team in teams]
    assert named(recalculated(workbook, tmp_path), workbook, "all_checks") == "OK"
    entries = {("2026Q4", "growth & co", "Budget"): 1250.5}
    filled = fill_in(workbook, tmp_path / "returned.xlsx", entries)
    teller.do(f"budget import '{filled}' --yes")
    assert [(row["quarter"], row["team"], row["budget"]) for row in teller.ask("budget list")] == [
        ("2026Q4", "growth & co", "1250.50")
    ]


def test_a_quarter_still_running_is_provisional(teller: Teller, tmp_path: Path) -> None:
    """Titled so on every sheet."""
    workbook = reported(told(teller), tmp_path, "report 2026Q3 --as-of 2026-07-15")
    for sheet in load_workbook(workbook):
        titles = [str(value) for row in sheet.iter_rows(max_row=3, values_only=True) for value in row if value]
        assert any("PROVISIONAL" in title for title in titles), sheet.title


@pytest.mark.reliability
@pytest.mark.parametrize(("currency", "principal", "shown"), [("JPY", "1200000", 1200000), ("KWD", "12.345", 12.345)])
def test_a_currency_without_two_decimals_ties_as_well(
    tmp_path: Path, opened_in: Callable[[str], Teller], currency: str, principal: str, shown: float
) -> None:
    """Amounts in cells are major units."""
    teller = opened_in(currency)
    teller.do(f"{OBSERVE} --principal {principal}")
    workbook = reported(teller, tmp_path, "report 2026Q1")
    assert named(recalculated(workbook, tmp_path), workbook, "all_checks") == "OK"
    postings = load_workbook(workbook, data_only=True)["Postings"]
    assert shown in [value for row in postings.iter_rows(values_only=True) for value in row]


@pytest.fixture
def opened_in(tmp_path: Path) -> Callable[[str], Teller]:
    """A book in another currency, with one system."""

    def open_book(currency: str) -> Teller:
        teller = Teller(tmp_path / f"{currency}.db")
        teller.do(f"init --book main --currency {currency}", "system add FRAUD 'Fraud scoring' --team red")
        return teller

    return open_book
