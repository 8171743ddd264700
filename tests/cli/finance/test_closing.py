"""Closing a quarter: what is proved first, what is sealed, who may do it, and what nothing can undo."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from ledger.decide import Decided
from ledger.decide.note import AddNote
from ledger.decide.request import Request
from ledger.events import RepaymentRecorded
from ledger.store.catalogue import described
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from tests.helpers.teller import Teller

GATE = "--decided-by anna --because 'the fair' --benefit 'three weeks' --repay-by 2026Q3"
HISTORY = (
    f"commission FRAUD Glue --category glue-code --principal 12000 --interest 800/month --on 2026-01-15 {GATE}",
    "repay FRAUD-1 5000 --spent 6200 --on 2026-03-01",
    "repay FRAUD-1 1000 --on 2026-05-01",
)


@pytest.fixture
def books(teller: Teller) -> Teller:
    """Two quarters that have ended, both open."""
    teller.do(*HISTORY)
    return teller


def touched(teller: Teller, statement: str) -> None:
    """Something done to the file behind the ledger's back."""
    with closing(sqlite3.connect(teller.path)) as connection, connection:
        connection.execute(statement)


def test_a_dry_run_shows_what_would_be_sealed_and_records_nothing(books: Teller) -> None:
    before = books.counts
    shown = books.ask("close 2026Q1 --dry-run")
    log = books.ask("log")
    assert (shown["position"], shown["head"]) == (log[-1]["position"], log[-1]["hash"])
    assert (shown["quarter"], shown["first_day"], shown["last_day"]) == ("2026Q1", "2026-01-01", "2026-03-31")
    assert shown["rows"] == books.ask("rollforward 2026Q1")["rows"]
    assert [(check["check"], check["ok"]) for check in shown["checks"]] == [
        ("verify", True), ("replay", True), ("opening", True), ("decide", True)]  # fmt: skip
    assert shown["ok"] is True
    reply = books.do("close 2026Q1 --dry-run")
    assert "Nothing was recorded" in reply.out
    assert shown["head"] in reply.out
    assert books.counts == before


def test_a_dry_run_of_what_a_rule_refuses_is_refused(books: Teller) -> None:
    reply = books.type("close 2026Q2 --dry-run")
    assert reply.exit_code == 1
    assert "2026Q2 cannot be closed before 2026Q1" in reply.err


def test_closing_prints_the_checks_and_the_totals_before_the_receipt(books: Teller) -> None:
    out = books.do("close 2026Q1").out
    assert out.index("verify") < out.index("replay") < out.index("opening") < out.index("7,000.00")
    assert out.index("7,000.00") < out.index("period closed")


def test_as_json_closing_gives_a_receipt_and_nothing_else(books: Teller) -> None:
    assert books.ask("close 2026Q1")["stored_as"] == "period-closed/1"


def test_the_opening_is_held_against_what_was_sealed(books: Teller) -> None:
    books.do("close 2026Q1")
    (finding,) = [row["finding"] for row in books.ask("close 2026Q2 --dry-run")["checks"] if row["check"] == "opening"]
    assert finding == "On 2026-03-31 1 balances are what they were when 2026Q1 was closed."


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE posting SET amount_minor = amount_minor + 1 WHERE position = 3 AND leg = 0", "verify: "),
        ("UPDATE head SET hash = substr(hash, 2) || substr(hash, 1, 1)", "verify: "),
        ("DELETE FROM request WHERE first_position = 3", "verify: "),
        ("DROP TRIGGER event_closed", "verify: "),
    ],
)
def test_books_that_were_touched_are_not_closed(books: Teller, statement: str, words: str) -> None:
    touched(books, "DROP TRIGGER request_no_delete" if "request" in statement else "SELECT 1")
    touched(books, statement)
    before = books.counts
    reply = books.type("close 2026Q1")
    assert reply.exit_code == 3
    assert f"2026Q1 was not closed: {words}" in reply.err
    assert books.counts == before


def test_what_slipped_into_a_closed_quarter_is_found_before_the_next_is_closed(books: Teller) -> None:
    """Somebody who owns the database can switch the trigger off and record what the rules would refuse."""
    books.do("close 2026Q1")
    touched(books, "DROP TRIGGER event_closed")
    engine = open_engine(f"sqlite:///{books.path}")
    ledger = Ledger(engine, "main", books.clock, lambda: "slipped-in")
    slipped = RepaymentRecorded(
        item="FRAUD-1", nature="debt", dimension="system", removed_minor=100, carry_removed_minor_per_year=0,
        spent_minor=100, spent_assumed=False)  # fmt: skip
    with ledger.appending() as unit:
        asked = Request(AddNote(item="FRAUD-1", text="?"), "mallory", date(2026, 7, 15))
        unit.memory.state_for(asked.command.needs(), asked.asked_on)
        unit._stamp(asked, (Decided(date(2026, 3, 2), slipped),))
    engine.dispose()
    touched(books, described("sqlite")["trigger event_closed"])
    assert books.do("verify").exit_code == 0
    reply = books.type("close 2026Q2")
    assert reply.exit_code == 3
    assert "2026Q2 was not closed: opening: FRAUD-1, debt, on 2026-03-31: 700000 and 560000 a year" in reply.err


def test_a_retry_with_the_same_key_gives_the_first_receipt(books: Teller) -> None:
    first = books.ask("close 2026Q1 --key seal")
    again = books.do("close 2026Q1 --key seal --format json")
    assert again.json == first
    assert books.type("close 2026Q1 --key seal").exit_code == 0


def test_closing_twice_is_refused(books: Teller) -> None:
    books.do("close 2026Q1")
    reply = books.type("close 2026Q1 --key other")
    assert reply.exit_code == 1
    assert "closed already" in reply.err


# --- a second actor -----------------------------------------------------------------------------------


@pytest.fixture
def guarded(books: Teller) -> Teller:
    """The policy is on; ada recorded everything."""
    books.do("policy set second-actor-close on")
    return books


def test_whoever_recorded_the_last_event_does_not_close(guarded: Teller) -> None:
    before = guarded.counts
    reply = guarded.type("close 2026Q1")
    assert reply.exit_code == 1
    assert "cannot be closed by ada, who recorded its last event (position 4)" in reply.err
    assert guarded.type("close 2026Q1 --dry-run").exit_code == 1
    assert guarded.counts == before


def test_somebody_else_closes(guarded: Teller) -> None:
    guarded.actor = "bob"
    guarded.do("close 2026Q1")


def test_only_the_last_event_of_the_days_to_be_sealed_counts(guarded: Teller) -> None:
    guarded.actor = "bob"
    guarded.do("note FRAUD-1 seen --on 2026-03-31")
    assert guarded.type("close 2026Q1").exit_code == 1
    guarded.actor = "ada"
    guarded.do("close 2026Q1")
    # The last of 2026Q2 is ada's.
    assert guarded.type("close 2026Q2").exit_code == 1


def test_switched_off_anybody_closes(guarded: Teller) -> None:
    guarded.do("policy set second-actor-close off", "close 2026Q1")


def test_a_policy_can_be_set_back_and_forth_in_a_day(guarded: Teller) -> None:
    guarded.do(*(f"policy set second-actor-close {value}" for value in ("off", "on", "off")))
    found = {policy["policy"]: policy["value"] for policy in guarded.ask("policy list")}
    assert found["second-actor-close"] == "off"


def test_a_policy_is_an_event_and_not_a_setting(guarded: Teller) -> None:
    assert guarded.ask("log")[-1]["data"]["policy"] == "second-actor-close"
    (policy,) = [each for each in guarded.ask("policy list") if each["policy"] == "second-actor-close"]
    assert (policy["policy"], policy["value"], policy["actor"]) == ("second-actor-close", "on", "ada")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("policy set second-actor-close on", 1, "is on already"),
        ("policy set second-actor on", 1, "Did you mean second-actor-close?"),
        ("policy set second-actor-close maybe", 2, "maybe"),
        ("policy set second-actor-close", 2, "Missing: VALUE"),
    ],
)
def test_a_policy_that_says_nothing_is_refused(guarded: Teller, line: str, code: int, words: str) -> None:
    before = guarded.counts
    reply = guarded.type(line)
    assert reply.exit_code == code
    assert words in reply.err
    assert guarded.counts == before
