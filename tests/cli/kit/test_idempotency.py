"""One request counts once: keys, identical requests without a key, midnight, and who asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.helpers.lines import ADOPT, CLOSE_Q1, COMMISSION, GATE, OBSERVE, RATE, REVISE
from tests.helpers.refusals import one_line
from tests.helpers.teller import Teller

REPAY = "repay FRAUD-1 100"
TODAY = "2026-07-15"

#: Every recording command once; after the lines that it needs.
COMMANDS = {
    "init": ((), "init --book other --currency EUR"),
    "system add": ((), "system add NEW New --team red --reads-from FRAUD"),
    "system change": ((), "system change FRAUD --team blue"),
    "system retire": ((OBSERVE,), "system retire FRAUD --because x --write-off"),
    "rate set": ((), RATE),
    "commission": ((), COMMISSION),
    "observe": ((), OBSERVE),
    "adopt": ((OBSERVE,), ADOPT),
    "renew": ((COMMISSION,), "renew FRAUD-1 --repay-by 2027Q1 --decided-by Ada --because x"),
    "repay": ((COMMISSION,), REPAY),
    "repay all": ((COMMISSION,), "repay FRAUD-1 --all"),
    "revise": ((COMMISSION,), REVISE),
    "write-off": ((COMMISSION,), "write-off FRAUD-1 --because x"),
    "plan": ((COMMISSION,), "plan FRAUD-1 2026Q4"),
    "reverse": ((COMMISSION,), "reverse 3 --because x"),
    "note": ((COMMISSION,), "note FRAUD-1 seen"),
    "interest": ((COMMISSION,), "interest FRAUD-1 250 --because 'incident 341'"),
    "edit": ((COMMISSION,), "edit FRAUD-1 --title 'Thick glue'"),
    "tag": ((COMMISSION,), "tag FRAUD-1 +later"),
    "assign": ((COMMISSION,), "assign FRAUD-1 grace"),
    "link": ((COMMISSION,), "link FRAUD-1 https://tracker.example/1"),
    "close": ((COMMISSION,), CLOSE_Q1),
}


@pytest.mark.parametrize(("setup", "line"), COMMANDS.values(), ids=COMMANDS.keys())
def test_a_request_sent_twice_with_one_key_counts_once(teller: Teller, setup: tuple[str, ...], line: str) -> None:
    """The first receipt again, also where a rule would refuse a second one, and after midnight."""
    if setup:
        teller.do(*setup)
    first = teller.do(f"{line} --key k-1 --format json")
    recorded = teller.counts
    teller.clock.now += timedelta(days=1)
    again = teller.do(f"{line} --key k-1 --format json")
    assert again.json == first.json
    assert teller.counts == recorded


@pytest.mark.parametrize(("setup", "line"), list(COMMANDS.values())[1:], ids=list(COMMANDS)[1:])
def test_an_identical_request_without_a_key_is_refused(teller: Teller, setup: tuple[str, ...], line: str) -> None:
    """It is probably the same entry twice: the first receipt is shown, nothing is recorded."""
    if setup:
        teller.do(*setup)
    first = teller.do(f"{line} --format json").json
    first = first[0] if isinstance(first, list) else first
    before = teller.counts
    reply = teller.type(line)
    said = one_line(reply.err)
    assert (reply.exit_code, reply.out, teller.counts) == (1, "", before)
    assert f"The same request by ada was recorded before, at position {first['position']} ({first['stored_as']}" in said
    assert f"hash {first['hash'][:12]}" in said
    assert said.endswith("Nothing was recorded. If it happened twice, add --again.")


def test_a_book_is_opened_once(teller: Teller) -> None:
    """Its own rule says more than that the same was asked for before, and `--again` is no way around it."""
    for line in (
        "init --book main --currency EUR",
        "init --book main --currency EUR --again",
        "init --book main --currency JPY",
    ):
        reply = teller.type(line)
        assert (reply.exit_code, "The book 'main' is open already, in EUR." in reply.err) == (1, True)
    assert teller.position == 2


def test_again_records_it_again(teller: Teller) -> None:
    """Two repayments of one amount on one day are two, if somebody says so."""
    teller.do(COMMISSION, REPAY, f"{REPAY} --again", f"{REPAY} --again")
    assert teller.position == 6
    assert teller.ask("list")[0]["outstanding"] == "700.00"
    assert teller.type(REPAY).exit_code == 1


DIFFERING = {
    "amount": ("repay FRAUD-1 101", "amount"),
    "all": ("repay FRAUD-1 --all", "amount"),
    "item": ("repay FRAUD-2 100", "item"),
    "spent": (f"{REPAY} --spent 90", "spent"),
    "evidence": (f"{REPAY} --evidence commit-1", "evidence"),
    "on": (f"{REPAY} --on 2026-07-01", "on"),
    "late": (f"{REPAY} --late", "late"),
    "command": ("note FRAUD-1 seen", "command"),
}


@pytest.mark.parametrize(("line", "field"), DIFFERING.values(), ids=DIFFERING.keys())
def test_a_key_used_for_another_request_is_refused(teller: Teller, line: str, field: str) -> None:
    """The message names the field that differs."""
    teller.do(COMMISSION, f"{OBSERVE} --again", f"{REPAY} --key k-1")
    before = teller.counts
    reply = teller.type(f"{line} --key k-1")
    assert (reply.exit_code, teller.counts) == (1, before)
    said = one_line(reply.err)
    assert "The key 'k-1' was used for another request:" in said
    assert f"{field} differs. Nothing was recorded. Use another --key" in said


def test_a_key_is_the_actors(teller: Teller) -> None:
    """Somebody else's key is refused, with the actor named as what differs."""
    teller.do(COMMISSION, f"{REPAY} --key k-1")
    teller.actor = "grace"
    reply = teller.type(f"{REPAY} --key k-1")
    assert (reply.exit_code, "actor differs" in reply.err) == (1, True)


def test_a_key_is_the_books(teller: Teller) -> None:
    """Another book has its own."""
    teller.do(f"{OBSERVE} --key k-1", "init --book other --currency EUR --key k-1")
    teller.before = ("--book", "other")
    assert teller.type("init --book other --currency EUR --key k-1").exit_code == 0
    assert teller.position == 4


def test_an_amount_is_the_same_however_it_is_typed(teller: Teller) -> None:
    """100, 100.00, and fraud-1 in small letters are one request."""
    teller.do(COMMISSION, f"{REPAY} --key k-1", "repay fraud-1 100.00 --key k-1")
    assert teller.type("repay fraud-1 100.00").exit_code == 1
    assert teller.position == 4


@pytest.mark.parametrize(
    ("first", "second"),
    [(REPAY, f"{REPAY} --on {TODAY}"), (f"{REPAY} --on {TODAY}", REPAY), (f"{REPAY} --key k", f"{REPAY} --on {TODAY}")],
)
def test_today_typed_is_today_left_out(teller: Teller, first: str, second: str) -> None:
    """Without a key, both are the same request of that day."""
    teller.do(COMMISSION, first)
    assert teller.type(second).exit_code == 1
    assert teller.position == 4


def test_the_same_on_another_day_is_another_request(teller: Teller) -> None:
    """The next day's repayment of one amount is no mistake; of the day before, typed, it is."""
    teller.do(COMMISSION, REPAY)
    teller.clock.now += timedelta(days=1)
    assert teller.type(f"{REPAY} --on {TODAY}").exit_code == 1
    teller.do(REPAY)
    assert teller.position == 5


def test_somebody_else_may_record_the_same(teller: Teller) -> None:
    """Two people who repay one amount on one day did it both."""
    teller.do(COMMISSION, REPAY)
    teller.actor = "grace"
    teller.do(REPAY)
    assert [event["actor"] for event in teller.ask("log FRAUD-1")] == ["ada", "ada", "grace"]


def test_a_key_makes_an_identical_request_another_one(teller: Teller) -> None:
    """Two keys are two requests: a script that knows what it does is not asked."""
    teller.do(COMMISSION, f"{REPAY} --key k-1", f"{REPAY} --key k-2")
    assert teller.position == 5


def test_a_refused_request_uses_up_no_key(teller: Teller) -> None:
    """What was not recorded may be asked for again, in another form."""
    assert (
        teller.type(
            f"commission FRAUD Glue --category glue-code --principal 5 {GATE} --decided-on 2026-12-01 --key k"
        ).exit_code
        == 1
    )
    teller.do(f"{OBSERVE} --key k")
    assert teller.position == 3


def test_without_a_key_the_key_is_the_first_events_id(teller: Teller) -> None:
    """It can be used to repeat the request."""
    receipt = teller.ask(OBSERVE)
    assert teller.do(f"{OBSERVE} --key {receipt['event_id']} --format json").json == receipt


def test_a_repeated_receipt_says_so_to_a_person(teller: Teller) -> None:
    """On standard error: the output itself is the first one's, to the letter."""
    first, again = teller.do(f"{OBSERVE} --key k-1"), teller.do(f"{OBSERVE} --key k-1")
    assert (again.out, first.err) == (first.out, "")
    assert "was recorded before; here is its first receipt." in again.err
