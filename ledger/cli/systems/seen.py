"""Somebody was seen reading a system's output: neglect, unless it was declared."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import print_json, say
from ledger.cli.kit.recording import Recording, print_receipts, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, SYSTEM, TEXT
from ledger.services.seen import Seen, Sighted, record_sighting


@click.command(cls=AskingCommand)
@click.argument("source", metavar="SOURCE", cls=NeededArgument, type=SYSTEM)
@click.option("--by", "reader", cls=Needed, type=TEXT, help="Who was seen: a system's key, or any name.")
@click.option("--principal", type=AMOUNT, help="Cost of doing it right: 12000 or 15d; left out while nobody knows.")
@click.option("--interest", type=AMOUNT, help="What carrying it costs: 800/month, 6% (a year).")
@recording_options()
@click.pass_obj
def seen(
    session: Session,
    source: str,
    reader: str,
    principal: str | None,
    interest: str | None,
    **recording: Unpack[Recording],
) -> None:
    """Record that somebody was seen reading SOURCE's output: neglect, unless that is declared.

    Seen again while that neglect is open, the sighting is added to it as evidence.
    """
    sighting = Seen(
        **when(recording),
        source=source,
        reader=reader,
        principal=session.quantity(principal),
        interest=session.interest(interest),
    )
    requester = session.requester
    found = record_sighting(session.ledger, sighting, requester, key=recording["key"], again=recording["again"])
    if not found.receipts:
        _say_declared(recording["form"], source, found.reader)
        return
    if recording["form"] == "table":
        _say_what_became_of_it(found)
    print_receipts(found.receipts, recording["form"], session.book.currency)


def _say_declared(form: str, source: str, reader: str) -> None:
    if form == "json":
        print_json({"source": source, "reader": reader, "declared": True})
    else:
        say(
            f"{reader} declared that it reads {source}: nothing was recorded. `debt system graph` shows who reads what."
        )


def _say_what_became_of_it(found: Sighted) -> None:
    if found.receipts[0].repeated:
        say("This request was recorded before; here is its first receipt.")
    elif found.item is not None:
        say(f"{found.item} says so already and is open: the sighting was added to it.")
