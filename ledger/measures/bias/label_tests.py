"""Tests of labels: whether classes are predicted as often as they are observed.

A paired table has a row per predicted class and a column per observed one, over the same rows of data. Two counts per
class are of different rows. Every statistic is that of scipy or statsmodels where they have one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.stats import chi2, chi2_contingency, fisher_exact
from statsmodels.stats.contingency_tables import SquareTable, mcnemar

from ledger.measures.kit.corrections import holm

Counts = NDArray[np.int64]

#: Rows in which a pair of classes disagrees, below which the approximation of McNemar's test is not trusted.
FEW_DISCORDANT = 25
#: The same of every single class, for Stuart and Maxwell's.
FEW_DISCORDANT_OF_A_CLASS = 10
#: Expected rows of a cell below which the chi-square approximation is not trusted (Cochran's rule).
FEW_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class TestOutcome:
    """A test and what came of it. test: its name, as docs/method-prediction-bias.md has it; p: 0 to 1."""

    test: str
    p: float


def paired(table: Counts) -> TestOutcome:
    """Whether both margins of a paired table are equal. table: k by k counts, k at least 1."""
    moving = discordant(table)
    kept = table[np.ix_(moving > 0, moving > 0)]
    if len(kept) == 0:
        return TestOutcome("McNemar, exact", 1.0)
    if len(kept) == 2:
        return _mcnemar(kept)
    if moving[moving > 0].min() < FEW_DISCORDANT_OF_A_CLASS or moving.sum() / 2 < FEW_DISCORDANT:
        return TestOutcome(
            "McNemar per class, Holm", min(holm([one_paired(kept, each).p for each in range(len(kept))]))
        )
    return TestOutcome("Stuart-Maxwell", _stuart_maxwell(kept))


def one_paired(table: Counts, index: int) -> TestOutcome:
    """Whether one class is predicted as often as it is observed, in a paired table."""
    return _mcnemar(collapsed(table, index))


def independent(predicted: Counts, observed: Counts) -> TestOutcome:
    """Whether two counts per class, of different rows, are of one distribution."""
    table = np.array([predicted, observed])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2:
        return TestOutcome("chi-square", 1.0)
    pooled = _pooled(table)
    if pooled.shape[1] == 2 and _expected(pooled).min() < FEW_EXPECTED:
        return TestOutcome("Fisher, exact", float(fisher_exact(pooled).pvalue))
    name = "chi-square" if pooled.shape == table.shape else "chi-square, rare classes pooled"
    return TestOutcome(name, float(chi2_contingency(pooled, correction=False).pvalue))


def one_independent(predicted: Counts, observed: Counts, index: int) -> TestOutcome:
    """Whether one class is predicted as often as it is observed, in different rows."""
    return independent(_against_rest(predicted, index), _against_rest(observed, index))


def discordant(table: Counts) -> Counts:
    """Of each class, the rows in which it was either predicted or observed, and not both."""
    moving: Counts = table.sum(axis=0) + table.sum(axis=1) - 2 * np.diag(table)
    return moving


def collapsed(table: Counts, index: int) -> Counts:
    """A class against all others: both, only predicted; only observed, neither."""
    both, row, column = table[index, index], table[index].sum(), table[:, index].sum()
    return np.array([[both, row - both], [column - both, table.sum() - row - column + both]])


def _mcnemar(table: Counts) -> TestOutcome:
    exact = table[0, 1] + table[1, 0] < FEW_DISCORDANT
    found = mcnemar(table, exact=exact, correction=False)
    return TestOutcome("McNemar, exact" if exact else "McNemar", float(found.pvalue))


def _stuart_maxwell(table: Counts) -> float:
    """The p-value, also where classes fall into parts between which nothing was confused.

    Such a table's covariance has no inverse. Its parts are independent: their statistics and degrees add up.
    """
    parts, part_of = connected_components(table, directed=False)
    statistic, degrees = 0.0, 0
    for part in range(parts):
        within = table[np.ix_(part_of == part, part_of == part)]
        found = SquareTable(within, shift_zeros=False).homogeneity()
        statistic, degrees = statistic + float(found.statistic), degrees + found.df
    return float(chi2.sf(statistic, degrees))


def _against_rest(counts: Counts, index: int) -> Counts:
    return np.array([counts[index], counts.sum() - counts[index]])


def _pooled(table: Counts) -> Counts:
    """The rarest classes put together, as few as it takes until every expected count is large enough, or two are left."""
    table = table[:, np.argsort(table.sum(axis=0), kind="stable")]
    while table.shape[1] > 2 and _expected(table).min() < FEW_EXPECTED:
        rest = np.column_stack([table[:, :2].sum(axis=1), table[:, 2:]])
        table = rest[:, np.argsort(rest.sum(axis=0), kind="stable")]
    return table


def _expected(table: Counts) -> NDArray[np.float64]:
    expected: NDArray[np.float64] = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return expected
