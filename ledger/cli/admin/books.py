"""The book itself: opening it, the price of a day."""

from __future__ import annotations

from typing import Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.recording import Recording, hand_in, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, DAY, TEAM, TEXT
from ledger.decide.init import OpenBook
from ledger.decide.rate_set import SetRate
from ledger.decide.words import limited
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import Currency
from ledger.vocabulary.text import MAX_NAME


@click.command(cls=AskingCommand)
@click.option(
    "--book",
    "name",
    cls=Needed,
    type=TEXT,
    help="The book's name.",
    callback=lambda ctx, param, value: value or ctx.obj.wanted_book,
)
@click.option("--currency", cls=Needed, type=TEXT, help="ISO 4217 code of its one currency: EUR.")
@click.option(
    "--fiscal-year-start", type=click.IntRange(1, 12), default=1, show_default=True, help="First month of the year."
)
@click.option(
    "--time-zone", type=TEXT, default="UTC", show_default=True, help="Decides what 'today' is: Europe/Berlin."
)
@recording_options()
@click.pass_obj
def init(
    session: Session, name: str, currency: str, fiscal_year_start: int, time_zone: str, **recording: Unpack[Recording]
) -> None:
    """Make or upgrade the database, and open a book in it."""
    from ledger.store.upgrade import upgrade

    exponent = _exponent(currency.upper())
    zone = _zone(time_zone)
    command = OpenBook(
        **when(recording),
        currency=currency.upper(),
        currency_exponent=exponent,
        fiscal_year_start=fiscal_year_start,
        time_zone=time_zone,
    )
    limited(name, "--book", MAX_NAME)
    engine = session.address.engine(create=True)
    upgrade(engine)
    ledger = Ledger(engine, name, session.edge.clock, session.edge.new_id)
    today = session.edge.clock().astimezone(zone).date()
    # A book is opened once: its own rule says more than "the same request was recorded before".
    request = session.request(command, key=recording["key"], again=True, today=today)
    hand_in(ledger, request, recording["form"], Currency(command.currency, exponent), opening=True)


def _exponent(code: str) -> int:
    """Decimal places of a currency, by ISO 4217. Raises Unreadable for a code that is none."""
    from babel import Locale
    from babel.numbers import get_currency_precision

    if code not in Locale("en").currencies:
        raise Unreadable(f"'{code}' is not a currency: write its ISO 4217 code, like EUR.")
    return get_currency_precision(code)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unreadable(f"'{name}' is not a time zone: write it like Europe/Berlin.") from None


@click.group()
def rate() -> None:
    """The price of a person-day, for efforts typed as 15d or 6h."""


@rate.command("set", cls=AskingCommand)
@click.argument("amount", cls=NeededArgument, type=AMOUNT)
@click.option("--from", "--on", "on", cls=Needed, type=DAY, help="The first day it is in force.")
@click.option("--team", type=TEAM, help="Of this team alone; its rate goes before the book's.")
@click.option("--late", is_flag=True, help="Where that day is closed, from the first open day on.")
@recording_options(dated=False)
@click.pass_obj
def set_rate(session: Session, amount: str, team: str | None, **recording: Unpack[Recording]) -> None:
    """Set the price of a person-day of eight hours from a day on."""
    command = SetRate(
        **when(recording),
        rate_minor=session.book.currency.parse(amount),
        team=team,
    )
    record(session, command, **recording)
