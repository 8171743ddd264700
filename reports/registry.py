"""Which sheets and charts a pack has, in the order in which readers meet them.

A new sheet or chart is one new module and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ledger.views.quarter import QuarterView
from reports.charts import ageing as ageing_chart
from reports.charts import budget as budget_chart
from reports.charts import (
    debt_and_neglect,
    dimensions,
    expectations,
    interest_incurred,
    largest_interest,
    principal_by_system,
    restatement,
    robustness,
    waterfall,
)
from reports.content import Content
from reports.deck import answer, asked, development, movement, past_due, spending
from reports.sheet import CheckLine, Sheet
from reports.sheets import (
    about,
    ageing,
    breakdown,
    budget,
    budget_vs_actual,
    checks,
    interest,
    items,
    management,
    past_quarters,
    postings,
    readiness,
    restatements,
    rollforward,
    summary,
)

if TYPE_CHECKING:
    from reports.charts.frame import Drawing
    from reports.deck.page import Number


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """build: describes the sheet. checks: its lines of the sheet Checks."""

    build: Callable[[Content], Sheet]
    checks: Callable[[QuarterView], Sequence[CheckLine]]


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """name: of its files. draw: gives the figure. on_summary: whether it carries the Summary's message."""

    name: str
    draw: Callable[[QuarterView], Drawing]
    on_summary: bool = False


@dataclass(frozen=True, slots=True)
class SlideEntry:
    """A page of the deck. name: by which messages call it."""

    name: str
    draw: Callable[[QuarterView, Number], Drawing]


SHEETS = (
    SheetEntry(management.build, management.checks),
    SheetEntry(summary.build, summary.checks),
    SheetEntry(rollforward.build, rollforward.checks),
    SheetEntry(breakdown.build, breakdown.checks),
    SheetEntry(ageing.build, ageing.checks),
    SheetEntry(interest.build, interest.checks),
    SheetEntry(budget_vs_actual.build, budget_vs_actual.checks),
    SheetEntry(budget.build, budget.checks),
    SheetEntry(items.build, items.checks),
    SheetEntry(past_quarters.build, past_quarters.checks),
    SheetEntry(postings.build, postings.checks),
    SheetEntry(readiness.build, readiness.checks),
    SheetEntry(restatements.build, restatements.checks),
    SheetEntry(checks.build, checks.checks),
    SheetEntry(about.build, about.checks),
)

CHARTS = (
    ChartEntry("1-roll-forward", waterfall.draw, on_summary=True),
    ChartEntry("2-debt-and-neglect", debt_and_neglect.draw, on_summary=True),
    ChartEntry("3-principal-by-system", principal_by_system.draw),
    ChartEntry("4-budget", budget_chart.draw),
    ChartEntry("5-ageing", ageing_chart.draw),
    ChartEntry("6-largest-interest", largest_interest.draw),
    ChartEntry("7-restatements", restatement.draw),
    ChartEntry("8-interest-incurred", interest_incurred.draw),
    ChartEntry("9-dimensions", dimensions.draw),
)

#: The deck for the quarterly meeting, in the order in which it is turned.
SLIDES = (
    SlideEntry("the answer", answer.draw),
    SlideEntry("why it moved", movement.draw),
    SlideEntry("spending", spending.draw),
    SlideEntry("past due", past_due.draw),
    SlideEntry("debt and neglect", development.draw),
    SlideEntry("decisions asked", asked.draw),
)


def pages(view: QuarterView) -> tuple[ChartEntry, ...]:
    """The charts of which a pack has as many as its books ask for: one per measured system, and one per system whose
    model was tried further and further; none without any."""
    return (
        *(
            ChartEntry(f"10-expectations-{system}", partial(expectations.draw, system=system))
            for system in expectations.measured_systems(view)
        ),
        *(
            ChartEntry(f"11-robustness-{system}", partial(robustness.draw, system=system))
            for system in robustness.curved_systems(view)
        ),
    )
