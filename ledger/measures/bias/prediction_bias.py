"""Prediction bias: in a system that works as intended, labels are predicted as often as they are observed.

From Python:

    from ledger import prediction_bias
    found = prediction_bias("scored.parquet", predicted="label", observed="outcome", slices=["age"])
    found.verdict, found.value, found.sentences

Which test is made of what, and every figure: docs/method-prediction-bias.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ledger.measures.bias.labels import NoLabels, label_outcomes
from ledger.measures.bias.numbers import number_outcomes
from ledger.measures.bias.report import measurement
from ledger.measures.bias.sentences import MeasuredBias
from ledger.measures.bias.sides import Side, Sides
from ledger.measures.drift.coding import TooManyValues
from ledger.measures.kit.dialects import TableDeclaration
from ledger.measures.kit.grouping import Asked, Period, check_time
from ledger.measures.kit.judging import GroupOutcome, Limits, judged
from ledger.measures.kit.opening import opened
from ledger.measures.kit.reading import read_as, unreadable
from ledger.vocabulary.decimals import is_decimal
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.measure_settings import read_threshold
from ledger.vocabulary.measurements import Measurement

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["labels", "probabilities", "numbers"]

#: A gap up to this is not material: of shares, and of means in standard deviations of what is observed.
THRESHOLDS: dict[Kind, str] = {"labels": "0.02", "probabilities": "0.02", "numbers": "0.1"}
ALPHA = "0.05"

#: Kind of the columns, whether the rows are the same, how many -> the test. The rules stand in `label_tests` and
#: `number_tests`; tests/measures/test_which_test.py has a case per row where the wrong test gives the other verdict.
TESTS = (
    ("labels, two classes", "same rows", "25 rows or more that differ", "McNemar"),
    ("labels, two classes", "same rows", "fewer than 25 rows that differ", "McNemar, exact"),
    ("labels, more classes", "same rows", "25 rows or more that differ, 10 of every class", "Stuart-Maxwell"),
    ("labels, more classes", "same rows", "fewer", "McNemar per class, Holm"),
    ("labels", "different rows", "5 expected rows or more in every cell", "chi-square"),
    ("labels, more classes", "different rows", "fewer", "chi-square, rare classes pooled"),
    ("labels, two classes left", "different rows", "fewer", "Fisher, exact"),
    ("probabilities", "same rows", "expected variance of 10 rows or more", "calibration in the large, score"),
    ("probabilities", "same rows", "less", "binomial, exact"),
    ("numbers", "same rows", "100 rows or more", "paired t"),
    ("numbers", "same rows", "fewer than 100 rows", "Wilcoxon signed-rank"),
    ("probabilities, numbers", "different rows", "any", "Welch t"),
)

#: What is told, whether the rows are the same, how many -> the interval of it that is held. The rules stand in
#: `label_intervals` and `number_intervals`; tests/measures/test_which_interval.py has a case per row, as above.
INTERVALS = (
    ("difference of labels", "same rows", "any", "Newcombe, same rows"),
    ("difference of labels", "different rows", "any", "Newcombe, different rows"),
    (
        "ratio of labels",
        "same rows",
        "25 events or more on both sides, and 25 rows that differ",
        "log ratio, same rows",
    ),
    ("ratio of labels", "same rows", "25 events or more, fewer that differ", "recall over precision, exact"),
    ("ratio of labels", "different rows", "25 events or more on both sides", "log ratio, different rows"),
    ("ratio of labels", "any", "fewer events on a side", "binomial of all events, exact"),
    ("difference of probabilities, numbers", "same rows", "25 outcomes of either kind", "Student and Hall, same rows"),
    ("ratio of probabilities, numbers", "same rows", "25 outcomes", "log ratio of means, same rows"),
    ("both of probabilities", "same rows", "fewer outcomes", "binomial of outcomes, exact"),
    (
        "difference of probabilities, numbers",
        "different rows",
        "25 outcomes of either kind",
        "Welch and Hall, different rows",
    ),
    ("ratio of probabilities, numbers", "different rows", "25 outcomes", "log ratio of means, different rows"),
    ("both of probabilities", "different rows", "fewer outcomes of either kind", "each mean at half"),
)


def prediction_bias(
    data: str | Path | DataFrame,
    *,
    predicted: str,
    observed: str,
    slices: Sequence[str] = (),
    reference: str | Path | DataFrame | None = None,
    time: str | None = None,
    by: Period | None = None,
    threshold: str | float | Decimal | None = None,
    ratio: str | float | Decimal | None = None,
    alpha: str | float | Decimal = ALPHA,
    kind: Kind | None = None,
    first_month: int = 1,
    encoding: str | None = None,
    null_values: Sequence[str] = (),
    decimal: str | None = None,
    thousands: str | None = None,
) -> Measurement:
    """Hold what is predicted against what is observed, as a whole and by slice and period.

    data: a CSV or Parquet file, or a data frame, with the column `predicted` and, unless there is a reference, the
    column `observed` in the same rows. reference: other rows that have `observed`; what is predicted in `data` is then
    held against them. slices: columns whose values are judged apart; many numbers are cut into quarters. time, by: a
    column of dates, and the periods of the series. threshold: a gap up to it is allowed; by default 0.02 of shares and
    probabilities, 0.1 standard deviations of numbers. ratio: how many times as often, or as seldom, a class may be
    predicted as it is observed (of numbers, of 0 or more: how their means may differ), over 1; none by default. alpha: the
    rate of false verdicts, over all that is judged together. kind: of the columns, guessed from their values where None.
    first_month: of the fiscal year, 1 to 12, for quarters.
    encoding, null_values, decimal, thousands: how files are read, recognised where nothing is declared; see `TableDeclaration`.

    Raises ledger.vocabulary.errors.Unreadable, naming file and column, for what cannot be measured. Reads, and records nothing.
    """
    check_time(time, by)
    level = _between(alpha, "--alpha")
    limit = read_threshold("prediction-bias", threshold, of_numbers=True) if threshold is not None else None
    times = _between(ratio, "--ratio") if ratio is not None else None
    declared = TableDeclaration(encoding, tuple(null_values), decimal, thousands)
    live = opened(data, declared=declared)
    against = live if reference is None else opened(reference, "The reference", declared)
    asked = Asked(tuple(slices), time, by, first_month)
    sides = Sides(Side(live, predicted), Side(against, observed), asked, ratios=times is not None)
    sides.check()
    sides = sides.recognised()
    outcomes, left_out, found = _outcomes(sides, kind)
    if limit is not None:
        read_threshold("prediction-bias", limit, of_numbers=found == "numbers")
    limits = Limits(limit if limit is not None else Decimal(THRESHOLDS[found]), times, level)
    measured = MeasuredBias(
        kind=found,
        predicted=predicted,
        observed=observed,
        findings=judged(outcomes, limits),
        left_out=left_out,
        limits=limits,
    )
    fingerprints = {"data": live.sha256(), "reference": None if sides.same_rows else against.sha256()}
    settings = {
        "predicted": (predicted,),
        "observed": (observed,),
        "slice": tuple(slices),
        "reference": (str(reference),) if isinstance(reference, str | Path) else (),
        "time": (time,) if time else (),
        "by": (by,) if by else (),
        "kind": (kind,) if kind else (),
        "alpha": (str(level),),
        **read_as(*sides.sources),
        "ratio": (str(times),) if times is not None else (),
    }
    return measurement(
        measured,
        files={role: fingerprint for role, fingerprint in fingerprints.items() if fingerprint},
        settings={option: values for option, values in settings.items() if values},
    )


def _outcomes(sides: Sides, kind: Kind | None) -> tuple[list[GroupOutcome], int, Kind]:
    """Read and test; a slice column that turns out to be a quantity is cut, and all is read again."""
    guess: Kind | Literal["no labels"] | None = kind
    while True:
        try:
            return _of_kind(sides, guess)
        except TooManyValues as error:
            asked = sides.asked
            if error.numeric and error.column in asked.slices and error.column not in {*asked.cuts, *asked.words}:
                sides = replace(sides, asked=asked.cut(sides.predicted.source, error.column))
            elif error.numeric and guess is None:
                guess = "no labels"
            else:
                which = "predicted" if error.column == sides.predicted.column else "observed"
                raise unreadable(
                    f"Column '{error.column}' (--{which}) has too many values to be classes.",
                    "Name a column of labels, of probabilities, or of numbers.",
                ) from error


def _of_kind(sides: Sides, kind: Kind | Literal["no labels"] | None) -> tuple[list[GroupOutcome], int, Kind]:
    if kind in (None, "labels"):
        try:
            return *label_outcomes(sides, certain=kind == "labels"), "labels"
        except NoLabels:
            pass
    return number_outcomes(sides, kind if kind in ("probabilities", "numbers") else None)


#: What each figure that is typed lies between, both ends left out; and how it is written.
_BOUNDS: dict[str, tuple[float, float, str]] = {
    "--alpha": (0, 1, "between 0 and 1, like 0.05"),
    "--ratio": (1, inf, "above 1, like 1.25"),
}


def _between(figure: str | float | Decimal, option: str) -> Decimal:
    """A level above 0 and below 1, a ratio above 1. Raises Unreadable for what is none."""
    try:
        read = Decimal(str(figure))
    except InvalidOperation:
        read = Decimal("NaN")
    low, high, written = _BOUNDS[option]
    if not (read.is_finite() and low < read < high) or not is_decimal(f"{read:f}"):
        raise Unreadable(f"{option} is '{figure}': write a decimal number {written}.")
    return Decimal(f"{read:f}")
