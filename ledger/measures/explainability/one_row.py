"""One row explained: what its output loses, and what the output of a reference row gains, feature by feature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ledger.measures.explainability.model_files import Model
from ledger.measures.explainability.model_rows import Rows


@dataclass(frozen=True)
class ExplainedRow:
    """One row explained. output: the model's for it; at_reference: for the reference row.

    contributions: by feature, what the output loses when that feature is set to its reference; alone: what the output
    of the reference row gains when it gets that feature from the row. A model that is sure of the row for more than
    one reason has contributions near 0, and shows them alone.
    """

    output: float
    at_reference: float
    contributions: NDArray[np.float64]
    alone: NDArray[np.float64]
    what: str

    @property
    def rest(self) -> float:
        """What the contributions leave over: features acting together. 0 for a model that only adds."""
        return self.output - self.at_reference - float(self.contributions.sum())


def one_row(model: Model, rows: Rows, output: Callable[[Any], NDArray[np.float64]]) -> ExplainedRow:
    """Each feature of the row set to its reference in turn; and all of them at once."""
    names = list(rows.features.columns)
    reference = {name: reference_value(rows.features[name]) for name in names}
    count = len(names)
    tried: dict[str, pd.Series] = {}
    for place, name in enumerate(names):
        # The row; the row without each feature; the reference row; the reference row with each feature.
        own, other = rows.row[name].iloc[0], reference[name]
        values = [own] * (count + 1) + [other] * (count + 1)
        values[1 + place], values[2 + count + place] = other, own
        # A median of whole numbers need not be one.
        whole = pd.api.types.is_integer_dtype(rows.row[name].dtype)
        tried[name] = pd.Series(values) if whole else pd.Series(values, dtype=rows.row[name].dtype)
    said = output(pd.DataFrame(tried))
    column, what = 0, "output"
    if model.is_classifier:
        column = int(said[0].argmax())
        what = f"probability of {model.estimator.classes_[column]}"
    row, without, base, alone = np.split(said[:, column], [1, 1 + count, 2 + count])
    return ExplainedRow(float(row[0]), float(base[0]), row - without, alone - base, what)


def reference_value(values: pd.Series) -> Any:
    """What stands for a feature in the reference row: its median, or its most frequent value if it is no number."""
    there = values.dropna()
    if there.empty:
        return values.iloc[0]
    if pd.api.types.is_numeric_dtype(there.dtype) and not pd.api.types.is_bool_dtype(there.dtype):
        return there.median()
    return there.mode().iloc[0]
