"""Avoided: the interest that repayments have spared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import select, union_all

from ledger.accounts.interest import day_number, incurred
from ledger.queries.figures.legs import split
from ledger.queries.reader import Reader
from ledger.tables.postings import posting
from ledger.tables.reversals import reversal
from ledger.vocabulary.keys import system_of


@dataclass(slots=True)
class _Spared:
    """Of one item and nature: the carry spared, and the sum of carry x the number of the day since when it is."""

    carry: int = 0
    carry_x_day: int = 0


class _Change(msgspec.Struct, frozen=True, gc=False):
    """Carry that a repayment removed or, with the other sign, that was given back when it was reversed."""

    item: str
    nature: str
    effective_on: date
    carry_minor_per_year: int
    accrues_day: int


def interest_avoided(reader: Reader, days: Sequence[date]) -> list[dict[tuple[str, str], int]]:
    """What items would have cost in interest by each of the days, but for their repayments; by system and nature.

    days: ascending. Per item and nature, the carry that standing repayments removed x days since / 365, from integer
    sums, rounded half-even once, in minor units. A repayment that is reversed by a day spares nothing by that day.
    Of an interval: the figure of its last day less that of the day before its first, so that quarters add up to the year.
    """
    spared: dict[tuple[str, str], _Spared] = {}
    avoided: list[dict[tuple[str, str], int]] = []
    for day, changes in zip(days, split(_changes(reader, days[-1]), days), strict=True):
        for change in changes:
            found = spared.get((change.item, change.nature))
            if found is None:
                found = spared[change.item, change.nature] = _Spared()
            found.carry += change.carry_minor_per_year
            found.carry_x_day += change.carry_minor_per_year * change.accrues_day
        number = day_number(day)
        by_system: dict[tuple[str, str], int] = {}
        for (item, nature), found in spared.items():
            place = (system_of(item), nature)
            by_system[place] = by_system.get(place, 0) + incurred(found.carry * number - found.carry_x_day)
        avoided.append(by_system)
    return avoided


def _changes(reader: Reader, through: date) -> Iterator[_Change]:
    """The carry that repayments removed, in order of day, and the same with the other sign where one was reversed."""
    repaid = (
        posting.c.book == reader.name,
        posting.c.nature.is_not(None),
        posting.c.movement == "repaid",
        posting.c.position <= reader.position,
    )
    removed = select(
        posting.c.item, posting.c.nature, posting.c.effective_on, -posting.c.carry_minor_per_year, posting.c.accrues_day
    ).where(*repaid, posting.c.effective_on <= through)
    given_back = (
        select(
            posting.c.item,
            posting.c.nature,
            reversal.c.effective_on,
            posting.c.carry_minor_per_year,
            posting.c.accrues_day,
        )
        .join(
            reversal,
            (reversal.c.book == posting.c.book) & (reversal.c.reversed_position == posting.c.position),
        )
        .where(*repaid, reversal.c.position <= reader.position, reversal.c.effective_on <= through)
    )
    rows = reader.stream(union_all(removed, given_back).order_by("effective_on"))
    return (_Change(*row) for row in rows)
