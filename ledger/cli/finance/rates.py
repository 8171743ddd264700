"""The price of a person-day: set, listed, taken back."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import Record, format_option, print_records
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY, MONEY, POSITION, TEAM, TEXT
from ledger.decide.rate_set import SetRate
from ledger.decide.rate_withdraw import WithdrawRate

_COLUMNS = ("from", "team", "day_rate", "position", "priced")


@click.group(cls=CommandGroup)
def rate() -> None:
    """The price of a person-day, for efforts typed as 15d or 6h."""


@rate.command("set", cls=AskingCommand)
@click.argument("amount", cls=NeededArgument, type=MONEY)
@click.option("--from", "--on", "on", cls=Needed, type=DAY, help="The first day it is in force.")
@click.option("--team", type=TEAM, help="Of this team alone; its rate goes before the book's.")
@click.option("--late", is_flag=True, help="Where that day is closed, from the first open day on.")
@click.option(
    "--yes", is_flag=True, help="It is meant, although it is more than three times the last, or a third of it."
)
@recording_options(dated=False)
@click.pass_obj
def set_rate(session: Session, amount: str, team: str | None, yes: bool, **recording: Unpack[Recording]) -> None:
    """Set the price of a person-day of eight hours from a day on."""
    command = SetRate(
        **when(recording),
        rate_minor=session.book.currency.parse(amount),
        team=team,
        yes=yes,
    )
    record(session, command, **recording)


@rate.command(cls=AskingCommand)
@click.argument("position", cls=NeededArgument, type=POSITION)
@click.option("--because", cls=Needed, type=TEXT, help="What was wrong with it.")
@recording_options(dated=False)
@click.pass_obj
def withdraw(session: Session, position: int, because: str, **recording: Unpack[Recording]) -> None:
    """Take back the rate that was set at POSITION; what it priced keeps its figures."""
    record(session, WithdrawRate(evidence=recording["evidence"], position=position, because=because), **recording)


@rate.command("list")
@click.option("--withdrawn", is_flag=True, help="Those that were taken back, instead of those that stand.")
@format_option
@click.pass_obj
def list_rates(session: Session, withdrawn: bool, form: str) -> None:
    """List the prices of a person-day: since when, whose, and how many entries each of them priced."""
    from ledger.queries.register.rates import day_rates

    with session.reader() as reader:
        found = [record for record in day_rates(reader) if (record.withdrawn_at is not None) == withdrawn]
    money = session.book.currency.grouped if form == "table" else session.book.currency.plain
    records: list[Record] = [
        {
            "from": entry.rate.effective_on,
            "team": entry.rate.team,
            "day_rate": money(entry.rate.rate_minor),
            "position": entry.rate.position,
            "priced": len(entry.priced),
        }
        for entry in found
    ]
    print_records(
        form,
        records,
        _COLUMNS,
        title="Withdrawn day rates" if withdrawn else "Day rates",
        right=("day_rate", "position", "priced"),
        empty="No rate was withdrawn." if withdrawn else "No rate is set. `debt rate set AMOUNT --from DATE` sets one.",
    )
