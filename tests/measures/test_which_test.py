"""Which test is made of what: per row of the table, data on which the wrong test comes to the other conclusion.

A test says whether there is any gap; whether one is kept or broken its interval says (test_which_interval.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2_contingency, expon, norm, ttest_1samp, ttest_ind
from statsmodels.stats.contingency_tables import SquareTable, mcnemar

from ledger import prediction_bias
from ledger.measures.bias.prediction_bias import TESTS, THRESHOLDS

ALPHA = 0.05
PAGE = Path(__file__).resolve().parents[2] / "docs" / "method-prediction-bias.md"


@dataclass(frozen=True)
class Case:
    """A row of the table. alarms: what the right test says. wrong_p: what the wrong one gives, named in the docstring."""

    data: pd.DataFrame
    alarms: bool
    wrong_p: float
    reference: pd.DataFrame | None = None


def _rows_of(table: list[list[int]]) -> pd.DataFrame:
    """Rows with a predicted and an observed class, as often as a paired table says."""
    pairs = [
        (f"c{row}", f"c{column}")
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    return pd.DataFrame(pairs, columns=["p", "y"])


def _of_counts(column: str, counts: list[int]) -> pd.DataFrame:
    """Rows of one column with so many of each class, sorted by class."""
    return pd.DataFrame({column: np.repeat([f"c{index}" for index in range(len(counts))], counts)})


def _numbers(p: NDArray[np.float64], y: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({"p": p, "y": y})


def _spread(rows: int) -> NDArray[np.float64]:
    """Numbers as a normal distribution has them, without chance, in an order that says nothing."""
    numbers = norm.ppf((np.arange(rows) + 0.5) / rows)
    np.random.default_rng(0).shuffle(numbers)
    return numbers


def _mcnemar() -> Case:
    """Chi-square of the margins, as if the rows were different: the gap drowns in the variance that both share."""
    wrong = chi2_contingency([[500, 500], [470, 530]], correction=False).pvalue
    return Case(_rows_of([[440, 60], [30, 470]]), True, wrong)


def _exact_mcnemar() -> Case:
    """McNemar, approximated: of eleven rows that differ it is too sure."""
    table = [[60, 9], [2, 60]]
    return Case(_rows_of(table), False, mcnemar(table, exact=False, correction=False).pvalue)


def _stuart_maxwell() -> Case:
    """Bowker's symmetry: mistakes go round in a circle, which is no bias of any class."""
    table = [[40, 20, 4], [4, 40, 14], [16, 4, 40]]
    return Case(_rows_of(table), False, SquareTable(np.array(table), shift_zeros=False).symmetry().pvalue)


def _few_discordant() -> Case:
    """Stuart-Maxwell: six rows that differ are no chi-square distribution."""
    table = [[30, 0, 0], [3, 30, 0], [3, 0, 30]]
    return Case(_rows_of(table), False, SquareTable(np.array(table), shift_zeros=False).homogeneity().pvalue)


def _chi_square() -> Case:
    """McNemar: two files that are sorted by class, read as pairs, agree nearly everywhere."""
    live, reference = _of_counts("p", [520, 480]), _of_counts("y", [485, 515])
    table = pd.crosstab(live.p, reference.y).to_numpy()
    return Case(live, False, mcnemar(table, exact=False, correction=False).pvalue, reference)


def _pooled() -> Case:
    """Chi-square of all classes: one row of a class of its own, where a hundredth is expected, decides it."""
    live, reference = [5000, 4970] + [1] * 30 + [0], [33, 26] + [0] * 30 + [1]
    wrong = chi2_contingency([live, reference], correction=False).pvalue
    return Case(_of_counts("p", live), False, wrong, _of_counts("y", reference))


def _fisher() -> Case:
    """Chi-square, where fewer than three rows are expected."""
    live, reference = [65, 5], [89, 1]
    wrong = chi2_contingency([live, reference], correction=False).pvalue
    return Case(_of_counts("p", live), False, wrong, _of_counts("y", reference))


def _score() -> Case:
    """Welch's t of probabilities and outcomes: it takes what the model knows of each row for chance."""
    p = np.repeat([0.1, 0.9], 500)
    y = np.repeat([1.0, 0.0, 1.0, 0.0], [50, 450, 427, 73])
    return Case(_numbers(p, y), True, ttest_ind(p, y, equal_var=False).pvalue)


def _binomial() -> Case:
    """The score's normal approximation, with four outcomes expected."""
    p, y = np.full(100, 0.04), np.repeat([1.0, 0.0], [8, 92])
    z = (p - y).sum() / np.sqrt((p * (1 - p)).sum())
    return Case(_numbers(p, y), False, float(2 * norm.sf(abs(z))))


def _paired_t() -> Case:
    """Welch's t, as if the rows were different: the spread of what is predicted hides an error in every row."""
    y = 2 * _spread(200)
    p = y + 0.3 + 0.5 * norm.ppf((np.arange(200) + 0.5) / 200)
    return Case(_numbers(p, y), True, ttest_ind(p, y, equal_var=False).pvalue)


def _wilcoxon() -> Case:
    """The paired t: one wild error in sixty rows hides that all others lie on one side."""
    y = _spread(60)
    errors = np.append(norm.ppf((np.arange(59) + 0.5) / 59) * 0.5 + 0.3, -8)
    return Case(_numbers(y + errors, y), True, ttest_1samp(errors, 0).pvalue)


def _welch() -> Case:
    """Student's pooled t: sixty rows that vary a lot borrow certainty from two thousand that do not."""
    p, y = 4 * _spread(60) + 0.5, _spread(2000)
    return Case(pd.DataFrame({"p": p}), False, ttest_ind(p, y, equal_var=True).pvalue, pd.DataFrame({"y": y}))


CASES: dict[str, Callable[[], Case]] = {
    "McNemar": _mcnemar,
    "McNemar, exact": _exact_mcnemar,
    "Stuart-Maxwell": _stuart_maxwell,
    "McNemar per class, Holm": _few_discordant,
    "chi-square": _chi_square,
    "chi-square, rare classes pooled": _pooled,
    "Fisher, exact": _fisher,
    "calibration in the large, score": _score,
    "binomial, exact": _binomial,
    "paired t": _paired_t,
    "Wilcoxon signed-rank": _wilcoxon,
    "Welch t": _welch,
}


@pytest.mark.parametrize("test", CASES)
def test_the_wrong_test_would_come_to_the_other_conclusion(test: str) -> None:
    """On the data of each row of the table the test is the table's, and what it finds is not what the other test finds."""
    case = CASES[test]()
    found = prediction_bias(case.data, predicted="p", observed="y", reference=case.reference)
    whole = found.findings[0]
    assert whole["test"] == test
    assert (float(whole["p_corrected"]) < ALPHA) == case.alarms
    assert case.alarms or found.verdict != "broken"
    assert found.threshold in THRESHOLDS.values()
    material = any(abs(float(finding["gap"])) > float(found.threshold) for finding in found.findings)
    assert material, "a gap that is not material is broken by no test"
    assert (case.wrong_p < ALPHA) != case.alarms


def test_every_test_of_the_table_has_its_case() -> None:
    """A new row needs a case."""
    assert [test for *_, test in TESTS] == list(CASES)


@pytest.mark.parametrize("row", TESTS, ids=lambda row: row[-1])
def test_the_page_has_the_same_table(row: tuple[str, ...]) -> None:
    """docs/method-prediction-bias.md says of each kind, pairing and size what the code does."""
    assert f"| {' | '.join(row)} |" in PAGE.read_text(encoding="utf-8")


def test_skewed_errors_are_no_bias() -> None:
    """Errors whose mean is 0 and whose median is not: ranks would alarm, and a mean of 200 rows needs no ranks."""
    y = 2 * _spread(200)
    skewed = expon.ppf((np.arange(200) + 0.5) / 200)
    found = prediction_bias(_numbers(y + skewed - skewed.mean(), y), predicted="p", observed="y")
    assert (found.value, found.verdict) == ("0.0000", "kept")
