"""The zone in which a book's days begin and end."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.recording import Recording, print_recorded, recording_options
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT


@click.group("time-zone", cls=CommandGroup)
def time_zone() -> None:
    """The zone in which the days of the book begin and end."""


@time_zone.command("set", cls=AskingCommand)
@click.argument("zone", cls=NeededArgument, type=TEXT)
@recording_options(dated=False)
@click.pass_obj
def set_(session: Session, zone: str, **recording: Unpack[Recording]) -> None:
    """Read days in ZONE from here on, a name like Europe/Berlin; what was recorded keeps its day."""
    from ledger.services.time_zone import set_time_zone

    receipts = set_time_zone(session.opened, zone, evidence=recording["evidence"], key=recording["key"])
    print_recorded(receipts, recording["form"], session.book.currency)
