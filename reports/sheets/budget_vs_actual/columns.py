"""The columns of Budget vs actual, alike in its three blocks, and the blocks' keys."""

from __future__ import annotations

from reports.scenarios import AC, BU, FC, PL, off
from reports.sheet import Column, Kind

QUARTERS, TEAMS, CENTRES = "budget_vs_actual.quarter", "budget_vs_actual.team", "budget_vs_actual.centre"

#: The same in all blocks, so that headings repeated in print are right for each.
COLUMNS = (
    Column("quarter", "Quarter", Kind.CODE, 9),
    Column("team", "Team", Kind.TEXT, 13),
    Column("centre", "Cost centre", Kind.TEXT, 11),
    Column("original", "Original budget", Kind.AMOUNT, 11, mark=BU),
    Column("budget", "Budget", Kind.AMOUNT, 11, mark=PL),
    Column("actual", "Actual spent", Kind.AMOUNT, 11, mark=AC),
    Column("earlier", "Of which for earlier quarters", Kind.AMOUNT, 11),
    Column("unbudgeted", "Spent without a budget", Kind.AMOUNT, 11),
    Column("difference", "Difference", Kind.AMOUNT_CHANGE, 11, mark=off(PL)),
    Column("relative", "Difference in % of budget", Kind.SHARE_CHANGE, 11, mark=f"{off(PL)}%"),
    Column("forecast", "Forecast", Kind.AMOUNT, 11, mark=FC),
    Column("unforeseen", "Spent without a forecast", Kind.AMOUNT, 11),
    Column("missed", "Difference from forecast", Kind.AMOUNT_CHANGE, 11, mark=off(FC)),
    Column("planned", "Planned repayments", Kind.AMOUNT, 11),
    Column("set", "Teams with a budget", Kind.COUNT, 11, hidden=True),
    Column("foreseen", "Teams with a forecast", Kind.COUNT, 11, hidden=True),
    Column("teams", "Teams", Kind.COUNT, 10, hidden=True),
    Column("set_after", "Original set only on", Kind.DATE, 12),
    Column("late", "Originals set late", Kind.COUNT, 11, hidden=True),
    Column("key", "Team key", Kind.CODE, 12, hidden=True),
    Column("centre_key", "Cost centre key", Kind.CODE, 12, hidden=True),
)
TITLES = {column.key: column.title for column in COLUMNS}
