"""Restatements: what an earlier issue of a quarter did not know, leg by leg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from ledger.model import system_of
from ledger.projections.postings import posting
from ledger.quarters import Quarter
from ledger.queries.balances import technical_delta
from ledger.queries.issues import Issue
from ledger.queries.owners import day_before
from ledger.queries.reader import Reader
from ledger.queries.rollforward import rollforward
from ledger.store.schema import event
from ledger.views import RestatedInterestView, RestatedView, RestatementView, RollforwardView


def restatement(reader: Reader, issue: Issue) -> RestatementView:
    """The quarter of an issue as it stood there and as the reader knows it, and every leg between. Minor units."""
    then = replace(reader, position=issue.issued.known_position)
    first_day = reader.calendar.first_day(Quarter.parse(issue.issued.quarter))
    through = issue.issued.as_of
    return RestatementView(
        quarter=issue.issued.quarter,
        issue=issue.view,
        issued=_rollforward(then, first_day, through),
        now=_rollforward(reader, first_day, through),
        legs=tuple(_legs(reader, then.position, first_day, through)),
        interest=tuple(_interest(reader, then, first_day, through)),
    )


def _rollforward(reader: Reader, first_day: date, last_day: date) -> tuple[RollforwardView, ...]:
    rows = rollforward(reader, first_day, last_day, ("system",)).rows
    return tuple(
        RollforwardView(
            nature=nature,
            system=key[0] or "",
            opening=figures.opening,
            **figures.movements,
            closing=figures.closing,
        )
        for nature, key, figures in rows
        if nature != "total"
    )


def _legs(reader: Reader, known_position: int, first_day: date, last_day: date) -> Iterator[RestatedView]:
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
    for row in reader.connection.execute(query):
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
            column="opening" if row.effective_on < first_day else row.movement.replace("-", "_"),
            amount=-row.amount_minor,
            spent=0 if row.effective_on < first_day else row.spent_minor,
        )


def _interest(reader: Reader, then: Reader, first_day: date, last_day: date) -> Iterator[RestatedInterestView]:
    issued, now = (_incurred(moment, first_day, last_day) for moment in (then, reader))
    for item, nature in sorted(issued.keys() | now.keys()):
        figures = issued.get((item, nature), 0), now.get((item, nature), 0)
        if figures[0] != figures[1]:
            yield RestatedInterestView(item, nature, *figures)


def _incurred(reader: Reader, first_day: date, last_day: date) -> dict[tuple[str, str], int]:
    """Interest incurred in the period by item and nature."""
    incurred: dict[tuple[str, str], int] = {}
    for day, sign in ((last_day, 1), (day_before(first_day), -1)):
        for balance in technical_delta(reader, day):
            place = (balance.item, balance.nature)
            incurred[place] = incurred.get(place, 0) + sign * balance.interest_minor
    return incurred
