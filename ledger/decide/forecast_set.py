"""Forecasts: what is expected to be spent on repayments in a quarter, by a team."""

from __future__ import annotations

from ledger.decide.decided import Decided
from ledger.decide.quarterly_amount import SetAmount, decide_amount
from ledger.decide.state import State
from ledger.events import ForecastSet


class SetForecast(SetAmount, frozen=True, kw_only=True, tag="forecast set"):
    """What is expected to be spent on repayments."""


def decide_set_forecast(command: SetForecast, state: State) -> tuple[Decided, ...]:
    """What is expected to be spent on repayments in a quarter, by a team."""
    return (decide_amount(command, state, "forecast", state.opened_book().forecasts, ForecastSet),)
