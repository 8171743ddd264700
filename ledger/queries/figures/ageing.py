"""Ageing: what is outstanding, by system, in buckets of days since it came to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.queries.register.items import RegisterItem

#: Name of a bucket and the youngest age in it, in days.
BUCKETS = (("0-90", 0), ("91-180", 91), ("181-365", 181), ("366+", 366))
#: Shown as 'of which', never added.
OF_WHICH = ("lapsed", "overdue")


def bucket(age_days: int) -> str:
    """The bucket an age falls into."""
    return [name for name, youngest in BUCKETS if age_days >= youngest][-1]


@dataclass(frozen=True, slots=True)
class Ageing:
    """Outstanding per system and column, minor units; columns are the buckets, 'total', and OF_WHICH."""

    rows: dict[str, dict[str, int]]
    total: dict[str, int]


def ageing(items: Iterable[RegisterItem]) -> Ageing:
    """Age the outstanding principal of the register's items; systems that owe nothing are left out."""
    columns = (*(name for name, _ in BUCKETS), "total", *OF_WHICH)
    rows: dict[str, dict[str, int]] = {}
    total = dict.fromkeys(columns, 0)
    for item in items:
        if not item.outstanding:
            continue
        for row in (rows.setdefault(item.system, dict.fromkeys(columns, 0)), total):
            row[bucket(item.age_days)] += item.outstanding
            row["total"] += item.outstanding
            if item.status in OF_WHICH:
                row[item.status] += item.outstanding
    return Ageing(dict(sorted(rows.items())), total)
