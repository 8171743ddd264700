"""Explainability: which features a model's output depends on, over all rows, and for one of them.

docs/method-explainability.md defines both explanations. They say what the model does, not why the world is so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.inspection import permutation_importance
from sklearn.metrics import r2_score

from ledger.measures.explainability.model_files import Model, Warn, load_model
from ledger.measures.explainability.model_rows import SEED, Rows, outcomes, read_rows
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import Source, read_as, unreadable
from ledger.measures.kit.shares import share
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import Measurement, decimal_text

if TYPE_CHECKING:
    from pandas import DataFrame

#: How many features a person can be told: what lies outside these is unexplained.
NAMED_FEATURES = 10
REPEATS = 10
#: Fewer rows say little about any feature.
FEWEST_ROWS = 50


@dataclass(frozen=True)
class _Local:
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


def explainability(
    model: str | Path,
    data: str | Path | DataFrame,
    *,
    target: str | None = None,
    row: int = 1,
    threshold: str | float | Decimal | None = None,
    trust: bool = False,
    trusted: Sequence[str] = (),
    warn: Warn | None = None,
    encoding: str | None = None,
    null_values: Sequence[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
) -> Measurement:
    """How much of what a model does can be named, by permutation importance; and one row explained.

    model: a scikit-learn classifier or regressor as a skops file, or a pickle with trust. data: its features, CSV,
    Parquet or a data frame. target: the column of what was observed; without it, what the model itself says, so that
    importance is how much its own output depends on a feature. row: which row is explained, from 1. threshold: the
    unexplained share that is bearable, from 0 to below 1; without one nothing is judged. trust: load what can run
    code; trusted: types in a skops file that are trusted by name. warn: is told what is trusted; Python's warnings by
    default. encoding, null_values, decimal, thousands: how the data is read, as `TableDeclaration` has it.
    Value: the share of importance outside the ten most important features, 4 digits.

    Raises Refused: something to be trusted, without trust. Raises Unreadable: files, columns or values that do not fit.
    """
    bearable = None if threshold is None else share(threshold, "--threshold")
    loaded = load_model(model, trust=trust, trusted=trusted, warn=warn or _python_warning)
    rows = read_rows(
        opened(data, declared=TableDeclaration(encoding, tuple(null_values), decimal, thousands)), loaded, target, row
    )
    source = rows.source
    output = _output_of(loaded, rows, source)
    wanted = output(rows.features) if target is None else outcomes(loaded, _series(rows.target), source.name, target)
    found = _importances(loaded, output, rows, wanted)
    local = _local(loaded, rows, output)
    return _measurement(
        loaded, source, rows, (found, _score(wanted, output(rows.features))), local, (target, row, bearable)
    )


# --- the two explanations -----------------------------------------------------------------------------


def _output_of(model: Model, rows: Rows, source: Source) -> Callable[[Any], NDArray[np.float64]]:
    """What the model says of rows, one line each: probabilities of its classes where it has them, or its numbers."""
    named = getattr(model.estimator, "feature_names_in_", None) is not None

    def output(frame: Any) -> NDArray[np.float64]:
        # A model that was fitted without feature names warns about them.
        given = frame if named or not isinstance(frame, pd.DataFrame) else frame.to_numpy()
        if not model.is_classifier:
            return np.asarray(model.estimator.predict(given), dtype=float).reshape(len(frame), -1)
        if hasattr(model.estimator, "predict_proba"):
            return np.asarray(model.estimator.predict_proba(given), dtype=float)
        said = np.asarray(model.estimator.predict(given)).reshape(-1, 1)
        return np.asarray(said == np.asarray(model.estimator.classes_).reshape(1, -1), dtype=float)

    try:
        found = output(rows.features)
    except Exception as error:
        # A model may stumble over its input in any way.
        told = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise unreadable(f"{model.name} cannot predict from {source.name}: {told}") from error
    if found.ndim != 2 or not np.isfinite(found).all():
        raise unreadable(f"{model.name} gives no finite number for every row of {source.name}.")
    return output


def _score(wanted: NDArray[np.float64], said: NDArray[np.float64]) -> float:
    """R squared, over all classes: for probabilities, Brier's skill over always saying the classes' shares."""
    return float(r2_score(wanted, said, multioutput="variance_weighted"))


def _importances(
    model: Model, output: Callable[[Any], NDArray[np.float64]], rows: Rows, wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By feature and repeat: how much of R squared is lost when that feature's values are shuffled between rows."""
    if (wanted == wanted[0]).all():
        return np.zeros((rows.features.shape[1], REPEATS))
    found = permutation_importance(
        model.estimator,
        rows.features,
        wanted,
        scoring=lambda _, frame, y: _score(y, output(frame)),
        n_repeats=REPEATS,
        random_state=SEED,
    )
    return np.asarray(found.importances, dtype=float)


def _local(model: Model, rows: Rows, output: Callable[[Any], NDArray[np.float64]]) -> _Local:
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
    return _Local(float(row[0]), float(base[0]), row - without, alone - base, what)


def reference_value(values: pd.Series) -> Any:
    """What stands for a feature in the reference row: its median, or its most frequent value if it is no number."""
    there = values.dropna()
    if there.empty:
        return values.iloc[0]
    if pd.api.types.is_numeric_dtype(there.dtype) and not pd.api.types.is_bool_dtype(there.dtype):
        return there.median()
    return there.mode().iloc[0]


# --- the measurement ----------------------------------------------------------------------------------


def unexplained(importances: NDArray[np.float64]) -> float:
    """The share of all positive importance that lies outside the ten most important features; 0 if there is none."""
    positive = np.sort(np.clip(importances, 0, None))[::-1]
    total = positive.sum()
    return float(positive[NAMED_FEATURES:].sum() / total) if total > 0 else 0.0


def _measurement(
    model: Model,
    source: Source,
    rows: Rows,
    explained: tuple[NDArray[np.float64], float],
    local: _Local,
    asked: tuple[str | None, int, Decimal | None],
) -> Measurement:
    (found, score), (target, row, threshold) = explained, asked
    means = found.mean(axis=1)
    value = decimal_text(unexplained(means), 4)
    shares = [unexplained(found[:, repeat]) for repeat in range(found.shape[1])]
    data = source.sha256()
    figures = {
        "features": str(len(means)),
        "rows-sampled": str(len(rows.features)),
        "repeats": str(REPEATS),
        "seed": str(SEED),
        "r-squared": decimal_text(score, 4),
        "unexplained-lowest": decimal_text(min(shares), 4),
        "unexplained-highest": decimal_text(max(shares), 4),
        "row": str(row),
        "row-output": decimal_text(local.output, 6),
        "row-reference-output": decimal_text(local.at_reference, 6),
        "row-rest": decimal_text(local.rest, 6),
    }
    return Measurement(
        what="explainability",
        value=value,
        threshold=None if threshold is None else str(threshold),
        verdict=_verdict(value, threshold, len(rows.features), float(np.clip(means, 0, None).sum())),
        rows=rows.all_rows,
        figures=figures,
        findings=tuple(_findings(list(rows.features.columns), found, local)),
        files={"model": model.sha256} | ({"data": data} if data is not None else {}),
        settings={
            "model": (model.name,),
            "data": (source.name,),
            "target": (target,) if target is not None else (),
            "row": (str(row),),
            "trust-type": tuple(model.trusted),
            **read_as(source),
        },
        sentences=tuple(_sentences(list(rows.features.columns), means, local, row)),
    )


def _verdict(value: str, threshold: Decimal | None, rows: int, total: float) -> Verdict:
    if threshold is None or rows < FEWEST_ROWS or total <= 0:
        return "undecided"
    return "broken" if Decimal(value) > threshold else "kept"


def _findings(names: list[str], found: NDArray[np.float64], local: _Local) -> Iterator[dict[str, str]]:
    """A record per feature, the most important first. The row's own values are not in it: they may be a person's."""
    means, spreads = found.mean(axis=1), found.std(axis=1, ddof=1)
    total = np.clip(means, 0, None).sum()
    for rank, place in enumerate(np.argsort(-means, kind="stable"), start=1):
        yield {
            "rank": str(rank),
            "feature": names[place],
            "importance": decimal_text(means[place], 6),
            "spread": decimal_text(spreads[place], 6),
            "share": decimal_text(max(means[place], 0) / total if total > 0 else 0.0, 4),
            "contribution": decimal_text(local.contributions[place], 6),
            "alone": decimal_text(local.alone[place], 6),
        }


def _sentences(names: list[str], means: NDArray[np.float64], local: _Local, row: int) -> Iterator[str]:
    total = np.clip(means, 0, None).sum()
    if total <= 0:
        yield "No feature matters: whichever is shuffled, the model is as right as before."
    else:
        order = np.argsort(-means, kind="stable")[:3]
        listed = ", ".join(f"'{names[place]}' {means[place] / total:.0%}" for place in order if means[place] > 0)
        yield f"The output depends most on {listed} (shares of importance)."
        if len(names) <= NAMED_FEATURES:
            yield f"The model has {len(names)} features: all can be named, and nothing is unexplained."
    place = int((np.abs(local.contributions) + np.abs(local.alone)).argmax())
    yield (
        f"Row {row}: {local.what} {local.output:.4f}, of the reference row {local.at_reference:.4f}; '{names[place]}' "
        f"contributes most: {local.contributions[place]:+.4f}, and {local.alone[place]:+.4f} alone."
    )


def _series(target: pd.Series | None) -> pd.Series:
    if target is None:
        raise AssertionError("a target that was asked for was read")
    return target


def _python_warning(text: str) -> None:
    warnings.warn(text, stacklevel=3)
