"""The journal: every leg of a period on every account, and what changes of owner moved between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec
from sqlalchemy import select

from ledger.accounts.interest import day_of
from ledger.queries.figures.balances import ItemBalance
from ledger.queries.figures.grouping import kinds_of_items
from ledger.queries.figures.owners import OWNER_FIELDS, Owner, Owners, owners_of
from ledger.queries.figures.periods import Period, handed_over
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.postings import posting
from ledger.tables.systems import owner as owner_table
from ledger.views.quarter import JournalView
from ledger.vocabulary.keys import system_of


class JournalLeg(msgspec.Struct, frozen=True, gc=False):
    """One stored leg, of any account, with its event's hash and time of recording."""

    position: int
    item: str
    account: str
    movement: str
    amount_minor: int
    effective_on: date
    nature: str | None
    dimension: str | None
    spent_minor: int
    carry_minor_per_year: int
    accrues_day: int | None
    hash: str
    recorded_at: str


def journal(reader: Reader, period: Period, stored: Sequence[JournalLeg]) -> list[JournalView]:
    """Every leg effective in the period, by position; each position's legs sum to zero.

    A leg belongs to the team and cost centre of its system on its effective date. Where a system changed hands
    with a balance, two legs of the same account move it from one owner to the other. stored: those of the period.
    """
    owners = owners_of(reader, OWNER_FIELDS)
    kinds = kinds_of_items(reader)
    legs = [_leg(leg, owners, kinds) for leg in stored]
    legs += _transfers(reader, owners, kinds, period)
    return sorted(legs, key=lambda leg: leg.position)


def journal_legs(reader: Reader, first_day: date, last_day: date) -> list[JournalLeg]:
    """Every leg effective in a period, both days inclusive, by position."""
    columns = {**event.c, **posting.c}
    query = (
        select(*(columns[name] for name in JournalLeg.__struct_fields__))
        .join_from(posting, event, (event.c.book == posting.c.book) & (event.c.position == posting.c.position))
        .where(
            posting.c.book == reader.name,
            posting.c.effective_on.between(first_day, last_day),
            posting.c.position <= reader.position,
        )
        .order_by(posting.c.position, posting.c.leg)
    )
    return [JournalLeg(*row) for row in reader.stream(query)]


def _leg(leg: JournalLeg, owners: Owners, kinds: dict[str, tuple[str, str]]) -> JournalView:
    system = system_of(leg.item)
    team, cost_centre = owners.on(system, leg.effective_on)
    return JournalView(
        position=leg.position,
        event_hash=leg.hash[:12],
        item=leg.item,
        system=system,
        team=team or "",
        cost_centre=cost_centre,
        nature=leg.nature or "",
        dimension=leg.dimension or "",
        category=kinds[leg.item][1],
        effective_on=leg.effective_on,
        recorded_at=leg.recorded_at,
        movement=leg.movement,
        account=leg.account,
        amount=leg.amount_minor,
        carry=leg.carry_minor_per_year,
        accrues_from=None if leg.accrues_day is None else day_of(leg.accrues_day),
    )


def _transfers(
    reader: Reader, owners: Owners, kinds: dict[str, tuple[str, str]], period: Period
) -> Iterator[JournalView]:
    """What passes on the day of a change: postings effective before it."""
    changes = _changes(reader, period)
    for passage in sorted(period.passages, key=lambda passage: (passage.opening.item, passage.opening.nature)):
        item = passage.opening.item
        system = system_of(item)
        parts = handed_over(passage, period.first_day, owners.during(system, period.first_day, period.last_day))
        for (giving, part), (taking, _) in pairwise(parts):
            if part.closing.outstanding_minor:
                change = changes[system, taking.since]
                yield _transfer(part.closing, kinds[item], giving.owner, change, sign=1)
                yield _transfer(part.closing, kinds[item], taking.owner, change, sign=-1)


def _transfer(passing: ItemBalance, kind: tuple[str, str], owner: Owner, change: Any, *, sign: int) -> JournalView:
    """One half of a change of hands. sign: 1 for who gives. The old owner bears the day of the change."""
    dimension, category = kind
    item, nature = passing.item, passing.nature
    return JournalView(
        position=change.position,
        event_hash=change.hash[:12],
        item=item,
        system=system_of(item),
        team=owner[0] or "",
        cost_centre=owner[1],
        nature=nature,
        dimension=dimension,
        category=category,
        effective_on=change.effective_on,
        recorded_at=change.recorded_at,
        movement="transferred",
        account=f"liabilities:{nature}:{dimension}",
        amount=sign * passing.outstanding_minor,
        carry=-sign * passing.carry_minor_per_year,
        accrues_from=change.effective_on,
    )


def _changes(reader: Reader, period: Period) -> dict[tuple[str, date], Any]:
    """By system and day, the last event that changed the system's owner on that day: what a transfer stands for."""
    query = (
        select(owner_table.c.system, owner_table.c.effective_on, event.c.position, event.c.hash, event.c.recorded_at)
        .join(event, (event.c.book == owner_table.c.book) & (event.c.position == owner_table.c.position))
        .where(
            owner_table.c.book == reader.name,
            owner_table.c.effective_on.between(period.first_day, period.last_day),
            owner_table.c.position <= reader.position,
        )
        .order_by(owner_table.c.position)
    )
    return {(row.system, row.effective_on): row for row in reader.connection.execute(query)}
