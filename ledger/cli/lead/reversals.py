"""Taking back what was entered in error: by its position, by its item, or the last thing that one recorded."""

from __future__ import annotations

import shlex
import sys
from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import print_lines, say
from ledger.cli.kit.receipts import receipt_lines
from ledger.cli.kit.recording import Recording, record, recording_options
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import ITEM, TEXT, Read, typed_position
from ledger.decide.receipt import Receipt
from ledger.decide.reverse import Reverse
from ledger.queries.register.standing import last_standing, only_standing
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import is_item, item_id


def _position_or_item(text: str) -> int | str:
    return item_id(text) if is_item(text.strip().upper()) else typed_position(text)


@click.command(cls=AskingCommand)
@click.argument("position", cls=NeededArgument, type=Read("position", _position_or_item))
@click.option("--because", cls=Needed, type=TEXT, help="What was wrong with it.")
@recording_options(dated=False)
@click.pass_obj
def reverse(session: Session, position: int | str, because: str, **recording: Unpack[Recording]) -> None:
    """Reverse the event at POSITION, which was entered in error; of an item on which one event stands, its key does."""
    if isinstance(position, str):
        with session.reader() as reader:
            position = only_standing(reader, position)
    record(session, Reverse(evidence=recording["evidence"], position=position, because=because), **recording)


@click.command()
@click.argument("item", required=False, type=ITEM)
@click.option("--because", type=TEXT, default="entered in error", show_default=True, help="What was wrong with it.")
@click.option("--yes", is_flag=True, help="Reverse it without being asked.")
@recording_options(dated=False)
@click.pass_obj
def undo(session: Session, item: str | None, because: str, yes: bool, **recording: Unpack[Recording]) -> None:
    """Reverse the last thing that you recorded and that stands, on ITEM or at all, once it was shown to you."""
    with session.reader() as reader:
        found = last_standing(reader, session.actor, item)
    position = found.recorded.position
    if not yes and not session.trying:
        say(*receipt_lines(Receipt(found.recorded, found.hash), session.book.currency))
        again = shlex.join(["debt", "reverse", str(position), "--because", because])
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Refused(
                "Nobody is there to be asked whether that is to be reversed.", f"`{again}` reverses it, or --yes."
            )
        if not click.confirm("Reverse it?", err=True):
            print_lines("Nothing was recorded.")
            return
    record(session, Reverse(evidence=recording["evidence"], position=position, because=because), **recording)
