"""What each sheet must say, from the model's figures alone: one function per sheet, headings as the reader sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.three_ways.comparison import Expected, Part
from tests.three_ways.expected import budgets, checks, management, readiness, register, restatements, sheets, summary
from tests.three_ways.play import Played

#: A new sheet needs a function here, or every figure on it is a difference.
SHEETS: dict[str, Callable[[Played], Sequence[Part]]] = {
    "Management summary": management.management,
    "Summary": summary.summary,
    "Roll-forward": sheets.roll_forward,
    "Breakdown": register.breakdown,
    "Ageing": register.ageing,
    "Interest": sheets.interest,
    "Budget vs actual": budgets.budget_vs_actual,
    "Budget": budgets.form,
    "Items": register.items,
    "Past quarters": sheets.past_quarters,
    "Postings": sheets.postings,
    "Readiness": readiness.readiness,
    "Restatements": restatements.restatements,
    "Checks": checks.checks,
    "About": summary.about,
}


def expected(played: Played) -> Expected:
    """Every sheet of a pack."""
    return {sheet: build(played) for sheet, build in SHEETS.items()}
