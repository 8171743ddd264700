"""Restatements built in code: what an earlier issue of a quarter that ties did not know.

Given are the legs that came later; what was issued is what the view says now, less those legs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.views.quarter import QuarterView
from ledger.views.restatements import (
    IssuedFigureView,
    IssueView,
    MemorandumView,
    PlanChangeView,
    RestatedInterestView,
    RestatedView,
    RestatementView,
)
from ledger.views.rollforward import MOVEMENTS, RollforwardView

_COLUMNS = ("opening", *MOVEMENTS, "closing")


def leg(
    position: int,
    column: str,
    amount: int,
    *,
    nature: str = "debt",
    system: str = "FRAUD",
    spent: int = 0,
    actor: str = "B. Clerk",
    effective_on: date = date(2026, 9, 20),
    team: str = "red",
) -> RestatedView:
    """A liability leg that an issue did not know, minor units."""
    return RestatedView(
        position=position,
        event_hash=f"{position:012x}",
        stored_as="event-reversed/1" if column in ("opening", "corrected") else f"debt-{column}/1",
        item=f"{system}-1",
        system=system,
        nature=nature,
        effective_on=effective_on,
        recorded_at="2026-10-02T08:30:15.000001Z",
        actor=actor,
        column=column,
        amount=amount,
        spent=spent,
        team=team,
    )


def replanned(position: int, team: str, figure: str, change: int) -> PlanChangeView:
    """A budget or forecast that was set after an issue, by how much it changed."""
    stored_as = f"{figure}-set/1"
    day = date(2026, 10, 2)
    recorded_at = "2026-10-02T09:00:00.000001Z"
    return PlanChangeView(position, f"{position:012x}", stored_as, team, day, recorded_at, "B. Clerk", figure, change)


def since_issue(
    view: QuarterView, legs: Sequence[RestatedView] = (), interest: int = 0, plans: Sequence[PlanChangeView] = ()
) -> RestatementView:
    """This quarter. interest: of the first item, what later events added to it. plans: that were set later."""
    spent: dict[tuple[str, str], int] = defaultdict(int)
    incurred: dict[tuple[str, str], int] = defaultdict(int)
    for row in view.postings:
        spent[row.nature, row.system] += row.spent
    for later in legs:
        spent[later.nature, later.system] -= later.spent
    for item in view.items:
        incurred[item.nature, item.system] += item.interest_in_quarter
    changed = ()
    if interest:
        first = view.items[0]
        incurred[first.nature, first.system] -= interest
        now = first.interest_in_quarter
        changed = (RestatedInterestView(first.item, first.nature, now - interest, now),)
    return RestatementView(
        quarter=view.provenance.quarter,
        issue=IssueView(1101, view.provenance.quarter, view.provenance.as_of, 1100, "2026-10-01T07:00:00.000001Z"),
        issued=_less(view.rollforward, legs),
        now=view.rollforward,
        memoranda=tuple(
            MemorandumView(*place, spent=spent[place], interest=incurred[place])
            for place in sorted(spent.keys() | incurred.keys())
        ),
        legs=tuple(legs),
        interest=changed,
        figures=_figures(view, view.provenance.quarter, legs, plans, interest),
        plans=_changes(legs, plans),
    )


def _changes(legs: Sequence[RestatedView], plans: Sequence[PlanChangeView]) -> tuple[PlanChangeView, ...]:
    spent = [
        replace(replanned(each.position, each.team, "removed_spent", each.spent), stored_as=each.stored_as)
        for each in legs
    ]
    return (*(each for each in spent if each.change), *plans)


def _figures(
    view: QuarterView, quarter: str, legs: Sequence[RestatedView], plans: Sequence[PlanChangeView], interest: int = 0
) -> tuple[IssuedFigureView, ...]:
    """What the quarter's figures are now, less what came later."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in view.history:
        if row.quarter == quarter:
            sums[row.team, row.nature, row.measure] += row.amount
    for later in legs:
        for measure, amount in (
            (later.column, later.amount),
            ("closing", later.amount),
            ("removed_spent", later.spent),
        ):
            if measure != "opening":
                sums[later.team, later.nature, measure] -= amount
    for plan in plans:
        sums[plan.team, "", plan.figure] -= plan.change
    if interest:
        sums[view.items[0].team, view.items[0].nature, "interest"] -= interest
    return tuple(IssuedFigureView(*place, amount) for place, amount in sorted(sums.items()) if amount or not place[1])


def since_previous_issue(view: QuarterView, legs: Sequence[RestatedView] = ()) -> RestatementView:
    """The quarter before, of which only closings are said: everything in it was commissioned."""
    none = dict.fromkeys(MOVEMENTS, 0)
    rows = tuple(
        RollforwardView(
            row.nature, row.system, 0, **{**none, "commissioned": row.opening}, closing=row.opening
        )
        for row in view.rollforward
        if row.opening
    )  # fmt: skip
    quarter, as_of = view.quarters[-2], view.provenance.first_day - timedelta(days=1)
    return RestatementView(
        quarter=quarter,
        issue=IssueView(901, quarter, as_of, 900, "2026-07-04T07:00:00.000001Z"),
        issued=_less(rows, legs),
        now=rows,
        memoranda=(),
        legs=tuple(legs),
        interest=(),
        figures=_figures(view, quarter, legs, ()),
        plans=_changes(legs, ()),
    )


def _less(rows: Sequence[RollforwardView], legs: Sequence[RestatedView]) -> tuple[RollforwardView, ...]:
    found = {(row.nature, row.system): row for row in rows}
    for later in legs:
        place = (later.nature, later.system)
        row = found.get(place) or RollforwardView(*place, **dict.fromkeys(_COLUMNS, 0))
        less = {column: getattr(row, column) - later.amount for column in (later.column, "closing")}
        found[place] = replace(row, **less)
    return tuple(found[place] for place in sorted(found))


def reissued(view: QuarterView, *, actor: str = "B. Clerk") -> QuarterView:
    """The typical quarter, issued before and changed since: every block of Restatements has rows."""
    before = view.provenance.first_day - timedelta(days=20)
    legs = (
        leg(1110, "commissioned", 4_000_00, system="SEARCH", actor=actor),
        leg(1111, "observed", -600_50, nature="neglect", system="CHURN"),
        leg(1112, "repaid", -1_000_00, spent=1_300_00),
        leg(1113, "opening", 1_200_00, effective_on=before),
        leg(1114, "adopted", -2_400_00, nature="neglect", system="SEARCH"),
        leg(1114, "adopted", 2_400_00, system="SEARCH"),
        leg(1115, "written_off", 0, system="SEARCH"),
    )
    long_before = before - timedelta(days=90)
    earlier = (
        leg(1001, "opening", -75, nature="neglect", system="CHURN", effective_on=long_before),
        replace(legs[3], column="corrected"),
    )
    plans = (replanned(1116, "red", "budget", 10_000_00), replanned(1117, "blue", "forecast", -500_25))
    this = since_issue(view, legs, -123_45, plans)
    return replace(view, restatements=(this, since_previous_issue(view, earlier)))


def unchanged(view: QuarterView) -> QuarterView:
    """Issued before, and nothing has come since."""
    return replace(view, restatements=(since_issue(view), since_previous_issue(view)))


def restated(view: QuarterView, *legs: RestatedView) -> QuarterView:
    """Issued before, and these legs have come since; the quarter before was not issued."""
    return replace(view, restatements=(since_issue(view, legs),))


def first_issue(view: QuarterView, *legs: RestatedView) -> QuarterView:
    """Not issued before; since the issue of the quarter before, these legs have come."""
    return replace(view, restatements=(since_previous_issue(view, legs),))
