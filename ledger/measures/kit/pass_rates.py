"""Pass rates: how many of the inputs of a confounding case come out right, by the exact interval of those that were tried."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import floor, sqrt
from statistics import NormalDist

from ledger.measures.kit.exact import clopper_pearson
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


def judged_rate(passed: int, of: int, threshold: Decimal) -> JudgedRate:
    """A case held against the lowest rate that is allowed, 0 to 1. passed: 0 to of; of: >= 1."""
    interval, verdict = _held(passed, of, threshold)
    if of < MIN_TRIALS:
        verdict = "undecided"
    return JudgedRate(interval, verdict, _to_tell(passed, of, threshold) if verdict == "undecided" else None)


def _held(passed: int, of: int, threshold: Decimal) -> tuple[EffectInterval, Verdict]:
    ends = clopper_pearson(passed, of, float(ALPHA))
    interval = EffectInterval.outward(*ends, digits_of(threshold, DIGITS))
    return interval, at_least(threshold).verdict(interval)


def _to_tell(passed: int, of: int, threshold: Decimal) -> int | None:
    """How many inputs tell with CHANCE_TO_TELL, if the rate is what it looks like."""
    rate, trials = passed / of, max(of, MIN_TRIALS)
    towards = 1 if rate < threshold else -1
    while trials < _MOST_TRIALS:
        expected = trials * rate + towards * _UNLUCKY * sqrt(trials * rate * (1 - rate))
        hits = min(trials, max(0, floor(expected + (towards > 0))))
        if _held(hits, trials, threshold)[1] != "undecided":
            return rounded_up(trials)
        trials = floor(trials * _STEP) + 1
    return None
