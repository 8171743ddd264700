"""Restatements: what an earlier issue of a quarter did not know, leg by leg."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from ledger.queries.figures.balances import technical_delta
from ledger.queries.figures.budgets import planned_figures
from ledger.queries.figures.history import measured
from ledger.queries.figures.issues import PackIssue
from ledger.queries.figures.owners import day_before, owners_of
from ledger.queries.figures.restated_plans import plan_changes
from ledger.queries.figures.rollforward import Rollforward, RollforwardFigures, rollforward
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.postings import posting
from ledger.views.restatements import (
    IssuedFigureView,
    MemorandumView,
    RestatedInterestView,
    RestatedView,
    RestatementView,
)
from ledger.views.rollforward import RollforwardView
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.kinds import column_of
from ledger.vocabulary.quarters import Quarter

#: Figures by nature and system.
_Figures = dict[tuple[str, str], RollforwardFigures]


def restatement(reader: Reader, issue: PackIssue) -> RestatementView:
    """The quarter of an issue as it stood there and as the reader knows it, and every leg between. Minor units.

    Raises StoreError for an issue that knew more than the reader does: it cannot have come before.
    """
    said = issue.issued
    if said.known_position > reader.position:
        raise StoreError(
            f"The issue at position {issue.position} knew events up to {said.known_position}; what is compared with it "
            f"knows those up to {reader.position} alone. An issue is compared with what came after it."
        )
    then = replace(reader, position=said.known_position)
    first_day = reader.calendar.first_day(Quarter.parse(said.quarter))
    rolled = rollforward(then, first_day, said.as_of, ("system", "team"))
    issued = _by_system(rolled)
    now = _by_system(rollforward(reader, first_day, said.as_of, ("system",)))
    legs = tuple(_legs(reader, said.known_position, first_day, said.as_of))
    systems = sorted({leg.system for leg in legs})
    return RestatementView(
        quarter=said.quarter,
        issue=issue.view,
        issued=tuple(_rollforward(issued)),
        now=tuple(_rollforward(now)),
        memoranda=tuple(_memoranda(issued)),
        legs=legs,
        interest=tuple(_interest(then, reader, systems, first_day, said.as_of)),
        figures=_measures(then, Quarter.parse(said.quarter), rolled),
        plans=tuple(plan_changes(then, reader, said.quarter, (first_day, said.as_of), legs)),
    )


def figures_as_issued(then: Reader, quarter: Quarter, as_of: date) -> tuple[IssuedFigureView, ...]:
    """A quarter's measures by team and nature, minor units. then: knows what the issue knew."""
    return _measures(then, quarter, rollforward(then, then.calendar.first_day(quarter), as_of, ("system", "team")))


def _measures(then: Reader, quarter: Quarter, rolled: Rollforward) -> tuple[IssuedFigureView, ...]:
    found = (*measured(quarter, rolled), *planned_figures(then, {quarter: rolled}))
    return tuple(IssuedFigureView(each.team, each.nature, each.measure, each.amount) for each in found)


def _by_system(rolled_forward: Rollforward) -> _Figures:
    """The roll-forward's rows by nature and system, in that order."""
    rows = rolled_forward.by("system").rows
    found = {(nature, key[0] or ""): figures for nature, key, figures in rows if nature != "total"}
    return dict(sorted(found.items()))


def _rollforward(found: _Figures) -> Iterator[RollforwardView]:
    for (nature, system), figures in found.items():
        if figures.opening or figures.closing or any(figures.movements.values()):
            yield RollforwardView(nature, system, opening=figures.opening, **figures.movements, closing=figures.closing)


def _memoranda(found: _Figures) -> Iterator[MemorandumView]:
    for (nature, system), figures in found.items():
        if figures.spent or figures.interest:
            yield MemorandumView(nature, system, spent=figures.spent, interest=figures.interest)


def _legs(reader: Reader, known_position: int, first_day: date, last_day: date) -> Iterator[RestatedView]:
    """Liability legs recorded after a position and effective by the quarter's last day, in order of position."""
    query = (
        select(posting, event.c.hash, event.c.stored_as, event.c.recorded_at, event.c.actor)
        .join(event, (event.c.book == posting.c.book) & (event.c.position == posting.c.position))
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            posting.c.effective_on <= last_day,
            posting.c.position > known_position,
            posting.c.position <= reader.position,
        )
        .order_by(posting.c.position, posting.c.leg)
    )
    owners = owners_of(reader, ("team",))
    for row in reader.connection.execute(query):
        before = row.effective_on < first_day
        yield RestatedView(
            position=row.position,
            event_hash=row.hash[:12],
            stored_as=row.stored_as,
            item=row.item,
            system=system_of(row.item),
            nature=row.nature,
            effective_on=row.effective_on,
            recorded_at=row.recorded_at,
            actor=row.actor,
            column="opening" if before else column_of(row.movement),
            amount=-row.amount_minor,
            # Spending before the quarter is no figure of the quarter.
            spent=0 if before else row.spent_minor,
            team=owners.on(system_of(row.item), row.effective_on)[0] or "",
        )


def _interest(
    then: Reader, now: Reader, systems: Iterable[str], first_day: date, last_day: date
) -> Iterator[RestatedInterestView]:
    """The items whose interest changed. systems: those with a leg in between; no other's can have changed."""
    for system in systems:
        issued, known = (_incurred(moment, system, first_day, last_day) for moment in (then, now))
        for item, nature in sorted(known, key=_in_order):  # an item that was known then is known now
            figures = issued.get((item, nature), 0), known[item, nature]
            if figures[0] != figures[1]:
                yield RestatedInterestView(item, nature, *figures)


def _incurred(reader: Reader, system: str, first_day: date, last_day: date) -> dict[tuple[str, str], int]:
    """Interest that a system's items incurred in the period, by item and nature."""
    incurred: dict[tuple[str, str], int] = {}
    for day, sign in ((last_day, 1), (day_before(first_day), -1)):
        for balance in technical_delta(reader, day, system=system):
            place = (balance.item, balance.nature)
            incurred[place] = incurred.get(place, 0) + sign * balance.interest_minor
    return incurred


def _in_order(place: tuple[str, str]) -> tuple[int, str]:
    """One system's items by number, debt before neglect."""
    item, nature = place
    return int(item.rpartition("-")[2]), nature
