"""The floor of measuring: the same statistic, as pandas, scipy and statsmodels give it to whoever asks them directly."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, ttest_1samp, wasserstein_distance
from statsmodels.stats.contingency_tables import SquareTable


def labels(path: Path, predicted: str, observed: str, slices: Sequence[str]) -> list[float]:
    """p-values of Stuart-Maxwell, of the whole and of every value of the slice columns."""
    data = pd.read_parquet(path, columns=[predicted, observed, *slices])
    tables = [pd.crosstab(data[predicted], data[observed])]
    for column in slices:
        tables += [pd.crosstab(part[predicted], part[observed]) for _, part in data.groupby(column)]
    return [float(SquareTable(table, shift_zeros=False).homogeneity().pvalue) for table in tables]


def probabilities(path: Path, predicted: str, observed: str, slices: Sequence[str]) -> list[float]:
    """p-values of calibration in the large; calibration by tenths is computed and left."""
    data = pd.read_parquet(path, columns=[predicted, observed, *slices])
    parts = [data, *(part for column in slices for _, part in data.groupby(column))]
    found = []
    for part in parts:
        p, y = part[predicted].to_numpy(), part[observed].to_numpy()
        found.append(float(2 * norm.sf(abs((p - y).sum() / np.sqrt((p * (1 - p)).sum())))))
        ttest_1samp(p - y, 0).confidence_interval()
    data.groupby(pd.qcut(data[predicted], 10), observed=True)[[predicted, observed]].mean()
    return found


def numbers(path: Path, predicted: str, observed: str, slices: Sequence[str]) -> list[float]:
    """p-values of the paired t; quantiles and Wasserstein's distance are computed and left."""
    data = pd.read_parquet(path, columns=[predicted, observed, *slices])
    parts = [data, *(part for column in slices for _, part in data.groupby(column))]
    found = []
    for part in parts:
        p, y = part[predicted].to_numpy(), part[observed].to_numpy()
        tested = ttest_1samp(p - y, 0)
        tested.confidence_interval()
        found.append(float(tested.pvalue))
        wasserstein_distance(p, y)
        for side in (p, y):
            np.quantile(side, [0.05, 0.25, 0.5, 0.75, 0.95])
        np.quantile(y, np.arange(0.1, 1, 0.1))
    return found
