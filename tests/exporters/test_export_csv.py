"""Every leg as CSV: balanced, and quarter by quarter what finance was given in its packs."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from ledger.decide.command import Command
from ledger.decide.init import OpenBook
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.decide.system_change import ChangeSystem
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_of
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.quantities import Quantity
from reports.pack.accounts import gl_code
from reports.pack.postings_csv import postings_csv
from tests.helpers.exported_books import Book, exported

ACCOUNTS = {"assets": "1700", "equity": "-2990", "expenses": "=1", "liabilities": "2", "liabilities @ 200": "2900"}


def code_of(account: str, cost_centre: str | None) -> str:
    return gl_code(ACCOUNTS, account, cost_centre) or ""


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def amount_of(row: dict[str, str]) -> Decimal:
    """Debit positive; a row has one of the two."""
    assert bool(row["debit"]) != bool(row["credit"])
    return Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)


#: The last column of a pack's rows.
_STATUS = re.compile(r",(status|final|provisional)(?=\r\n)")


def packs_of(ledger: Ledger) -> dict[str, list[str]]:
    """By quarter the lines of postings.csv, as its pack has them; the first one has the headings.

    Without the status at their end: whether a quarter had ended is said of a pack's, and an export is of no quarter.
    """
    found: dict[str, list[str]] = {}
    with reader_of(ledger) as reader:
        days = [date.fromisoformat(row["effective_on"]) for row in csv.DictReader(io.StringIO(exported(reader, "csv")))]
        quarter, last = reader.calendar.quarter_of(min(days)), reader.calendar.quarter_of(max(days))
        while True:
            view = quarter_view(reader, quarter, reader.calendar.last_day(quarter), "debt report")
            text = postings_csv(view, ACCOUNTS).decode("utf-8-sig")
            found[str(quarter)] = _STATUS.sub("", text).splitlines(keepends=True)
            if quarter == last:
                return found
            quarter = quarter.shift(1)


def by_quarter(text: str) -> dict[str, list[str]]:
    """The lines of an export parted by their quarter, each under the headings."""
    heading, *lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    parts: dict[str, list[str]] = defaultdict(lambda: [heading])
    for line in lines:
        parts[next(csv.DictReader([heading, line]))["quarter"]].append(line)
    return dict(parts)


@pytest.mark.reliability
def test_the_rows_of_a_quarter_are_those_of_its_pack(book: Book) -> None:
    """Byte for byte, with codes of accounts and transfers between owners; nothing is left that no pack has."""
    with reader_of(book.ledger) as reader:
        parts = by_quarter(exported(reader, "csv", code_of=code_of))
    expected = {quarter: lines for quarter, lines in packs_of(book.ledger).items() if len(lines) > 1}
    assert parts == expected


@pytest.mark.reliability
def test_the_columns_are_those_of_a_pack(book: Book) -> None:
    """In the same order."""
    heading = book.export("csv").read_bytes().decode("utf-8-sig").splitlines(keepends=True)[0]
    assert {lines[0] for lines in packs_of(book.ledger).values()} == {heading}


@pytest.mark.reliability
def test_every_position_balances_and_every_account_ties(book: Book) -> None:
    """Debits and credits of an event are the same; the accounts come to the stored postings' trial balance."""
    rows = rows_of(book.export("csv"))
    by_position: dict[str, Decimal] = defaultdict(Decimal)
    by_account: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        by_position[row["position"]] += amount_of(row)
        account = f"{row['account']}:{row['item']}" if row["nature"] else row["account"]
        by_account[account] += amount_of(row)
    assert set(by_position.values()) == {0}
    assert {name: amount for name, amount in by_account.items() if amount} == book.trial_balance(date.max)
    legs = [row for row in rows if row["movement"] != "transferred"]
    assert len(legs) == len(book.legs)


@pytest.mark.reliability
@pytest.mark.parametrize("field", ["team", "cost_centre"])
def test_the_rows_add_up_to_the_delta_of_every_owner(book: Book, field: str) -> None:
    """On every one of ten days: what is transferred moves a balance to who owes it then."""
    for day in book.ten_days():
        owed: dict[str, Decimal] = defaultdict(Decimal)
        for row in rows_of(book.export("csv", as_of=day)):
            if row["nature"]:
                owed[row[field]] -= amount_of(row)
        groups = book.ask("delta", "--as-of", str(day), "--by", field.replace("_", "-"))["groups"]
        expected = {row[field] or "": Decimal(row["delta"]) for row in groups}
        assert {name: amount for name, amount in owed.items() if amount} == {
            name: amount for name, amount in expected.items() if amount
        }


@pytest.mark.reliability
def test_an_export_as_of_a_day_has_the_rows_effective_by_then(book: Book) -> None:
    """Those of the whole, without the later ones; as known at a time, those of what was recorded by then."""
    whole = book.export("csv").read_bytes().splitlines(keepends=True)
    for day in book.ten_days():
        kept = [line for line in whole[1:] if line.split(b",")[10] <= str(day).encode()]
        assert book.export("csv", as_of=day).read_bytes().splitlines(keepends=True) == [whole[0], *kept]


HOSTILE = ("=1+1", "@x", "-5", '"a"', "a,b", "x\ny", "\x1b[2J", "+", "ä 中")


def test_names_that_a_spreadsheet_would_evaluate_are_spelled_as_in_a_pack(sqlite_url: str) -> None:
    """A team may be called `=1+1`; the cell begins with an apostrophe."""
    numbers = count(1)
    ledger = Ledger(
        open_engine(sqlite_url), "main", lambda: datetime(2027, 1, 1, tzinfo=UTC), lambda: f"{next(numbers):032x}"
    )
    commands: list[Command] = [OpenBook(currency="JPY", currency_exponent=0, fiscal_year_start=4, time_zone="UTC")]
    commands.append(AddSystem(system="FRAUD", name="x", team="red"))
    opening = Observe(
        system="FRAUD", title="x", category="glue-code", cause="untracked", principal=Quantity(minor=10**15 - 1)
    )
    commands.append(opening)
    for month, name in enumerate(HOSTILE, 2):
        commands.append(ChangeSystem(system="FRAUD", team=name, cost_centre=name, on=date(2026, month, 1)))
        commands.append(
            Repay(item="FRAUD-1", amount=Quantity(minor=1), spent=Quantity(minor=0), on=date(2026, month, 2))
        )
    for command in commands:
        ledger.handle(Request(command, "ada", date(2026, 1, 1) if command is opening else date(2026, 12, 31)),
                      opening=isinstance(command, OpenBook))  # fmt: skip
    with reader_of(ledger) as reader:
        text = exported(reader, "csv", code_of=code_of)
    # Everything was recorded on its day, so that the packs one after the other are the whole.
    heading, *_ = text.removeprefix("\ufeff").splitlines(keepends=True)
    assert text == "".join(["\ufeff", heading, *(line for lines in packs_of(ledger).values() for line in lines[1:])])
    assert text.count(",transferred,") == 2 * len(HOSTILE)
    assert "'=1+1" in text
    assert "\x1b" not in text
