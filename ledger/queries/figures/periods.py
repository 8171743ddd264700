"""Periods: what every item owed before one, what was posted in it, what it owed after it; one after the other.

One reading of the balances before the first period and of the legs of them all gives every figure of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from operator import attrgetter

import msgspec

from ledger.accounts.interest import day_number
from ledger.queries.figures.balances import ItemBalance, technical_delta
from ledger.queries.figures.legs import StoredLeg, split, stored_legs
from ledger.queries.figures.owners import Tenure, day_before
from ledger.queries.reader import Reader
from ledger.vocabulary.quarters import FiscalCalendar, Quarter

#: First and last day, both inclusive.
Span = tuple[date, date]

_place = attrgetter("item", "nature")


class ItemPassage(msgspec.Struct, frozen=True, gc=False):
    """One item's way through a time, of one nature. legs: in order of day."""

    opening: ItemBalance
    legs: Sequence[StoredLeg]
    closing: ItemBalance


@dataclass(frozen=True, slots=True)
class Period:
    """Both days inclusive. passages: those of items that owed something before it or that it has a leg of.

    Nothing changed on any other item, its interest neither: where nothing is owed, none is incurred.
    """

    first_day: date
    last_day: date
    passages: Iterable[ItemPassage]


def periods(reader: Reader, spans: Sequence[Span]) -> Iterator[Period]:
    """Periods that follow each other without a gap."""
    if not spans:
        return
    first, last = spans[0][0], spans[-1][1]
    known = _known_before(reader, first)
    parts = split(stored_legs(reader, first, last), [last_day for _, last_day in spans])
    for (first_day, last_day), posted in zip(spans, parts, strict=True):
        moved: dict[tuple[str, str], list[StoredLeg]] = {}
        for leg in posted:
            moved.setdefault((leg.item, leg.nature), []).append(leg)
        for place in moved:
            known.setdefault(place, ItemBalance(*place))
        passages = [
            ItemPassage(opening, legs, _later(opening, day_before(first_day), legs, last_day))
            for place, opening in known.items()
            if (legs := moved.get(place, ())) or opening.owed
        ]
        for passage in passages:
            known[passage.closing.item, passage.closing.nature] = passage.closing
        yield Period(first_day, last_day, passages)


def spans_by_quarter(calendar: FiscalCalendar, first: Quarter, last_day: date) -> list[Span]:
    """The quarters from the first one to that of the last day, up to that day; none if it comes before them."""
    spans: list[Span] = []
    first_day, ends_on = calendar.span(first)
    while first_day <= last_day:
        spans.append((first_day, min(ends_on, last_day)))
        first = first.shift(1)
        first_day, ends_on = calendar.span(first)
    return spans


def since_the_beginning(reader: Reader, last_day: date) -> Period:
    """Everything up to a day as one period. Its passages are read as they are asked for, once."""
    legs = stored_legs(reader, date.min, last_day, by_item=True)
    return Period(date.min, last_day, (_whole(list(posted), last_day) for _, posted in groupby(legs, key=_place)))


def _whole(legs: list[StoredLeg], last_day: date) -> ItemPassage:
    opening = ItemBalance(legs[0].item, legs[0].nature)
    return ItemPassage(opening, legs, _later(opening, date.min, legs, last_day))


def handed_over(passage: ItemPassage, first_day: date, tenures: Sequence[Tenure]) -> list[tuple[Tenure, ItemPassage]]:
    """A passage parted between the owners of its period, one after the other; tenures: as `Owners.during` has them.

    What passes on the day of a change: the postings effective before it, with interest counted to it, so that the
    old owner bears that day. Owners who had nothing of it are left out.
    """
    if len(tenures) == 1:
        return [(tenures[0], passage)]
    parts: list[tuple[Tenure, ItemPassage]] = []
    opening, counted_to = passage.opening, day_before(first_day)
    legs, begin = passage.legs, 0
    for tenure, following in pairwise(tenures):
        end = begin
        while end < len(legs) and legs[end].effective_on < following.since:
            end += 1
        if end > begin or opening.owed:
            passing = _later(opening, counted_to, legs[begin:end], following.since)
            parts.append((tenure, ItemPassage(opening, legs[begin:end], passing)))
            opening, counted_to, begin = passing, following.since, end
    if begin < len(legs) or opening.owed:
        parts.append((tenures[-1], ItemPassage(opening, legs[begin:], passage.closing)))
    return parts


def _later(balance: ItemBalance, counted_to: date, legs: Iterable[StoredLeg], day: date) -> ItemBalance:
    """What a balance, its interest counted to one day, has become by these legs and with interest to a later day."""
    outstanding, carry = balance.outstanding_minor, balance.carry_minor_per_year
    carry_days = balance.carry_days + carry * (day - counted_to).days
    number = day_number(day)
    for leg in legs:
        outstanding += leg.amount
        carry += leg.carry_minor_per_year
        carry_days += leg.carry_minor_per_year * (number - leg.accrues_day)
    return ItemBalance(balance.item, balance.nature, outstanding, carry, carry_days)


def _known_before(reader: Reader, first_day: date) -> dict[tuple[str, str], ItemBalance]:
    if first_day == date.min:
        return {}
    return {(each.item, each.nature): each for each in technical_delta(reader, day_before(first_day))}
