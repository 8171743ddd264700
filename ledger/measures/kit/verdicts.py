"""From an interval to a verdict: what is allowed of an effect holds the whole interval, none of it, or nobody can tell.

Pure, and of no measure in particular: drift, prediction bias and robustness hold their effects against it.

Stated errors. An interval of level 1 - a, a/2 in each tail, gives a false verdict with a chance of at most a: an effect that
is allowed is called broken in at most a of all samples, and one that is not is called kept in at most a/2. Where several
effects are judged in one measurement each gets `alpha_of_each` (Bonferroni 1936), so that the chance of any false verdict
among all of them is at most alpha, whatever depends on whatever. docs/method-verdicts.md has a worked example.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from math import ceil, isfinite, log, log10
from statistics import NormalDist

from ledger.vocabulary.kinds import Verdict

#: The chance with which the rows that are named do tell, if the effect is what it looks like now.
CHANCE_TO_TELL = 0.8
#: More rows than that are named to nobody.
MOST_ROWS = 10**12
#: Digits of the rows that are named: a sample of today does not know more.
_ROWS_DIGITS = 2
_SURE_OF_ONE_SIDE = NormalDist().inv_cdf(CHANCE_TO_TELL)
_SURE_OF_TWO_SIDES = NormalDist().inv_cdf((1 + CHANCE_TO_TELL) / 2)
_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class EffectInterval:
    """Where an effect lies, both ends included, in the digits in which it is recorded; infinite where it has no end."""

    low: Decimal
    high: Decimal

    @classmethod
    def outward(cls, low: float, high: float, digits: int) -> EffectInterval:
        """Rounded outward, so that the figures that are recorded give the verdict again. Raises ValueError for no number."""
        return cls(_rounded(low, digits, ROUND_FLOOR), _rounded(high, digits, ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an effect may be, both ends included; infinite where it has no end."""

    lowest: Decimal
    highest: Decimal

    def verdict(self, interval: EffectInterval) -> Verdict:
        """Kept where all of the interval is allowed, broken where nothing of it is; else undecided: nobody can tell."""
        if self.lowest <= interval.low and interval.high <= self.highest:
            return "kept"
        if interval.low > self.highest or interval.high < self.lowest:
            return "broken"
        return "undecided"


def up_to(threshold: Decimal) -> Allowed:
    """An effect that is allowed up to a threshold, >= 0, whatever its sign."""
    return Allowed(-threshold, threshold)


def within_ratio(ratio: Decimal) -> Allowed:
    """Two figures of which the larger is at most ratio times the other, > 1; the effect is the one over the other."""
    return Allowed(1 / ratio, ratio)


def at_least(threshold: Decimal) -> Allowed:
    """An effect that is allowed from a threshold on."""
    return Allowed(threshold, _INFINITE)


def alpha_of_each(alpha: float, judged: int) -> float:
    """What is left for each of so many effects, so that any false verdict among them is as rare as alpha, > 0, below 1."""
    return alpha / max(judged, 1)


def digits_of(threshold: Decimal, least: int) -> int:
    """Digits after the point in which an interval can be held against a threshold: two more than it has itself."""
    exponent = threshold.normalize().as_tuple().exponent
    return max(least, 2 - exponent) if isinstance(exponent, int) else least


def rows_to_tell(effect: float, interval: EffectInterval, allowed: Allowed, rows: int, alpha: float) -> int | None:
    """How many rows would tell, with CHANCE_TO_TELL, if the effect is what it looks like: rounded up to two digits.

    effect: the estimate, inside the interval; rows: it was made of, >= 1; alpha: one less the interval's level. An interval
    shrinks with the root of the rows. None where no number of rows would: the effect stands at the threshold, or there is
    no estimate. What is measured as a ratio is told `in_logarithms`.
    """
    low, high = float(interval.low), float(interval.high)
    lowest, highest = float(allowed.lowest), float(allowed.highest)
    certain = NormalDist().inv_cdf(1 - alpha / 2)
    # (how far an end of the interval is from the effect, how near it has to come)
    if effect > highest:
        ends, sure = [(effect - low, effect - highest)], _SURE_OF_ONE_SIDE
    elif effect < lowest:
        ends, sure = [(high - effect, lowest - effect)], _SURE_OF_ONE_SIDE
    else:
        ends = [(high - effect, highest - effect), (effect - low, effect - lowest)]
        ends = [(far, near) for far, near in ends if isfinite(near)]
        sure = _SURE_OF_TWO_SIDES if len(ends) > 1 else _SURE_OF_ONE_SIDE
    if not ends or any(near <= 0 or not isfinite(far) for far, near in ends):
        return None
    needed = rows * max(far / near * (1 + sure / certain) for far, near in ends) ** 2
    return rounded_up(max(needed, 1)) if needed < MOST_ROWS else None


def in_logarithms(interval: EffectInterval, allowed: Allowed) -> tuple[EffectInterval, Allowed]:
    """The same of a ratio, on the scale on which its interval is symmetric."""
    ends = (interval.low, interval.high, allowed.lowest, allowed.highest)
    low, high, lowest, highest = map(_logarithm, ends)
    return EffectInterval(low, high), Allowed(lowest, highest)


def _rounded(end: float, digits: int, rounding: str) -> Decimal:
    if end != end:
        raise ValueError("an interval has no end that is no number")
    if not isfinite(end):
        return Decimal(end)
    with localcontext(prec=60):
        return Decimal(end).quantize(Decimal(1).scaleb(-digits), rounding)


def rounded_up(rows: float) -> int:
    """A number of rows, > 0, to two digits."""
    step = 10 ** max(0, int(log10(rows)) + 1 - _ROWS_DIGITS)
    return int(ceil(rows / step) * step)


def _logarithm(end: Decimal) -> Decimal:
    if end <= 0:
        return -_INFINITE
    return Decimal(log(end)) if end.is_finite() else end
