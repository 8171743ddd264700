"""Budgets of the quarters built in code: plans, and what the ledger would make of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ledger.views.quarter import BUDGET_ORIGINAL, SPENT_EARLIER, SPENT_UNBUDGETED, BudgetView, HistoryView

COMING = ("2026Q4", "2027Q1", "2027Q2", "2027Q3")

#: Budget and forecast in minor units; None: not set.
Amounts = tuple[int | None, int | None]
Plans = Mapping[tuple[str, str], Amounts]

#: Over budget once, under it otherwise; a team that spends nothing; quarters and teams without a plan.
TYPICAL_PLANS: Plans = {
    ("2025Q3", "red"): (20_000_00, None),
    ("2025Q4", "red"): (26_000_00, 25_500_00),
    ("2026Q1", "red"): (24_000_00, None),
    ("2026Q2", "red"): (29_500_00, 30_000_00),
    ("2026Q2", "blue"): (0, None),
    ("2026Q3", "red"): (70_000_00, 65_000_00),
    ("2026Q3", "blue"): (5_000_00, 4_000_50),
    ("2026Q4", "red"): (60_000_00, 58_000_00),
    ("2026Q4", "blue"): (12_500_50, 9_000_00),
    ("2027Q1", "red"): (45_000_00, 52_000_00),
    ("2027Q1", "blue"): (None, 8_000_00),
    ("2027Q2", "red"): (40_000_00, None),
}

#: As criteria of SUMIFS each of these would find rows of others, or none; the last is no team.
HOSTILE_TEAMS = (
    "=1", "1", "a*", "ab", ">5", "7", "<>", "?", "x", "~x", "A*", "long " + "y" * 295, "long " + "y" * 294, "",
)  # fmt: skip


def planned_figures(plans: Plans, quarters: Sequence[str]) -> tuple[HistoryView, ...]:
    """The plans of the past quarters as rows of the history; budgets stayed what they were at first."""
    return tuple(
        HistoryView(quarter, "", team, "", measure, amount)
        for (quarter, team), (budget, forecast) in sorted(plans.items())
        for measure, amount in (("budget", budget), (BUDGET_ORIGINAL, budget), ("forecast", forecast))
        if amount is not None and quarter in quarters
    )


def unbudgeted_figures(plans: Plans, history: Sequence[HistoryView]) -> tuple[HistoryView, ...]:
    """What the quarters' own work cost teams that have no budget."""
    own: dict[tuple[str, str], int] = defaultdict(int)
    for row in history:
        if row.measure in ("removed_spent", SPENT_EARLIER) and plans.get((row.quarter, row.team), (None,))[0] is None:
            own[row.quarter, row.team] += row.amount if row.measure == "removed_spent" else -row.amount
    return tuple(
        HistoryView(quarter, "", team, "", SPENT_UNBUDGETED, spent) for (quarter, team), spent in own.items() if spent
    )


def budget_views(
    plans: Plans,
    centres: Mapping[str, tuple[str, ...]],
    history: Sequence[HistoryView],
    teams: set[str],
    reported: Sequence[str],
) -> tuple[BudgetView, ...]:
    """A row for each team in each of the reported quarters and the coming ones; CC-100 where no centre is named."""
    shown = (*reported, *COMING)
    every = teams | {row.team for row in history if row.quarter in shown} | {team for _, team in plans}
    spent: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in history:
        spent[row.measure, row.quarter, row.team] += row.amount
    return tuple(
        BudgetView(
            quarter,
            team,
            *plans.get((quarter, team), (None, None)),
            spent=spent["removed_spent", quarter, team],
            spent_earlier=spent[SPENT_EARLIER, quarter, team],
            original=plans.get((quarter, team), (None, None))[0],
            set_after=None,
            cost_centres=centres.get(team, ("CC-100",)),
        )
        for quarter in shown
        for team in sorted(every)
    )
