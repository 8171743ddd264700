"""How far a feature moved, and between which bounds: an estimate and an interval for each of the three ways to move.

All three are shares of rows, 0 to 1. Analytic: no resampling, and no assumption about the shape of a distribution. What
many categories add to a gap by chance alone is taken off the estimate, and bounded at both ends of the interval.
docs/method-drift.md has the formulas, their sources and worked examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

#: Rows added of the commonest category, and of the others, before a spread is estimated (Agresti and Coull 1998).
_ADDED = 2
#: Standard errors from which on chance adds nothing to a gap: less than one part in 10**8.
_BEYOND_CHANCE = 6.0
_SQRT_2_PI = sqrt(2 * np.pi)


class Effect(Protocol):
    """How far something moved."""

    @property
    def estimate(self) -> float:
        """A share of rows, 0 to 1."""
        ...

    def ends(self, below: float, above: float) -> tuple[float, float]:
        """Where the effect lies, 0 to 1. below, above: the chance, at most, that it lies below the first, above the second."""
        ...


@dataclass(frozen=True, slots=True)
class LargestDistance:
    """Of two samples of numbers: the largest distance of their cumulative distributions. n, m: rows of either side, > 0."""

    estimate: float
    n: int
    m: int

    def ends(self, below: float, above: float) -> tuple[float, float]:
        """Below by the inequality of Dvoretzky, Kiefer and Wolfowitz, which holds wherever the two are farthest apart.

        Above by the place where they are farthest apart in truth: there the sample's distance is at least as far, but
        for the chance of one share.
        """
        root = sqrt(1 / self.n + 1 / self.m)
        return max(0.0, self.estimate - sqrt(log(2 / below) / 2) * root), min(1.0, self.estimate + _z(above) * root / 2)


class LargestGap:
    """Of two rows of counts by category: the most that a set of categories gained, half the sum of all gaps.

    The estimate is the gap with which that of a sample is, on average, as large as this one, were it spread over all.
    """

    def __init__(self, table: NDArray[np.int64], pooled: NDArray[np.int64]) -> None:
        """table: a row per side, a column per category, each with a row. pooled: the same with rare ones taken together."""
        self._table = table
        self._every, self._pooled = _Gaps(table), _Gaps(pooled)

    @property
    def observed(self) -> float:
        """The gap of the two samples as they are: too large where there are many categories."""
        return self._every.observed

    @cached_property
    def estimate(self) -> float:
        """Without what chance alone adds, 0 to 1; rare categories are one."""
        return self._pooled.without_chance(self._pooled.observed)

    def ends(self, below: float, above: float) -> tuple[float, float]:
        """Below by the sets that half of the rows chooses, rare categories being one, which can only hide a gap.

        Above with every category by itself, so that what rare ones may hide is inside.
        """
        error = sqrt(sum(_largest_variance(side) for side in self._table))
        low = min(self._pooled.of_halves() - _z(below) * error, self.estimate)
        high = max(self._every.without_chance(self._every.observed + _z(above) * error), self.estimate)
        return max(0.0, low), min(1.0, high)


class _Gaps:
    """The gaps of two rows of shares, and their standard errors."""

    def __init__(self, table: NDArray[np.int64]) -> None:
        n, m = table.sum(axis=1)
        p, q = table[0] / n, table[1] / m
        self.gaps = np.abs(p - q)
        self.errors = np.sqrt(p * (1 - p) / n + q * (1 - q) / m)

    @property
    def observed(self) -> float:
        """Half their sum."""
        return float(self.gaps.sum()) / 2

    def without_chance(self, observed: float) -> float:
        """The gap with which a sample's is, on average, as observed: spread over all, where chance adds least."""
        scale = float(self.errors.sum()) / 2
        if observed >= scale * _BEYOND_CHANCE:
            return observed
        if observed <= scale * _folded(0.0):
            return 0.0
        return scale * float(brentq(lambda gap: _folded(gap) - observed / scale, 0.0, observed / scale))

    def of_halves(self) -> float:
        """What the sets that one random half of the rows chooses gained in the other half, on average over all halves.

        On average at most the true gap, however many categories there are: no set is counted in the rows that chose it.
        """
        u = np.divide(self.gaps, self.errors, out=np.full(len(self.gaps), np.inf), where=self.errors > 0)
        certain = u >= _BEYOND_CHANCE
        v = np.where(certain, 0.0, u)
        told = self.errors * (v * (2 * ndtr(v) - 1) - 2 * _density(v))
        return float(np.where(certain, self.gaps, told).sum()) / 2


@dataclass(frozen=True, slots=True)
class UnseenShare:
    """Rows of one side in categories that the other side lacks, beyond what the other side itself leads to expect.

    unseen, rows: of the one side. once, twice, others: categories that stand once and twice in the other side, and its
    rows; once / others is the share that it must be expected not to have met (Good 1953).
    """

    unseen: int
    rows: int
    once: int
    twice: int
    others: int

    @property
    def estimate(self) -> float:
        return max(0.0, self._excess)

    @property
    def _excess(self) -> float:
        return self.unseen / self.rows - self.once / self.others

    def ends(self, below: float, above: float) -> tuple[float, float]:
        """By the variance of a share, and by Esty's of what a sample has not met."""
        share = (self.unseen + _ADDED) / (self.rows + 2 * _ADDED)
        not_met = (self.once + 2 * self.twice - self.once**2 / self.others) / self.others**2
        error = sqrt(share * (1 - share) / self.rows + max(0.0, not_met))
        return max(0.0, self._excess - _z(below) * error), min(1.0, max(0.0, self._excess + _z(above) * error))


@dataclass(frozen=True, slots=True)
class KnownShare:
    """What is no estimate: the share of a column that is gone as a whole."""

    estimate: float

    def ends(self, below: float, above: float) -> tuple[float, float]:
        """Certain at both ends."""
        return self.estimate, self.estimate


def _largest_variance(counts: NDArray[np.int64]) -> float:
    """The variance, at most, of the share that any set of categories has."""
    share = (counts.max() + _ADDED) / (counts.sum() + 2 * _ADDED)
    return float(share * (1 - share) if share > 0.5 else 0.25) / int(counts.sum())


def _folded(gap: float) -> float:
    """How large, on average, a gap looks without its sign; both in standard errors."""
    return float(gap * (2 * ndtr(gap) - 1) + 2 * _density(np.float64(gap)))


def _density(u: NDArray[np.float64] | np.float64) -> NDArray[np.float64] | np.float64:
    return np.exp(-u * u / 2) / _SQRT_2_PI


def _z(chance: float) -> float:
    return float(-ndtri(chance))
