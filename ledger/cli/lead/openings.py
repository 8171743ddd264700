"""Taking on debt, and recording neglect: the two ways into the register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, Unpack

import click

from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.recording import Recording, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, CATEGORY, CAUSE, DAY, QUARTER_TO_COME, TEXT, WORKING_SYSTEM
from ledger.decide.commission import Commission
from ledger.decide.observe import Observe
from ledger.vocabulary.kinds import MISSING_TESTS

F = TypeVar("F", bound=Callable[..., Any])


def _what(function: F) -> F:
    """SYSTEM, TITLE, --category, --dimension: what both ways need to say."""
    function = click.option("--dimension", type=CATEGORY, help="May be left out: the category fixes it.")(function)
    function = click.option("--category", cls=Needed, type=CATEGORY, help="See `debt categories`.")(function)
    function = click.argument("title", cls=NeededArgument, type=TEXT)(function)
    return click.argument("system", cls=NeededArgument, type=WORKING_SYSTEM)(function)


def _temporary(typed: Mapping[str, Any]) -> bool:
    return typed.get("category") == MISSING_TESTS


_INTEREST = click.option(
    "--interest", type=AMOUNT, help="What carrying it costs: 800/month, 2d/quarter, 9600/year, 6% (a year)."
)


@click.command(cls=AskingCommand)
@_what
@click.option("--principal", cls=Needed, type=AMOUNT, help="Cost of doing it right: 12000 or 15d.")
@_INTEREST
@click.option("--decided-by", cls=Needed, gate=True, type=TEXT, help="Who decided.")
@click.option("--because", cls=Needed, gate=True, type=TEXT, help="Why.")
@click.option("--benefit", cls=Needed, gate=True, type=TEXT, help="What it buys.")
@click.option(
    "--repay-by", cls=Needed, gate=True, type=QUARTER_TO_COME, help="The quarter in which it is to be repaid."
)
@click.option("--decided-on", type=DAY, help="When it was decided; the day it happened by default.")
@click.option(
    "--until",
    cls=Needed,
    gate=True,
    when=_temporary,
    type=DAY,
    help="Last day of a temporary debt; missing tests need it.",
)
@click.option("--adr", type=TEXT, help="The decision record: a number, a path, a link.")
@recording_options()
@click.pass_obj
def commission(
    session: Session,
    system: str,
    title: str,
    category: str,
    dimension: str | None,
    principal: str,
    interest: str | None,
    decided_by: str | None,
    because: str | None,
    benefit: str | None,
    repay_by: str | None,
    decided_on: date | None,
    until: date | None,
    adr: str | None,
    **recording: Unpack[Recording],
) -> None:
    """Take on debt on SYSTEM, knowingly: a shortcut called TITLE, with a plan to repay it."""
    command = Commission(
        **when(recording),
        system=system,
        title=title,
        category=category,
        dimension=dimension,
        principal=session.quantity(principal),
        interest=session.interest(interest),
        decided_by=decided_by,
        because=because,
        benefit=benefit,
        repay_by=repay_by,
        decided_on=decided_on,
        until=until,
        adr=adr,
    )
    record(session, command, **recording)


@click.command(cls=AskingCommand)
@_what
@click.option("--cause", cls=Needed, gate=True, type=CAUSE, help="Why it was left undone.")
@click.option("--principal", type=AMOUNT, help="Cost of doing it right: 12000 or 15d; left out while nobody knows.")
@_INTEREST
@recording_options()
@click.pass_obj
def observe(
    session: Session,
    system: str,
    title: str,
    category: str,
    dimension: str | None,
    cause: str | None,
    principal: str | None,
    interest: str | None,
    **recording: Unpack[Recording],
) -> None:
    """Record neglect on SYSTEM, found afterwards: something left undone, called TITLE."""
    command = Observe(
        **when(recording),
        system=system,
        title=title,
        category=category,
        dimension=dimension,
        principal=session.quantity(principal),
        interest=session.interest(interest),
        cause=cause,
    )
    record(session, command, **recording)
