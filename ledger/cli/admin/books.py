"""The book itself: opening it."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed
from ledger.cli.kit.configuration import ledger_above
from ledger.cli.kit.recording import Recording, print_recorded, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT


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
@recording_options(tried_out=False)
@click.pass_obj
def init(
    session: Session, name: str, currency: str, fiscal_year_start: int, time_zone: str, **recording: Unpack[Recording]
) -> None:
    """Make or upgrade the database, and open a book in it."""
    from ledger.services.init import BookWanted, currency_of
    from ledger.services.init import init as open_new_book

    above = ledger_above(session.database)
    if above is not None:
        click.echo(
            f"A ledger stands in a folder above: {above}. This opens another one here; --database {above} names that one.",
            err=True,
        )
    wanted = BookWanted(name, currency, fiscal_year_start, time_zone, **when(recording))
    edge = session.edge
    receipts = open_new_book(
        session.address, wanted, actor=session.actor, key=recording["key"], clock=edge.clock, new_id=edge.new_id
    )
    session.opened_at = receipts[-1].recorded.position
    print_recorded(receipts, recording["form"], currency_of(currency))
