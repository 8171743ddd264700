"""Budgets and forecasts: what may, and what is expected to, be spent on repayments, per quarter and team."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import Record, format_option, print_records, say
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.recording import Recording, print_receipts, record, recording_options, when
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import AMOUNT, QUARTER, TEAM
from ledger.decide.budget_set import SetBudget
from ledger.decide.forecast_set import SetForecast
from ledger.queries.figures.budgets import budget_lines

if TYPE_CHECKING:
    from ledger.services.budget_import import Change, FormComparison

_AMOUNTS = ("budget", "forecast", "actual", "earlier", "difference")
_COLUMNS = ("quarter", "team", *_AMOUNTS)
_DIFFERING = ("exported", "ledger", "file")
_DIFFERENCE = ("cell", "quarter", "team", "what", *_DIFFERING, "note")


@click.group(cls=CommandGroup)
def budget() -> None:
    """What may be spent on repayments, per quarter and team."""


@click.group(cls=CommandGroup)
def forecast() -> None:
    """What is expected to be spent on repayments, per quarter and team."""


def _setter(group: click.Group, command_type: type[SetBudget] | type[SetForecast], help_: str) -> None:
    """Add `set` to a group: budgets and forecasts are set alike."""

    @group.command("set", cls=AskingCommand, help=help_)
    @click.argument("quarter", cls=NeededArgument, type=QUARTER)
    @click.argument("amount", cls=NeededArgument, type=AMOUNT)
    @click.option("--team", cls=Needed, type=TEAM, help="Whose.")
    @recording_options()
    @click.pass_obj
    def set_amount(session: Session, quarter: str, amount: str, team: str, **recording: Unpack[Recording]) -> None:
        amount_minor = session.book.currency.parse(amount)
        command = command_type(**when(recording), quarter=quarter, team=team, amount_minor=amount_minor)
        record(session, command, **recording)


_setter(budget, SetBudget, "Set a team's budget for QUARTER to AMOUNT.")
_setter(forecast, SetForecast, "Set a team's forecast for QUARTER to AMOUNT.")


@budget.command("list")
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def list_budgets(session: Session, as_of: date | None, known_at: str | None, form: str) -> None:
    """Budget, forecast and what was spent, per quarter and team.

    Difference is actual - earlier - budget; earlier is what of the actual corrects earlier quarters.
    """
    day = as_of or session.today
    with session.reader(known_at) as reader:
        lines = budget_lines(reader, day)
    shown = session.book.currency.grouped if form == "table" else session.book.currency.plain
    records: list[Record] = []
    for line in lines:
        amounts = {name: getattr(line, name) for name in _AMOUNTS}
        shown_amounts = {name: None if amount is None else shown(amount) for name, amount in amounts.items()}
        records.append({"quarter": line.quarter, "team": line.team, **shown_amounts})
    title = titled(f"Budgets on {day}, {session.book.currency.code}", day, session.today)
    say_beside(form, day, session.today)
    empty = "No budget is set, and nothing was spent. `debt budget set QUARTER AMOUNT --team T` sets one."
    print_records(form, records, _COLUMNS, title=title, right=_AMOUNTS, empty=empty)


@budget.command("import", cls=AskingCommand)
@click.argument("file", cls=NeededArgument, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Record the differences; without it they are shown, and nothing is recorded.")
@format_option
@click.pass_obj
def import_form(session: Session, file: Path, yes: bool, form: str) -> None:
    """Show what finance changed in the sheet Budget of FILE, a pack's workbook; with --yes, record it."""
    # It pulls in openpyxl: only here, only now.
    from ledger.services import budget_import

    if yes:
        found, receipts = budget_import.record(session.ledger, file, actor=session.actor, asked_on=session.today)
        _tell_beside(file, found)
        print_receipts(receipts or found.earlier, form, session.book.currency)
        return
    found = budget_import.compare(session.ledger, file, session.today)
    if found.changes or form != "table":
        title = f"What {file.name} changes, {session.book.currency.code}"
        print_records(form, _differences(session, found.changes, form), _DIFFERENCE, title=title, right=_DIFFERING)
    _tell_beside(file, found)
    if found.changes:
        again = f"`debt budget import {shlex.quote(str(file))} --yes`"
        say(f"Nothing is recorded yet: {again} records {_amounts(len(found.changes))}.")


def _differences(session: Session, changes: Sequence[Change], form: str) -> list[Record]:
    money = session.book.currency.grouped if form == "table" else session.book.currency.plain
    records: list[Record] = []
    for change in changes:
        entry, command = change.entry, change.command
        amounts = zip(_DIFFERING, (entry.exported_minor, change.ledger_minor, entry.entered_minor), strict=True)
        records.append(
            {"cell": entry.place, "quarter": command.quarter, "team": command.team, "what": entry.what}
            | {name: None if minor is None else money(minor) for name, minor in amounts}
            | {"note": command.evidence}
        )
    return records


def _tell_beside(file: Path, found: FormComparison) -> None:
    """What there is to say beside the changes: why there are none, what was left alone."""
    if found.earlier:
        positions = [str(receipt.recorded.position) for receipt in found.earlier]
        several = f"positions {positions[0]} to {positions[-1]}" if len(positions) > 1 else f"position {positions[0]}"
        say(f"{file} was already imported, at {several}. Nothing was recorded again.")
        return
    if found.standing:
        say(f"In the ledger already, as in the file: {', '.join(found.standing)}.")
    if found.as_text:
        say(f"Text that is a plain number counts as that number: {', '.join(found.as_text)}.")
    if found.idle_notes:
        say(f"A note is kept with an amount that changed; these stand beside none: {', '.join(found.idle_notes)}.")
    if not found.changes:
        say(f"Nothing to record: {file} sets no amount that the ledger does not hold.")


def _amounts(number: int) -> str:
    return "1 amount" if number == 1 else f"{number} amounts"
