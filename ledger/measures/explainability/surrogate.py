"""A small surrogate: a model that a person can read, made to say what the model says, and judged on rows it never saw.

docs/method-explainability.md, 'Fidelity', has the formulas. What tells is how much of the output it leaves unexplained; how
many features the model has says nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeRegressor

#: Fifteen questions at most, as TREPAN's trees had: a person can follow them on a page.
TREE_DEPTH = 4
#: No leaf of a tree speaks of fewer rows than this share of those it was made from, or than so many.
_LEAF_SHARE, _FEWEST_IN_LEAF = 0.01, 5
#: Of the rows a half makes the surrogates, and the other half judges the one that is chosen.
_MAKING = 0.5
_FOLDS = 3
#: One less the level of the interval of what is left unexplained.
ALPHA = 0.05
_MOST_CATEGORIES = 20
_PENALTIES = np.logspace(-6, 3, 10)
#: Of a class less likely than this nothing is learnt.
_NEGLIGIBLE = 1e-3

Output = NDArray[np.float64]
Kind = Literal["tree", "linear"]
#: Made of encoded rows and what the model says of them: says the same of others.
_Maker = Callable[[Output, Output], tuple[Callable[[Output], Output], int]]


@dataclass(frozen=True, slots=True)
class SurrogateFidelity:
    """How well the better of two small surrogates says what the model says, on held-out rows.

    kind: which; size: its leaves, or its terms. unexplained: the share of the output's variance that it leaves, >= 0, above 1
    where it is worse than the mean; low, high: its interval. agreement: of a classifier the share of rows in which both hold
    the same class most likely. held_out: rows that judged it.
    """

    kind: Kind
    size: int
    unexplained: float
    low: float
    high: float
    agreement: float | None
    held_out: int


def surrogate_fidelity(
    features: pd.DataFrame, said: Output, *, is_classifier: bool, seed: int
) -> SurrogateFidelity | None:
    """Make a shallow tree and a linear model on half of the rows, choose by cross-validation there, judge on the other half.

    said: what the model says of each row, a line each. seed: of the halves. None where what it says does not vary.
    """
    features = _plain(features)
    order = np.random.default_rng(seed).permutation(len(features))
    cut = int(len(order) * _MAKING)
    making, judging = order[:cut], order[cut:]
    if min(np.ptp(said[making], axis=0).max(), np.ptp(said[judging], axis=0).max()) == 0:
        return None
    encoder = _encoder(features).fit(features.iloc[making])
    made, judged = (np.asarray(encoder.transform(features.iloc[rows]), dtype=float) for rows in (making, judging))
    makers: dict[Kind, _Maker] = {"tree": _tree, "linear": _classes if is_classifier else _line}
    kind: Kind = min(makers, key=lambda name: _left_in_folds(makers[name], made, said[making]))
    surrogate, size = makers[kind](made, said[making])
    answers, wanted = surrogate(judged), said[judging]
    unexplained, low, high = _ratio(_squares(wanted - answers), _squares(wanted - said[making].mean(axis=0)))
    agreement = float((answers.argmax(axis=1) == wanted.argmax(axis=1)).mean()) if is_classifier else None
    return SurrogateFidelity(kind, size, unexplained, low, high, agreement, len(judging))


def _left_in_folds(maker: _Maker, rows: Output, said: Output) -> float:
    """What a surrogate of this kind leaves unexplained, each fold judged by one that was made without it."""
    left = total = 0.0
    for fold in range(_FOLDS):
        out = np.arange(len(rows)) % _FOLDS == fold
        surrogate, _ = maker(rows[~out], said[~out])
        left += _squares(said[out] - surrogate(rows[out])).sum()
        total += _squares(said[out] - said[~out].mean(axis=0)).sum()
    return left / total if total > 0 else 1.0


def _ratio(left: Output, total: Output) -> tuple[float, float, float]:
    """Mean left over mean total, and its interval: by the delta method on the logarithm, with Student's quantile."""
    found = float(left.mean() / total.mean())
    if found == 0:
        return 0.0, 0.0, 0.0
    spread = np.std(left / left.mean() - total / total.mean(), ddof=1) / np.sqrt(len(left))
    factor = float(np.exp(min(t.ppf(1 - ALPHA / 2, len(left) - 1) * spread, 700.0)))
    return found, found / factor, found * factor


def _squares(differences: Output) -> Output:
    return np.asarray((differences**2).sum(axis=1), dtype=float)


# --- the surrogates -----------------------------------------------------------------------------------


def _tree(rows: Output, said: Output) -> tuple[Callable[[Output], Output], int]:
    least = max(_FEWEST_IN_LEAF, int(len(rows) * _LEAF_SHARE))
    found = DecisionTreeRegressor(max_depth=TREE_DEPTH, min_samples_leaf=least, random_state=0).fit(rows, said)
    return lambda others: found.predict(others).reshape(len(others), -1), int(found.get_n_leaves())


def _line(rows: Output, said: Output) -> tuple[Callable[[Output], Output], int]:
    found = RidgeCV(_PENALTIES).fit(rows, said)
    return lambda others: found.predict(others).reshape(len(others), -1), rows.shape[1]


def _classes(rows: Output, said: Output) -> tuple[Callable[[Output], Output], int]:
    """A logistic regression of the model's probabilities: each row once per class, weighted by how likely that is."""
    row, label = np.nonzero(said > _NEGLIGIBLE)
    known = np.unique(label)
    if len(known) == 1:
        return lambda others: np.tile(said.mean(axis=0), (len(others), 1)), 0
    with warnings.catch_warnings():
        # One that is not quite the best is judged as it is.
        warnings.simplefilter("ignore")
        found = LogisticRegression(C=1e2, max_iter=100, tol=1e-3).fit(rows[row], label, sample_weight=said[row, label])

    def answers(others: Output) -> Output:
        whole = np.zeros((len(others), said.shape[1]))
        whole[:, known] = found.predict_proba(others)
        return whole

    return answers, rows.shape[1]


def _plain(features: pd.DataFrame) -> pd.DataFrame:
    """Numbers and truth values as numbers, everything else as its text."""
    return pd.DataFrame(
        {
            name: values.astype(float) if pd.api.types.is_numeric_dtype(values) else values.astype(str)
            for name, values in features.items()
        }
    )


def _encoder(features: pd.DataFrame) -> ColumnTransformer:
    """Numbers as they are, scaled, a missing one as the median and a mark; of anything else its most frequent values."""
    numbers = [name for name in features if pd.api.types.is_numeric_dtype(features[name])]
    others = [name for name in features if name not in numbers]
    scaled: Pipeline = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    words = OneHotEncoder(max_categories=_MOST_CATEGORIES, handle_unknown="infrequent_if_exist", sparse_output=False)
    steps: list[tuple[str, Any, list[str]]] = [("numbers", scaled, numbers), ("words", words, others)]
    return ColumnTransformer([step for step in steps if step[2]])
