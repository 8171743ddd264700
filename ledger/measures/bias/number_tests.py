"""Tests of probabilities and of numbers: whether what is predicted is, on the mean, what is observed.

Gaps are predicted less observed, in the unit of the numbers. Every statistic is that of scipy or statsmodels where
they have one; the score of calibration in the large is a sum that neither has by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, norm, ttest_1samp, ttest_ind, wilcoxon

from ledger.measures.bias.label_tests import TestOutcome

Numbers = NDArray[np.float64]

#: The variance of the outcomes that is expected of the probabilities, in rows, below which the normal approximation of
#: the score is not trusted.
FEW_EXPECTED_OUTCOMES = 10
#: Rows below which the mean of errors need not be normal, so that ranks are tested.
FEW_FOR_MEANS = 100


@dataclass(frozen=True, slots=True)
class MeanGap:
    """A gap of means, its interval at the level one less alpha, and its test."""

    gap: float
    low: float
    high: float
    tested: TestOutcome


def calibration(probabilities: Numbers, outcomes: Numbers, alpha: float) -> MeanGap:
    """Calibration in the large: the mean probability less the share of outcomes that came true, in the same rows.

    Tests whether each outcome came true with its own probability: the score of a logistic regression whose offset is
    the probability. With few expected outcomes an exact binomial test of the mean probability, which never alarms
    more often than the outcomes' own distribution would (Hoeffding 1956).
    """
    rows = len(outcomes)
    expected_variance = float((probabilities * (1 - probabilities)).sum())
    came_true = round(float(outcomes.sum()))
    if expected_variance < FEW_EXPECTED_OUTCOMES:
        p = float(binomtest(came_true, rows, min(1.0, float(probabilities.mean()))).pvalue)
        tested = TestOutcome("binomial, exact", p)
    else:
        z = float((probabilities - outcomes).sum()) / sqrt(expected_variance)
        tested = TestOutcome("calibration in the large, score", float(2 * norm.sf(abs(z))))
    return _with_interval(probabilities - outcomes, alpha, tested)


def paired_means(predicted: Numbers, observed: Numbers, alpha: float) -> MeanGap:
    """The mean error of numbers predicted and observed in the same rows; with few rows its ranks are tested."""
    errors = predicted - observed
    if len(errors) < FEW_FOR_MEANS:
        p = float(wilcoxon(errors).pvalue) if errors.any() else 1.0
        return _with_interval(errors, alpha, TestOutcome("Wilcoxon signed-rank", p))
    p = float(errors[0] == 0) if _is_constant(errors) else float(ttest_1samp(errors, 0.0).pvalue)
    return _with_interval(errors, alpha, TestOutcome("paired t", p))


def independent_means(predicted: Numbers, observed: Numbers, alpha: float) -> MeanGap:
    """The difference of the means of numbers in different rows, whose spread and number need not be alike: Welch's t."""
    gap = float(predicted.mean() - observed.mean())
    if _is_constant(predicted) and _is_constant(observed):
        return MeanGap(gap, gap, gap, TestOutcome("Welch t", float(gap == 0)))
    found = ttest_ind(predicted, observed, equal_var=False)
    interval = found.confidence_interval(1 - alpha)
    return MeanGap(gap, float(interval.low), float(interval.high), TestOutcome("Welch t", float(found.pvalue)))


def _is_constant(numbers: Numbers) -> bool:
    """Whether numbers differ by no more than their own rounding, so that their spread says nothing."""
    return float(np.ptp(numbers)) <= 1e-9 * float(np.abs(numbers).max())


def _with_interval(differences: Numbers, alpha: float, tested: TestOutcome) -> MeanGap:
    """Student's interval of the mean difference."""
    gap = float(differences.mean())
    if _is_constant(differences):
        return MeanGap(gap, gap, gap, tested)
    interval = ttest_1samp(differences, 0.0).confidence_interval(1 - alpha)
    return MeanGap(gap, float(interval.low), float(interval.high), tested)
