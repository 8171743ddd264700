"""`debt replay`: the books folded from the events alone, and every read model held against them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.helpers.teller import Teller

GATE = "--decided-by anna --because 'the fair' --benefit 'three weeks' --repay-by 2026Q3"
HISTORY = (
    f"commission FRAUD Glue --category glue-code --principal 12000 --interest 800/month --on 2026-01-15 {GATE}",
    "budget set 2026Q1 900 --team red --on 2026-01-02",
    "observe FRAUD Old --category staleness --cause untracked --principal 3000 --interest 6% --on 2026-02-10",
    "repay FRAUD-1 5000 --spent 6200 --on 2026-03-01",
    f"adopt FRAUD-2 --on 2026-04-05 --until 2026-12-31 {GATE}",
    "plan FRAUD-1 2026Q4 --on 2026-04-06",
    "note FRAUD-1 'Looked at it' --on 2026-04-07",
    "repay FRAUD-1 --all --on 2026-06-10",
)


@pytest.fixture
def books(teller: Teller) -> Teller:
    """Worked example A and an adoption (design §7)."""
    teller.do(*HISTORY)
    return teller


def tampered(teller: Teller, statement: str) -> None:
    """Something done to the file behind the ledger's back; read models have no triggers."""
    with closing(sqlite3.connect(teller.path)) as connection, connection:
        assert connection.execute(statement).rowcount == 1


def test_it_gives_the_figures_of_the_worked_example(books: Teller) -> None:
    replayed = books.ask("replay --as-of 2026-06-30")
    by_item = {item["item"]: item for item in replayed["register"]}
    assert by_item["FRAUD-1"]["interest_incurred"] == "2733.15"
    assert (by_item["FRAUD-1"]["outstanding"], by_item["FRAUD-1"]["status"]) == ("0.00", "repaid")
    assert (
        by_item["FRAUD-2"] | {"nature": "debt", "outstanding": "3000.00", "until": "2026-12-31"} == by_item["FRAUD-2"]
    )
    assert replayed["delta"] == {name: books.ask("delta --as-of 2026-06-30")[name] for name in replayed["delta"]}
    assert replayed["agrees"] is True
    assert replayed["disagreements"] == []


def test_the_trial_balance_is_that_of_the_postings(books: Teller) -> None:
    accounts = {row["account"]: row for row in books.ask("replay --as-of 2026-06-30")["trial_balance"]}
    assert accounts["assets:capacity"]["balance"] == "-13200.00"
    assert accounts["expenses:estimate-variance"] == {
        "account": "expenses:estimate-variance", "debit": "1200.00", "credit": "0.00", "balance": "1200.00"}  # fmt: skip
    assert accounts["liabilities:debt:system"]["debit"] == "12000.00"
    assert accounts["liabilities:neglect:time"]["balance"] == "0.00"
    assert "total" not in accounts


#: What lists say besides, and no balance: they are read from the events, as a replay is.
MEMORANDA = ("tags", "assignee", "interest_observed")


def test_the_register_is_that_of_list(books: Teller) -> None:
    for day in ("2026-01-14", "2026-01-15", "2026-03-31", "2026-10-01", "2027-01-01"):
        replayed = {item["item"]: item for item in books.ask(f"replay --as-of {day}")["register"]}
        listed = {item["item"]: item for item in books.ask(f"list --status all --as-of {day}")}
        shared = next(iter(listed.values()), {}).keys() - {"system", "age_days", "planned", *MEMORANDA}
        assert replayed.keys() == listed.keys()
        for item, row in listed.items():
            assert replayed[item]["planned_for"] == row["planned"], (day, item)
            assert {name: replayed[item][name] for name in shared} == {name: row[name] for name in shared}, (day, item)


def test_what_was_not_known_then_does_not_count(books: Teller) -> None:
    known_at = books.ask("log")[-2]["recorded_at"]
    then = books.ask(f"replay --as-of 2026-06-30 --known-at {known_at}")
    assert {item["item"]: item["status"] for item in then["register"]}["FRAUD-1"] == "open"
    assert then["position"] == books.position - 1


def test_every_event_between_has_its_line_and_the_delta_after_it(books: Teller) -> None:
    moved = books.ask("replay --from 2026-02-10 --as-of 2026-04-06")["moved"]
    assert [(row["effective_on"], row["stored_as"], row["debt"], row["neglect"], row["delta"]) for row in moved] == [
        ("2026-02-10", "neglect-observed/1", "12000.00", "3000.00", "15000.00"),
        ("2026-03-01", "repayment-recorded/2", "7000.00", "3000.00", "10000.00"),
        ("2026-04-05", "neglect-adopted/1", "10000.00", "0.00", "10000.00"),
        ("2026-04-06", "repayment-planned/1", "10000.00", "0.00", "10000.00"),
    ]


def test_events_are_in_order_of_their_day_not_of_their_recording(books: Teller) -> None:
    books.do("observe FRAUD Early --category staleness --cause untracked --principal 10 --on 2026-01-20")
    days = [row["effective_on"] for row in books.ask("replay --from 2026-01-01 --as-of 2026-06-30")["moved"]]
    assert days == sorted(days)
    assert len(days) == 9


def test_a_table_says_how_much_was_held_against_how_much(books: Teller) -> None:
    reply = books.do("replay --as-of 2026-06-30 --from 2026-06-01")
    assert "Trial balance on 2026-06-30, EUR" in reply.out
    assert "the read models agree in every row and in every figure of 2 items" in reply.out
    assert "1 closed and reversed items are not shown" in reply.err


def test_check_prints_the_verdict_alone(books: Teller) -> None:
    reply = books.do("replay --check --as-of 2026-06-30")
    assert reply.out.startswith("OK: ")
    assert len(reply.out.splitlines()) == 1


def test_a_day_before_everything_proves_nothing(books: Teller) -> None:
    assert "nothing is proved" in books.do("replay --as-of 2020-01-01").out


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE posting SET amount_minor = amount_minor - 1 WHERE movement = 'commissioned' AND nature = 'debt'",
            "FRAUD-1, liabilities:debt:system, outstanding: replayed 7,000.00, stored 7,000.01",
        ),
        (
            "UPDATE posting SET carry_minor_per_year = 0 WHERE movement = 'commissioned' AND nature = 'debt'",
            "FRAUD-1, liabilities:debt:system, interest_per_year: replayed 5,600.00, stored -4,000.00",
        ),
        (
            "UPDATE posting SET accrues_day = accrues_day + 1 WHERE movement = 'commissioned' AND nature = 'debt'",
            "FRAUD-1, liabilities:debt:system, interest_incurred: replayed 1,643.84, stored 1,617.53",
        ),
        ("DELETE FROM item WHERE item = 'FRAUD-2'", "FRAUD-2, register, item: replayed Old, stored None"),
        ("UPDATE item SET title = 'Glue!' WHERE item = 'FRAUD-1'", "title: replayed Glue, stored Glue!"),
        (
            "UPDATE posting SET amount_minor = amount_minor + 5 WHERE account = 'expenses:estimate-variance'",
            "expenses:estimate-variance, debit: replayed 1,200.00, stored 1,200.05",
        ),
        ("UPDATE owner SET team = 'green'", "team green, debt: replayed 0.00, stored 7,000.00"),
        ("UPDATE owner SET cost_centre = 'C9'", "cost_centre C9, debt: replayed 0.00, stored 7,000.00"),
        ("UPDATE budget SET amount_minor = 1", "team red, 2026Q1, budget: replayed 900.00, stored 0.01"),
    ],
)
def test_a_read_model_that_was_touched_is_named_with_both_figures(books: Teller, statement: str, words: str) -> None:
    tampered(books, statement)
    for line in ("replay --as-of 2026-03-31", "replay --check --as-of 2026-03-31"):
        reply = books.type(line)
        assert reply.exit_code == 3
        assert "The read models disagree with the events: " in reply.err
        assert words in reply.err
    found = books.type("replay --check --as-of 2026-03-31 --format json").json
    assert found["agrees"] is False
    assert len(found["disagreements"]) == 1


def test_all_disagreements_are_listed_without_check(books: Teller) -> None:
    tampered(books, "UPDATE posting SET amount_minor = amount_minor - 1 WHERE movement = 'observed' AND nature <> ''")
    found = books.type("replay --as-of 2026-03-31 --format json").json["disagreements"]
    assert found == [
        {"item": "FRAUD-2", "account": "liabilities:neglect:time", "figure": "outstanding",
         "replayed": "3000.00", "stored": "3000.01"},
        {"item": None, "account": "liabilities:neglect:time", "figure": "credit",
         "replayed": "3000.00", "stored": "3000.01"},
    ]  # fmt: skip


def test_it_needs_no_read_model_to_give_its_figures(books: Teller) -> None:
    before = books.ask("replay --as-of 2026-06-30")
    with closing(sqlite3.connect(books.path)) as connection, connection:
        for table in ("posting", "item", "term"):
            connection.execute(f"DELETE FROM {table}")
    after = books.type("replay --as-of 2026-06-30 --format json")
    assert after.exit_code == 3
    for part in ("register", "delta", "trial_balance", "events"):
        assert after.json[part] == before[part]


def test_a_period_that_ends_before_it_begins_is_wrong_usage(books: Teller) -> None:
    reply = books.type("replay --from 2026-04-01 --as-of 2026-03-31")
    assert reply.exit_code == 2
    assert "--from 2026-04-01 is after --as-of 2026-03-31" in reply.err


def test_csv_has_the_register_or_the_events(books: Teller) -> None:
    assert [row["item"] for row in books.do("replay --as-of 2026-06-30 --format csv").csv] == ["FRAUD-1", "FRAUD-2"]
    events = books.do("replay --as-of 2026-06-30 --from 2026-06-01 --format csv").csv
    assert [row["delta"] for row in events] == ["3000.00"]
