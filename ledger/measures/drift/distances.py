"""Distances between two distributions: how far, whatever the number of rows. No verdict comes from one alone.

Of counts: one count per class, both over the same classes. Of numbers: one number per row. None looks at how many
rows there are, so that 70 rows and 70,000 give the same figure; that is why a test stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import wasserstein_distance

#: What a class without rows counts in the population stability index, whose logarithm knows no 0.
HALF_A_ROW = 0.5
#: Numbers that are looked at in one step.
_PIECE = 1 << 18


def jensen_shannon(counts: ArrayLike, others: ArrayLike) -> float:
    """The Jensen-Shannon distance of two distributions by class: 0 (equal) to 1 (no class in common).

    The square root of the divergence to base 2, as scipy has it. Both counts need a sum above 0.
    """
    # Rounding can leave a divergence of -1e-17, and its root is no number.
    return float(np.nan_to_num(jensenshannon(_shares(counts), _shares(others), base=2)))


def jensen_shannon_beyond_chance(counts: ArrayLike, others: ArrayLike) -> float:
    """The same without what chance alone adds to the divergence, which many categories make large; 0 to 1.

    Without drift twice the rows times the divergence is a chi-square of one less than the classes (Grosse et al. 2002):
    on average the divergence is (classes - 1) (1/n + 1/m) / (8 ln 2) bits.
    """
    one, other = np.asarray(counts, dtype=float), np.asarray(others, dtype=float)
    classes = int(((one + other) > 0).sum())
    by_chance = (classes - 1) * (1 / one.sum() + 1 / other.sum()) / (8 * np.log(2))
    return float(np.sqrt(max(0.0, jensen_shannon(one, other) ** 2 - by_chance)))


def population_stability(counts: ArrayLike, others: ArrayLike) -> float:
    """The population stability index, PSI: the symmetric relative entropy in nats, 0 (equal) upwards, no bound.

    A class without rows on one side counts half a row there; without rows on both, it is left out.
    """
    one, other = np.asarray(counts, dtype=float), np.asarray(others, dtype=float)
    there = (one + other) > 0
    one, other = (_shares(np.where(side == 0, HALF_A_ROW, side)) for side in (one[there], other[there]))
    return float(rel_entr(one, other).sum() + rel_entr(other, one).sum())


def wasserstein(
    numbers: ArrayLike, others: ArrayLike, rows: ArrayLike | None = None, other_rows: ArrayLike | None = None
) -> float:
    """How far the mass of one distribution has to be moved to become the other, in the numbers' own unit; 0 upwards.

    rows, other_rows: how often each number stands there, once by default.
    """
    return float(wasserstein_distance(np.asarray(numbers, float), np.asarray(others, float), rows, other_rows))


def distances_of_numbers(numbers: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[float, float]:
    """The largest distance of the two cumulative distributions, 0 to 1, and Wasserstein's, in the numbers' own unit.

    Both in one pass over the numbers in order, a piece at a time: a column of millions is held three times, not ten.
    """
    one, other = np.sort(numbers), np.sort(others)
    every = np.concatenate([one, other])
    every.sort(kind="stable")
    largest = moved = 0.0
    for start in range(0, len(every), _PIECE):
        piece = every[start : start + _PIECE + 1]
        apart = np.abs(
            np.searchsorted(one, piece, "right") / len(one) - np.searchsorted(other, piece, "right") / len(other)
        )
        largest = max(largest, float(apart.max()))
        moved += float((apart[:-1] * np.diff(piece)).sum())
    return largest, moved


def quantiles(numbers: ArrayLike, at: Sequence[float]) -> NDArray[np.float64]:
    """The quantiles at the given shares, 0 to 1, interpolated linearly."""
    found: NDArray[np.float64] = np.quantile(np.asarray(numbers, dtype=float), at)
    return found


def counts_between(numbers: ArrayLike, cuts: ArrayLike) -> NDArray[np.int64]:
    """How many numbers lie in each band: up to the first cut, inclusive, then up to the next, at last above all."""
    bands = np.searchsorted(np.asarray(cuts, dtype=float), np.asarray(numbers, dtype=float), side="left")
    found: NDArray[np.int64] = np.bincount(bands, minlength=len(np.asarray(cuts)) + 1)
    return found


def decile_cuts(numbers: ArrayLike) -> NDArray[np.float64]:
    """The cuts between ten bands of equally many rows; fewer where many numbers are equal."""
    return np.unique(quantiles(numbers, [tenth / 10 for tenth in range(1, 10)]))


def _shares(counts: ArrayLike) -> NDArray[np.float64]:
    found = np.asarray(counts, dtype=float)
    shares: NDArray[np.float64] = found / found.sum()
    return shares
