"""Decisions asked: debts that are past their term, and neglect that nobody has decided about, the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ledger.views.quarter import ItemView, QuarterView
from ledger.vocabulary.ages import LAPSED
from ledger.vocabulary.quarters import FiscalCalendar, Quarter
from reports.content import money

#: What may be decided of each kind.
_OF_LAPSED, _OF_OVERDUE = "Renew by a new decision, repay, or write off", "Repay, or renew by a new decision"
_PAST_DUE = ("debt is past due", "debts are past due")
_OF_NEGLECT = "Adopt as debt with a plan, repay, or write off"


@dataclass(frozen=True, slots=True)
class DecisionAsked:
    """An item about which somebody has to decide. since: the first day past its term; of neglect, that it came to be."""

    item: ItemView
    since: date
    decision: str


def past_due(view: QuarterView) -> tuple[DecisionAsked, ...]:
    """Debts that are past their day, their quarter, or both; those of which nothing is outstanding have no term."""
    calendar = _calendar(view)
    return tuple(
        DecisionAsked(
            item, _due(item, calendar) + timedelta(days=1), _OF_LAPSED if LAPSED in item.late else _OF_OVERDUE
        )
        for item in _largest_first(view)
        if item.late and _is_open(item)
    )


def waiting(view: QuarterView) -> tuple[DecisionAsked, ...]:
    """Neglect that is open, estimated or not."""
    return tuple(
        DecisionAsked(item, item.opened_on, _OF_NEGLECT)
        for item in _largest_first(view)
        if item.nature == "neglect" and _is_open(item)
    )


def in_words(view: QuarterView) -> str:
    """What has to be decided, in one sentence."""
    said = [
        f"{_counted(found, one, many)}, {money(view, sum(each.item.outstanding for each in found))}"
        for found, one, many in (
            (past_due(view), *_PAST_DUE),
            (waiting(view), "neglected item waits", "neglected items wait"),
        )
        if found
    ]
    return f"To decide: {'; '.join(said)}." if said else "Nothing waits for a decision."


def past_due_in_words(view: QuarterView) -> str:
    """What is past its term, and what it costs while it waits, in one sentence."""
    late = past_due(view)
    if not late:
        return "No debt is past due."
    owed, per_year = (
        sum(getattr(asked.item, figure) for asked in late) for figure in ("outstanding", "interest_per_year")
    )
    said = f"{_counted(late, *_PAST_DUE)}, {money(view, owed)}"
    return f"{said}, and cost{'s' if len(late) == 1 else ''} {money(view, per_year)} a year in interest."


def _counted(found: Sequence[DecisionAsked], one: str, many: str) -> str:
    return f"{len(found):,} {one if len(found) == 1 else many}"


def _is_open(item: ItemView) -> bool:
    """Whether something is owed, or nobody has said yet how much."""
    return bool(item.outstanding) or item.status == "unestimated"


def _largest_first(view: QuarterView) -> list[ItemView]:
    return sorted(view.items, key=lambda item: (-item.outstanding, item.item))


def _due(item: ItemView, calendar: FiscalCalendar) -> date:
    """The earlier of the last days of an item that is late."""
    terms = [item.until] if item.until else []
    if item.repay_by:
        terms.append(calendar.last_day(Quarter.parse(item.repay_by)))
    return min(terms)


def _calendar(view: QuarterView) -> FiscalCalendar:
    """The book's, which its quarter's first day tells."""
    before = 3 * (Quarter.parse(view.provenance.quarter).number - 1)
    return FiscalCalendar((view.provenance.first_day.month - 1 - before) % 12 + 1)
