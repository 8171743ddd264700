"""Where the book stands (design §8): each figure of the status beside what the register's other commands say."""

from __future__ import annotations

import shlex
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.cli.kit.test_json_shapes import AMOUNT, DAY, fits
from tests.helpers.lines import COMMISSION, GATE, OBSERVE, UNESTIMATED
from tests.helpers.teller import ADD_FRAUD, Teller

COUNTED = {"items": int, "amount": AMOUNT}
LATE_Q1 = COMMISSION.replace("2026Q4", "2026Q1")
BOTH = f"{LATE_Q1} --until 2026-03-15 --again"
LAPSED = f"{COMMISSION} --until 2026-03-15 --again"
NEXT_QUARTER = COMMISSION.replace("2026Q4", "2026Q3").replace("100/year", "130/year")
FAR = COMMISSION.replace("2026Q4", "2027Q4")


@pytest.fixture
def busy(teller: Teller) -> Teller:
    """Items of every kind: overdue, both, lapsed, due twice, far, neglect, unestimated, repaid. It is 2026-07-15."""
    teller.do(
        LATE_Q1, BOTH, LAPSED, COMMISSION, NEXT_QUARTER, FAR, OBSERVE, UNESTIMATED,
        f"{FAR} --again", "repay FRAUD-9 --all", "plan FRAUD-6 2027Q1",
    )  # fmt: skip
    return teller


def test_the_shape_and_every_figure(busy: Teller) -> None:
    found = busy.ask("status")
    fits(
        found,
        {
            "as_of": DAY, "currency": "EUR", "delta": AMOUNT, "debt": AMOUNT, "neglect": AMOUNT, "interest_per_month": AMOUNT,
            "interest_observed": AMOUNT,
            "overdue": dict, "lapsed": dict, "due": dict, "unestimated": int, "neglect_waiting": dict, "breaches": int,
            "next": list,
        },
    )  # fmt: skip
    for name in ("overdue", "lapsed", "due", "neglect_waiting"):
        fits(found[name], COUNTED)
    assert found["overdue"] == {"items": 2, "amount": "2000.00"}
    assert found["lapsed"] == {"items": 2, "amount": "2000.00"}
    assert found["due"] == {"items": 2, "amount": "2000.00"}
    assert found["neglect_waiting"] == {"items": 2, "amount": "1000.00"}
    assert (found["unestimated"], found["breaches"]) == (1, 0)


def test_it_agrees_with_the_delta_the_ageing_and_the_register(busy: Teller) -> None:
    for day in ("2026-02-01", "2026-03-16", "2026-07-15", "2027-01-01"):
        found, delta, ages = (busy.ask(f"{command} --as-of {day}") for command in ("status", "delta", "ageing"))
        assert {name: found[name] for name in ("delta", "debt", "neglect")} == {
            name: delta[name] for name in ("delta", "debt", "neglect")
        }
        assert {name: found[name]["amount"] for name in ("lapsed", "overdue")} == {
            name: ages["total"][name] for name in ("lapsed", "overdue")
        }
        cents = Decimal(found["interest_per_month"]) * 12 - Decimal(delta["interest_per_year"])
        assert abs(cents) <= Decimal("0.06")


def test_a_month_is_a_twelfth_rounded_half_even(teller: Teller) -> None:
    """0.18 a year is 1.5 cents a month, 0.30 a year 2.5."""
    teller.do(COMMISSION.replace("100/year", "0.18/year"))
    assert teller.ask("status")["interest_per_month"] == "0.02"
    teller.do(COMMISSION.replace("100/year", "0.12/year"))
    assert teller.ask("status")["interest_per_month"] == "0.02"


def test_what_it_proposes_next_is_the_most_urgent_and_can_be_typed(busy: Teller) -> None:
    proposed = busy.ask("status")["next"]
    assert [shlex.split(line)[1:3] for line in proposed] == [
        ["renew", "FRAUD-2"],
        ["repay", "FRAUD-1"],
        ["plan", "FRAUD-5"],
    ]
    filled = {"DATE": "2026-12-31", "QUARTER": "2026Q4", "WHO": "Ada", "WHY": "'still right'"}
    for line in proposed:
        for word, value in filled.items():
            line = line.replace(f" {word}", f" {value}")
        busy.do(line.removeprefix("debt "))
    assert busy.ask("status")["next"][0].split()[1:3] == ["renew", "FRAUD-3"]


@pytest.mark.parametrize(
    ("lines", "command"),
    [
        ((FAR,), None),
        ((UNESTIMATED,), "revise FRAUD-1 --principal 800 --because 'looked again'"),
        ((OBSERVE,), f"adopt FRAUD-1 {GATE}"),
    ],
)
def test_of_what_waits_the_command_that_deals_with_it(
    teller: Teller, lines: tuple[str, ...], command: str | None
) -> None:
    teller.do(*lines)
    proposed = teller.ask("status")["next"]
    assert [line.split()[1:3] for line in proposed] == ([command.split()[:2]] if command else [])
    if command:
        teller.do(command)
        assert command.split()[0] not in {line.split()[1] for line in teller.ask("status")["next"]}


def test_debt_alone_is_the_status(busy: Teller) -> None:
    assert busy.type("").out == busy.type("status").out


def test_debt_alone_where_there_is_no_ledger_says_how_to_make_one(teller: Teller) -> None:
    reply = teller.type("", env={"DEBT_DATABASE": "sqlite:///none.db"}, bare=True)
    assert reply.exit_code == 3
    assert "debt init --book NAME --currency EUR" in reply.err


def test_the_screen_is_80_by_24(busy: Teller) -> None:
    """Also with long keys and large amounts."""
    key = "A-SYSTEM-WITH-A-VERY-LONG"
    busy.do(
        ADD_FRAUD.replace("FRAUD", key),
        COMMISSION.replace("FRAUD", key)
        .replace("principal 1000", "principal 9999999999999.99")
        .replace("2026Q4", "2026Q1"),
    )
    lines = busy.type("").out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80, max(lines, key=len)
    assert any("10,000,000,00" in line for line in lines)


def _due(teller: Teller, line: str) -> list[tuple[str, str]]:
    return [(each["due_on"], each["item"]) for each in teller.ask(line)]


def test_what_is_due(busy: Teller) -> None:
    late = [("2026-03-15", "FRAUD-2"), ("2026-03-15", "FRAUD-3"), ("2026-03-31", "FRAUD-1")]
    assert _due(busy, "due") == [*late, ("2026-09-30", "FRAUD-5"), ("2026-12-31", "FRAUD-4")]
    assert _due(busy, "due 2026Q1") == late
    assert _due(busy, "due 2027Q4") == [("2027-12-31", "FRAUD-6")]
    assert _due(busy, "due --days 77") == [*late, ("2026-09-30", "FRAUD-5")]
    assert _due(busy, "due --days 76") == late
    assert _due(busy, "due --as-of 2026-02-01") == late
    assert _due(busy, "due 2030Q1") == []


def test_a_due_item_is_as_the_register_lists_it(busy: Teller) -> None:
    listed: dict[str, dict[str, Any]] = {each["item"]: each for each in busy.ask("list")}
    for each in busy.ask("due 2027Q4"):
        assert each == {"due_on": each["due_on"]} | listed[each["item"]]
        assert each["planned"] == "2027Q1"


def test_what_is_due_of_a_team(busy: Teller) -> None:
    busy.do("system change FRAUD --team blue --on 2026-07-01")
    assert _due(busy, "due --team red --as-of 2026-06-30")
    assert _due(busy, "due --team red") == []
    assert busy.type("due --team green").exit_code == 1


def test_a_quarter_or_days_not_both(busy: Teller) -> None:
    assert busy.type("due 2026Q4 --days 3").exit_code == 2


def test_the_last_day_is_in_time(teller: Teller) -> None:
    teller.do(COMMISSION)
    assert teller.ask("status --as-of 2026-12-31")["overdue"]["items"] == 0
    assert teller.ask("status --as-of 2027-01-01")["overdue"]["items"] == 1
    assert date.fromisoformat(teller.ask("due --as-of 2026-12-31")[0]["due_on"]) == date(2026, 12, 31)


def test_as_csv_it_is_one_row_with_every_figure(busy: Teller) -> None:
    (row,) = busy.type("status --format csv").csv
    found = busy.ask("status")
    assert (row["overdue_items"], row["overdue_amount"]) == (str(found["overdue"]["items"]), found["overdue"]["amount"])
    assert row["delta"] == found["delta"]
    assert row["next"].split("; ") == found["next"]
