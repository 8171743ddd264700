"""Stability of attributions: whether another sample of rows would have named the same features in the same order."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Importances = NDArray[np.float64]

RESAMPLES = 10
#: Rows of a resample at most: every row costs a prediction per feature.
MOST_ROWS_RESAMPLED = 1_000
#: A feature with a smaller share of the importance has no place in the order.
_NEGLIGIBLE = 0.01


def attribution_stability(
    importances: Callable[[NDArray[np.int64], int], Importances], rows: int, *, seed: int
) -> float | None:
    """Mean over all pairs of resamples of Spearman's rank correlation of their importances, -1 to 1.

    importances: of the rows at these places, by a seed; one per feature. rows: how many there are. None where no two
    resamples put the features in an order, as with a single feature.
    """
    rng = np.random.default_rng(seed)
    size = min(rows, MOST_ROWS_RESAMPLED)
    sampled = [_shares(importances(rng.integers(rows, size=size), number)) for number in range(RESAMPLES)]
    found = [_correlation(one, other) for one, other in combinations(sampled, 2)]
    known = [each for each in found if each is not None]
    return float(np.mean(known)) if known else None


def _shares(importances: Importances) -> Importances:
    positive = np.clip(importances, 0, None)
    total = positive.sum()
    shares = positive / total if total > 0 else positive
    return np.where(shares < _NEGLIGIBLE, 0.0, shares)


def _correlation(one: Importances, other: Importances) -> float | None:
    """Of the features that have a place in either: what matters in neither would only seem to agree."""
    placed = (one > 0) | (other > 0)
    ranks = [rankdata(each[placed]) for each in (one, other)]
    if placed.sum() < 2 or min(np.ptp(each) for each in ranks) == 0:
        return None
    return float(np.corrcoef(*ranks)[0, 1])
