"""The columns of Budget vs actual, alike in its three blocks, and the blocks' keys."""

from __future__ import annotations

from reports.sheet import Column, Kind

QUARTERS, TEAMS, CENTRES = "budget_vs_actual.quarter", "budget_vs_actual.team", "budget_vs_actual.centre"

#: The same in all blocks, so that headings repeated in print are right for each.
COLUMNS = (
    Column("quarter", "Quarter", Kind.CODE, 12),
    Column("team", "Team", Kind.TEXT, 20),
    Column("centre", "Cost centre", Kind.TEXT, 18),
    Column("original", "Original budget", Kind.AMOUNT, 13),
    Column("budget", "Budget", Kind.AMOUNT, 13),
    Column("actual", "Actual spent", Kind.AMOUNT, 13),
    Column("earlier", "Of which for earlier quarters", Kind.AMOUNT, 13),
    Column("unbudgeted", "Spent without a budget", Kind.AMOUNT, 13),
    Column("difference", "Difference", Kind.AMOUNT_CHANGE, 13),
    Column("relative", "Difference in % of budget", Kind.SHARE_CHANGE, 13),
    Column("forecast", "Forecast", Kind.AMOUNT, 13),
    Column("unforeseen", "Spent without a forecast", Kind.AMOUNT, 13),
    Column("missed", "Difference from forecast", Kind.AMOUNT_CHANGE, 13),
    Column("set", "Teams with a budget", Kind.COUNT, 11),
    Column("foreseen", "Teams with a forecast", Kind.COUNT, 11),
    Column("teams", "Teams", Kind.COUNT, 10),
    Column("set_after", "Original set only on", Kind.DATE, 14),
    Column("late", "Originals set late", Kind.COUNT, 11),
    Column("key", "Team key", Kind.CODE, 12),
    Column("centre_key", "Cost centre key", Kind.CODE, 12),
)
TITLES = {column.key: column.title for column in COLUMNS}
