"""From an interval to a verdict: three of them, recomputed from what is recorded, with the errors that are stated."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from ledger.measures.kit.exact import clopper_pearson
from ledger.measures.kit.verdicts import (
    CHANCE_TO_TELL,
    Allowed,
    EffectInterval,
    alpha_of_each,
    at_least,
    digits_of,
    in_logarithms,
    rows_to_tell,
    up_to,
    within_ratio,
)

D = Decimal
PLACES = (-3, -2, -1, 0, 1, 2, 3)


@pytest.mark.parametrize(
    "allowed", [up_to(D(2)), up_to(D(0)), at_least(D(1)), Allowed(D(-1), D(3)), Allowed(D("-Infinity"), D(0))], ids=str
)
def test_every_interval_has_the_verdict_of_where_it_lies(allowed: Allowed) -> None:
    """Held against the definition, point by point: all of it is allowed, none of it, or some."""
    for low, high in product(PLACES, PLACES):
        if low <= high:
            points = [D(low) + (D(high) - D(low)) * step / 12 for step in range(13)]
            inside = [allowed.lowest <= point <= allowed.highest for point in points]
            expected = "kept" if all(inside) else "undecided" if any(inside) else "broken"
            spans = low < allowed.lowest and allowed.highest < high
            told = allowed.verdict(EffectInterval(D(low), D(high)))
            assert told == ("undecided" if spans else expected), (low, high)


@given(st.floats(-1, 1), st.floats(0, 1), st.decimals("0", "1", places=6, allow_nan=False), st.integers(0, 8))
@example(0.0199999999, 0.0, D("0.02"), 4)
def test_what_is_recorded_gives_the_verdict_again_and_never_a_surer_one(
    low: float, width: float, threshold: Decimal, digits: int
) -> None:
    """Rounded outward: a verdict of the exact interval may become 'cannot tell', and never the other way round."""
    interval = EffectInterval.outward(low, low + width, digits)
    assert interval.low <= D(low) <= D(low + width) <= interval.high
    exact = up_to(threshold).verdict(EffectInterval(D(low), D(low + width)))
    assert up_to(threshold).verdict(interval) in (exact, "undecided")
    again = EffectInterval(D(f"{interval.low:f}"), D(f"{interval.high:f}"))
    assert up_to(threshold).verdict(again) == up_to(threshold).verdict(interval)


@pytest.mark.parametrize(
    ("threshold", "digits"), [("0.02", 4), ("0.1", 4), ("0", 4), ("0.0200", 4), ("0.00005", 7), ("5", 4)]
)
def test_an_interval_has_two_digits_more_than_its_threshold(threshold: str, digits: int) -> None:
    assert digits_of(D(threshold), 4) == digits


def test_no_end_is_no_number() -> None:
    """An infinite end is one; what is no number is a defect of whoever computed it."""
    assert EffectInterval.outward(float("-inf"), float("inf"), 4) == EffectInterval(D("-Infinity"), D("Infinity"))
    with pytest.raises(ValueError, match="no number"):
        EffectInterval.outward(float("nan"), 1.0, 4)


def test_a_ratio_is_allowed_alike_both_ways() -> None:
    """1.25 times too many, and 1.25 times too few; nothing observed is a ratio without an end."""
    allowed = within_ratio(D("1.25"))
    assert allowed.verdict(EffectInterval(D("0.8"), D("1.25"))) == "kept"
    assert allowed.verdict(EffectInterval(D("1.2501"), D("Infinity"))) == "broken"
    assert allowed.verdict(EffectInterval(D("0"), D("0.7999"))) == "broken"
    assert allowed.verdict(EffectInterval(D("0"), D("Infinity"))) == "undecided"


EFFECTS = {
    "none": 0.0,
    "half the threshold": 0.05,
    "below zero": -0.06,
    "one and a half": 0.15,
    "far below zero": -0.2,
}


@pytest.mark.parametrize("judged", [1, 20])
@pytest.mark.parametrize("effect", EFFECTS.values(), ids=EFFECTS)
def test_as_many_rows_as_are_named_do_tell(effect: float, judged: int) -> None:
    """Means of so many rows, 2,000 times: told in about CHANCE_TO_TELL of them, and hardly ever falsely."""
    alpha, allowed = alpha_of_each(0.05, judged), up_to(D("0.1"))
    certain = NormalDist().inv_cdf(1 - alpha / 2)

    def interval(mean: float, rows: int) -> EffectInterval:
        return EffectInterval.outward(mean - certain / rows**0.5, mean + certain / rows**0.5, 6)

    rows = rows_to_tell(effect, interval(effect, 50), allowed, 50, alpha)
    assert rows is not None
    means = effect + np.random.default_rng(0).normal(size=2_000) / rows**0.5
    verdicts = [allowed.verdict(interval(mean, rows)) for mean in means]
    right, wrong = ("kept", "broken") if abs(effect) <= 0.1 else ("broken", "kept")
    assert CHANCE_TO_TELL - 0.03 <= verdicts.count(right) / 2_000 <= CHANCE_TO_TELL + 0.13
    assert verdicts.count(wrong) / 2_000 <= alpha


@pytest.mark.parametrize(
    ("effect", "low", "high", "threshold"),
    [("0.02", "0.01", "0.03", "0.02"), ("0", "-0.01", "0.01", "0"), ("0.1", "0.0", "0.2", "0.099999")],
)
def test_at_the_threshold_no_number_of_rows_tells(effect: str, low: str, high: str, threshold: str) -> None:
    """Or one that nobody has."""
    interval = EffectInterval(D(low), D(high))
    assert rows_to_tell(float(effect), interval, up_to(D(threshold)), 1000, 0.05) is None


def test_of_a_ratio_rows_are_told_on_the_scale_of_its_interval() -> None:
    """Twice too many and twice too few are alike, and ask for as many rows."""
    allowed = within_ratio(D("1.25"))
    told = []
    for effect, low, high in ((1.5, "1.125", "2"), (1 / 1.5, "0.5", "0.888888888889")):
        scaled = in_logarithms(EffectInterval(D(low), D(high)), allowed)
        told.append(rows_to_tell(float(np.log(effect)), *scaled, 1_000, 0.05))
    assert told == [5_100, 5_100]
    scaled = in_logarithms(EffectInterval(D(0), D("Infinity")), allowed)
    assert rows_to_tell(0.0, *scaled, 1_000, 0.05) is None


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(1e-7, 0.5))
def test_clopper_and_pearsons_interval_is_that_of_the_beta_distribution(of: int, part: float, alpha: float) -> None:
    hits = round(of * part)
    low, high = clopper_pearson(hits, of, alpha)
    assert low == pytest.approx(beta.ppf(alpha / 2, hits, of - hits + 1) if hits else 0.0, abs=1e-9)
    assert high == pytest.approx(beta.ppf(1 - alpha / 2, hits + 1, of - hits) if hits < of else 1.0, abs=1e-9)


@pytest.mark.parametrize("of", [1, 2, 10, 60])
def test_the_exact_interval_misses_no_share_more_often_than_it_says(of: int) -> None:
    """Every outcome, for shares in steps of a hundredth: at most 2.5 % in either tail."""
    ends = np.array([clopper_pearson(hits, of, 0.05) for hits in range(of + 1)])
    for share in np.linspace(0.01, 0.99, 99):
        chances = binom.pmf(np.arange(of + 1), of, share)
        assert chances[ends[:, 0] > share].sum() <= 0.025
        assert chances[ends[:, 1] < share].sum() <= 0.025
