"""Somebody was seen reading a system's output: neglect, unless it was declared."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.output import print_json, say
from ledger.cli.kit.recording import Recording, print_receipts, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, SYSTEM, TEXT
from ledger.decide.command import Command, Needs
from ledger.decide.evidence import AddEvidence
from ledger.decide.observe import Observe
from ledger.decide.system import known_system
from ledger.decide.words import name
from ledger.queries.register.graph import READ_BY, SOURCE, asked_before, sighting_items
from ledger.store.transaction import Receipt, Unit
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import system_key


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
    key = recording["key"]
    with session.ledger.appending() as unit:
        earlier = asked_before(unit.connection, unit.book, key) if key else None
        reader, declared = _known_as(unit, session, source, name(" ".join(reader.split()), "--by"))
        if declared and earlier is None:
            _say_declared(recording["form"], source, reader)
            return
        # A retry is decided as it was the first time, whatever was opened or closed since.
        item = earlier.get("item") if earlier else _open_item(unit, session, source, reader)
        command: Command
        if item is None:
            command = Observe(
                **when(recording),
                system=source,
                title=f"Read by {reader}, which never declared it",
                category="undeclared-consumer",
                cause="untracked",
                principal=session.quantity(principal),
                interest=session.interest(interest),
                source=SOURCE,
                external_key=f"{READ_BY}{reader}",
            )
        else:
            _refuse_estimate(item, reader, principal, interest)
            command = AddEvidence(**when(recording), item=item, text=f"{reader} was seen reading it again.")
        receipts = unit.record(session.request(command, key=key, again=recording["again"]))
    if recording["form"] == "table":
        _say_what_became_of_it(receipts, item)
    print_receipts(receipts, recording["form"], session.book.currency)


def _known_as(unit: Unit, session: Session, source: str, reader: str) -> tuple[str, bool]:
    """The reader, by its key if it is a system, and whether it declared it. Raises Refused for the source itself."""
    try:
        key = system_key(reader)
    except Unreadable:
        key = ""
    state = unit.memory.state_for(Needs(systems=(source, key) if key else (source,)), session.today)
    known_system(source, state)
    if key not in state.systems:
        return reader, False
    declared = source in state.systems[key].reads_from
    if key == source and not declared:
        raise Refused(
            f"{source} reading its own output is a feedback loop, not somebody the owner does not know of.",
            f"`debt system depends {source} {source} --what …` declares it; `debt observe {source} TITLE --category "
            "direct-feedback-loop --cause …` records it as neglect.",
        )
    return key, declared


def _open_item(unit: Unit, session: Session, source: str, reader: str) -> str | None:
    """The item that says already that the reader was seen, if one is open today."""
    found = sighting_items(unit.connection, unit.book, source, reader)
    items = unit.memory.state_for(Needs(items=tuple(found)), session.today).items
    still_open = [item for item in found if not items[item].reversed and not items[item].closed_on(session.today)]
    return still_open[-1] if still_open else None


def _refuse_estimate(item: str, reader: str, principal: str | None, interest: str | None) -> None:
    """Evidence has no principal: what an item costs is revised, with a reason."""
    if principal is not None or interest is not None:
        raise Refused(
            f"{item} says already that {reader} reads it: seen again, it costs no more by itself.",
            f"`debt revise {item} --principal … --because …` changes the estimate; without --principal and --interest the "
            "sighting is added.",
        )


def _say_declared(form: str, source: str, reader: str) -> None:
    if form == "json":
        print_json({"source": source, "reader": reader, "declared": True})
    else:
        say(
            f"{reader} declared that it reads {source}: nothing was recorded. `debt system graph` shows who reads what."
        )


def _say_what_became_of_it(receipts: tuple[Receipt, ...], item: str | None) -> None:
    if receipts[0].repeated:
        say("This request was recorded before; here is its first receipt.")
    elif item is not None:
        say(f"{item} says so already and is open: the sighting was added to it.")
