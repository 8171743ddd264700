"""One feature before and now: the test that fits its kind and size, and effect sizes beside it.

| kind | size | test | effect |
|---|---|---|---|
| numbers, more than 20 different | any; exact up to 1,000 rows a side | two-sample Kolmogorov-Smirnov | its statistic D |
| numbers, up to 20 different; truth values; categories | 5 expected in every cell, rare ones pooled | chi-square | largest gap |
| the same, two left | fewer than 5 expected in a cell | Fisher's exact | largest gap |
| missing or there | as above, of two | chi-square, Fisher's exact | gap |
| categories that one side lacks | any | none: their interval tells | share beyond the expected |

All effects are shares of rows, 0 to 1: the most by which any range of values, or any set of categories, gained or
lost. That is why one threshold serves for all. docs/method-drift.md defines them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, fisher_exact, ks_2samp, kstwo
from scipy.stats.contingency import association

from ledger.measures.drift.distances import distances_of_numbers, jensen_shannon_beyond_chance, wasserstein
from ledger.measures.drift.effects import Effect, LargestDistance, LargestGap, UnseenShare

#: Numbers with no more different values than this are compared as categories: ties make Kolmogorov-Smirnov blind.
FEW_VALUES = 20
#: Fewer rows with a value on either side are too few to judge.
FEWEST_ROWS = 50
#: The least expected count of a cell with which chi-square is trusted (Cochran 1954).
LEAST_EXPECTED = 5
_EXACT_UP_TO = 1_000
#: Rows in which most columns show that they hold more than a few values.
_FIRST = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a test says. moved: how far; p: before any correction, None where nothing was tested.

    distances: further effect sizes by name. pooled: how many rare categories were taken together.
    """

    test: str
    moved: Effect
    p: float | None
    distances: dict[str, float] = field(default_factory=dict)
    pooled: int = 0

    @property
    def effect(self) -> float:
        """The estimate of how far, a share of rows, 0 to 1."""
        return self.moved.estimate


def compared_numbers(before: NDArray[np.float64], now: NDArray[np.float64]) -> Comparison:
    """Numbers before and now; both need at least one, all finite."""
    if any(len(np.unique(side[:_FIRST])) > FEW_VALUES for side in (before, now)):
        return _kolmogorov_smirnov(before, now)
    counts = [dict(zip(*np.unique(side, return_counts=True), strict=True)) for side in (before, now)]
    values = sorted(counts[0].keys() | counts[1].keys())
    if len(values) > FEW_VALUES:
        return _kolmogorov_smirnov(before, now)
    table = np.asarray([[side.get(value, 0) for value in values] for side in counts])
    return _with_wasserstein(compared_counts(table), wasserstein(values, values, *table), before)


def compared_counts(table: NDArray[np.int64]) -> Comparison:
    """Counts by category: a row before, a row now, a column per category. Both rows need at least one."""
    there = table[:, table.sum(axis=0) > 0]
    if there.shape[1] == 1:
        return Comparison("constant", LargestGap(there, there), None)
    pooled, rare = pool_rare(there)
    gap = LargestGap(there, pooled)
    if pooled.shape[1] == 1:
        return Comparison("none fits: every category is rare", gap, None, pooled=rare)
    if pooled.shape[1] == 2 and _expected(pooled).min() < LEAST_EXPECTED:
        test, p = "Fisher's exact", float(fisher_exact(pooled).pvalue)
    else:
        test, p = "chi-square", float(chi2_contingency(pooled, correction=False).pvalue)
    distances = {
        "observed-gap": gap.observed,
        "cramers-v": float(association(pooled, method="cramer")),
        "jensen-shannon": jensen_shannon_beyond_chance(pooled[0], pooled[1]),
    }
    return Comparison(test, gap, p, distances, rare)


def compared_unseen(counts: NDArray[np.int64], others: NDArray[np.int64]) -> Comparison:
    """Categories that the other side lacks: counts of the one side and of the other, over the same categories."""
    seen = {times: int((others == times).sum()) for times in (1, 2)}
    unseen = UnseenShare(int(counts[others == 0].sum()), int(counts.sum()), seen[1], seen[2], int(others.sum()))
    return Comparison("none: the interval tells", unseen, None)


def pool_rare(table: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Take the categories together of which fewer than 5 are expected on a side, and how many those are; none is empty.

    The pool stands last. Where it is rare itself, the rarest of the others goes into it too.
    """
    kept = table[:, np.argsort(-table.sum(axis=0), kind="stable")]
    rare = int((_expected(kept).min(axis=0) < LEAST_EXPECTED).sum())
    if rare == 0 or kept.shape[1] <= 2:
        return kept, 0
    while rare < kept.shape[1] and _expected(_joined(kept, rare)).min() < LEAST_EXPECTED and kept.shape[1] - rare > 1:
        rare += 1
    return _joined(kept, rare), rare


def _joined(table: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    split = table.shape[1] - last
    return np.column_stack([table[:, :split], table[:, split:].sum(axis=1)])


def _expected(table: NDArray[np.int64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return found


def _kolmogorov_smirnov(before: NDArray[np.float64], now: NDArray[np.float64]) -> Comparison:
    """The test, exact for few rows; for more, scipy's approximation of p, and the distance without its ten copies of a column."""
    n, m = len(before), len(now)
    largest, moved = distances_of_numbers(before, now)
    if max(n, m) <= _EXACT_UP_TO:
        p = float(ks_2samp(before, now, method="exact").pvalue)
    else:
        p = float(kstwo.sf(largest, round(n * m / (n + m))))
    return _with_wasserstein(Comparison("Kolmogorov-Smirnov", LargestDistance(largest, n, m), p), moved, before)


def _with_wasserstein(found: Comparison, moved: float, before: NDArray[np.float64]) -> Comparison:
    """How far the numbers moved, in standard deviations of the reference; not where that has none."""
    spread = float(np.std(before, ddof=1)) if len(before) > 1 else 0.0
    if spread == 0 or not np.isfinite(spread):
        return found
    return replace(found, distances=found.distances | {"wasserstein": moved / spread})
