"""The names of the budget form, as the sheets use them; they stand in `ledger.budget_form`, where its import finds them."""

from __future__ import annotations

from ledger.budget_form import (
    BUDGET,
    BUDGET_EXPORTED,
    FORECAST,
    FORECAST_EXPORTED,
    NOTE,
    QUARTER,
    TABLE,
    TEAM,
)

__all__ = ["BUDGET", "BUDGET_EXPORTED", "FORECAST", "FORECAST_EXPORTED", "NOTE", "QUARTER", "TABLE", "TEAM"]
