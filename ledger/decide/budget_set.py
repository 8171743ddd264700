"""Budgets: what may be spent on repayments in a quarter, by a team."""

from __future__ import annotations

from ledger.decide.decided import Decided
from ledger.decide.quarterly_amount import SetAmount, decide_amount
from ledger.decide.state import State
from ledger.events import BudgetSet


class SetBudget(SetAmount, frozen=True, kw_only=True, tag="budget set"):
    """What may be spent on repayments."""


def decide_set_budget(command: SetBudget, state: State) -> tuple[Decided, ...]:
    """What may be spent on repayments in a quarter, by a team."""
    return (decide_amount(command, state, "budget", state.opened_book().budgets, BudgetSet),)
