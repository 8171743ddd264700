"""Estimates: an effect whose interval can be told at any level, because how many are judged together is known last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import cbrt, exp, inf, log, sqrt

from scipy.special import betaincinv
from scipy.stats import norm, t

#: Events below which the normal approximation of their number, or of its logarithm, is not trusted.
FEW_EVENTS = 25
#: Skewness below which nothing is to be removed, and what removes it would lose its digits.
_NO_SKEWNESS = 1e-6

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect. method: of its interval, as docs/method-prediction-bias.md has it.

    ends: the interval at one less the level, a/2 in each tail. told_as: the effect that a sample size is reckoned from; of a
    ratio with nothing below, half an event stands there.
    """

    effect: float
    method: str
    ends: Callable[[float], Ends]
    told_as: float


def estimate(effect: float, method: str, ends: Callable[[float], Ends]) -> Estimate:
    """An effect that a sample size can be reckoned from as it is."""
    return Estimate(effect, method, ends, effect)


def unknown(method: str) -> Estimate:
    """An effect of which too few rows say anything."""
    return estimate(0.0, method, lambda alpha: (-inf, inf))


def student(
    effect: float, error: float, degrees: float, method: str, unit: float = 1.0, skewness: float = 0.0
) -> Estimate:
    """A mean, or a difference of means, by its standard error; all of it in so large a unit.

    skewness: of the mean itself, its third cumulant over its cubed standard error; 0 is Student's interval.
    """

    def ends(alpha: float) -> Ends:
        far = float(t.isf(alpha / 2, degrees))
        low, high = (error * _unskewed(end, skewness) if error > 0 else 0.0 for end in (far, -far))
        return (effect - low) / unit, (effect - high) / unit

    return estimate(effect / unit, method, ends)


def _unskewed(quantile: float, skewness: float) -> float:
    """A quantile of a skewed Student's t: Hall's transformation (1992) inverted, monotone whatever the skewness."""
    if abs(skewness) < _NO_SKEWNESS:
        return quantile
    return 3 / skewness * (cbrt(1 + skewness * (quantile - skewness / 6)) - 1)


def mean_ratio(ratio: float, error: float, degrees: float, method: str) -> Estimate:
    """A ratio of means, > 0, by the standard error of its logarithm."""

    def ends(alpha: float) -> Ends:
        far = float(t.isf(alpha / 2, degrees)) * error if error > 0 else 0.0
        return ratio * exp(-far), ratio * exp(far)

    return estimate(ratio, method, ends)


def count_ratio(predicted: int, observed: int, rows: tuple[int, int], error: float, method: str) -> Estimate:
    """A ratio of shares, of many events: normal on the scale of its logarithm, by its standard error there."""
    ratio = predicted * rows[1] / (observed * rows[0])

    def ends(alpha: float) -> Ends:
        far = float(norm.isf(alpha / 2)) * error
        return ratio * exp(-far), ratio * exp(far)

    return estimate(ratio, method, ends)


def few_count_ratio(predicted: int, observed: int, rows: tuple[int, int]) -> Estimate:
    """A ratio of shares, of few events: of all of them together the predicted ones are a binomial count.

    Exact for counts of different rows that are Poisson (Przyborowski and Wilenski 1940). Counts that are less spread,
    binomial ones and such of the same rows, miss it more seldom. At least one event.
    """
    each = rows[1] / rows[0]

    def ends(alpha: float) -> Ends:
        low, high = clopper_pearson_ends(predicted, predicted + observed, alpha)
        return _odds(low) * each, _odds(high) * each

    effect = predicted / observed * each if observed else inf
    return Estimate(effect, "binomial of all events, exact", ends, (predicted + 0.5) / (observed + 0.5) * each)


def few_moved_ratio(both: int, predicted: int, observed: int) -> Estimate:
    """A ratio of shares in the same rows that are mostly the same events: recall over precision, each exact.

    The share of the observed that was predicted, over the share of the predicted that was observed, each at half of what
    may be missed.
    """

    def ends(alpha: float) -> Ends:
        recall, precision = (clopper_pearson_ends(both, of, alpha / 2) for of in (observed, predicted))
        return recall[0] / precision[1], recall[1] / precision[0]

    return estimate(predicted / observed, "recall over precision, exact", ends)


def clopper_pearson_ends(hits: int, of: int, alpha: float) -> Ends:
    """As `kit.exact.clopper_pearson`, which asks for no library and takes a hundred times as long: here are thousands."""
    low = float(betaincinv(hits, of - hits + 1, alpha / 2)) if hits else 0.0
    return low, float(betaincinv(hits + 1, of - hits, 1 - alpha / 2)) if hits < of else 1.0


def log_error(*counts: tuple[int, int]) -> float:
    """The standard error of the logarithm of a ratio of independent shares: each `hits` of `of`."""
    return sqrt(sum(1 / hits - 1 / of for hits, of in counts))


def logarithm(ratio: float) -> float:
    """Of a ratio, also of none at all."""
    return log(ratio) if ratio > 0 else -inf


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf
