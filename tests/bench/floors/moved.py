"""The floor of drift: the same tests and effects of every column, as pandas and scipy give them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2_contingency, ks_2samp, wasserstein_distance


def moved(reference: Path, live: Path) -> dict[str, float]:
    """p-values by column: Kolmogorov-Smirnov's of numbers, chi-square's of texts; the effects are computed and left."""
    before, now = pd.read_parquet(reference), pd.read_parquet(live)
    found = {}
    for name in before.columns:
        was, is_now = before[name], now[name]
        was.isna().mean(), is_now.isna().mean()
        if pd.api.types.is_float_dtype(was):
            one, other = was.to_numpy(float), is_now.to_numpy(float)
            found[name] = float(ks_2samp(one, other, method="asymp").pvalue)
            wasserstein_distance(one, other)
            (other < one.min()).sum(), (other > one.max()).sum()
        else:
            counts = pd.concat([was.value_counts(), is_now.value_counts()], axis=1).fillna(0)
            found[name] = float(chi2_contingency(counts.to_numpy(), correction=False).pvalue)
            shares = counts / counts.sum()
            np.abs(shares.iloc[:, 0] - shares.iloc[:, 1]).max()
    return found
