"""Intervals of labels: how much more often, and how many times as often, a class is predicted than observed.

A paired table has a row per predicted class and a column per observed one; two counts per class are of different rows.
"""

from __future__ import annotations

from functools import partial
from math import sqrt

from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ledger.measures.bias.estimates import (
    FEW_EVENTS,
    Ends,
    Estimate,
    count_ratio,
    estimate,
    few_count_ratio,
    few_moved_ratio,
    log_error,
)
from ledger.measures.bias.label_tests import Counts, collapsed


def paired_difference(table: Counts, index: int) -> Estimate:
    """A class's predicted less observed share, in the same rows."""
    ((both, only_predicted), (only_observed, neither)) = collapsed(table, index).tolist()
    gap = (only_predicted - only_observed) / (both + only_predicted + only_observed + neither)
    return estimate(gap, "Newcombe, same rows", partial(paired_interval, table, index))


def independent_difference(predicted: Counts, observed: Counts, index: int) -> Estimate:
    """A class's predicted less observed share, in different rows."""
    gap = float(predicted[index] / predicted.sum() - observed[index] / observed.sum())
    return estimate(gap, "Newcombe, different rows", partial(independent_interval, predicted, observed, index))


def paired_ratio(table: Counts, index: int) -> Estimate | None:
    """A class's predicted over its observed share, in the same rows; None where it is on neither side."""
    ((both, only_predicted), (only_observed, neither)) = collapsed(table, index).tolist()
    predicted, observed, moved = both + only_predicted, both + only_observed, only_predicted + only_observed
    rows = both + moved + neither
    if not predicted + observed:
        return None
    if min(predicted, observed) < FEW_EVENTS:
        return few_count_ratio(predicted, observed, (rows, rows))
    if moved < FEW_EVENTS:
        return few_moved_ratio(both, predicted, observed)
    error = sqrt(moved / (predicted * observed))
    return count_ratio(predicted, observed, (rows, rows), error, "log ratio, same rows")


def independent_ratio(predicted: Counts, observed: Counts, index: int) -> Estimate | None:
    """A class's predicted over its observed share, in different rows; None where it is on neither side."""
    counts = int(predicted[index]), int(observed[index])
    rows = int(predicted.sum()), int(observed.sum())
    if not any(counts):
        return None
    if min(counts) < FEW_EVENTS:
        return few_count_ratio(*counts, rows)
    error = log_error((counts[0], rows[0]), (counts[1], rows[1]))
    return count_ratio(*counts, rows, error, "log ratio, different rows")


def paired_interval(table: Counts, index: int, alpha: float) -> Ends:
    """The interval of a class's predicted less observed share, in the same rows: Newcombe's tenth method (1998).

    alpha: one less the level. Made of Wilson's intervals of both shares and the correlation of the two answers.
    """
    ((both, only_predicted), (only_observed, neither)) = collapsed(table, index).tolist()
    rows = both + only_predicted + only_observed + neither
    low_p, high_p = proportion_confint(both + only_predicted, rows, alpha, method="wilson")
    low_o, high_o = proportion_confint(both + only_observed, rows, alpha, method="wilson")
    share_p, share_o = (both + only_predicted) / rows, (both + only_observed) / rows
    phi = _correlation(both, only_predicted, only_observed, neither)
    below = _added(share_p - low_p, high_o - share_o, phi)
    above = _added(high_p - share_p, share_o - low_o, phi)
    gap = share_p - share_o
    return max(-1.0, float(gap - below)), min(1.0, float(gap + above))


def independent_interval(predicted: Counts, observed: Counts, index: int, alpha: float) -> Ends:
    """The interval of a class's predicted less observed share, in different rows: Newcombe's, of Wilson's intervals."""
    low, high = confint_proportions_2indep(
        predicted[index],
        predicted.sum(),
        observed[index],
        observed.sum(),
        method="newcomb",
        compare="diff",
        alpha=alpha,
    )
    return float(low), float(high)


def _correlation(both: int, only_predicted: int, only_observed: int, neither: int) -> float:
    """Newcombe's phi: towards 0 by a half where it is positive, 0 where a margin is empty."""
    margins = (both + only_predicted) * (only_observed + neither) * (both + only_observed) * (only_predicted + neither)
    if margins == 0:
        return 0.0
    covariance = both * neither - only_predicted * only_observed
    rows = both + only_predicted + only_observed + neither
    return (max(covariance - rows / 2, 0.0) if covariance > 0 else covariance) / sqrt(margins)


def _added(one: float, other: float, phi: float) -> float:
    return sqrt(max(0.0, one**2 - 2 * phi * one * other + other**2))
