"""Pass rates: how many of the inputs of a confounding case come out right, by the exact interval of those that were tried."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, sqrt
from statistics import NormalDist

from ledger.measures.kit.exact import chance_of, clopper_pearson
from ledger.measures.kit.verdicts import CHANCE_TO_TELL, EffectInterval, at_least, digits_of, rounded_up
from ledger.vocabulary.kinds import Verdict

#: Inputs below which a case is not judged, whatever came of them: they were chosen, and are no sample.
MIN_TRIALS = 10
#: The chance of a false verdict: a/2 that a case is falsely kept, and as much that it is falsely broken.
ALPHA = Decimal("0.05")
#: Digits of an interval's ends at least.
DIGITS = 4
#: More inputs than that are named to nobody; one step of the search for fewer.
_MOST_TRIALS, _STEP = 10**7, 1.05
_UNLUCKY = NormalDist().inv_cdf(CHANCE_TO_TELL)


@dataclass(frozen=True, slots=True)
class JudgedRate:
    """A pass rate with its interval and verdict. to_tell: how many inputs would tell where it is undecided, if any number."""

    interval: EffectInterval
    verdict: Verdict
    to_tell: int | None


def judged_rate(passed: int, of: int, threshold: Decimal | None) -> JudgedRate:
    """A case held against the lowest rate that is allowed, 0 to 1; None only looks at it. passed: 0 to of; of: >= 1."""
    ends = clopper_pearson(passed, of, float(ALPHA))
    if threshold is None:
        return JudgedRate(EffectInterval.outward(*ends, DIGITS), "undecided", None)
    interval = EffectInterval.outward(*ends, digits_of(threshold, DIGITS))
    verdict = at_least(threshold).verdict(interval) if of >= MIN_TRIALS else "undecided"
    return JudgedRate(interval, verdict, _to_tell(passed, of, float(threshold)) if verdict == "undecided" else None)


def _to_tell(passed: int, of: int, threshold: float) -> int | None:
    """How many inputs tell with CHANCE_TO_TELL, if the rate is what it looks like: an exact test of the threshold."""
    rate, trials = passed / of, max(of, MIN_TRIALS)
    if rate == threshold or not 0 < threshold < 1:
        return None
    while trials < _MOST_TRIALS:
        unlucky = _UNLUCKY * sqrt(trials * rate * (1 - rate))
        if rate < threshold:
            missed = 1 - chance_of(ceil(trials * rate + unlucky) + 1, trials, threshold)
        else:
            missed = chance_of(floor(trials * rate - unlucky), trials, threshold)
        if missed <= float(ALPHA) / 2:
            return rounded_up(trials)
        trials = floor(trials * _STEP) + 1
    return None
