"""One feature before and now: published and hand-computed examples, and cases where the wrong test says otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ks_2samp, ttest_ind

from ledger.measures.drift.comparisons import compared_counts, compared_numbers, pool_rare

ALPHA = 0.05


def random() -> np.random.Generator:
    """The same numbers in every run."""
    return np.random.default_rng(20_260_101)


def test_agrestis_table_of_party_and_gender_gives_his_chi_square_and_p() -> None:
    """Agresti, An Introduction to Categorical Data Analysis (2007), table 2.5: X2 = 30.1, 2 degrees of freedom.

    With 2 degrees p is exp(-X2 / 2); V is the root of X2 / n, of two rows.
    """
    found = compared_counts(np.asarray([[762, 327, 468], [484, 239, 477]]))
    assert found.test == "chi-square"
    assert found.p == pytest.approx(math.exp(-30.0701491 / 2), rel=1e-6)
    assert found.distances["cramers-v"] == pytest.approx(math.sqrt(30.0701491 / 2757), rel=1e-6)
    # By hand: of 1557 women and 1200 men, 762/1557 - 484/1200, and 327/1557 - 239/1200, are gained, the rest is lost.
    assert found.distances["observed-gap"] == pytest.approx((762 + 327) / 1557 - (484 + 239) / 1200)
    # Three standard errors and more from nothing, chance adds nothing that four digits show.
    assert found.effect == pytest.approx((762 + 327) / 1557 - (484 + 239) / 1200, abs=5e-5)


def test_fishers_lady_tasting_tea_gives_his_p() -> None:
    """Three of four cups right: 34 of 70 arrangements are as far from chance, on both sides together."""
    found = compared_counts(np.asarray([[3, 1], [1, 3]]))
    assert (found.test, found.p) == ("Fisher's exact", pytest.approx(34 / 70))
    assert found.distances["observed-gap"] == pytest.approx(0.5)


def test_samples_without_a_value_in_common_are_two_of_all_ways_to_divide_them() -> None:
    """D is 1 in two of the divisions of 2n values into two halves: p = 2 / C(2n, n)."""
    found = compared_numbers(np.arange(25.0), np.arange(25.0) + 25)
    assert (found.test, found.effect) == ("Kolmogorov-Smirnov", 1.0)
    assert found.p == pytest.approx(2 / math.comb(50, 25), rel=1e-6, abs=0)


def test_numbers_that_all_move_by_one_deviation_have_a_standardized_distance_of_one() -> None:
    """Wasserstein's distance of a shift is the shift."""
    before = random().normal(size=300)
    found = compared_numbers(before, before + before.std(ddof=1))
    assert found.distances["wasserstein"] == pytest.approx(1.0)


def test_the_largest_gap_of_ten_points_is_found_whatever_the_other_side_has_of_rows() -> None:
    """Cramer's V is a third of itself where one side has a hundredth of the rows; the gap is the same."""
    even = compared_counts(np.asarray([[500, 500], [600, 400]]))
    uneven = compared_counts(np.asarray([[50_000, 50_000], [600, 400]]))
    assert even.effect == pytest.approx(uneven.effect) == pytest.approx(0.1)
    # By hand: 550 and 450 expected, 50 off in each cell, no correction for continuity: X2 = 2 x 2500/550 + 2 x 2500/450.
    assert even.p == pytest.approx(math.erfc(math.sqrt((5_000 / 550 + 5_000 / 450) / 2)), rel=1e-6)
    assert uneven.distances["cramers-v"] < even.distances["cramers-v"] / 3


# --- the table of tests: per row a case where the wrong one gives the other verdict -----------------------


def test_continuous_numbers_a_t_test_does_not_see_that_the_spread_doubled() -> None:
    """Means say nothing of spread; Kolmogorov-Smirnov does."""
    before, now = random().normal(0, 1, 2_000), random().normal(0, 2, 2_000)
    found = compared_numbers(before, now)
    assert found.test == "Kolmogorov-Smirnov"
    assert ttest_ind(before, now).pvalue > ALPHA > (found.p or 0)


def test_few_values_kolmogorov_smirnov_does_not_see_what_moved_between_ties() -> None:
    """0, 1 and 2, with 1 emptied to both sides: the cumulative gap is 6 points, the chi-square's cells are certain."""
    before, now = np.repeat([0.0, 1.0, 2.0], [100, 100, 100]), np.repeat([0.0, 1.0, 2.0], [118, 64, 118])
    found = compared_numbers(before, now)
    assert found.test == "chi-square"
    assert ks_2samp(before, now).pvalue > ALPHA > (found.p or 0)
    assert found.distances["observed-gap"] == pytest.approx(0.12)


def test_rare_categories_chi_square_on_cells_of_one_row_is_surer_than_it_may_be() -> None:
    """Two singletons a side of 20 categories; of cells in which one row is expected chi-square is no judge."""
    rare = np.zeros((2, 24), dtype=int)
    rare[0, :8], rare[1, 8:] = 3, 1
    table = np.column_stack([[200, 208], rare])
    found = compared_counts(table)
    assert (found.test, found.pooled) == ("chi-square", 24)
    assert chi2_contingency(table).pvalue < ALPHA < (found.p or 0)


def test_a_pool_of_rare_categories_that_one_side_alone_has_is_seen() -> None:
    """Sixty categories of one row: none says anything, all together say it."""
    table = np.column_stack([[[200], [260]], [[1] * 60, [0] * 60]])
    assert (compared_counts(table).p or 1) < ALPHA


def test_two_categories_and_few_expected_chi_square_is_surer_than_it_may_be() -> None:
    """4 of 60 against 0 of 60: exactly 0.119, and below 0.05 by chi-square."""
    table = np.asarray([[56, 4], [60, 0]])
    found = compared_counts(table)
    assert found.test == "Fisher's exact"
    assert chi2_contingency(table, correction=False).pvalue < ALPHA < (found.p or 0)


def test_a_million_rows_make_half_a_point_significant_and_the_effect_says_what_it_is() -> None:
    """Significance alone would call it drift."""
    found = compared_counts(np.asarray([[500_000, 500_000], [505_000, 495_000]]))
    assert (found.p or 1) < 1e-9
    assert found.effect == pytest.approx(0.005)


# --- laws -------------------------------------------------------------------------------------------------

COUNTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=8).filter(
    lambda pairs: sum(a for a, _ in pairs) > 0 and sum(b for _, b in pairs) > 0
)


@given(COUNTS)
def test_pooling_loses_no_row_and_turning_the_sides_round_changes_nothing(pairs: list[tuple[int, int]]) -> None:
    """Both rows keep their sums; before and now are alike to every figure."""
    table = np.asarray(pairs).T
    there = table[:, table.sum(axis=0) > 0]
    pooled, rare = pool_rare(there)
    assert pooled.sum(axis=1).tolist() == table.sum(axis=1).tolist()
    assert rare == 0 or pooled.shape[1] == there.shape[1] - rare + 1
    one, other = compared_counts(table), compared_counts(table[::-1])
    assert (one.test, one.pooled) == (other.test, other.pooled)
    assert one.effect == pytest.approx(other.effect)
    assert 0 <= one.effect <= 1
    assert (one.p is None) == (other.p is None)


@given(COUNTS)
def test_the_same_shares_are_no_difference_however_many_rows_there_are(pairs: list[tuple[int, int]]) -> None:
    """Three times the rows in the same shares: effect 0, p 1."""
    row = np.asarray([a for a, _ in pairs])
    found = compared_counts(np.asarray([row, row * 3]))
    assert found.effect == pytest.approx(0, abs=1e-12)
    assert found.p is None or found.p == pytest.approx(1)
