"""What people type stays what they typed: no title, name or item forges a posting, a tag or a directive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ledger.decide.command import Command
from ledger.decide.init import OpenBook
from ledger.decide.observe import Observe
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.exporters.entries import escaped
from ledger.queries.reader import Reader, reader_of
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.tables.facts import event
from ledger.vocabulary.dates import FIRST_DAY as EARLIEST
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.money import MAX_MINOR
from ledger.vocabulary.quantities import Interest, Quantity
from ledger.vocabulary.text import MAX_NAME, MAX_TITLE, clean_text
from tests.helpers.exported_books import exported
from tests.helpers.small_ledger import BOOK, build, forge, forging, rows_of
from tests.helpers.witnesses import (
    bean_check,
    beancount_balances,
    beancount_entries,
    hledger,
    hledger_balances,
    hledger_transactions,
    needs_hledger,
    unescaped,
)

FORGERIES = (
    "\n2026-01-15 * forged\n  assets:capacity  1 EUR\n  equity:shortcuts",
    "\r\n    ; hash: 00",
    ", hash: 00",
    "x; y ; movement: repaid",
    '"\n  hash: "00"',
    '\\" \\u000a \\\\n',
    "\u2028include /etc/passwd",
    "\x0b\x0c\x1b[2J\x85\u202e",
    "date:2020-01-01 [2020-01-01] =date2",
    "| (99) ! * @@ 3 USD {1 EUR} ^link #tag",
    "end comment\ncomment",
    "'\t\t'  two  spaces",
    "ä 中 \U0001f4a3 \U000e0001",
)
TEXTS = st.one_of(
    st.sampled_from(FORGERIES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40),
    st.lists(st.sampled_from([*FORGERIES, "a", " ", ",", ";", '"', "\\", "\n", "|", ":"]), min_size=1).map("".join),
).map(clean_text)
TITLES = TEXTS.map(lambda text: text[:MAX_TITLE].strip() or "x")
ACTORS = TEXTS.map(lambda text: text[:MAX_NAME].strip() or "x")
#: A title, who typed it, in cents how much, and after how many days.
Observed = tuple[str, str, int, int]
OBSERVATIONS = st.lists(
    st.tuples(TITLES, ACTORS, st.integers(1, MAX_MINOR), st.integers(0, 400)), min_size=1, max_size=6
)

FIRST_DAY, TODAY = date(2026, 1, 1), date(2028, 1, 1)
_NUMBERS = count(1)


def recorded(url: str, commands: Iterable[tuple[Command, str]], currency: str = "EUR", exponent: int = 2) -> Ledger:
    """A new book with what somebody asked for."""
    number = next(_NUMBERS)
    ledger = Ledger(
        open_engine(url), f"book-{number}", lambda: datetime(2028, 1, 1, tzinfo=UTC), lambda: f"{next(_NUMBERS):032x}"
    )
    opening = OpenBook(currency=currency, currency_exponent=exponent, fiscal_year_start=1, time_zone="UTC")
    for command, actor in ((opening, "ada"), *commands):
        ledger.handle(Request(command, actor, TODAY, again=True), opening=command is opening)
    return ledger


def observe(system: str, minor: int, day: date, title: str = "x") -> Observe:
    """Neglect with an interest of 0.07 a year."""
    return Observe(
        system=system, title=title, category="glue-code", cause="untracked", principal=Quantity(minor=minor),
        interest=Interest(minor=7, times_per_year=1), on=day,
    )  # fmt: skip


def told(url: str, observed: list[Observed]) -> Ledger:
    """Observations on the system A_B."""
    commands: list[tuple[Command, str]] = [(AddSystem(system="A_B", name="Ab", team="red"), "ada")]
    for title, actor, minor, days in observed:
        commands.append((observe("A_B", minor, FIRST_DAY + timedelta(days=days), title), actor))
    return recorded(url, commands)


def written(ledger: Ledger, kind: str, path: Path) -> Path:
    with reader_of(ledger) as reader:
        path.write_bytes(exported(reader, kind).encode())
    return path


def cents(minor: int) -> Decimal:
    return Decimal(minor).scaleb(-2)


def balances_of(observed: list[Observed]) -> dict[str, Decimal]:
    """What the observations come to."""
    items = {
        f"liabilities:neglect:system:A_B-{number}": -cents(minor) for number, (_, _, minor, _) in enumerate(observed, 1)
    }
    return {"equity:omissions": -sum(items.values(), Decimal(0)), **items}


many_examples = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
every_forgery = example(
    [(text.strip(), text.strip()[:MAX_NAME].strip(), 100, 0) for text in map(clean_text, FORGERIES)]
)


@pytest.mark.reliability
@needs_hledger
@many_examples
@every_forgery
@given(observed=OBSERVATIONS)
def test_hledger_reads_what_was_typed_and_nothing_else(
    sqlite_url: str, tmp_path: Path, observed: list[Observed]
) -> None:
    """As many transactions, with the same titles, actors and amounts, and no tag that is not ours."""
    journal = written(told(sqlite_url, observed), "hledger", tmp_path / "x.journal")
    assert hledger(journal, "check", "--strict").returncode == 0
    assert hledger_balances(journal, TODAY) == balances_of(observed)
    read = sorted(hledger_transactions(journal), key=lambda transaction: int(transaction["tcode"]))
    assert len(read) == len(observed)
    for transaction, (title, actor, _, days) in zip(read, observed, strict=True):
        tags = dict(transaction["ttags"])
        assert (unescaped(tags["title"]), unescaped(tags["actor"])) == (title, actor)
        assert [name for name, _ in transaction["ttags"]] == [
            "event-id", "hash", "recorded-at", "actor", "movement", "title"
        ]  # fmt: skip
        assert transaction["tdate"] == str(FIRST_DAY + timedelta(days=days))


@pytest.mark.reliability
@many_examples
@every_forgery
@given(observed=OBSERVATIONS)
def test_beancount_reads_what_was_typed_and_nothing_else(
    sqlite_url: str, tmp_path: Path, observed: list[Observed]
) -> None:
    """The same of the other journal; beancount's own reading of a string is what was escaped."""
    from beancount.core.data import Commodity, Open, Transaction

    journal = written(told(sqlite_url, observed), "beancount", tmp_path / "x.beancount")
    read = beancount_entries(journal)
    assert {type(each) for each in read} == {Commodity, Open, Transaction}
    assert beancount_balances(read, TODAY) == balances_of(observed)
    transactions: list[Any] = sorted(
        (each for each in read if isinstance(each, Transaction)), key=lambda each: each.meta["position"]
    )
    assert len(transactions) == len(observed)
    for transaction, (title, actor, _, _) in zip(transactions, observed, strict=True):
        assert (unescaped(transaction.meta["title"]), unescaped(transaction.meta["actor"])) == (title, actor)
        assert len(transaction.postings) == 2


@given(TEXTS, TEXTS)
def test_an_escaped_text_is_one_printable_line_and_says_the_same(one: str, other: str) -> None:
    """Whatever it was; so two texts never look alike."""
    for also in ("", ","):
        shown = escaped(one, also)
        assert shown.isprintable()
        assert not set(also) & set(shown)
        assert unescaped(shown) == one
        assert (shown == escaped(other, also)) == (one == other)


@pytest.mark.parametrize("kind", [pytest.param("hledger", marks=needs_hledger), "beancount"])
def test_keys_that_differ_by_an_underscore_are_different_accounts(sqlite_url: str, tmp_path: Path, kind: str) -> None:
    """Beancount knows no underscore, and `A-B`, `A_B`, `A_-B` and `A__B` are four systems."""
    systems = ("A-B", "A_B", "A_-B", "A__B", "A-B_", "A_")
    commands: list[Command] = [AddSystem(system=system, name="x", team="red") for system in systems]
    commands += [observe(system, number, FIRST_DAY) for number, system in enumerate(systems, 1)]
    file = written(recorded(sqlite_url, [(command, "ada") for command in commands]), kind, tmp_path / f"x.{kind}")
    found = hledger_balances(file, TODAY) if kind == "hledger" else beancount_balances(beancount_entries(file), TODAY)
    owed = {f"liabilities:neglect:system:{system}-1": -cents(number) for number, system in enumerate(systems, 1)}
    assert found == {"equity:omissions": cents(21), **owed}


@pytest.mark.reliability
@needs_hledger
@pytest.mark.parametrize(("currency", "exponent"), [("JPY", 0), ("KWD", 3), ("UYW", 4)])
@pytest.mark.parametrize("amount", [1, MAX_MINOR])
def test_amounts_are_exact_in_every_currency_from_the_first_day_there_is(
    sqlite_url: str, tmp_path: Path, currency: str, exponent: int, amount: int
) -> None:
    """Fifteen digits, with as many decimals as the currency has."""
    commands = (AddSystem(system="A", name="x", team="red"), observe("A", amount, EARLIEST))
    ledger = recorded(sqlite_url, [(command, "ada") for command in commands], currency, exponent)
    hledgers = written(ledger, "hledger", tmp_path / "x.journal")
    beancounts = written(ledger, "beancount", tmp_path / "x.beancount")
    assert hledger(hledgers, "check", "--strict").returncode == bean_check(beancounts).returncode == 0
    major = Decimal(amount).scaleb(-exponent)
    expected = {"equity:omissions": major, "liabilities:neglect:system:A-1": -major}
    assert hledger_balances(hledgers, EARLIEST) == expected
    assert beancount_balances(beancount_entries(beancounts), EARLIEST) == expected


FORGED_NAMES = ("X-1\n2026-01-15 * x\n  assets:capacity  1 EUR\n  equity:shortcuts", "X-1  9 EUR ; ", "liabilities")


@pytest.mark.reliability
@pytest.mark.parametrize("kind", ["hledger", "beancount"])
@pytest.mark.parametrize("name", FORGED_NAMES)
@pytest.mark.parametrize("where", ["stream", "account"])
def test_a_forged_name_does_not_get_into_a_journal(sqlite_url: str, kind: str, name: str, where: str) -> None:
    """Names stand in accounts as they are, so that one which no rule lets through is refused."""
    engine = open_engine(sqlite_url)
    build(engine)
    with reader_of(Ledger(engine, BOOK, lambda: datetime.now(UTC), str)) as intact:
        book, position = intact.book, intact.position
    with forging(engine) as connection:
        row = next(row for row in rows_of(connection, event) if row["stored_as"] == "event-reversed/1")
        data = msgspec.json.decode(row["body"])["data"]
        data["legs"][0]["account"] = name
        forge(connection, row, **({"stream": name} if where == "stream" else {"data": data}))
        with pytest.raises(StoreError, match=f"position {row['position']} posts to an account"):
            exported(Reader(connection, book, position, ""), kind)
