"""Each statistic against an example that was published with its result, and against the library's own where it has one."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm
from statsmodels.api import GLM, families
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.multitest import multipletests

from ledger.measures.bias.estimates import student
from ledger.measures.bias.label_intervals import independent_interval, paired_interval
from ledger.measures.bias.label_tests import independent, one_paired, paired
from ledger.measures.bias.number_tests import calibration, independent_means, paired_means
from ledger.measures.drift.distances import jensen_shannon, population_stability, wasserstein
from ledger.measures.kit.corrections import holm

#: Unaided distance vision, right eye by left, of 7,477 women: Stuart, Biometrika 40 (1953), 105-110.
VISION = np.array([[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]])
#: Approval of a prime minister, asked twice: Agresti, Categorical Data Analysis (1990), table 10.1.
APPROVAL = np.array([[794, 150], [86, 570]])
#: Student's sleep data (1908): hours gained by two drugs, the same ten people.
SLEEP = (
    np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]),
    np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]),
)


def test_stuarts_eyes() -> None:
    """Q is 11.96 with 3 degrees (Stuart, Biometrika 42 (1955), 412-416; the manual of R's coin): p is 0.0075."""
    assert SquareTable(VISION, shift_zeros=False).homogeneity().statistic == pytest.approx(11.96, abs=0.005)
    found = paired(VISION)
    assert (found.test, round(found.p, 4)) == ("Stuart-Maxwell", 0.0075)


def test_a_table_in_two_parts_adds_up_their_statistics() -> None:
    """Two 2 by 2 tables between which nothing was confused: McNemar's statistics add, and so do their degrees.

    (30 - 20)^2 / 50 = 2 and (40 - 10)^2 / 50 = 18; 20 with 2 degrees is exp(-10). The library alone has no answer.
    """
    table = np.array([[50, 30, 0, 0], [20, 50, 0, 0], [0, 0, 50, 40], [0, 0, 10, 50]])
    assert paired(table).p == pytest.approx(np.exp(-10))


def test_a_cell_without_rows_is_left_empty() -> None:
    """d' S^-1 d by hand: nothing is added to a 0, as libraries do to tables that they think too sparse."""
    table = np.array([[50, 30, 0], [12, 50, 14], [20, 11, 50]])
    d = (table.sum(axis=1) - table.sum(axis=0))[:2]
    covariance = np.array([[30 + 32, -42], [-42, 12 + 14 + 30 + 11]])
    statistic = d @ np.linalg.inv(covariance) @ d
    assert paired(table).p == pytest.approx(np.exp(-statistic / 2))


def test_approval_asked_twice() -> None:
    """(150 - 86)^2 / (150 + 86) is 17.36 (Agresti): p is 3.1e-5; a 2 by 2 Stuart-Maxwell is the same test."""
    found = paired(APPROVAL)
    assert (found.test, found.p) == ("McNemar", pytest.approx(3.099e-5, rel=1e-3))
    assert found.p == pytest.approx(one_paired(APPROVAL, 1).p)
    assert found.p == pytest.approx(SquareTable(APPROVAL, shift_zeros=False).homogeneity().pvalue)


def test_newcombes_interval_of_pairs() -> None:
    """14, 5, 0, 22: 0.122, 0.011 to 0.226 (Altman et al., Statistics with Confidence (2000), table 6.2)."""
    low, high = paired_interval(np.array([[14, 5], [0, 22]]), 0, 0.05)
    assert (round(low, 3), round(high, 3)) == (0.011, 0.226)


def test_newcombes_interval_of_different_rows() -> None:
    """56 of 70 against 48 of 80: 0.0524 to 0.3339 (Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10)."""
    low, high = independent_interval(np.array([56, 14]), np.array([48, 32]), 0, 0.05)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_fishers_lady_tasting_tea() -> None:
    """Three of four cups told right: p is 0.4857 (Fisher, The Design of Experiments (1935))."""
    found = independent(np.array([3, 1]), np.array([1, 3]))
    assert (found.test, round(found.p, 4)) == ("Fisher, exact", 0.4857)


def test_students_sleep() -> None:
    """Paired: mean difference -1.58, -2.459886 to -0.700114. Unpaired (Welch): p is 0.07939 (the manual of R's t.test).

    Ten people are few: their ranks are tested. Nine differ, all to one side: exactly 2 / 2**9.
    """
    errors, tested = SLEEP[0] - SLEEP[1], paired_means(*SLEEP)
    found = student(float(errors.mean()), float(errors.std(ddof=1)) / sqrt(10), 9, "Student")
    assert (round(found.effect, 2), *(round(end, 6) for end in found.ends(0.05))) == (-1.58, -2.459886, -0.700114)
    assert tested.test == "Wilcoxon signed-rank"
    assert tested.p == pytest.approx(2 / 2**9)
    assert round(independent_means(*SLEEP).p, 5) == 0.07939
    apart = student(-1.58, sqrt(sum(side.var(ddof=1) / 10 for side in SLEEP)), 17.776474, "Welch")
    assert [round(end, 4) for end in apart.ends(0.05)] == [-3.3655, 0.2055]


def test_the_score_of_calibration_is_that_of_a_logistic_regression_with_an_offset() -> None:
    """The score of an intercept beside logit(p), over the root of its information, as statsmodels has both."""
    rng = np.random.default_rng(5)
    p = rng.uniform(0.05, 0.6, 300)
    y = (rng.random(300) < p * 0.85).astype(float)
    model = GLM(y, np.ones((300, 1)), offset=np.log(p / (1 - p)), family=families.Binomial())
    z = model.score([0.0])[0] / sqrt(-model.hessian([0.0])[0, 0])
    assert calibration(p, y).p == pytest.approx(2 * norm.sf(abs(z)), rel=1e-9)


def test_jensen_shannon_between_all_and_nothing() -> None:
    """Distributions without a class in common are 1 apart, equal ones 0; (1/2, 1/2) and (1, 0) are the root of 0.3113."""
    assert jensen_shannon([1, 0], [0, 5]) == 1.0
    assert jensen_shannon([1, 3], [10, 30]) == 0.0
    # H(3/4, 1/4) - H(1/2, 1/2) / 2 = 0.811278 - 0.5 bits.
    assert jensen_shannon([1, 1], [2, 0]) == pytest.approx(sqrt(0.8112781 - 0.5), rel=1e-6)


def test_population_stability_by_hand() -> None:
    """30 and 70 of a hundred against 33 and 67: 0.03 ln(33/30) - 0.03 ln(67/70); a class without rows counts half a row."""
    expected = 0.03 * log(33 / 30) - 0.03 * log(67 / 70)
    assert population_stability([30, 70], [33, 67]) == pytest.approx(expected)
    assert population_stability([0, 100], [10, 90]) < population_stability([0, 100], [30, 70])


def test_wasserstein_of_a_shift_is_the_shift() -> None:
    """0, 1, 3 against 5, 6, 8: everything moves by 5 (the example of scipy's manual)."""
    assert wasserstein([0, 1, 3], [5, 6, 8]) == pytest.approx(5.0)


def test_holms_example() -> None:
    """0.01, 0.02, 0.03, 0.005 become 0.03, 0.04, 0.04, 0.02: times 4, 3, 2, 1, never falling."""
    assert holm([0.01, 0.02, 0.03, 0.005]) == pytest.approx([0.03, 0.04, 0.04, 0.02])


def test_holm_is_that_of_statsmodels() -> None:
    """With ties, 0 and 1. One call of the library's own, which collects garbage each time, is enough of them."""
    p_values = [0.2, 0.0, 0.011, 0.011, 1.0, 0.004, 0.5, 0.03, 0.03, 0.012]
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=3, max_size=3))
def test_a_paired_test_reads_the_same_from_either_side(table: list[list[int]]) -> None:
    """Transposing the table, or naming the classes in another order, changes no p-value."""
    counts = np.array(table)
    one = paired(counts)
    assert 0 <= one.p <= 1
    assert paired(counts.T).p == pytest.approx(one.p, abs=1e-9)
    assert paired(counts[::-1, ::-1]).p == pytest.approx(one.p, abs=1e-9)


@given(
    st.lists(st.integers(0, 2000), min_size=2, max_size=4).filter(lambda cells: sum(cells) > 0),
    st.integers(0, 2),
)
def test_an_interval_holds_its_gap(cells: list[int], more: int) -> None:
    """And lies within -1 to 1."""
    table = np.array([*cells, more, more, more, more][:4]).reshape(2, 2)
    gap = (table[0].sum() - table[:, 0].sum()) / table.sum()
    low, high = paired_interval(table, 0, 0.05)
    assert -1 <= low <= gap + 1e-12
    assert gap - 1e-12 <= high <= 1


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=6))
def test_classes_in_different_rows_are_never_compared_where_few_are_expected(counts: list[tuple[int, int]]) -> None:
    """The chi-square is made of cells with 5 expected rows or more; otherwise Fisher's test is made."""
    one, other = (np.array(side) for side in zip(*counts, strict=True))
    if not one.sum() or not other.sum():
        return
    found = independent(one, other)
    assert 0 <= found.p <= 1
    if found.test == "chi-square" and ((one + other) > 0).sum() > 1:
        kept = np.array([one, other])[:, (one + other) > 0]
        assert chi2_contingency(kept, correction=False).expected_freq.min() >= 5
