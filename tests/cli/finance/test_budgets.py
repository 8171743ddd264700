"""Budgets and forecasts: set per quarter and team, shown beside what was spent."""

from __future__ import annotations

import pytest

from tests.helpers.teller import Teller

OBSERVED = "observe FRAUD 'x' --category code-quality --cause coding-error --principal 900 --on 2026-04-02"


def test_a_budget_stands_beside_what_was_spent(teller: Teller) -> None:
    """Difference is actual - budget; a later amount takes an earlier one's place; zero is an amount."""
    teller.do(
        OBSERVED,
        "budget set 2026Q2 500 --team red",
        "budget set 2026Q2 400.50 --team red",
        "forecast set 2026Q4 0 --team red",
        "repay FRAUD-1 300 --spent 450 --on 2026-05-01",
    )
    assert teller.ask("budget list") == [
        {
            "quarter": "2026Q2",
            "team": "red",
            "budget": "400.50",
            "forecast": None,
            "actual": "450.00",
            "earlier": "0.00",
            "difference": "49.50",
        },
        {
            "quarter": "2026Q4",
            "team": "red",
            "budget": None,
            "forecast": "0.00",
            "actual": "0.00",
            "earlier": "0.00",
            "difference": None,
        },
    ]


def test_what_was_spent_without_a_budget_has_a_line(teller: Teller) -> None:
    """In any quarter, before the first budget or after the last; not yet before the day it was spent."""
    teller.do(
        OBSERVED,
        "forecast set 2026Q3 700 --team red",
        "repay FRAUD-1 100 --spent 150 --on 2026-05-01",
        "repay FRAUD-1 100 --spent 250 --on 2026-07-10",
    )
    lines = {line["quarter"]: line for line in teller.ask("budget list --as-of 2026-07-10")}
    assert list(lines) == ["2026Q2", "2026Q3"]
    assert lines["2026Q2"] == {
        "quarter": "2026Q2",
        "team": "red",
        "budget": None,
        "forecast": None,
        "actual": "150.00",
        "earlier": "0.00",
        "difference": None,
    }
    assert lines["2026Q3"]["actual"] == "250.00"
    assert not [line for line in teller.ask("budget list --as-of 2026-04-30") if line["actual"] != "0.00"]


def test_a_reversal_of_an_earlier_quarters_work_is_no_saving_of_this_ones(teller: Teller) -> None:
    """It stands apart, and so does a late entry of it; both within one quarter change neither."""
    teller.do(
        OBSERVED,
        "budget set 2026Q3 500 --team red",
        "repay FRAUD-1 100 --spent 900 --on 2026-05-01",
        "repay FRAUD-1 100 --spent 460 --on 2026-07-01",
        "repay FRAUD-1 100 --spent 70 --on 2026-07-01 --key again",
        "close 2026Q1",
        "close 2026Q2",
        "reverse 5 --because 'not accepted'",
        "repay FRAUD-1 100 --spent 30 --on 2026-06-30 --late",
        "reverse 7 --because 'typed twice'",
    )
    lines = {line["quarter"]: line for line in teller.ask("budget list")}
    assert lines["2026Q2"]["earlier"] == "0.00"
    shown = {name: lines["2026Q3"][name] for name in ("actual", "earlier", "difference")}
    assert shown == {"actual": "-410.00", "earlier": "-870.00", "difference": "-40.00"}


def test_a_budget_as_known_earlier(teller: Teller) -> None:
    """What stood there then is found again."""
    receipt = teller.ask("budget set 2026Q3 500 --team red")
    teller.do("budget set 2026Q3 600 --team red")
    (line,) = teller.ask(f"budget list --known-at {receipt['recorded_at']}")
    assert line["budget"] == "500.00"


@pytest.mark.parametrize(
    ("line", "code", "word"),
    [
        ("budget set 2026Q3 -5 --team red", 1, "negative"),
        ("budget set 2026Q3 5 --team pink", 1, "No system names a team 'pink'"),
        ("budget set 2026Q7 5 --team red", 2, "is not a quarter"),
        ("budget set 2026Q3 five --team red", 2, "is not an amount"),
        ("budget set 2026Q3 5.001 --team red", 2, "3 decimals"),
        ("forecast set 2026Q3 9999999999999999 --team red", 1, "15 digits"),
        ("budget set 2026Q3", 2, "Missing: AMOUNT, --team"),
        ("budget set 2026Q1 5 --team red", 1, "2026Q1 is closed"),
    ],
)
def test_what_cannot_be_budgeted_is_refused(teller: Teller, line: str, code: int, word: str) -> None:
    """With nothing recorded."""
    teller.do("close 2026Q1")
    before = teller.position
    reply = teller.type(line)
    assert (reply.exit_code, word in reply.err, teller.position) == (code, True, before), reply.err
