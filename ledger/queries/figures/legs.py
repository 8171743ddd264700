"""Legs: the liability legs of a period as they are stored, read once and in order of day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar

import msgspec
from sqlalchemy import func, select

from ledger.events import ESTIMATE_VARIANCE
from ledger.queries.reader import Reader
from ledger.tables.postings import posting


class StoredLeg(msgspec.Struct, frozen=True, gc=False):
    """One liability leg. Minor units; amount: positive when what is owed grows.

    accrues_day: the day from which its carry counts, since 1970-01-01. variance: what its event cost more than
    it removed; an event that cost anything has one liability leg.
    """

    item: str
    nature: str
    movement: str
    effective_on: date
    amount: int
    carry_minor_per_year: int
    accrues_day: int
    spent: int
    variance: int


class Dated(Protocol):
    """Something with a day in the books."""

    @property
    def effective_on(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def stored_legs(reader: Reader, first_day: date, last_day: date, *, by_item: bool = False) -> Iterator[StoredLeg]:
    """Every liability leg effective in a period, both days inclusive, in order of day; by_item: item after item."""
    order = [posting.c.item, posting.c.nature, posting.c.effective_on] if by_item else [posting.c.effective_on]
    variance = posting.alias("variance")
    query = (
        select(
            posting.c.item,
            posting.c.nature,
            posting.c.movement,
            posting.c.effective_on,
            -posting.c.amount_minor,
            posting.c.carry_minor_per_year,
            posting.c.accrues_day,
            posting.c.spent_minor,
            func.coalesce(variance.c.amount_minor, 0),
        )
        .outerjoin(
            variance,
            (variance.c.book == posting.c.book)
            & (variance.c.position == posting.c.position)
            & (variance.c.account == ESTIMATE_VARIANCE),
        )
        .where(
            posting.c.book == reader.name,
            posting.c.nature.is_not(None),
            posting.c.effective_on.between(first_day, last_day),
            posting.c.position <= reader.position,
        )
        .order_by(*order)
    )
    rows = reader.stream(query)
    return (StoredLeg(*row) for row in rows)


def split(rows: Iterable[Row], last_days: Sequence[date]) -> Iterator[Iterator[Row]]:
    """Rows in order of day, parted after each of the days, which ascend; read each part before the next one."""
    coming = iter(rows)
    ahead = next(coming, None)

    def through(day: date) -> Iterator[Row]:
        nonlocal ahead
        while ahead is not None and ahead.effective_on <= day:
            yield ahead
            ahead = next(coming, None)

    for day in last_days:
        yield through(day)
