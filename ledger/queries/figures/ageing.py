"""Ageing: what is outstanding, by system, in buckets of days since it came to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ledger.queries.register.items import RegisterItem
from ledger.vocabulary.ages import BUCKETS, OF_WHICH, bucket_of

#: Of a row: the buckets, their sum, and what of it is late.
COLUMNS = (*(name for _, name in BUCKETS), "total", *OF_WHICH)


@dataclass(frozen=True, slots=True)
class Ageing:
    """Outstanding per system and column, minor units; by the names of COLUMNS."""

    rows: dict[str, dict[str, int]]
    total: dict[str, int]


def ageing(items: Iterable[RegisterItem]) -> Ageing:
    """Age the outstanding principal of the register's items; systems that owe nothing are left out."""
    rows: dict[str, dict[str, int]] = {}
    total = dict.fromkeys(COLUMNS, 0)
    for item in items:
        if not item.outstanding:
            continue
        for row in (rows.setdefault(item.system, dict.fromkeys(COLUMNS, 0)), total):
            row[bucket_of(item.age_days)] += item.outstanding
            row["total"] += item.outstanding
            for name in item.late:
                row[name] += item.outstanding
    return Ageing(dict(sorted(rows.items())), total)
