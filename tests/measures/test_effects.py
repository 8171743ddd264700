"""How far something moved, and between which bounds: by hand, by law, and in seeded runs that count the errors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.measures.drift.comparisons import compared_counts, compared_unseen
from ledger.measures.drift.effects import LargestDistance, UnseenShare
from tests.helpers.drift_rates import EACH, RUNS, SEEN, THRESHOLD, drawn, rates

# --- by hand ----------------------------------------------------------------------------------------------


def test_two_thousand_numbers_a_side_and_a_distance_of_a_tenth() -> None:
    """The root of 1/2000 + 1/2000 is 0.0316; of ln(2 / 0.025) / 2 it is 1.480; half of 1.960 is 0.980."""
    low, high = LargestDistance(0.1, 2_000, 2_000).ends(EACH, EACH)
    assert low == pytest.approx(0.1 - 1.4802 * 0.031623, abs=1e-5)
    assert high == pytest.approx(0.1 + 0.9800 * 0.031623, abs=1e-5)


def test_what_chance_adds_to_two_hundred_categories_is_taken_off() -> None:
    """On average 200 x 0.798 x sqrt(2 x 0.005 x 0.995 / 2000) / 2 = 0.178 without any drift."""
    flat, gaps, estimates = np.full(200, 1 / 200), [], []
    for seed in range(50):
        found = compared_counts(drawn(np.random.default_rng(seed), flat, flat, 2_000))
        gaps.append(found.distances["observed-gap"])
        estimates.append(found.effect)
    by_chance = 200 * math.sqrt(2 / math.pi) * math.sqrt(2 * 0.005 * 0.995 / 2_000) / 2
    assert np.mean(gaps) == pytest.approx(by_chance, abs=0.005)
    assert np.mean(estimates) < 0.05


def test_unseen_rows_are_held_against_what_the_other_side_leads_to_expect() -> None:
    """Of 100 rows 30 in categories that the other side lacks; that has 20 of 200 rows in categories seen once: 0.3 - 0.1."""
    assert UnseenShare(30, 100, 20, 0, 200).estimate == pytest.approx(0.2)
    low, high = UnseenShare(30, 100, 20, 0, 200).ends(EACH, EACH)
    # By hand: (30 + 2) / 104 = 0.3077 has a variance of 0.213 / 100; Good's share one of (20 - 400 / 200) / 200**2.
    error = math.sqrt(0.3077 * 0.6923 / 100 + 18 / 40_000)
    assert (low, high) == pytest.approx((0.2 - 1.96 * error, 0.2 + 1.96 * error), abs=1e-3)


# --- laws -------------------------------------------------------------------------------------------------

COUNTS = st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90)), min_size=1, max_size=30).filter(
    lambda pairs: sum(a for a, _ in pairs) > 0 and sum(b for _, b in pairs) > 0
)


@given(COUNTS, st.floats(1e-6, 0.4))
def test_the_estimate_is_inside_and_a_smaller_chance_of_error_is_never_narrower(
    pairs: list[tuple[int, int]], chance: float
) -> None:
    table = np.asarray(pairs).T
    for found in (compared_counts(table), compared_unseen(table[0], table[1]), compared_unseen(table[1], table[0])):
        low, high = found.moved.ends(chance, chance)
        wider_low, wider_high = found.moved.ends(chance / 10, chance / 10)
        assert 0 <= wider_low <= low <= found.effect <= high <= wider_high <= 1


@given(COUNTS)
def test_neither_the_order_of_categories_nor_which_side_is_first_changes_anything(pairs: list[tuple[int, int]]) -> None:
    table = np.asarray(pairs).T
    turned = table[::-1, np.random.default_rng(len(pairs)).permutation(table.shape[1])]
    one, other = compared_counts(table), compared_counts(turned)
    assert one.effect == pytest.approx(other.effect, abs=1e-9)
    assert one.moved.ends(EACH, EACH) == pytest.approx(other.moved.ends(EACH, EACH), abs=1e-9)


# --- five hundred seeded runs -----------------------------------------------------------------------------


@pytest.mark.reliability
@pytest.mark.parametrize("about", SEEN)
def test_verdicts_are_wrong_no_more_often_than_is_stated(about: str) -> None:
    """Two points more than stated, of five hundred runs each; and they see what they are said to see."""
    draw, kept_at_nothing, broken_at_twice = SEEN[about]
    nothing, at, twice = (rates(draw, moved, RUNS) for moved in (0.0, THRESHOLD, 2 * THRESHOLD))
    assert max(nothing[0], at[0]) <= EACH + 0.02, (nothing, at)
    assert max(at[1], twice[1]) <= EACH + 0.02, (at, twice)
    assert nothing[1] >= kept_at_nothing / 100, nothing
    assert twice[0] >= broken_at_twice / 100, twice


@pytest.mark.parametrize("about", ["200 categories, 2,000 rows", "200 categories, 5,000 rows"])
def test_many_categories_are_not_called_drift_by_chance(about: str) -> None:
    """Neither without any drift, nor at half the threshold: a few runs of what `make reliability` has in full."""
    draw, _, _ = SEEN[about]
    for moved in (0.0, THRESHOLD / 2):
        assert rates(draw, moved, 40)[0] == 0


def test_the_gap_as_it_is_observed_would_call_them_drift() -> None:
    """So that the bounds above are what keeps them from it."""
    draw, _, _ = SEEN["200 categories, 2,000 rows"]
    every = [draw(0.0, np.random.default_rng(seed)).distances["observed-gap"] for seed in range(20)]
    assert min(every) > THRESHOLD
