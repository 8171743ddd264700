"""The worked examples of the contract, to the cent, and laws the model must obey by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .agreement import EXAMPLES
from .argv import to_argv
from .books import Books
from .commands import Close, Command
from .histories import FIRST_DAY, LAST_DAY, TODAY, History, histories
from .quantities import quarter_days, quarter_of
from .shorthand import (
    FRAUD,
    adopt,
    commission,
    day,
    move,
    observe,
    plan,
    repay,
    retire,
    reverse,
    revise,
    unestimated,
)
from .storyteller import quarters_between

MOVEMENTS = ("commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected", "transferred")
SPLITS = ((), ("system",), ("team",), ("cost-centre",), ("team", "cost-centre"), ("dimension", "category"))


# ---------------------------------------------------------------------- helpers


def book(*commands: Command) -> Books:
    """A book with FRAUD of team red at position 2 and these commands, all accepted."""
    books = Books()
    say(books, FRAUD, *commands)
    return books


def say(books: Books, *commands: Command) -> None:
    for command in commands:
        outcome = books.apply(command, TODAY)
        assert outcome.accepted, (outcome.reason, command)


def flow(books: Books, quarter: str, nature: str, team: str | None = None) -> dict[str, str]:
    """One row of a quarter's roll-forward, without its zeros."""
    first, last = quarter_days(quarter, books.settings.fiscal_year_start)
    rows = books.rollforward(first, last, by=("team",) if team else ())["rows"]
    row: dict[str, str] = next((r for r in rows if r["nature"] == nature and r.get("team") == team), {})
    return {k: v for k, v in row.items() if k not in ("nature", "team") and v != "0.00"}


def incurred(books: Books, on: str) -> str:
    answer: str = books.delta(day(on))["interest_incurred"]
    return answer


def only_item(books: Books, on: str) -> dict[str, Any]:
    (row,) = books.list(day(on), status="all")
    return row


# ---------------------------------------------------------------------- worked examples


def test_example_a_two_repayments() -> None:
    """Commission 12,000.00 at 800/month on 01-15; 5,000 repaid for 6,200 on 03-01; the rest on 06-10."""
    books = book(
        commission("12000", "800/month", "2026-01-15"), repay("5000", "2026-03-01", "6200"), repay(None, "2026-06-10")
    )
    for on, outstanding, per_year in (
        ("2026-01-15", "12000.00", "9600.00"),
        ("2026-02-28", "12000.00", "9600.00"),
        ("2026-03-01", "7000.00", "5600.00"),
        ("2026-06-09", "7000.00", "5600.00"),
        ("2026-06-10", "0.00", "0.00"),
    ):
        row = only_item(books, on)
        assert (row["outstanding"], row["interest_per_year"]) == (outstanding, per_year)
    assert incurred(books, "2026-03-31") == "1643.84"
    assert incurred(books, "2026-06-30") == "2733.15"
    assert flow(books, "2026Q1", "debt") == {
        "commissioned": "12000.00",
        "repaid": "-5000.00",
        "closing": "7000.00",
        "interest": "1643.84",
        "spent": "6200.00",
    }
    assert flow(books, "2026Q2", "debt") == {
        "opening": "7000.00",
        "repaid": "-7000.00",
        "interest": "1089.31",
        "spent": "7000.00",
    }
    assert only_item(books, "2026-06-10")["status"] == "repaid"


def test_example_b_adoption_and_change_of_team() -> None:
    """Neglect 3,000.00 at 6% from 02-10, adopted 04-05; FRAUD goes from red to blue on 05-01."""
    books = book(
        observe("3000", "6%", "2026-02-10"),
        adopt("2026-04-05"),
        move("blue", "2026-05-01"),
    )
    assert flow(books, "2026Q2", "neglect") == {"opening": "3000.00", "adopted": "-3000.00", "interest": "2.47"}
    assert flow(books, "2026Q2", "debt") == {"adopted": "3000.00", "closing": "3000.00", "interest": "42.41"}
    assert flow(books, "2026Q2", "total") == {"opening": "3000.00", "closing": "3000.00", "interest": "44.88"}
    assert flow(books, "2026Q2", "total", "red") == {
        "opening": "3000.00",
        "transferred": "-3000.00",
        "interest": "15.29",
    }
    assert flow(books, "2026Q2", "total", "blue") == {
        "transferred": "3000.00",
        "closing": "3000.00",
        "interest": "29.59",
    }
    on_the_day = {row["team"]: row for row in books.delta(day("2026-05-01"), by=("team",))["groups"]}
    assert on_the_day["blue"]["delta"] == "3000.00"
    assert on_the_day["blue"]["interest_incurred"] == "0.00"
    later = {row["team"]: row for row in books.delta(day("2026-09-30"), by=("team",))["groups"]}
    assert (later["red"]["delta"], later["red"]["interest_incurred"]) == ("0.00", "39.45")


def test_example_c_a_late_observation() -> None:
    """2026Q1 is closed; 2,000 at 365/year seen on 03-20 is entered late, and then reversed."""
    books = book(Close(quarter="2026Q1"))
    refused = books.apply(observe("2000", "365/year", "2026-03-20"), TODAY)
    assert not refused.accepted
    say(books, observe("2000", "365/year", "2026-03-20", late=True))
    before = books.register.head
    assert [incurred(books, on) for on in ("2026-03-31", "2026-04-01", "2026-04-30")] == ["0.00", "12.00", "41.00"]
    row = only_item(books, "2026-04-30")
    assert (row["opened_on"], row["age_days"]) == ("2026-03-20", 41)
    assert flow(books, "2026Q2", "neglect") == {"observed": "2000.00", "closing": "2000.00", "interest": "102.00"}
    say(books, reverse(before))
    assert flow(books, "2026Q2", "neglect") == {"observed": "2000.00", "corrected": "-2000.00"}
    assert only_item(books, "2026-06-30")["status"] == "reversed"
    first, last = quarter_days("2026Q2", 1)
    as_known_then = books.rollforward(first, last, position=before)["rows"]
    assert {r["interest"] for r in as_known_then if r["nature"] == "neglect"} == {"102.00"}


def test_example_d_out_of_order() -> None:
    """Of 1,000.00 at 100.01/year, 500 is repaid on 05-01, and then another 500 as of 03-01."""
    books = book(commission("1000", "100.01/year", "2026-01-10"), repay("500", "2026-05-01"))
    assert only_item(books, "2026-05-01")["interest_per_year"] == "50.01"
    say(books, repay("500", "2026-03-01"))
    per_year = [only_item(books, on)["interest_per_year"] for on in ("2026-01-10", "2026-03-01", "2026-05-01")]
    assert per_year == ["100.01", "50.00", "0.00"]
    assert (incurred(books, "2026-03-31"), incurred(books, "2026-06-30")) == ("17.81", "22.06")


# ---------------------------------------------------------------------- single rules


@pytest.mark.parametrize("missing", ["decided_by", "because", "benefit", "repay_by"])
def test_a_commission_needs_every_field_of_the_gate(missing: str) -> None:
    """Without one of them it is neglect."""
    outcome = book().apply(commission("1000", "6%", "2026-01-10", **{missing: None}), TODAY)
    assert (outcome.accepted, outcome.reason) == (False, "gate-field-missing")


def test_a_barrier_keeps_what_precedes_it() -> None:
    """A repayment before a revision cannot be reversed until the revision is."""
    books = book(commission("1000", "6%", "2026-01-10"), repay("100", "2026-02-01"))
    say(books, revise("2026-03-01", "500"))
    assert books.apply(reverse(4), TODAY).reason == "behind-a-barrier"
    say(books, reverse(5), reverse(4))
    assert only_item(books, "2026-03-01")["outstanding"] == "1000.00"


def test_an_unestimated_item_is_closed_by_repaying_all_and_reopened_by_an_estimate() -> None:
    """Nothing is removed, what was spent counts; reopening needs an interest."""
    books = book(unestimated("2026-01-10"))
    assert books.apply(adopt("2026-01-11"), TODAY).reason == "unestimated"
    say(books, repay(None, "2026-02-01", "250"))
    assert only_item(books, "2026-02-01")["status"] == "repaid"
    assert flow(books, "2026Q1", "neglect") == {"spent": "250.00"}
    assert not books.apply(revise("2026-03-01", "80"), TODAY).accepted
    say(books, revise("2026-03-01", "80", "0/year"))
    assert only_item(books, "2026-03-01")["status"] == "open"


def test_retiring_with_write_off_counts_its_events() -> None:
    """One item-written-off per open item, then one system-retired."""
    books = book(commission("1000", "6%", "2026-01-10"), observe("50", None, "2026-01-11"))
    assert books.apply(retire("2026-02-01", write_off=True), TODAY).positions == (5, 6, 7)
    assert books.delta(day("2026-02-01"))["delta"] == "0.00"


def test_neglect_is_not_planned() -> None:
    """To be planned it must first be adopted."""
    books = book(observe("50", None, "2026-01-11"))
    assert books.apply(plan("2026-02-01"), TODAY).reason == "neglect-cannot-be-planned"
    say(books, adopt("2026-01-20"), plan("2026-02-01"))


def test_fiscal_quarters_are_named_by_the_year_they_end_in() -> None:
    """First month April: 2026Q1 is 2025-04-01 to 2025-06-30."""
    assert quarter_days("2026Q1", 4) == (day("2025-04-01"), day("2025-06-30"))
    assert quarter_days("2026Q4", 4) == (day("2026-01-01"), day("2026-03-31"))
    assert quarter_days("2026Q4", 1) == (day("2026-10-01"), day("2026-12-31"))


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(1, 12))
def test_every_day_is_in_its_quarter(on: date, start_month: int) -> None:
    """Naming a quarter and listing its days are inverse."""
    first, last = quarter_days(quarter_of(on, start_month), start_month)
    assert first <= on <= last


# ---------------------------------------------------------------------- laws


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), st.sampled_from(SPLITS))
def test_every_quarter_ties(history: History, by: tuple[str, ...]) -> None:
    """Opening + movements = closing, and one quarter's closing is the next one's opening."""
    books = history.books()
    previous: dict[tuple[Any, ...], str] = {}
    for first, last in _quarters(history):
        rows = books.rollforward(first, last, by)["rows"]
        for row in rows:
            assert _sum(row, "opening", *MOVEMENTS) == Decimal(row["closing"])
        assert _column(rows, by, "opening") == previous
        previous = _column(rows, by, "closing")


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), st.sampled_from(SPLITS))
def test_the_quarters_interest_and_spending_add_up(history: History, by: tuple[str, ...]) -> None:
    """What the quarters show, summed, is what the whole interval shows."""
    books, quarters = history.books(), _quarters(history)
    whole = books.rollforward(quarters[0][0], quarters[-1][1], by)["rows"]
    for column in ("interest", "spent", *MOVEMENTS):
        sums: dict[tuple[Any, ...], Decimal] = {}
        for first, last in quarters:
            for key, value in _column(books.rollforward(first, last, by)["rows"], by, column).items():
                sums[key] = sums.get(key, Decimal(0)) + Decimal(value)
        assert {key: str(value) for key, value in sums.items() if value} == _column(whole, by, column)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), st.sampled_from(SPLITS[1:]), st.dates(FIRST_DAY, LAST_DAY))
def test_parts_sum_to_totals(history: History, by: tuple[str, ...], as_of: date) -> None:
    """However the delta is cut, its pieces sum to it, and so do the register and the ageing."""
    books = history.books()
    delta = books.delta(as_of, by=by)
    for column in ("debt", "neglect", "delta", "interest_per_year", "interest_incurred"):
        assert sum(Decimal(group[column]) for group in delta["groups"]) == Decimal(delta[column])
    items = books.list(as_of, status="all")
    assert sum(Decimal(row["outstanding"]) for row in items) == Decimal(delta["delta"])
    assert sum(Decimal(row["interest_incurred"]) for row in items) == Decimal(delta["interest_incurred"])
    ageing = books.ageing(as_of)["total"]
    assert Decimal(ageing["total"]) == Decimal(delta["delta"])
    assert _sum(ageing, "0-90", "91-180", "181-365", "366+") == Decimal(ageing["total"])


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories())
def test_a_closed_quarter_stands(history: History) -> None:
    """What was shown of a quarter on the day it was closed is shown for ever after."""
    books = Books(fiscal_year_start=history.fiscal_year_start)
    shown: list[tuple[date, date, Any]] = []
    for command in history.commands:
        accepted = books.apply(command, TODAY).accepted
        if accepted and isinstance(command, Close):
            first, last = quarter_days(command.quarter, history.fiscal_year_start)
            shown.append((first, last, books.rollforward(first, last, ("team",))["rows"]))
    for first, last, rows in shown:
        assert books.rollforward(first, last, ("team",))["rows"] == rows


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories())
def test_refused_commands_leave_no_trace(history: History) -> None:
    """Leaving them out gives the same books; positions are dense."""
    books, again = (
        Books(fiscal_year_start=history.fiscal_year_start),
        Books(fiscal_year_start=history.fiscal_year_start),
    )
    for command in history.commands:
        assert to_argv(command)
        if books.apply(command, TODAY).accepted:
            again.apply(command, TODAY)
    assert books.register == again.register
    assert [fact.position for fact in books.register.facts] == list(range(1, books.register.head + 1))


def _quarters(history: History) -> list[tuple[date, date]]:
    start = history.fiscal_year_start
    return [quarter_days(quarter, start) for quarter in quarters_between(FIRST_DAY, TODAY, start)]


def _column(rows: list[dict[str, Any]], by: tuple[str, ...], column: str) -> dict[tuple[Any, ...], str]:
    """One column by nature and combination, without its zeros."""
    names = ("nature", *(name.replace("-", "_") for name in by))
    return {tuple(row[name] for name in names): row[column] for row in rows if row[column] != "0.00"}


def _sum(row: dict[str, Any], *columns: str) -> Decimal:
    return sum((Decimal(row[column]) for column in columns), Decimal(0))
