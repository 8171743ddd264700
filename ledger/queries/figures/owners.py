"""Owners: which team and cost centre a system belonged to, and since when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from sqlalchemy import select

from ledger.queries.reader import Reader
from ledger.tables.systems import owner

#: The attributes of an item that change with its system's owner.
OWNER_FIELDS = ("team", "cost_centre")

Owner = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Tenure:
    """One owner's time: from a day on, inclusive, until the next tenure's."""

    since: date
    owner: Owner


_since = attrgetter("since")


@dataclass(frozen=True, slots=True)
class Owners:
    """The owners of every system, as known at a position, under some of OWNER_FIELDS.

    tenures: by system, in order of time; neighbours differ; the first is since date.min.
    """

    tenures: dict[str, list[Tenure]]

    def on(self, system: str, day: date) -> Owner:
        """The owner of a system on a day."""
        tenures = self.tenures[system]
        return tenures[bisect_right(tenures, day, key=_since) - 1].owner

    def during(self, system: str, first_day: date, last_day: date) -> list[Tenure]:
        """The tenures from the owner of the day before the first day to that of the last, in order."""
        tenures = self.tenures[system]
        start = bisect_right(tenures, day_before(first_day), key=_since) - 1
        return tenures[start : bisect_right(tenures, last_day, key=_since)]


def owners_of(reader: Reader, fields: Sequence[str]) -> Owners:
    """The tenures of every system; fields: those of OWNER_FIELDS that make the owner.

    Team and cost centre each have their own timeline: the latest change effective by a day holds, of two
    on one day the later position. A registration counts from the beginning of time.
    """
    query = select(owner).where(owner.c.book == reader.name, owner.c.position <= reader.position)
    by_system: dict[str, list[tuple[date, int, dict[str, str | None]]]] = {}
    for row in reader.connection.execute(query).mappings():
        change = {field: row[field] for field in fields}
        by_system.setdefault(row["system"], []).append((row["effective_on"] or date.min, row["position"], change))
    return Owners({system: _tenures(changes, fields) for system, changes in by_system.items()})


def _tenures(changes: list[tuple[date, int, dict[str, str | None]]], fields: Sequence[str]) -> list[Tenure]:
    current: dict[str, str | None] = dict.fromkeys(fields)
    tenures: list[Tenure] = []
    for since, _, change in sorted(changes, key=lambda entry: entry[:2]):
        current |= {field: value for field, value in change.items() if value is not None}
        holder = tuple(current[field] for field in fields)
        if tenures and tenures[-1].since == since:
            tenures.pop()
        if not tenures or tenures[-1].owner != holder:
            tenures.append(Tenure(since, holder))
    return tenures


def day_before(day: date) -> date:
    """The day before; the first day there is has none."""
    return day - timedelta(days=1) if day > date.min else day
