"""Taking back what was entered in error: by its position, by its item, or the last thing that one recorded."""

from __future__ import annotations

import re
import shlex
import sys
from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import print_lines, say
from ledger.cli.kit.recording import Recording, record, recording_options, told
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import ITEM, TEXT, Read
from ledger.decide.receipt import Receipt
from ledger.decide.reverse import Reverse
from ledger.queries.register.standing import last_standing, only_standing
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import is_item, item_id

#: Digits that any database can compare with its positions.
_LONGEST_POSITION = 18


def _position(text: str) -> int | str:
    """A position as typed, or an item. A position that no book can have is read, and refused like any that is not there."""
    if is_item(text.strip().upper()):
        return item_id(text)
    if not re.fullmatch(r"-?\d+", text.strip(), re.ASCII):
        raise Unreadable(f"'{text}' is not a position: write the number that the receipt or `debt log` shows, like 17.")
    if len(text) > _LONGEST_POSITION:
        raise Refused(f"There is no event at position {text}.", "`debt log` lists them.")
    return int(text)


@click.command(cls=AskingCommand)
@click.argument("position", cls=NeededArgument, type=Read("position", _position))
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
    if not yes:
        say(*told(Receipt(found.recorded, found.hash), session.book.currency))
        again = shlex.join(["debt", "reverse", str(position), "--because", because])
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise Refused(
                "Nobody is there to be asked whether that is to be reversed.", f"`{again}` reverses it, or --yes."
            )
        if not click.confirm("Reverse it?", err=True):
            print_lines("Nothing was recorded.")
            return
    record(session, Reverse(evidence=recording["evidence"], position=position, because=because), **recording)
