"""The cost centres that teams count under: each its own, or that there are several or none."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.views.quarter import BudgetView, QuarterView
from reports.planning import QuarterPlan, plans_by_team

SEVERAL, NONE = (1, "several"), (2, "none")
IN_WORDS = {SEVERAL: "several cost centres", NONE: "no cost centre"}
#: A cost centre, or one of the two above, which stand behind those that have a name.
Centre = tuple[int, str]


def centre_of(row: BudgetView) -> Centre:
    if len(row.cost_centres) > 1:
        return SEVERAL
    name = "".join(row.cost_centres)
    return (0, name) if name else NONE


def centre_keys(view: QuarterView) -> Mapping[Centre, str]:
    """A short key for every cost centre, because people type their names."""
    centres = sorted({centre_of(row) for row in view.budgets})
    return {centre: f"centre-{number}" for number, centre in enumerate(centres, start=1)}


def by_centre(view: QuarterView) -> Mapping[tuple[str, Centre], list[QuarterPlan]]:
    """The plans of the teams of each quarter and cost centre."""
    groups: dict[tuple[str, Centre], list[QuarterPlan]] = {}
    for row, plan in plans_by_team(view):
        groups.setdefault((row.quarter, centre_of(row)), []).append(plan)
    return dict(sorted(groups.items()))
