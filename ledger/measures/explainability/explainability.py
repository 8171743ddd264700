"""Explainability: how well a small surrogate says what a model says, and which features its output depends on.

docs/method-explainability.md defines the figures. They say what the model does, not why the world is so.
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
from ledger.measures.explainability.one_row import ExplainedRow, one_row
from ledger.measures.explainability.stability import RESAMPLES, attribution_stability
from ledger.measures.explainability.surrogate import ALPHA, SurrogateFidelity, surrogate_fidelity
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import Source, read_as, unreadable
from ledger.measures.kit.verdicts import EffectInterval, digits_of, rows_to_tell, up_to
from ledger.vocabulary.decimals import decimal_text
from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measure_settings import read_threshold
from ledger.vocabulary.measurements import Measurement

if TYPE_CHECKING:
    from pandas import DataFrame

REPEATS = 10
_DIGITS = 4
#: Fewer rows say little about any feature.
FEWEST_ROWS = 50


@dataclass(frozen=True)
class _Global:
    """All rows explained. importances: by feature and repeat. score: R squared of what is wanted. stability: see its module.

    fidelity: of the small surrogate, None where the output does not vary.
    """

    importances: NDArray[np.float64]
    score: float
    stability: float | None
    fidelity: SurrogateFidelity | None


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
    """How much of what a model says a small surrogate leaves unexplained; what it depends on; and one row explained.

    model: a scikit-learn classifier or regressor as a skops file, or a pickle with trust. data: its features, CSV,
    Parquet or a data frame. target: the column of what was observed; without it, what the model itself says, so that
    importance is how much its own output depends on a feature. row: which row is explained, from 1. threshold: the
    unexplained share that is bearable, from 0 to below 1; without one nothing is judged. trust: load what can run
    code; trusted: types in a skops file that are trusted by name. warn: is told what is trusted; Python's warnings by
    default. encoding, null_values, decimal, thousands: how the data is read, as `TableDeclaration` has it.
    Value: the share of the output's variance that the surrogate leaves unexplained on rows it never saw, 0 to 1, 4 digits.

    Raises Refused: something to be trusted, without trust. Raises Unreadable: files, columns or values that do not fit.
    """
    bearable = None if threshold is None else read_threshold("explainability", threshold)
    loaded = load_model(model, trust=trust, trusted=trusted, warn=warn or _python_warning)
    rows = read_rows(
        opened(data, declared=TableDeclaration(encoding, tuple(null_values), decimal, thousands)), loaded, target, row
    )
    source = rows.source
    output = _output_of(loaded, rows, source)
    wanted = output(rows.features) if target is None else outcomes(loaded, _series(rows.target), source.name, target)
    said = output(rows.features)
    whole = _Global(
        importances=_importances(loaded, output, rows.features, wanted),
        score=_score(wanted, said),
        stability=attribution_stability(
            lambda places, number: _importances(
                loaded, output, rows.features.iloc[places], wanted[places], repeats=1, seed=SEED + number
            )[:, 0],
            len(said),
            seed=SEED,
        ),
        fidelity=surrogate_fidelity(rows.features, said, is_classifier=loaded.is_classifier, seed=SEED),
    )
    return _measurement(loaded, source, rows, whole, one_row(loaded, rows, output), (target, row, bearable))


# --- what the model says -----------------------------------------------------------------------------


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
    model: Model,
    output: Callable[[Any], NDArray[np.float64]],
    features: pd.DataFrame,
    wanted: NDArray[np.float64],
    *,
    repeats: int = REPEATS,
    seed: int = SEED,
) -> NDArray[np.float64]:
    """By feature and repeat: how much of R squared is lost when that feature's values are shuffled between rows."""
    if (wanted == wanted[0]).all():
        return np.zeros((features.shape[1], repeats))
    found = permutation_importance(
        model.estimator,
        features,
        wanted,
        scoring=lambda _, frame, y: _score(y, output(frame)),
        n_repeats=repeats,
        random_state=seed,
    )
    return np.asarray(found.importances, dtype=float)


# --- the measurement ----------------------------------------------------------------------------------


def _measurement(
    model: Model,
    source: Source,
    rows: Rows,
    whole: _Global,
    local: ExplainedRow,
    asked: tuple[str | None, int, Decimal | None],
) -> Measurement:
    target, row, threshold = asked
    names = list(rows.features.columns)
    data = source.sha256()
    verdict, held = _held(whole.fidelity, threshold, len(rows.features))
    figures = {
        "features": str(len(names)),
        "rows-sampled": str(len(rows.features)),
        "repeats": str(REPEATS),
        "seed": str(SEED),
        "r-squared": decimal_text(whole.score, 4),
        **held,
        **({"attribution-stability": decimal_text(whole.stability, 4)} if whole.stability is not None else {}),
        "row": str(row),
        "row-output": decimal_text(local.output, 6),
        "row-reference-output": decimal_text(local.at_reference, 6),
        "row-rest": decimal_text(local.rest, 6),
    }
    return Measurement(
        what="explainability",
        value=decimal_text(min(whole.fidelity.unexplained, 1.0) if whole.fidelity else 0.0, _DIGITS),
        threshold=None if threshold is None else str(threshold),
        verdict=verdict,
        rows=rows.all_rows,
        figures=figures,
        findings=tuple(_findings(names, whole.importances, local)),
        files={"model": model.sha256} | ({"data": data} if data is not None else {}),
        settings={
            "model": (model.name,),
            "data": (source.name,),
            "target": (target,) if target is not None else (),
            "row": (str(row),),
            "trust-type": tuple(model.trusted),
            **read_as(source),
        },
        sentences=tuple(_sentences(names, whole, local, row)),
    )


def _held(fidelity: SurrogateFidelity | None, threshold: Decimal | None, rows: int) -> tuple[Verdict, dict[str, str]]:
    """The verdict of the interval of what is left unexplained, and the figures of the surrogate."""
    if fidelity is None:
        return "undecided", {}
    digits = _DIGITS if threshold is None else digits_of(threshold, _DIGITS)
    interval = EffectInterval.outward(fidelity.low, fidelity.high, digits)
    figures = {
        "fidelity": decimal_text(1 - fidelity.unexplained, _DIGITS),
        "unexplained-lowest": str(interval.low),
        "unexplained-highest": str(interval.high),
        "held-out": str(fidelity.held_out),
        "surrogate-leaves" if fidelity.kind == "tree" else "surrogate-terms": str(fidelity.size),
        **({"agreement": decimal_text(fidelity.agreement, _DIGITS)} if fidelity.agreement is not None else {}),
    }
    if threshold is None or rows < FEWEST_ROWS:
        return "undecided", figures
    verdict = up_to(threshold).verdict(interval)
    if verdict == "undecided":
        needed = rows_to_tell(fidelity.unexplained, interval, up_to(threshold), rows, ALPHA)
        figures |= {"rows-to-tell": str(needed)} if needed is not None else {}
    return verdict, figures


def _findings(names: list[str], found: NDArray[np.float64], local: ExplainedRow) -> Iterator[dict[str, str]]:
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


def _sentences(names: list[str], whole: _Global, local: ExplainedRow, row: int) -> Iterator[str]:
    yield _of_surrogate(whole.fidelity)
    means = whole.importances.mean(axis=1)
    total = np.clip(means, 0, None).sum()
    if total <= 0:
        yield "No feature matters: whichever is shuffled, the model is as right as before."
    else:
        order = np.argsort(-means, kind="stable")[:3]
        listed = ", ".join(f"'{names[place]}' {means[place] / total:.0%}" for place in order if means[place] > 0)
        yield f"The output depends most on {listed} (shares of importance)."
    if whole.stability is not None:
        yield f"Over {RESAMPLES} resamples the order of the features correlates by {whole.stability:.2f}."
    most, alone = (int(np.abs(each).argmax()) for each in (local.contributions, local.alone))
    told = f"{local.contributions[most]:+.4f}, and {local.alone[most]:+.4f} alone"
    if abs(local.alone[alone]) > abs(local.alone[most]):
        # A model that is sure of the row for more than one reason loses nothing with any of them.
        told += f"; alone '{names[alone]}' does: {local.alone[alone]:+.4f}"
    yield (
        f"Row {row}: {local.what} {local.output:.4f}, of the reference row {local.at_reference:.4f}; '{names[most]}' "
        f"contributes most: {told}."
    )


def _of_surrogate(fidelity: SurrogateFidelity | None) -> str:
    if fidelity is None:
        return "The model's output does not vary: there is nothing to explain."
    what = (
        f"A tree of {fidelity.size} leaves" if fidelity.kind == "tree" else f"A linear model of {fidelity.size} terms"
    )
    agreed = f" and agrees with it in {fidelity.agreement:.1%}" if fidelity.agreement is not None else ""
    return (
        f"{what} leaves {fidelity.unexplained:.1%} of what the model says unexplained (95 % interval {fidelity.low:.1%} to "
        f"{fidelity.high:.1%}){agreed} of {fidelity.held_out:,} rows that it never saw."
    )


def _series(target: pd.Series | None) -> pd.Series:
    if target is None:
        raise AssertionError("a target that was asked for was read")
    return target


def _python_warning(text: str) -> None:
    warnings.warn(text, stacklevel=3)
