"""Real data that ships inside scikit-learn and statsmodels, split in two: by chance, tilted, and along one of its columns."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine
from statsmodels.datasets import anes96, fair, modechoice, randhie, star98

SEED = 20260101
#: Of each set the column along which it is split, and those of its columns that are words and not numbers.
_ALONG = {
    "breast cancer": ("mean radius", ("target",)),
    "wine": ("alcohol", ("target",)),
    "diabetes": ("bmi", ()),
    "iris": ("sepal length (cm)", ("target",)),
    "anes96": ("age", ("vote",)),
    "fair": ("age", ("occupation", "occupation_husb")),
    "modechoice": ("hinc", ("mode",)),
    "randhie": ("disea", ("hlthg",)),
    "star98": ("LOWINC", ()),
}


@dataclass(frozen=True, slots=True)
class Split:
    """Rows of one set as a reference and as live. how: by chance, nothing moved; tilted, a little did; along, much did."""

    data: str
    how: str
    reference: pd.DataFrame
    live: pd.DataFrame

    @property
    def name(self) -> str:
        """Of the folder that holds it."""
        return f"{self.data} {self.how}".replace(" ", "-")


def real_sets() -> dict[str, pd.DataFrame]:
    """Every set by its name; nothing is downloaded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {
            "breast cancer": load_breast_cancer(as_frame=True).frame,
            "wine": load_wine(as_frame=True).frame,
            "diabetes": load_diabetes(as_frame=True).frame,
            "iris": load_iris(as_frame=True).frame,
            **{each.__name__.rsplit(".", 1)[-1]: each for each in (anes96, fair, modechoice, randhie, star98)},
        }
        frames = {name: each if isinstance(each, pd.DataFrame) else _table_of(each) for name, each in found.items()}
    return {name: _worded(frame, _ALONG[name][1]) for name, frame in frames.items()}


def _table_of(module: object) -> pd.DataFrame:
    data: pd.DataFrame = module.load_pandas().data
    return data


def _worded(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """What is a number only by its code, as words."""
    return frame.assign(**{name: [f"{name} {value:g}" for value in frame[name]] for name in columns})


def splits() -> Iterator[Split]:
    """Each set three times, by a fixed seed."""
    for name, frame in real_sets().items():
        along = _ALONG[name][0]
        made = np.random.default_rng([SEED, len(frame)])
        place = frame[along].rank(method="first", pct=True).to_numpy()
        order = made.permutation(len(frame))
        half = np.isin(np.arange(len(frame)), order[: len(frame) // 2])
        yield Split(name, "by chance", frame[half], frame[~half])
        # Live has a row three times as often where the column is at its most as where it is at its least.
        tilted = made.random(len(frame)) < 0.25 + 0.5 * place
        yield Split(name, "tilted", frame[~tilted], frame[tilted])
        yield Split(name, f"along {along}", *(frame[rows].drop(columns=along) for rows in (place <= 0.5, place > 0.5)))
