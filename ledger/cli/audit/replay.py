"""Replay: the books at any point, folded from the events alone, and whether the read models agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from ledger.accounts.general_ledger import AccountBalance, FoldedItem, GeneralLedger
from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import (
    Record,
    format_option,
    print_csv,
    print_json,
    print_lines,
    print_records,
    print_table,
    say,
)
from ledger.cli.kit.progress import progress
from ledger.cli.kit.projection import say_beside, titled, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY
from ledger.queries.audit.disagreement import Disagreement
from ledger.queries.register.items import CLOSED
from ledger.services.replay import Replay
from ledger.services.replay import replay as replayed
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.kinds import NATURES
from ledger.vocabulary.money import Currency

_AMOUNTS = ("principal", "outstanding", "interest_per_year", "interest_incurred")
_REGISTER = (
    "item",
    "title",
    "nature",
    "dimension",
    "category",
    "opened_on",
    *_AMOUNTS,
    "status",
    "repay_by",
    "until",
    "planned_for",
)
_SHOWN = ("item", "title", "nature", "opened_on", *_AMOUNTS, "status", "repay_by")
_DELTA = ("debt", "neglect", "delta", "interest_per_year", "interest_incurred")
_TRIAL_BALANCE = ("account", "debit", "credit", "balance")
_MOVED = ("effective_on", "position", "recorded_at", "stored_as", "stream", "actor", "debt", "neglect", "delta")
_DISAGREEMENTS = ("item", "account", "figure", "replayed", "stored")

Shown = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Books:
    """What was replayed, in the words of the output."""

    found: Replay
    items: list[FoldedItem]
    currency: Currency
    today: date

    @property
    def folded(self) -> GeneralLedger:
        return self.found.folded

    def delta(self, shown: Shown) -> Record:
        """The technical delta."""
        debt, neglect = (self.folded.total(nature) for nature in NATURES)
        per_year = sum(item.interest_per_year for item in self.items)
        incurred = sum(item.interest_incurred for item in self.items)
        return dict(zip(_DELTA, map(shown, (debt, neglect, debt + neglect, per_year, incurred)), strict=True))

    def register(self, shown: Shown, *, closed: bool) -> list[Record]:
        """The items, with closed and reversed ones or without."""
        return [_item_record(item, shown) for item in self.items if closed or item.status not in CLOSED]

    def trial_balance(self, shown: Shown) -> list[Record]:
        """Every account, and their total."""
        accounts = sorted(self.folded.accounts.items())
        total = AccountBalance(
            sum(account.debit for _, account in accounts), sum(account.credit for _, account in accounts)
        )
        return [
            {
                "account": name,
                "debit": shown(account.debit),
                "credit": shown(account.credit),
                "balance": shown(account.balance),
            }
            for name, account in (*accounts, ("total", total))
        ]

    def events(self, shown: Shown) -> list[Record]:
        """The events of the period, with what stood after each."""
        return [
            {name: getattr(each, name) for name in _MOVED[:6]}
            | {"debt": shown(each.debt), "neglect": shown(each.neglect), "delta": shown(each.debt + each.neglect)}
            for each in self.found.moved or ()
        ]


def _item_record(item: FoldedItem, shown: Shown) -> Record:
    values: Record = {name: getattr(item, name) for name in _REGISTER}
    return values | {name: None if values[name] is None else shown(values[name]) for name in _AMOUNTS}


@click.command()
@as_of_option
@known_at_option
@click.option("--from", "first_day", type=DAY, help="Print every event from this day on, with the running delta.")
@click.option("--check", is_flag=True, help="Only compare; stop at the first figure that differs.")
@format_option
@click.pass_obj
def replay(
    session: Session, as_of: date | None, known_at: str | None, first_day: date | None, check: bool, form: str
) -> None:
    """Fold the books from the events alone, print them, and say whether the stored read models agree."""
    day = as_of or session.today
    if first_day and first_day > day:
        raise click.UsageError(f"--from {first_day} is after --as-of {day}.")
    with progress("replaying") as tell:
        found = replayed(session.opened, day, known_at, since=first_day, check=check, progress=tell)
    books = _Books(found, list(found.folded.register()), session.book.currency, session.today)
    say_beside(form, day, session.today)
    if form == "json":
        _print_json(books, check=check)
    elif form == "csv" and not check:
        _print_csv(books)
    elif form == "table":
        if not check:
            _print_tables(books)
        _print_disagreements(found.disagreements, session.book.currency)
    _conclude(books, spoken=form == "table")


def _print_json(books: _Books, *, check: bool) -> None:
    plain, found = books.currency.plain, books.found
    facts: Record = {
        "as_of": books.folded.as_of,
        "known_at": found.known_at,
        "position": found.position,
        "currency": books.currency.code,
        "events": books.folded.events,
        "agrees": not found.disagreements,
        "disagreements": [_disagreement_record(each, plain) for each in found.disagreements],
    }
    if not check:
        facts["delta"] = books.delta(plain)
        facts["register"] = books.register(plain, closed=True)
        facts["trial_balance"] = books.trial_balance(plain)[:-1]
        if found.moved is not None:
            facts["moved"] = books.events(plain)
    print_json(told(facts, books.folded.as_of, books.today))


def _print_csv(books: _Books) -> None:
    plain = books.currency.plain
    if books.found.moved is None:
        print_csv(books.register(plain, closed=True), _REGISTER)
    else:
        print_csv(books.events(plain), _MOVED)


def _print_tables(books: _Books) -> None:
    shown = books.currency.grouped
    day = titled(f"on {books.folded.as_of}, {books.currency.code}", books.folded.as_of, books.today)
    known = f"as known at position {books.found.position}"
    if books.found.moved is not None:
        print_records(
            "table",
            books.events(shown),
            _MOVED,
            title=f"Events to {books.folded.as_of}, and what stood after each, {books.currency.code}, {known}",
            right=("position", "debt", "neglect", "delta"),
            empty="No event is effective in that period.",
        )
    open_items = books.register(shown, closed=False)
    print_records(
        "table", open_items, _SHOWN, title=f"Register {day}, {known}", right=_AMOUNTS, empty="No item is open."
    )
    closed = len(books.items) - len(open_items)
    if closed:
        say(f"{closed} closed and reversed items are not shown; --format json has them.")
    print_table([books.delta(shown)], _DELTA, title=f"Technical delta {day}", right=_DELTA)
    print_table(books.trial_balance(shown), _TRIAL_BALANCE, title=f"Trial balance {day}", right=_TRIAL_BALANCE[1:])


def _disagreement_record(each: Disagreement, shown: Shown) -> Record:
    def said(value: Any) -> Any:
        return shown(value) if each.amount and value is not None else value

    return {
        "item": each.item,
        "account": each.account,
        "figure": each.figure,
        "replayed": said(each.replayed),
        "stored": said(each.stored),
    }


def _print_disagreements(found: tuple[Disagreement, ...], currency: Currency) -> None:
    if found:
        records = [_disagreement_record(each, currency.grouped) for each in found]
        print_table(records, _DISAGREEMENTS, title="Where the read models disagree")


def _conclude(books: _Books, *, spoken: bool) -> None:
    """Say that they agree, or raise what does not."""
    if books.found.disagreements:
        first = books.found.disagreements[0]
        record = _disagreement_record(first, books.currency.grouped)
        subject = f"{first.item}, {first.account}" if first.item else first.account
        raise StoreError(
            f"The read models disagree with the events: {subject}, {first.figure}: replayed {record['replayed']}, "
            f"stored {record['stored']}. `debt verify` tells what was touched; `debt db rebuild` puts read models right."
        )
    if spoken and books.folded.events == 0:
        print_lines("No event counts on that day: there was nothing to replay, and nothing is proved.")
    elif spoken:
        print_lines(
            f"OK: {books.folded.events} of {books.found.position} events folded from nothing; the read models agree in every row "
            f"and in every figure of {counted(len(books.items), 'item')} and {counted(len(books.folded.accounts), 'account')}."
        )
