"""What happens to an item: repayments, estimates, plans, notes."""

from __future__ import annotations

from typing import Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, DEBT, ITEM, OPEN_ITEM, QUARTER_TO_COME, STANDING_ITEM, TEXT
from ledger.decide.interest import ObserveInterest
from ledger.decide.note import AddNote
from ledger.decide.plan import Plan
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.decide.write_off import WriteOff
from ledger.vocabulary.quantities import Quantity


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=OPEN_ITEM)
@click.argument("amount", cls=NeededArgument, unless="--all", type=AMOUNT)
@click.option("--all", "everything", is_flag=True, help="All that is left.")
@click.option("--spent", type=AMOUNT, help="What the work cost: 6200 or 8d; what it removed by default.")
@click.option("--unmeasured", is_flag=True, help="Nobody knows what the work cost, and nothing is assumed.")
@recording_options()
@click.pass_obj
def repay(
    session: Session,
    item: str,
    amount: str | None,
    everything: bool,
    spent: str | None,
    unmeasured: bool,
    **recording: Unpack[Recording],
) -> None:
    """Record work that lowered ITEM's principal by AMOUNT (5000, 5d), or by all of it."""
    if amount is not None and everything:
        raise click.UsageError("Give AMOUNT or --all, not both.")
    command = Repay(
        **when(recording),
        item=item,
        amount=session.quantity(amount),
        spent=session.quantity(spent),
        unmeasured=unmeasured,
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=STANDING_ITEM)
@click.option("--principal", cls=Needed, unless="--interest", type=AMOUNT, help="What is outstanding now: 9000 or 11d.")
@click.option("--interest", type=AMOUNT, help="What carrying it costs now: 800/month, 6%.")
@click.option("--because", cls=Needed, type=TEXT, help="Why the estimate changed.")
@recording_options()
@click.pass_obj
def revise(
    session: Session,
    item: str,
    principal: str | None,
    interest: str | None,
    because: str,
    **recording: Unpack[Recording],
) -> None:
    """Estimate ITEM anew: its principal, its interest, or both."""
    command = Revise(
        **when(recording),
        item=item,
        principal=session.quantity(principal),
        interest=session.interest(interest),
        because=because,
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=STANDING_ITEM)
@click.argument("amount", cls=NeededArgument, type=AMOUNT)
@click.option("--because", cls=Needed, type=TEXT, help="What showed it: incident 341.")
@recording_options()
@click.pass_obj
def interest(session: Session, item: str, amount: str, because: str, **recording: Unpack[Recording]) -> None:
    """Record what carrying ITEM really cost on a day, AMOUNT (250, 6h): beside the interest that is booked."""
    command = ObserveInterest(
        **when(recording), item=item, amount=Quantity.parse(amount, session.book.currency), because=because
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=OPEN_ITEM)
@click.option("--because", cls=Needed, type=TEXT, help="Why it goes away unpaid.")
@recording_options()
@click.pass_obj
def write_off(session: Session, item: str, because: str, **recording: Unpack[Recording]) -> None:
    """Write off the whole rest of ITEM, unpaid."""
    command = WriteOff(**when(recording), item=item, because=because)
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=DEBT)
@click.argument("quarter", cls=NeededArgument, type=QUARTER_TO_COME)
@recording_options()
@click.pass_obj
def plan(session: Session, item: str, quarter: str, **recording: Unpack[Recording]) -> None:
    """Plan to repay the debt ITEM in QUARTER."""
    command = Plan(**when(recording), item=item, quarter=quarter)
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@click.argument("item", cls=NeededArgument, type=ITEM)
@click.argument("text", cls=NeededArgument, type=TEXT)
@recording_options()
@click.pass_obj
def note(session: Session, item: str, text: str, **recording: Unpack[Recording]) -> None:
    """Add a note to ITEM; closed and reversed ones take it too."""
    command = AddNote(**when(recording), item=item, text=text)
    record(session, command, **recording)
