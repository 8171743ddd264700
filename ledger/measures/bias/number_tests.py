"""Tests of probabilities and of numbers: whether what is predicted is, on the mean, what is observed.

Every statistic is that of scipy or statsmodels where they have one; the score of calibration in
the large is a sum that neither has by itself.
"""

from __future__ import annotations

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


def calibration(probabilities: Numbers, outcomes: Numbers) -> TestOutcome:
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
        return TestOutcome("binomial, exact", p)
    z = float((probabilities - outcomes).sum()) / sqrt(expected_variance)
    return TestOutcome("calibration in the large, score", float(2 * norm.sf(abs(z))))


def paired_means(predicted: Numbers, observed: Numbers) -> TestOutcome:
    """The mean error of numbers predicted and observed in the same rows; with few rows its ranks are tested."""
    errors = predicted - observed
    if len(errors) < FEW_FOR_MEANS:
        p = float(wilcoxon(errors).pvalue) if errors.any() else 1.0
        return TestOutcome("Wilcoxon signed-rank", p)
    p = float(errors[0] == 0) if is_constant(errors) else float(ttest_1samp(errors, 0.0).pvalue)
    return TestOutcome("paired t", p)


def independent_means(predicted: Numbers, observed: Numbers) -> TestOutcome:
    """The difference of the means of numbers in different rows, whose spread and number need not be alike: Welch's t."""
    if is_constant(predicted) and is_constant(observed):
        return TestOutcome("Welch t", float(predicted.mean() == observed.mean()))
    return TestOutcome("Welch t", float(ttest_ind(predicted, observed, equal_var=False).pvalue))


def is_constant(numbers: Numbers) -> bool:
    """Whether numbers differ by no more than their own rounding, so that their spread says nothing."""
    return float(np.ptp(numbers)) <= 1e-9 * float(np.abs(numbers).max())
