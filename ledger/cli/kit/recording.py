"""What all recording commands share: their options, and the way from a command to a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click

from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_lines, say
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, TEXT
from ledger.decide.command import Command
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request
from ledger.events import (
    BudgetSet,
    DebtCommissioned,
    Description,
    EstimateRevised,
    ForecastSet,
    InterestObserved,
    ItemWrittenOff,
    NeglectAdopted,
    NeglectObserved,
    PolicySet,
    RepaymentRecorded,
    TimeZoneSet,
    said_of_item,
)
from ledger.vocabulary.money import Currency

if TYPE_CHECKING:
    from ledger.services.open_ledger import Ledger

F = TypeVar("F", bound=Callable[..., Any])

#: How far a clock may be behind the book's time without a word: clocks of two machines differ.
_BEARABLE = timedelta(minutes=1)

RECEIPT_COLUMNS = ("position", "event_id", "stored_as", "item", "effective_on", "recorded_at", "hash")


class Recording(TypedDict):
    """The options of a recording command, passed on together."""

    on: date | None
    late: bool
    key: str | None
    again: bool
    evidence: str | None
    form: str


class When(TypedDict):
    """What every command says of its day and its evidence."""

    on: date | None
    late: bool
    evidence: str | None


def when(recording: Recording) -> When:
    """The options that belong to the command itself; the others are about recording it."""
    return When(on=recording["on"], late=recording["late"], evidence=recording["evidence"])


_ON = click.option("--on", type=DAY, help="The day it happened; today by default.")
_LATE = click.option("--late", is_flag=True, help="Post it on the first day allowed, and keep the day it happened.")
_KEY = click.option("--key", type=TEXT, help="Names the request: sent again with the same key it counts once.")
_AGAIN = click.option("--again", is_flag=True, help="Record it although the same was recorded before.")
_EVIDENCE = click.option("--evidence", type=TEXT, help="Where it can be checked: a commit, a ticket, a document.")


def recording_options(*, dated: bool = True) -> Callable[[F], F]:
    """Add --on, --late, --key, --again, --evidence and --format. dated: False for what takes no date."""

    def add(function: F) -> F:
        for option in (format_option, _EVIDENCE, _AGAIN, _KEY, *((_LATE, _ON) if dated else ())):
            function = option(function)
        return function

    return add


def record(session: Session, command: Command, **recording: Unpack[Recording]) -> None:
    """Hand a command to the ledger and print the receipt."""
    request = session.request(command, key=recording["key"], again=recording["again"])
    hand_in(session.ledger, request, recording["form"], session.book.currency)


def hand_in(ledger: Ledger, request: Request, form: str, currency: Currency, *, opening: bool = False) -> None:
    """Hand a request to a ledger and print the receipt. opening: the request opens the book."""
    with earlier_shown(currency):
        receipts = ledger.handle(request, opening=opening)
    print_recorded(receipts, form, currency)


@contextmanager
def earlier_shown(currency: Currency) -> Iterator[None]:
    """What was recorded before is shown with the refusal to record it again."""
    try:
        yield
    except AlreadyRecorded as refusal:
        say("Recorded before:")
        for receipt in refusal.receipts:
            say(*told(receipt, currency))
        raise


def print_recorded(receipts: tuple[Receipt, ...], form: str, currency: Currency) -> None:
    """Print the receipts of a request, and say if it is a retry."""
    if receipts[0].repeated and form == "table":
        say("This request was recorded before; here is its first receipt.")
    print_receipts(receipts, form, currency)


def receipt_record(receipt: Receipt) -> Record:
    """A receipt as design §6 shapes it."""
    recorded = receipt.recorded
    return {
        "position": recorded.position,
        "event_id": recorded.event_id,
        "stored_as": recorded.stored_as,
        "item": receipt.item,
        "effective_on": recorded.effective_on,
        "recorded_at": recorded.recorded_at,
        "hash": receipt.hash,
    }


def print_receipts(receipts: tuple[Receipt, ...], form: str, currency: Currency) -> None:
    """One receipt as an object, several as a list; for a person, a sentence each."""
    if receipts:
        _warn_of_the_clock(receipts[0])
    records = [receipt_record(receipt) for receipt in receipts]
    if form == "json":
        print_json(records[0] if len(records) == 1 else records)
    elif form == "csv":
        print_csv(records, RECEIPT_COLUMNS)
    else:
        for receipt in receipts:
            print_lines(*told(receipt, currency))


def _warn_of_the_clock(receipt: Receipt) -> None:
    """Time stands still in a book whose last entry is later than now: somebody has to know."""
    if receipt.clock_behind > _BEARABLE:
        say(
            f"The book's time is {receipt.recorded.recorded_at}, and this machine's clock says {receipt.clock_at}: until the"
            " clock gets there, every entry has that time. If the clock is right now, it was wrong when that was recorded."
        )


def told(receipt: Receipt, currency: Currency) -> tuple[str, str]:
    """A receipt for a person: what was recorded, and where it stands."""
    recorded = receipt.recorded
    late = f" (happened {recorded.event.occurred_on}, late)" if recorded.event.occurred_on else ""
    subject = f"{recorded.stream}  " if recorded.stream != "book" else ""
    what = recorded.stored_as.rpartition("/")[0].replace("-", " ")
    figures = _figures(receipt, currency)
    return (
        f"{subject}{what}{': ' + figures if figures else ''}, effective {recorded.effective_on}{late}",
        f"  position {recorded.position}, recorded {recorded.recorded_at}, hash {receipt.hash[:12]}",
    )


def _figures(receipt: Receipt, currency: Currency) -> str:
    event, text = receipt.recorded.event, currency.text
    match event:
        case NeglectObserved(principal_minor=None):
            return "unestimated"
        case DebtCommissioned() | NeglectObserved() | NeglectAdopted():
            return f"{text(event.principal_minor or 0)}, interest {text(event.carry_minor_per_year)} a year"
        case RepaymentRecorded():
            assumed = " (assumed)" if event.spent_assumed else ""
            cost = "unmeasured" if event.spent_minor is None else f"spent {text(event.spent_minor)}{assumed}"
            removed, carry = text(event.removed_minor), text(event.carry_removed_minor_per_year)
            return f"removed {removed} and interest of {carry} a year, {cost}"
        case EstimateRevised():
            carry = text(event.carry_change_minor_per_year)
            return f"principal by {text(event.principal_change_minor)}, interest by {carry} a year"
        case BudgetSet() | ForecastSet():
            return f"{event.quarter} for {event.team}: {text(event.amount_minor)}"
        case PolicySet():
            return f"{event.policy} {event.value}"
        case TimeZoneSet():
            return f"{event.time_zone} instead of {event.previous}"
        case ItemWrittenOff():
            return f"{text(event.removed_minor)}, interest {text(event.carry_removed_minor_per_year)} a year"
        case InterestObserved():
            return text(event.amount_minor)
        case Description():
            return said_of_item(event)
        case _:
            return ""
