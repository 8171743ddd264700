"""Rules of budgets and forecasts: per quarter and team, for quarters that are not closed."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.commands import SetAmount, SetBudget, SetForecast
from ledger.decide.books import known_team
from ledger.decide.common import Decided, place_in_book, priced
from ledger.errors import Refused
from ledger.events import BudgetSet, ForecastSet
from ledger.quantities import Quantity
from ledger.quarters import Quarter
from ledger.state import State

Amounts = Mapping[tuple[str, str], int]


def decide_set_budget(command: SetBudget, state: State) -> tuple[Decided, ...]:
    """What may be spent on repayments in a quarter, by a team."""
    return (_decided(command, state, "budget", state.opened_book().budgets, BudgetSet),)


def decide_set_forecast(command: SetForecast, state: State) -> tuple[Decided, ...]:
    """What is expected to be spent on repayments in a quarter, by a team."""
    return (_decided(command, state, "forecast", state.opened_book().forecasts, ForecastSet),)


def _decided(
    command: SetAmount, state: State, what: str, amounts: Amounts, event_type: type[BudgetSet] | type[ForecastSet]
) -> Decided:
    book = state.opened_book()
    quarter = Quarter.parse(command.quarter)
    known_team(command.team, state)
    if book.closed_through and book.calendar.last_day(quarter) <= book.closed_through:
        raise Refused(f"{quarter} is closed: its {what} stands.", f"The books are closed to {book.closed_through}.")
    amount = priced(Quantity(minor=command.amount_minor), f"The {what}", state, None, zero=True)
    standing = amounts.get((str(quarter), command.team))
    if command.cell is not None and standing != command.expected_minor:
        raise Refused(
            f"The {what} of {quarter} for {command.team} has changed since the workbook was exported: "
            f"{_shown(standing, state)} now, {_shown(command.expected_minor, state)} then, "
            f"{_shown(amount.minor, state)} in the file.",
            f"Export it again: `debt report QUARTER`, or type it: `debt {what} set {quarter} AMOUNT --team T`.",
        )
    placed = place_in_book(command, state)
    event = event_type(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        quarter=str(quarter),
        team=command.team,
        amount_minor=amount.minor,
        previous_minor=standing,
        file_sha256=command.file_sha256,
        cell=command.cell,
    )
    return Decided(placed.effective_on, event)


def _shown(amount: int | None, state: State) -> str:
    return "nothing" if amount is None else state.opened_book().currency.text(amount)
