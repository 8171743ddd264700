"""What `debt demo` tries in earnest: scikit-learn's handwritten digits, and a classifier that knows them upright."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

_SUITE, _MODEL, _DATA = "digits_suite.py", "digits.joblib", "digits.csv"
#: Of 1,797 pictures so many make the classifier; the others are tried.
_KNOWN = 1_000
#: Whole numbers are compared, so that the file and its verdicts are the same on every machine.
_NEIGHBOURS = 3


def write_digits(folder: Path) -> tuple[Path, Path, Path]:
    """Write suite, model and data into a folder, which is made; where they are. The same bytes every time."""
    folder.mkdir(parents=True)
    pictures, digits = load_digits(return_X_y=True)
    model = KNeighborsClassifier(_NEIGHBOURS, algorithm="brute").fit(pictures[:_KNOWN], digits[:_KNOWN])
    suite, model_file, data = folder / _SUITE, folder / _MODEL, folder / _DATA
    suite.write_bytes(resources.files(__package__).joinpath(_SUITE).read_bytes())
    joblib.dump(model, model_file)
    header = ",".join([*(f"pixel{number}" for number in range(pictures.shape[1])), "digit"])
    table = np.column_stack([pictures[_KNOWN:], digits[_KNOWN:]])
    np.savetxt(data, table, fmt="%d", delimiter=",", header=header, comments="")
    return suite, model_file, data
