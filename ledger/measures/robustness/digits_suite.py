"""A suite, as docs/robustness.md describes them: handwritten digits that are turned step by step until they lie on their side.

The model knows digits that stand upright; `ledger.measures.robustness.digits` makes it. `debt demo` runs this suite.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from ledger.measures.robustness.perturbations import rotated

_SIDE = 8

PERTURBATIONS = {f"turned {degrees}°": rotated(degrees) for degrees in range(0, 91, 10)}


def load(model: Path, data: Path) -> tuple[Any, NDArray[np.float64], NDArray[np.int64]]:
    """The classifier, the pictures, and the digit that each of them shows."""
    table = np.loadtxt(data, delimiter=",", skiprows=1)
    return joblib.load(model), table[:, :-1].reshape(-1, _SIDE, _SIDE), table[:, -1].astype(np.int64)


def passed(model: Any, pictures: NDArray[np.float64], digits: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each picture is still read as its digit."""
    return np.asarray(model.predict(pictures.reshape(-1, _SIDE * _SIDE)) == digits)
