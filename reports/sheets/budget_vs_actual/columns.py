"""The columns of Budget vs actual, alike in its three blocks, and the blocks' keys."""

from __future__ import annotations

from reports.sheet import Column, Kind

QUARTERS, TEAMS, CENTRES = "budget_vs_actual.quarter", "budget_vs_actual.team", "budget_vs_actual.centre"

#: The same in all blocks, so that headings repeated in print are right for each.
COLUMNS = (
    Column("quarter", "Quarter", Kind.CODE, 12),
    Column("team", "Team", Kind.TEXT, 26),
    Column("centre", "Cost centre", Kind.TEXT, 22),
    Column("original", "Original budget", Kind.AMOUNT, 16),
    Column("budget", "Budget", Kind.AMOUNT, 16),
    Column("actual", "Actual spent", Kind.AMOUNT, 16),
    Column("earlier", "Of which for earlier quarters", Kind.AMOUNT, 16),
    Column("unbudgeted", "Spent without a budget", Kind.AMOUNT, 16),
    Column("difference", "Difference", Kind.AMOUNT_CHANGE, 16),
    Column("relative", "Difference in % of budget", Kind.SHARE_CHANGE, 18),
    Column("forecast", "Forecast", Kind.AMOUNT, 16),
    Column("unforeseen", "Spent without a forecast", Kind.AMOUNT, 16),
    Column("missed", "Difference from forecast", Kind.AMOUNT_CHANGE, 16),
    Column("set", "Teams with a budget", Kind.COUNT, 14),
    Column("foreseen", "Teams with a forecast", Kind.COUNT, 14),
    Column("teams", "Teams", Kind.COUNT, 10),
    Column("set_after", "Original set only on", Kind.DATE, 14),
    Column("late", "Originals set late", Kind.COUNT, 14),
    Column("key", "Team key", Kind.CODE, 12),
    Column("centre_key", "Cost centre key", Kind.CODE, 12),
)
TITLES = {column.key: column.title for column in COLUMNS}
