"""The journal: every leg of a period on every account, and what changes of owner moved between them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from ledger.model import system_of
from ledger.projections.items import item as item_table
from ledger.projections.postings import posting
from ledger.projections.systems import owner
from ledger.queries.balances import technical_delta
from ledger.queries.owners import OWNER_FIELDS, Owners, Tenure, day_before, owners_of
from ledger.queries.reader import Reader
from ledger.store.schema import event
from ledger.views import JournalView


def journal(reader: Reader, first_day: date, last_day: date) -> list[JournalView]:
    """Every leg effective in the period, both days inclusive, by position; each position's legs sum to zero.

    A leg belongs to the team and cost centre of its system on its effective date. Where a system changed hands
    with a balance, two legs of the same account move it from one owner to the other.
    """
    owners = owners_of(reader, OWNER_FIELDS)
    items = {
        row.item: row
        for row in reader.connection.execute(
            select(item_table.c.item, item_table.c.dimension, item_table.c.category).where(
                item_table.c.book == reader.name
            )
        )
    }
    legs = [_leg(row, owners, items) for row in _stored(reader, first_day, last_day)]
    legs += _transfers(reader, owners, items, first_day, last_day)
    return sorted(legs, key=lambda leg: leg.position)


def _stored(reader: Reader, first_day: date, last_day: date) -> Any:
    query = (
        select(posting, event.c.hash, event.c.recorded_at)
        .join(event, (event.c.book == posting.c.book) & (event.c.position == posting.c.position))
        .where(
            posting.c.book == reader.name,
            posting.c.effective_on.between(first_day, last_day),
            posting.c.position <= reader.position,
        )
        .order_by(posting.c.position, posting.c.leg)
    )
    return reader.connection.execute(query)


def _leg(row: Any, owners: Owners, items: dict[str, Any]) -> JournalView:
    system = system_of(row.item)
    team, cost_centre = owners.on(system, row.effective_on)
    return JournalView(
        position=row.position,
        event_hash=row.hash[:12],
        item=row.item,
        system=system,
        team=team or "",
        cost_centre=cost_centre,
        nature=row.nature or "",
        dimension=row.dimension or "",
        category=items[row.item].category,
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        movement=row.movement,
        account=row.account,
        amount=row.amount_minor,
    )


def _transfers(
    reader: Reader, owners: Owners, items: dict[str, Any], first_day: date, last_day: date
) -> Iterator[JournalView]:
    for system in sorted(owners.tenures):
        tenures = owners.tenures[system]
        for giving, taking in pairwise(tenures):
            if first_day <= taking.since <= last_day:
                yield from _transferred(reader, items, system, giving, taking)


def _transferred(
    reader: Reader, items: dict[str, Any], system: str, giving: Tenure, taking: Tenure
) -> Iterator[JournalView]:
    """What passes on the day of a change: postings effective before it."""
    changed = _change(reader, system, taking.since)
    for balance in technical_delta(reader, day_before(taking.since), system=system):
        dimension, category = items[balance.item].dimension, items[balance.item].category
        for tenure, amount in ((giving, balance.outstanding_minor), (taking, -balance.outstanding_minor)):
            if amount:
                yield JournalView(
                    position=changed.position,
                    event_hash=changed.hash[:12],
                    item=balance.item,
                    system=system,
                    team=tenure.owner[0] or "",
                    cost_centre=tenure.owner[1],
                    nature=balance.nature,
                    dimension=dimension,
                    category=category,
                    effective_on=taking.since,
                    recorded_at=changed.recorded_at,
                    movement="transferred",
                    account=f"liabilities:{balance.nature}:{dimension}",
                    amount=amount,
                )


def _change(reader: Reader, system: str, day: date) -> Any:
    """The last event that changed the system's owner on a day: what the transfer stands for."""
    query = (
        select(event.c.position, event.c.hash, event.c.recorded_at)
        .join(owner, (owner.c.book == event.c.book) & (owner.c.position == event.c.position))
        .where(
            owner.c.book == reader.name,
            owner.c.system == system,
            owner.c.effective_on == day,
            owner.c.position <= reader.position,
        )
        .order_by(event.c.position.desc())
        .limit(1)
    )
    return reader.connection.execute(query).one()
