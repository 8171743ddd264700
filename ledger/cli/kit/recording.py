"""What all recording commands share: their options, and the way from a command to a receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import click
from msgspec.structs import replace

from ledger.cli.kit.asking import answered
from ledger.cli.kit.output import Record, format_option, print_csv, print_json, print_lines, say
from ledger.cli.kit.receipts import posting_records, receipt_lines
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, TEXT
from ledger.decide.command import Command
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request
from ledger.decide.unsure import Unsure
from ledger.vocabulary.money import Currency

if TYPE_CHECKING:
    from ledger.services.open_ledger import Ledger

F = TypeVar("F", bound=Callable[..., Any])

#: How far a clock may be behind the book's time without a word: clocks of two machines differ.
_BEARABLE = timedelta(minutes=1)

#: Where the context of a command says that it is to be quiet.
_QUIET = "ledger.quiet"

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


def _try_out(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.ensure_object(Session).trying = True


# Told to the ledger itself and not to the command, so that no command can forget it.
_DRY_RUN = click.option(
    "--dry-run",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_try_out,
    help="Show the receipt and its postings; record nothing.",
)


def _be_quiet(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        ctx.meta[_QUIET] = True


_QUIET_OPTION = click.option(
    "--quiet",
    "-q",
    is_flag=True,
    expose_value=False,
    callback=_be_quiet,
    help="Print the item alone, or the position of what is of no item.",
)


def recording_options(*, dated: bool = True, tried_out: bool = True) -> Callable[[F], F]:
    """Add --on, --late, --key, --again, --evidence, --dry-run, --quiet and --format.

    dated: False for what takes no date. tried_out: False for what tells more than a receipt, and in a way of its own.
    """

    def add(function: F) -> F:
        tried = (_QUIET_OPTION, _DRY_RUN) if tried_out else ()
        for option in (format_option, *tried, _EVIDENCE, _AGAIN, _KEY, *((_LATE, _ON) if dated else ())):
            function = option(function)
        return function

    return add


def record(session: Session, command: Command, **recording: Unpack[Recording]) -> None:
    """Hand a command to the ledger and print the receipt."""
    key, again, form = recording["key"], recording["again"], recording["form"]
    try:
        hand_in(session.ledger, session.request(command, key=key, again=again), form, session.book.currency)
    except Unsure as doubt:
        meant = replace(command, **answered(doubt))
        hand_in(session.ledger, session.request(meant, key=key, again=again), form, session.book.currency)


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
            say(*receipt_lines(receipt, currency))
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


def _tried_record(receipt: Receipt, currency: Currency) -> Record:
    """A receipt of what was only tried out: without what it will have only when recorded, and with its postings."""
    unknown = dict.fromkeys(("event_id", "recorded_at", "hash"))
    return receipt_record(receipt) | unknown | {"dry_run": True, "postings": posting_records(receipt, currency)}


def print_receipts(receipts: tuple[Receipt, ...], form: str, currency: Currency) -> None:
    """One receipt as an object, several as a list; for a person, a sentence each."""
    if receipts:
        _warn_of_the_clock(receipts[0])
        if receipts[0].tried and form == "table":
            say("Nothing was recorded: this is what would be.")
    records = [_tried_record(receipt, currency) if receipt.tried else receipt_record(receipt) for receipt in receipts]
    if form == "json":
        print_json(records[0] if len(records) == 1 else records)
    elif form == "csv":
        print_csv(records, RECEIPT_COLUMNS)
    elif _is_quiet():
        print_lines(*dict.fromkeys(receipt.item or str(receipt.recorded.position) for receipt in receipts))
    else:
        for receipt in receipts:
            print_lines(*receipt_lines(receipt, currency))


def _is_quiet() -> bool:
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def _warn_of_the_clock(receipt: Receipt) -> None:
    """Time stands still in a book whose last entry is later than now: somebody has to know."""
    if receipt.clock_behind > _BEARABLE:
        say(
            f"The book's time is {receipt.recorded.recorded_at}, and this machine's clock says {receipt.clock_at}: until the"
            " clock gets there, every entry has that time. If the clock is right now, it was wrong when that was recorded."
        )
