"""The ledger's figures, computed again by two programs that are not ours, from journals of random books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.store.engine import writing
from tests.helpers.exported_books import Book, synthetic_book, told_book
from tests.helpers.witnesses import (
    Balances,
    bean_check,
    beancount_balances,
    beancount_entries,
    hledger,
    hledger_balances,
    hledger_transactions,
    needs_hledger,
)


def delta_of(book: Book, *words: str) -> Balances:
    """`debt delta` by nature and dimension, as accounts: what is owed is a credit."""
    groups = book.ask("delta", "--by", "nature,dimension", *words)["groups"]
    owed = {f"liabilities:{row['nature']}:{row['dimension']}": -Decimal(row["delta"]) for row in groups}
    return {account: balance for account, balance in owed.items() if balance}


def register_of(book: Book, *words: str) -> Balances:
    """`debt list`: outstanding by item."""
    rows = book.ask("list", "--status", "all", *words)
    return {row["item"]: Decimal(row["outstanding"]) for row in rows if Decimal(row["outstanding"])}


def by_item(balances: Balances) -> Balances:
    """What the accounts of an item say together, as what is owed."""
    owed: Balances = defaultdict(Decimal)
    for account, balance in balances.items():
        if account.startswith("liabilities:"):
            owed[account.rpartition(":")[2]] -= balance
    return {item: amount for item, amount in owed.items() if amount}


@needs_hledger
def test_hledger_accepts_the_journal_strictly_and_in_order_of_day(book: Book) -> None:
    """Every account and commodity is declared, every transaction balances."""
    checked = hledger(book.export("hledger"), "check", "--strict", "ordereddates")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_bean_check_accepts_the_journal(book: Book) -> None:
    """Every account is open on the day on which it is used, every transaction balances."""
    checked = bean_check(book.export("beancount"))
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.reliability
@needs_hledger
def test_hledgers_balances_are_the_delta_the_register_and_the_trial_balance_on_ten_days(book: Book) -> None:
    """By account, by nature and dimension, by item; each computed by the ledger in another way."""
    journal = book.export("hledger")
    for day in book.ten_days():
        asked = ("--as-of", str(day))
        leaves = hledger_balances(journal, day)
        assert leaves == book.trial_balance(day), day
        assert sum(leaves.values()) == 0
        assert hledger_balances(journal, day, "liabilities", "--depth", "3") == delta_of(book, *asked), day
        assert by_item(leaves) == register_of(book, *asked), day


def test_beancounts_balances_are_the_trial_balance_on_ten_days(book: Book) -> None:
    """The same from the other journal, by the other program."""
    read = beancount_entries(book.export("beancount"))
    for day in book.ten_days():
        assert beancount_balances(read, day) == book.trial_balance(day), day


@pytest.mark.reliability
@needs_hledger
def test_an_export_as_of_a_day_as_known_at_a_time_has_the_balances_of_then(book: Book) -> None:
    """Both times narrow it: later days and later entries are left out."""
    log, days = book.ask("log"), book.ten_days()
    for thirds, day in ((2, days[3]), (3, days[5]), (1, days[9])):
        known_at = log[len(log) * thirds // 3 - 1]["recorded_at"]
        journal = book.export("hledger", known_at, as_of=day)
        found = hledger_balances(journal, days[-1], "liabilities", "--depth", "3")
        assert found == delta_of(book, "--as-of", str(day), "--known-at", known_at)
        same = beancount_entries(book.export("beancount", known_at, as_of=day))
        assert beancount_balances(same, days[-1]) == hledger_balances(journal, days[-1])


@pytest.mark.reliability
@needs_hledger
def test_interest_a_year_and_the_day_of_a_late_entry_are_told_beside_the_balances(book: Book) -> None:
    """A memorandum, which adds up to `interest_per_year` all the same; every event with legs says what it was."""
    log = {event["position"]: event for event in book.ask("log")}
    carry, seen = Decimal(0), []
    for transaction in hledger_transactions(book.export("hledger")):
        said, event = dict(transaction["ttags"]), log[int(transaction["tcode"])]
        told = {"event-id": event["event_id"], "hash": event["hash"], "recorded-at": event["recorded_at"]}
        assert told.items() <= said.items()
        assert said.get("occurred-on") == event["data"]["occurred_on"]
        assert transaction["tdescription"] == f"{event['stream']} | {event['stored_as']}"
        tags = [dict(posting["ptags"]) for posting in transaction["tpostings"]]
        carry += sum(Decimal(of_leg["carry"].removesuffix(" EUR/year")) for of_leg in tags if "carry" in of_leg)
        seen.append(event["position"])
    beancounts = [each for each in beancount_entries(book.export("beancount")) if "event-id" in each.meta]
    metadata = [posting.meta.get("carry-per-year") for each in beancounts for posting in each.postings]
    assert carry == Decimal(book.ask("delta", "--as-of", str(book.ten_days()[-1]))["interest_per_year"])
    assert carry == sum(amount.number for amount in metadata if amount is not None)
    assert sorted(seen) == sorted(each.meta["position"] for each in beancounts)
    assert {each.meta["position"]: str(each.meta.get("occurred-on")) for each in beancounts} == {
        position: str(log[position]["data"]["occurred_on"]) for position in seen
    }


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Book]:
    """A book that may be spoilt."""
    book = told_book(tmp_path, 6, steps=20)
    yield book
    book.close()


def test_what_the_read_models_say_is_no_part_of_a_journal(small: Book) -> None:
    """A posting that was altered shows as a difference between the two, and not in both."""
    before = {kind: small.export(kind).read_bytes() for kind in ("hledger", "beancount", "csv")}
    delta = small.ask("delta")
    with writing(small.ledger.engine) as connection:
        connection.exec_driver_sql("UPDATE posting SET amount_minor = amount_minor - 1 WHERE nature IS NOT NULL")
    assert small.ask("delta") != delta
    assert {kind: small.export(kind).read_bytes() for kind in before} == before


@pytest.mark.reliability
@needs_hledger
@pytest.mark.parametrize("kind", ["hledger", "beancount"])
def test_a_cent_too_few_is_noticed_by_both_programs(small: Book, kind: str) -> None:
    """What the tests above rely on."""
    journal = small.export(kind)
    told = journal.read_text()
    first = next(line for line in told.splitlines() if line.startswith("  ") and ".00 EUR" in line)
    journal.write_text(told.replace(first, first.replace(".00 EUR", ".01 EUR"), 1))
    checked = hledger(journal, "check", "--strict") if kind == "hledger" else bean_check(journal)
    assert checked.returncode != 0
    assert "balance" in checked.stderr


def test_the_same_book_gives_the_same_bytes(small: Book) -> None:
    """Nothing of the day or the run is in them."""
    for kind in ("hledger", "beancount", "jsonl", "csv"):
        assert small.export(kind).read_bytes() == small.export(kind).read_bytes()


@pytest.mark.reliability
@pytest.mark.parametrize(("kind", "total"), [("hledger", 2000), ("beancount", 2000), ("jsonl", 2000), ("csv", 4000)])
def test_progress_is_told_every_thousand_events(tmp_path: Path, kind: str, total: int) -> None:
    """The CSV reads everything twice."""
    told: list[tuple[int, int]] = []
    book = synthetic_book(tmp_path, events=2000)
    book.export(kind, progress=lambda done, of: told.append((done, of)))
    book.close()
    assert told == [(done, total) for done in range(1000, total + 1, 1000)]
