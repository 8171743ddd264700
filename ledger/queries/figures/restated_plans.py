"""What changed the budgets, forecasts and spending of teams in a quarter after it was issued, event by event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter

from sqlalchemy import Row, select

from ledger.queries.figures.owners import owners_of
from ledger.queries.reader import Reader
from ledger.tables.budgets import budget
from ledger.tables.facts import event
from ledger.tables.postings import posting
from ledger.views.restatements import PlanChangeView, RestatedView
from ledger.vocabulary.keys import system_of

SPENT = "removed_spent"


def plan_changes(
    then: Reader, now: Reader, quarter: str, days: tuple[date, date], legs: Iterable[RestatedView]
) -> list[PlanChangeView]:
    """Every change between two moments of one book, in order of position. days: first and last of the quarter.

    legs: the liability legs that came between.
    """
    changes = [*_set(then, now, quarter), *map(_of_leg, legs), *_handed_over(then, now, days)]
    return sorted((each for each in changes if each.figure != SPENT or each.change), key=attrgetter("position"))


def _set(then: Reader, now: Reader, quarter: str) -> Iterator[PlanChangeView]:
    """Budgets and forecasts that were set: of two on one cell the later position holds."""
    query = (
        select(budget, event.c.hash, event.c.stored_as, event.c.recorded_at, event.c.actor)
        .join(event, (event.c.book == budget.c.book) & (event.c.position == budget.c.position))
        .where(budget.c.book == now.name, budget.c.quarter == quarter, budget.c.position <= now.position)
        .order_by(budget.c.position)
    )
    standing: dict[tuple[str, str], int] = {}
    for row in now.connection.execute(query):
        before = standing.get((row.team, row.kind), 0)
        standing[row.team, row.kind] = row.amount_minor
        if row.position > then.position:
            yield _change(row, row.team, row.kind, row.amount_minor - before)


def _of_leg(leg: RestatedView) -> PlanChangeView:
    return PlanChangeView(
        position=leg.position,
        event_hash=leg.event_hash,
        stored_as=leg.stored_as,
        team=leg.team,
        effective_on=leg.effective_on,
        recorded_at=leg.recorded_at,
        actor=leg.actor,
        figure=SPENT,
        change=leg.spent,
    )


def _handed_over(then: Reader, now: Reader, days: tuple[date, date]) -> Iterator[PlanChangeView]:
    """Spending that the issue knew and that is another team's by now, because a change of team was recorded late."""
    before, after = owners_of(then, ("team",)), owners_of(now, ("team",))
    query = (
        select(posting, event.c.hash, event.c.stored_as, event.c.recorded_at, event.c.actor)
        .join(event, (event.c.book == posting.c.book) & (event.c.position == posting.c.position))
        .where(
            posting.c.book == then.name,
            posting.c.nature.is_not(None),
            posting.c.spent_minor != 0,
            posting.c.effective_on.between(*days),
            posting.c.position <= then.position,
        )
        .order_by(posting.c.position)
    )
    for row in then.connection.execute(query):
        system = system_of(row.item)
        giving, taking = (owners.on(system, row.effective_on)[0] or "" for owners in (before, after))
        if giving != taking:
            yield _change(row, giving, SPENT, -row.spent_minor)
            yield _change(row, taking, SPENT, row.spent_minor)


def _change(row: Row, team: str, figure: str, change: int) -> PlanChangeView:  # type: ignore[type-arg]
    return PlanChangeView(
        position=row.position,
        event_hash=row.hash[:12],
        stored_as=row.stored_as,
        team=team,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        actor=row.actor,
        figure=figure,
        change=change,
    )
