"""The rows that a model is asked about: its features under the names and types it knows, and what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ledger.measures.explainability.model_files import Model
from ledger.measures.kit.reading import Source, unreadable
from ledger.measures.kit.recognising import recognised

#: Of more rows than this a sample is drawn; every row costs one prediction per feature and repeat.
MOST_ROWS = 5_000
SEED = 20_260_101


@dataclass(frozen=True)
class Rows:
    """A sample of the data, and one row of it. all_rows: how many there are; target: what was observed, as typed.

    source: the data, as its columns were recognised.
    """

    source: Source
    features: pd.DataFrame
    row: pd.DataFrame
    target: pd.Series | None
    all_rows: int


def read_rows(source: Source, model: Model, target: str | None, row: int) -> Rows:
    """The model's features of at most 5,000 rows, drawn with a fixed seed, and of one row of the file (from 1).

    Raises Unreadable: a feature or the target that is not there, another number of columns than the model's, no such
    row.
    """
    if target is not None:
        source.need(target, "--target")
    names = feature_names(source, model, target)
    wanted = [*names, *([target] if target is not None and target not in names else [])]
    source = recognised(source, wanted)
    all_rows = sum(len(batch) for batch in source.batches(wanted[:1]))
    if row > all_rows:
        raise unreadable(f"{source.name} has {all_rows} rows, and no row {row} (--row).")
    drawn = np.arange(all_rows)
    if all_rows > MOST_ROWS:
        drawn = np.sort(np.random.default_rng(SEED).choice(all_rows, MOST_ROWS, replace=False))
    taken = np.union1d(drawn, [row - 1])
    table = _taken(source, wanted, taken)
    frame = pd.DataFrame({name: _typed(table.column(name)) for name in wanted})
    at = int(np.searchsorted(taken, row - 1))
    sample = frame if row - 1 in drawn else frame.drop(index=at).reset_index(drop=True)
    return Rows(source, sample[names], frame.loc[[at], names], sample[target] if target is not None else None, all_rows)


def feature_names(source: Source, model: Model, target: str | None) -> list[str]:
    """The columns that are the model's features, in its order: by its names, or all but the target if it has none."""
    known = getattr(model.estimator, "feature_names_in_", None)
    if known is not None:
        missing = [str(name) for name in known if str(name) not in source.types]
        if missing:
            named = ", ".join(f"'{name}'" for name in missing[:5])
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise unreadable(f"{source.name} has no column {named}{more}, of which {model.name} was made.")
        return [str(name) for name in known]
    names = [name for name in source.columns if name != target]
    count = getattr(model.estimator, "n_features_in_", len(names))
    if count != len(names):
        raise unreadable(
            f"{source.name} has {len(names)} columns without the target, {model.name} was made of {count}.",
            "Name the target with --target, and leave out what is no feature.",
        )
    return names


def outcomes(model: Model, observed: pd.Series, source: str, column: str) -> NDArray[np.float64]:
    """What was observed, as the model's output would have to be: numbers, or 1 for the class and 0 for the others.

    Raises Unreadable, naming file and column: missing values, no number, a class that the model does not know, one
    class only.
    """
    if observed.isna().any():
        raise unreadable(f"Column '{column}' of {source} has {int(observed.isna().sum())} missing values (--target).")
    found: NDArray[np.float64]
    if not model.is_classifier:
        if not pd.api.types.is_numeric_dtype(observed):
            raise unreadable(
                f"Column '{column}' of {source} holds '{observed.iloc[0]}', which is no number (--target)."
            )
        found = observed.to_numpy(dtype=float).reshape(-1, 1)
    else:
        classes = {_label(name): index for index, name in enumerate(model.estimator.classes_)}
        labels = [_label(value) for value in observed]
        unknown = next((label for label in labels if label not in classes), None)
        if unknown is not None:
            raise unreadable(
                f"Column '{column}' of {source} holds '{unknown}' (--target).",
                f"{model.name} knows the classes {', '.join(list(classes)[:10])}.",
            )
        found = np.eye(len(classes), dtype=float)[[classes[label] for label in labels]]
    if (found == found[0]).all():
        raise unreadable(f"Column '{column}' of {source} holds '{observed.iloc[0]}' in every row (--target).")
    return found


def _label(value: object) -> str:
    """A class by its name: 1, 1.0 and True are told apart in no file that was once text."""
    if isinstance(value, bool | np.bool_):
        return str(int(value))
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _taken(source: Source, names: Sequence[str], taken: NDArray[np.int64]) -> pa.Table:
    """The rows at the given places, ascending from 0; no more than those are kept in memory."""
    parts, start = [], 0
    for batch in source.batches(names):
        here = taken[(taken >= start) & (taken < start + len(batch))] - start
        parts.append(pa.Table.from_batches([batch]).take(pa.array(here)))
        start += len(batch)
    return pa.concat_tables(parts).unify_dictionaries()


def _typed(column: pa.ChunkedArray) -> pd.Series:
    """A column as pandas has it; of a CSV's texts, numbers where all are numbers, truth values where all are."""
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if pa.types.is_string(plain.type):
        if set(pc.unique(pc.utf8_lower(plain.drop_null())).to_pylist()) <= {"true", "false"} and plain.null_count == 0:
            return plain.cast(pa.bool_()).to_pandas()
        for kind in (pa.int64(), pa.float64()):
            try:
                return plain.cast(kind).to_pandas()
            except pa.ArrowInvalid:
                continue
        # What scikit-learn's encoders were made with.
        return plain.to_pandas().astype(object)
    return plain.to_pandas()
