"""Exact intervals of a share, in the standard library: documenting a case must not need the extra `ml`."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_MOST_STEPS = 10_000


def clopper_pearson(hits: int, of: int, alpha: float) -> tuple[float, float]:
    """The interval of a share of which `hits` of `of` were seen: Clopper and Pearson (1934), a/2 at most in either tail.

    hits: 0 to of; of: >= 1; alpha: one less the level, above 0 and below 1.
    """
    low = 0.0 if hits == 0 else _where(lambda share: _beta(share, hits, of - hits + 1) - alpha / 2)
    high = 1.0 if hits == of else _where(lambda share: _beta(share, hits + 1, of - hits) - (1 - alpha / 2))
    return low, high


def _where(rising: Callable[[float], float]) -> float:
    """Where a rising function of a share is 0, by halving."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return middle


def _beta(share: float, a: int, b: int) -> float:
    """The regularized incomplete beta function: the chance of `a` hits or more in a + b - 1 trials."""
    if not 0 < share < 1:
        return float(share >= 1)
    # The fraction converges fast on this side of the distribution's middle.
    if share > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - share, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(share) + b * log1p(-share))
    return front / (a * _fraction(share, a, b))


def _fraction(share: float, a: int, b: int) -> float:
    """Its continued fraction (Abramowitz and Stegun 26.5.8), by the method of Lentz as Thompson and Barnett changed it."""
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1, _MOST_STEPS):
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * share / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * share / ((a + step - 1) * (a + step))
        d = 1 / (_away_from_zero(1 + term * d))
        c = _away_from_zero(1 + term / c)
        value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _away_from_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
