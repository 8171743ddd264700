"""Owners, folded from a history alone: which team and cost centre had each system, and what each of them bears.

Nothing here reads a read model: `debt replay` sets these figures beside those that reports add up by group.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ledger.accounts.general_ledger import FoldedItem, Liability
from ledger.accounts.postings import post
from ledger.events import Event, SystemChanged, SystemRegistered
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.kinds import Nature

#: What a system belongs to; each has a timeline of its own.
OWNED_BY = ("team", "cost_centre")

#: Since when, inclusive, and who; the first since the beginning of time.
Holding = tuple[date, str | None]


@dataclass(slots=True)
class GroupBalance:
    """What a group of items owes, per year and by the day, minor units."""

    debt: int = 0
    neglect: int = 0
    interest_per_year: int = 0
    interest_incurred: int = 0

    def add_owed(self, nature: Nature, liability: Liability) -> None:
        """Add what an item owes of one nature."""
        if nature == "debt":
            self.debt += liability.outstanding_minor
        else:
            self.neglect += liability.outstanding_minor
        self.interest_per_year += liability.carry_minor_per_year


class Holdings:
    """Who had each system by a day, one after the other."""

    def __init__(self, history: Iterable[tuple[date, Event]], as_of: date) -> None:
        """history: events and the days they are effective on, in order of position; those that name owners count."""
        said: dict[tuple[str, str], dict[date, str | None]] = {}
        for on, event in history:
            registered = isinstance(event, SystemRegistered)
            if not registered and not (isinstance(event, SystemChanged) and on <= as_of):
                continue
            for name in OWNED_BY:
                who = getattr(event, name)
                if registered or who is not None:
                    # Of two changes on one day the later one holds.
                    said.setdefault((event.stream, name), {})[date.min if registered else on] = who
        self._held = {place: tuple(sorted(since.items())) for place, since in said.items()}
        self.handovers: dict[str, set[date]] = {}
        for (system, _), held in self._held.items():
            self.handovers.setdefault(system, set()).update(since for since, _ in held[1:])

    def of(self, system: str, name: str) -> tuple[Holding, ...]:
        """The holdings of a system, in order of time. Raises KeyError for a system that was never registered."""
        return self._held[system, name]


class HandedOver:
    """Folds what items owed when their systems changed hands: entries before the day count."""

    def __init__(self, holdings: Holdings) -> None:
        self.holdings = holdings
        self._owed: dict[tuple[str, Nature, date], Liability] = {}

    def take(self, stream: str, effective_on: date, event: Event) -> None:
        """Count an event of an item. Raises KeyError for an item of a system that was never registered."""
        for day in self.holdings.handovers[system_of(stream)]:
            if effective_on < day:
                for leg in post(event, effective_on):
                    if leg.nature is not None:
                        self._owed.setdefault((stream, leg.nature, day), Liability()).add(leg)

    def interest_minor(self, item: str, nature: Nature, day: date) -> int:
        """Interest incurred by the end of a handover's day, which the old owner still bears."""
        owed = self._owed.get((item, nature, day))
        return owed.interest_minor(day) if owed else 0


def grouped(
    items: Iterable[FoldedItem], handed_over: HandedOver, name: str, as_of: date
) -> dict[str | None, GroupBalance]:
    """What stands on a day by one of OWNED_BY, or by nature, dimension, category or system, which never change.

    Each owner bears the interest of its time (design §3, 'Teams').
    """
    groups: dict[str | None, GroupBalance] = {}
    for item in items:
        system = system_of(item.item)
        for nature, owed in item.liabilities.items():
            if name in OWNED_BY:
                holdings = handed_over.holdings.of(system, name)
            else:
                fixed = {"nature": nature, "dimension": item.dimension, "category": item.category, "system": system}
                holdings = ((date.min, fixed[name]),)
            groups.setdefault(holdings[-1][1], GroupBalance()).add_owed(nature, owed)
            by_then = [handed_over.interest_minor(item.item, nature, since) for since, _ in holdings[1:]]
            for (_, who), (before, after) in zip(
                holdings, pairwise([0, *by_then, owed.interest_minor(as_of)]), strict=True
            ):
                groups.setdefault(who, GroupBalance()).interest_incurred += after - before
    return groups
