"""Restatements built in code: what an earlier issue of a quarter that ties did not know.

Given are the legs that came later; what was issued is what the view says now, less those legs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from ledger.views.quarter import QuarterView
from ledger.views.restatements import IssueView, MemorandumView, RestatedInterestView, RestatedView, RestatementView
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
    )


def since_issue(view: QuarterView, legs: Sequence[RestatedView] = (), interest: int = 0) -> RestatementView:
    """This quarter. interest: of the first item, what later events added to it."""
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
    )


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
    return replace(view, restatements=(since_issue(view, legs, interest=-123_45), since_previous_issue(view, earlier)))


def unchanged(view: QuarterView) -> QuarterView:
    """Issued before, and nothing has come since."""
    return replace(view, restatements=(since_issue(view), since_previous_issue(view)))


def restated(view: QuarterView, *legs: RestatedView) -> QuarterView:
    """Issued before, and these legs have come since; the quarter before was not issued."""
    return replace(view, restatements=(since_issue(view, legs),))


def first_issue(view: QuarterView, *legs: RestatedView) -> QuarterView:
    """Not issued before; since the issue of the quarter before, these legs have come."""
    return replace(view, restatements=(since_previous_issue(view, legs),))
