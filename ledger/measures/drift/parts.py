"""The parts in which a feature is compared: its values, whether they are missing, categories that one side lacks.

Each has an effect of its own, a share of rows, and is held against the threshold by itself: what one of them hides
another shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np

from ledger.measures.drift.columns import MOST_CATEGORIES, FeatureColumn
from ledger.measures.drift.comparisons import (
    FEWEST_ROWS,
    Comparison,
    compared_counts,
    compared_numbers,
    compared_unseen,
)
from ledger.measures.drift.effects import KnownShare
from ledger.measures.drift.notes import notes, percent
from ledger.measures.kit.verdicts import EffectInterval
from ledger.vocabulary.decimals import decimal_text

Of = Literal["values", "missing", "new", "gone", "column"]


@dataclass(frozen=True)
class FeaturePart:
    """One comparison of one feature. of: what was compared, 'column' for one that is gone from live as a whole.

    sizes: rows before and now that have something to compare. period: of the live rows, '' for all of them. judged:
    whether it is held against the threshold; may_be_kept: whether it says enough of the feature for that.

    p_holm to verdict are empty until everything is compared. rows_to_tell: about so many on each side would tell, None
    where it is told or no number of rows would.
    """

    feature: str
    of: Of
    kind: str
    found: Comparison | None
    sizes: tuple[int, int]
    notes: tuple[str, ...]
    period: str = ""
    judged: bool = True
    may_be_kept: bool = True
    p_holm: float | None = None
    interval: EffectInterval | None = None
    rows_to_tell: int | None = None
    verdict: str = ""

    @property
    def effect(self) -> Decimal:
        """In the digits in which it is recorded."""
        return Decimal(decimal_text(self.found.effect if self.found else 0.0, 4))

    @property
    def is_too_small(self) -> bool:
        """Whether it has too few rows to be judged; a column that is gone needs none."""
        return self.of != "column" and min(self.sizes) < FEWEST_ROWS


def parts_of(before: FeatureColumn, now: FeatureColumn, *, named: bool, period: str = "") -> Iterator[FeaturePart]:
    """A feature before and now. named: somebody asked for it. period: of the live rows."""
    kind, told, sizes = before.kind, tuple(notes(before, now)), (before.there, now.there)
    if not min(sizes):
        yield FeaturePart(before.name, "values", kind, None, sizes, ("no value to compare", *told), period)
    elif before.others:
        crowd = f"more than {MOST_CATEGORIES:,} categories before: names of rows, not of kinds of rows"
        yield FeaturePart(before.name, "values", kind, None, sizes, (crowd, *told), period, judged=False)
    else:
        found = _compared(before, now)
        # Dates move by themselves, so they are judged only when named.
        judged = (kind != "date" or named) and not found.test.startswith("none")
        yield FeaturePart(before.name, "values", kind, found, sizes, told, period, judged=judged)
        for part in _one_sided(before, now, period):
            yield replace(part, may_be_kept=judged)
    if before.missing or now.missing:
        table = np.asarray([[side.there, side.missing] for side in (before, now)])
        gap = f"missing {percent(before.missing, before.rows)} before, {percent(now.missing, now.rows)} now"
        rows = (before.rows, now.rows)
        yield FeaturePart(before.name, "missing", kind, compared_counts(table), rows, (gap,), period)


def gone(before: FeatureColumn, rows: int, note: str) -> FeaturePart:
    """A feature of the reference that live has not. rows: of live."""
    found = Comparison("none: it is gone", KnownShare(1.0), None)
    return FeaturePart(before.name, "column", before.kind, found, (before.there, rows), (note,))


def _compared(before: FeatureColumn, now: FeatureColumn) -> Comparison:
    if before.kind in ("number", "date"):
        return compared_numbers(before.numbers, now.numbers)
    return compared_counts(np.asarray(_counts(before, now)))


def _counts(before: FeatureColumn, now: FeatureColumn) -> list[list[int]]:
    """A row per side; last what was too much to be told apart."""
    categories = sorted(before.counts.keys() | now.counts.keys())
    return [[*(side.counts[name] for name in categories), side.others] for side in (before, now)]


def _one_sided(before: FeatureColumn, now: FeatureColumn, period: str) -> Iterator[FeaturePart]:
    """Categories that the reference lacks, and those that live lacks, each as a part of its own."""
    if before.kind in ("number", "date"):
        return
    was, is_now = map(np.asarray, _counts(before, now))
    sides: tuple[tuple[Of, int, int], ...] = (("new", 1, 0), ("gone", 0, 1))
    for of, one, other in sides:
        counts, others = (was, is_now)[one], (was, is_now)[other]
        unseen, once = int(counts[others == 0].sum()), int((others == 1).sum())
        if unseen:
            note = f"{percent(unseen, int(counts.sum()))} of the rows, {percent(once, int(others.sum()))} expected by chance"
            found = compared_unseen(counts, others)
            yield FeaturePart(before.name, of, before.kind, found, (before.there, now.there), (note,), period)
