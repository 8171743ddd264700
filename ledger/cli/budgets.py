"""Budgets and forecasts: what may, and what is expected to, be spent on repayments, per quarter and team."""

from __future__ import annotations

from datetime import date
from typing import Unpack

import click

from ledger.cli.asking import AskingCommand, Needed, NeededArgument
from ledger.cli.desk import Desk
from ledger.cli.figures import as_of_option, known_at_option
from ledger.cli.output import Record, format_option, print_records
from ledger.cli.recording import Recording, record, recording_options, when
from ledger.cli.types import AMOUNT, QUARTER, TEAM
from ledger.commands import SetBudget, SetForecast
from ledger.queries.budgets import budget_lines

_AMOUNTS = ("budget", "forecast", "actual", "difference")
_COLUMNS = ("quarter", "team", *_AMOUNTS)


@click.group()
def budget() -> None:
    """What may be spent on repayments, per quarter and team."""


@click.group()
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
    def set_amount(desk: Desk, quarter: str, amount: str, team: str, **recording: Unpack[Recording]) -> None:
        amount_minor = desk.book.currency.parse(amount)
        command = command_type(**when(recording), quarter=quarter, team=team, amount_minor=amount_minor)
        record(desk, command, **recording)


_setter(budget, SetBudget, "Set a team's budget for QUARTER to AMOUNT.")
_setter(forecast, SetForecast, "Set a team's forecast for QUARTER to AMOUNT.")


@budget.command("list")
@as_of_option
@known_at_option
@format_option
@click.pass_obj
def list_budgets(desk: Desk, as_of: date | None, known_at: str | None, form: str) -> None:
    """Budget, forecast and what was spent, per quarter and team; difference is actual - budget."""
    day = as_of or desk.today
    with desk.reader(known_at) as reader:
        lines = budget_lines(reader, day)
    shown = desk.book.currency.grouped if form == "table" else desk.book.currency.plain
    records: list[Record] = []
    for line in lines:
        amounts = {name: getattr(line, name) for name in _AMOUNTS}
        shown_amounts = {name: None if amount is None else shown(amount) for name, amount in amounts.items()}
        records.append({"quarter": line.quarter, "team": line.team, **shown_amounts})
    title = f"Budgets on {day}, {desk.book.currency.code}"
    empty = "No budget is set. `debt budget set QUARTER AMOUNT --team T` sets one."
    print_records(form, records, _COLUMNS, title=title, right=_AMOUNTS, empty=empty)
