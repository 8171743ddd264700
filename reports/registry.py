"""Which sheets and charts a pack has, in the order in which readers meet them.

A new sheet or chart is one new module and one line here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.views import QuarterView
from reports.charts import debt_and_neglect, waterfall
from reports.content import Content
from reports.sheets import about, checks, history, items, postings, rollforward, summary
from reports.workbook.description import CheckLine, Sheet

if TYPE_CHECKING:
    from reports.charts.frame import Drawing


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


SHEETS = (
    SheetEntry(summary.build, summary.checks),
    SheetEntry(rollforward.build, rollforward.checks),
    SheetEntry(items.build, items.checks),
    SheetEntry(history.build, history.checks),
    SheetEntry(postings.build, postings.checks),
    SheetEntry(checks.build, checks.checks),
    SheetEntry(about.build, about.checks),
)

CHARTS = (
    ChartEntry("1-roll-forward", waterfall.draw, on_summary=True),
    ChartEntry("2-debt-and-neglect", debt_and_neglect.draw, on_summary=True),
)
