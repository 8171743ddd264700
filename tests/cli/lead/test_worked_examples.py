"""The contract's worked examples (design §7), typed at the command line, to the cent.

EUR, fiscal year from January, system FRAUD of team red. What a test asks for first is the text of the
example; every figure below is one that stands there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.helpers.teller import Teller

GATE = "--decided-by Ada --because 'launch in May' --benefit 'two months' --repay-by 2026Q4"
COLUMNS = (
    "opening",
    "commissioned",
    "observed",
    "adopted",
    "revised",
    "repaid",
    "written_off",
    "corrected",
    "transferred",
    "closing",
    "interest",
    "spent",
)


def _rows(teller: Teller, line: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows of a roll-forward by nature and group, figures that are 0.00 left out."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in teller.ask(line)["rows"]:
        key = tuple(value for name, value in row.items() if name not in COLUMNS)
        found[key] = {name: row[name] for name in COLUMNS if row[name] != "0.00"}
    return found


def _incurred(teller: Teller, day: str, **filters: str) -> str:
    """Interest incurred on a day, in all or of one group."""
    if not filters:
        return str(teller.ask(f"delta --as-of {day}")["interest_incurred"])
    groups = teller.ask(f"delta --as-of {day} --by {','.join(filters)}")["groups"]
    return str(next(group["interest_incurred"] for group in groups if group.items() >= filters.items()))


def _item(teller: Teller, day: str, *options: str) -> dict[str, Any]:
    """The only item of the register on a day."""
    (item,) = teller.ask(" ".join(("list --status all --as-of", day, *options)))
    return dict(item)


# --- A. two repayments -----------------------------------------------------------------------------------


@pytest.fixture
def two_repayments(teller: Teller) -> Teller:
    """Example A."""
    teller.do(
        f"commission FRAUD Shortcut --category glue-code --principal 12000 --interest 800/month {GATE} --on 2026-01-15",
        "repay FRAUD-1 5000 --spent 6200 --on 2026-03-01",
        "repay FRAUD-1 --all --on 2026-06-10",
    )
    return teller


@pytest.mark.parametrize(
    ("day", "outstanding", "per_year", "incurred"),
    [
        ("2026-01-15", "12000.00", "9600.00", "0.00"),
        ("2026-02-28", "12000.00", "9600.00", "1157.26"),
        ("2026-03-01", "7000.00", "5600.00", "1183.56"),
        ("2026-03-31", "7000.00", "5600.00", "1643.84"),
        ("2026-06-10", "0.00", "0.00", "2733.15"),
        ("2026-06-30", "0.00", "0.00", "2733.15"),
    ],
)
def test_a_what_is_owed_from_day_to_day(
    two_repayments: Teller, day: str, outstanding: str, per_year: str, incurred: str
) -> None:
    """Outstanding, interest per year, interest incurred: the opening day bears none, that of repayment does."""
    item = _item(two_repayments, day)
    assert (item["outstanding"], item["interest_per_year"], item["interest_incurred"]) == (
        outstanding,
        per_year,
        incurred,
    )
    assert _incurred(two_repayments, day) == incurred


def test_a_the_carry_that_each_repayment_removes(two_repayments: Teller) -> None:
    """9,600 × 5,000 / 12,000, then all that remains; the second one's cost is assumed."""
    first, second = (event["data"] for event in two_repayments.ask("log FRAUD-1")[1:])
    assert (first["carry_removed_minor_per_year"], second["carry_removed_minor_per_year"]) == (400_000, 560_000)
    assert (first["spent_minor"], first["spent_assumed"]) == (620_000, False)
    assert (second["spent_minor"], second["spent_assumed"]) == (700_000, True)


Q1 = {"commissioned": "12000.00", "repaid": "-5000.00", "closing": "7000.00", "interest": "1643.84", "spent": "6200.00"}
Q2 = {"opening": "7000.00", "repaid": "-7000.00", "interest": "1089.31", "spent": "7000.00"}


@pytest.mark.parametrize(("quarter", "expected"), [("2026Q1", Q1), ("2026Q2", Q2), ("2026Q3", {})])
def test_a_the_quarters(two_repayments: Teller, quarter: str, expected: dict[str, str]) -> None:
    """The roll-forward of each quarter; the quarters' interest adds up to the year's."""
    expected_rows = {("debt",): expected, ("neglect",): {}, ("total",): expected}
    assert _rows(two_repayments, f"rollforward {quarter}") == expected_rows


def test_a_the_year(two_repayments: Teller) -> None:
    """1,643.84 + 1,089.31, and not the 1,089.32 that Q2 by itself would round to; variance 13,200 − 12,000."""
    year = _rows(two_repayments, "rollforward --from 2026-01-01 --to 2026-12-31")[("debt",)]
    assert year == {"commissioned": "12000.00", "repaid": "-12000.00", "interest": "2733.15", "spent": "13200.00"}


# --- B. adoption and change of team ------------------------------------------------------------------------


@pytest.fixture
def adopted_and_passed_on(teller: Teller) -> Teller:
    """Example B."""
    teller.do(
        "observe FRAUD Found --category glue-code --cause expedience --principal 3000 --interest 6% --on 2026-02-10",
        f"adopt FRAUD-1 {GATE} --on 2026-04-05",
        "system change FRAUD --team blue --on 2026-05-01",
    )
    return teller


@pytest.mark.parametrize(
    ("day", "neglect", "debt"),
    [
        ("2026-03-31", "24.16", None),
        ("2026-04-05", "26.63", None),
        ("2026-05-01", "26.63", "12.82"),
        ("2026-06-30", "26.63", "42.41"),
    ],
)
def test_b_interest_by_nature(adopted_and_passed_on: Teller, day: str, neglect: str, debt: str | None) -> None:
    """An adoption moves the carry: neglect keeps what it has incurred."""
    assert _incurred(adopted_and_passed_on, day, nature="neglect") == neglect
    if debt:
        assert _incurred(adopted_and_passed_on, day, nature="debt") == debt
    assert _item(adopted_and_passed_on, day)["interest_per_year"] == "180.00"


def test_b_the_quarter(adopted_and_passed_on: Teller) -> None:
    """Neglect becomes debt, and nothing is transferred within the whole."""
    assert _rows(adopted_and_passed_on, "rollforward 2026Q2") == {
        ("neglect",): {"opening": "3000.00", "adopted": "-3000.00", "interest": "2.47"},
        ("debt",): {"adopted": "3000.00", "closing": "3000.00", "interest": "42.41"},
        ("total",): {"opening": "3000.00", "closing": "3000.00", "interest": "44.88"},
    }


def test_b_the_quarter_by_team(adopted_and_passed_on: Teller) -> None:
    """Red hands over on 1 May and bears that day; the teams' rows add up to the book's."""
    rows = _rows(adopted_and_passed_on, "rollforward 2026Q2 --by team")
    assert rows["total", "red"] == {"opening": "3000.00", "transferred": "-3000.00", "interest": "15.29"}
    assert rows["total", "blue"] == {"transferred": "3000.00", "closing": "3000.00", "interest": "29.59"}
    assert rows["neglect", "red"] == {"opening": "3000.00", "adopted": "-3000.00", "interest": "2.47"}
    assert rows["debt", "red"] == {"adopted": "3000.00", "transferred": "-3000.00", "interest": "12.82"}
    assert rows["debt", "blue"] == {"transferred": "3000.00", "closing": "3000.00", "interest": "29.59"}
    assert rows["neglect", "blue"] == {}


@pytest.mark.parametrize(
    ("day", "red", "blue"),
    [
        ("2026-04-30", ("3000.00", "39.45"), None),
        ("2026-05-01", ("0.00", "39.45"), ("3000.00", "0.00")),
        ("2026-06-30", ("0.00", "39.45"), ("3000.00", "29.59")),
    ],
)
def test_b_each_team_on_a_day(
    adopted_and_passed_on: Teller, day: str, red: tuple[str, str], blue: tuple[str, str] | None
) -> None:
    """On 1 May blue owes 3,000.00 and has incurred nothing; red keeps its 39.45 for good."""
    groups = {group["team"]: group for group in adopted_and_passed_on.ask(f"delta --as-of {day} --by team")["groups"]}
    found = {team: (group["delta"], group["interest_incurred"]) for team, group in groups.items()}
    if day == "2026-04-30":
        red = ("3000.00", found["red"][1])
        assert found["red"][1] == "38.96"
    assert found == {"red": red} | ({"blue": blue} if blue else {})


# --- C. a late observation ---------------------------------------------------------------------------------


@pytest.fixture
def late(teller: Teller) -> Teller:
    """Example C, before the reversal: recorded on 30 April, 2026Q1 closed."""
    teller.clock.now = datetime(2026, 4, 30, 9, tzinfo=UTC)
    teller.do(
        "close 2026Q1",
        "observe FRAUD Late --category glue-code --cause expedience --principal 2000 --interest 365/year --on 2026-03-20 --late",
    )
    return teller


@pytest.mark.parametrize(
    ("day", "incurred"), [("2026-03-31", "0.00"), ("2026-04-01", "12.00"), ("2026-04-30", "41.00")]
)
def test_c_a_late_entry_catches_up(late: Teller, day: str, incurred: str) -> None:
    """2026Q1 stands; the first open day bears the twelve days that were missed."""
    assert _incurred(late, day) == incurred


def test_c_the_item_is_as_old_as_what_happened(late: Teller) -> None:
    """Opened on 20 March, effective on 1 April, 41 days old on 30 April."""
    item = _item(late, "2026-04-30")
    assert (item["opened_on"], item["age_days"], item["status"]) == ("2026-03-20", 41, "open")
    observed = late.ask("log FRAUD-1")[0]
    assert (observed["effective_on"], observed["data"]["occurred_on"]) == ("2026-04-01", "2026-03-20")


def test_c_before_and_after_the_reversal(late: Teller) -> None:
    """The reversal takes everything back on 1 April; `--known-at` still shows what was believed."""
    believed = {"observed": "2000.00", "closing": "2000.00", "interest": "102.00"}
    late.clock.now = datetime(2026, 7, 15, 9, tzinfo=UTC)
    assert _rows(late, "rollforward 2026Q2")[("neglect",)] == believed
    known_then = (late.clock.now + timedelta(seconds=1)).isoformat()
    late.clock.now += timedelta(minutes=1)
    assert late.ask("reverse 4 --because 'never happened'")["effective_on"] == "2026-04-01"
    assert _rows(late, "rollforward 2026Q2")[("neglect",)] == {"observed": "2000.00", "corrected": "-2000.00"}
    assert _rows(late, f"rollforward 2026Q2 --known-at {known_then}")[("neglect",)] == believed
    assert _rows(late, "rollforward 2026Q2 --known-at 2026-07-14")[("neglect",)] == believed
    assert late.ask("list") == []
    item = _item(late, "2026-07-15")
    assert (item["status"], item["outstanding"], item["interest_incurred"]) == ("reversed", "0.00", "0.00")
    assert _item(late, "2026-06-30", "--known-at", "2026-07-14")["interest_incurred"] == "102.00"
    assert _rows(late, "rollforward 2026Q1")[("total",)] == {}


# --- D. out of order ---------------------------------------------------------------------------------------


@pytest.fixture
def out_of_order(teller: Teller) -> Teller:
    """Example D."""
    teller.do(
        f"commission FRAUD Shortcut --category glue-code --principal 1000 --interest 100.01/year {GATE} --on 2026-01-10",
        "repay FRAUD-1 500 --on 2026-05-01",
        "repay FRAUD-1 500 --on 2026-03-01",
    )
    return teller


def test_d_the_carry_that_each_repayment_removes(out_of_order: Teller) -> None:
    """half-even(50.005) for the first; all that remains from then on for the second, which leaves nothing."""
    first, second = (event["data"]["carry_removed_minor_per_year"] for event in out_of_order.ask("log FRAUD-1")[1:])
    assert (first, second) == (5_000, 5_001)


@pytest.mark.parametrize(
    ("day", "outstanding", "per_year", "incurred"),
    [
        ("2026-01-10", "1000.00", "100.01", "0.00"),
        ("2026-03-01", "500.00", "50.00", "13.70"),
        ("2026-03-31", "500.00", "50.00", "17.81"),
        ("2026-05-01", "0.00", "0.00", "22.06"),
        ("2026-06-30", "0.00", "0.00", "22.06"),
    ],
)
def test_d_what_is_owed_from_day_to_day(
    out_of_order: Teller, day: str, outstanding: str, per_year: str, incurred: str
) -> None:
    """The order in which things were entered leaves no interest on nothing."""
    item = _item(out_of_order, day)
    assert (item["outstanding"], item["interest_per_year"], item["interest_incurred"]) == (
        outstanding,
        per_year,
        incurred,
    )


def test_d_known_at_each_position(out_of_order: Teller) -> None:
    """What was believed between the two repayments, by the time of each entry."""
    opened, first, _ = (event["recorded_at"] for event in out_of_order.ask("log FRAUD-1"))
    assert _item(out_of_order, "2026-06-30", "--known-at", opened)["outstanding"] == "1000.00"
    known = _item(out_of_order, "2026-06-30", "--known-at", first)
    assert (known["outstanding"], known["interest_per_year"]) == ("500.00", "50.01")
