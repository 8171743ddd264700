"""Amounts per quarter and team, for quarters that are not closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.placing import place_in_book
from ledger.decide.pricing import priced
from ledger.decide.state import State
from ledger.decide.team import known_team
from ledger.events import BudgetSet, ForecastSet
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quantities import Quantity
from ledger.vocabulary.quarters import Quarter


class SetAmount(Command, frozen=True, kw_only=True):
    """An amount for a quarter and team, minor units. file_sha256, cell: of the workbook it came from.

    expected_minor: what the workbook said stood there when it was exported; None if nothing did.
    """

    quarter: str
    team: str
    amount_minor: int
    file_sha256: str | None = None
    cell: str | None = None
    expected_minor: int | None = None

    recorded_by: ClassVar[str] = "ledger.services.budget_import.record"

    def needs(self) -> Needs:
        return Needs(teams=True)

    def claims(self) -> tuple[str, ...]:
        return () if self.file_sha256 is None else ("file_sha256",)


Amounts = Mapping[tuple[str, str], int]


def decide_amount(
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
