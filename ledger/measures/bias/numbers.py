"""Prediction bias of probabilities and of quantities: columns of numbers, tested group by group.

Numbers are held in whole, 8 bytes a row and column, and the groups as codes; everything else of a file is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ledger.measures.bias.estimates import Estimate, unknown
from ledger.measures.bias.label_tests import TestOutcome
from ledger.measures.bias.number_intervals import (
    calibration_difference,
    calibration_ratio,
    independent_difference_of_means,
    independent_ratio_of_means,
    is_outcome,
    paired_difference,
    paired_ratio_of_means,
)
from ledger.measures.bias.number_tests import calibration, independent_means, paired_means
from ledger.measures.bias.sides import Side, Sides
from ledger.measures.drift.distances import (
    counts_between,
    decile_cuts,
    jensen_shannon,
    population_stability,
    quantiles,
    wasserstein,
)
from ledger.measures.kit.grouping import WHOLE, Group, RowGrouping, place
from ledger.measures.kit.judging import DIGITS, ClassGap, GroupOutcome
from ledger.measures.kit.reading import as_numbers, unreadable
from ledger.vocabulary.decimals import decimal_text

Numbers = NDArray[np.float64]
NumberKind = Literal["probabilities", "numbers"]


@dataclass(frozen=True, slots=True)
class MeansCompared:
    """How means are compared: by which test, and which intervals of their difference, in a unit, and of their ratio."""

    test: Callable[[Numbers, Numbers], TestOutcome]
    difference: Callable[[Numbers, Numbers, float], Estimate]
    ratio: Callable[[Numbers, Numbers], Estimate]


CALIBRATION = MeansCompared(calibration, lambda one, other, unit: calibration_difference(one, other), calibration_ratio)
PAIRED = MeansCompared(paired_means, paired_difference, paired_ratio_of_means)
INDEPENDENT = MeansCompared(independent_means, independent_difference_of_means, independent_ratio_of_means)

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of some rows. left_out: rows without a value; groups: of each, which rows are in it."""

    numbers: tuple[Numbers, ...]
    left_out: int
    codes: dict[str, NDArray[np.int64]]
    grouping: RowGrouping

    def parts(self) -> Iterator[tuple[Group, tuple[Numbers, ...]]]:
        """The whole and every group, each with its rows' numbers."""
        yield WHOLE, self.numbers
        for name, codes in self.codes.items():
            order = np.argsort(codes, kind="stable")
            ends = np.cumsum(np.bincount(codes, minlength=1))
            groups = self.grouping.groups(name)
            split = [np.split(column[order], ends[:-1]) for column in self.numbers]
            for index in sorted(range(len(ends)), key=lambda index: place(groups[index])):
                if len(split[0][index]):
                    yield groups[index], tuple(column[index] for column in split)


def read_numbers(sides: Sequence[Side], grouping: RowGrouping) -> Columns:
    """Read columns of one source, and every row's groups. A row without the last of the columns is left out.

    Raises Unreadable where a column has no number, or another column has none in a row where the last has one.
    """
    source, columns = sides[0].source, [side.column for side in sides]
    numbers: list[list[Numbers]] = [[] for _ in columns]
    codes: dict[str, list[NDArray[np.int64]]] = {name: [] for name in grouping.columns}
    rows, without = 0, 0
    for batch in source.batches([*columns, *grouping.columns]):
        read = [as_numbers(batch.column(name), source, name) for name in columns]
        there = ~np.isnan(read[-1])
        without += int(np.isnan(read[0][there]).sum())
        rows += len(there)
        for kept, part in zip(numbers, read, strict=True):
            kept.append(part[there])
        for name, found in grouping.codes(batch):
            codes[name].append(found[there].astype(np.int16))  # sorted by counting digits
    whole = tuple(np.concatenate(parts) for parts in numbers)
    # The last reason is asked first: where nothing is observed every row is left out, and no column has a value.
    for side, column in zip(reversed(sides), reversed(whole), strict=True):
        if not len(column) or np.isnan(column).all():
            raise unreadable(f"{side} has no value in any row.")
    if without:
        raise unreadable(
            f"{sides[0]} has no prediction in {without} of the {len(whole[0])} rows that column '{columns[-1]}' has a "
            "value for.",
            "Leave rows out that were never predicted, and say why.",
        )
    joined = {name: np.concatenate(parts) for name, parts in codes.items()}
    return Columns(whole, rows - len(whole[0]), joined, grouping)


def number_outcomes(sides: Sides, kind: NumberKind | None) -> tuple[list[GroupOutcome], int, NumberKind]:
    """Outcomes of all groups; the rows left out; and the kind, guessed where it is None."""
    return _paired(sides, kind) if sides.same_rows else _independent(sides, kind)


def _paired(sides: Sides, kind: NumberKind | None) -> tuple[list[GroupOutcome], int, NumberKind]:
    """Of numbers in the same rows."""
    columns = read_numbers([sides.predicted, sides.observed], sides.grouping(sides.predicted))
    predicted, observed = columns.numbers
    found = _checked_kind(sides, predicted, observed, kind)
    how = CALIBRATION if found == "probabilities" else PAIRED
    unit = _unit(found, observed)
    outcomes = [
        mean_outcome(group, one, other, how, unit, ratios=sides.ratios) for group, (one, other) in columns.parts()
    ]
    if found == "probabilities":
        outcomes[0].more.update(_deciles(predicted, observed))
    return outcomes, columns.left_out, found


def _independent(sides: Sides, kind: NumberKind | None) -> tuple[list[GroupOutcome], int, NumberKind]:
    """Of numbers in different rows; a period is held against the whole reference."""
    live, against = (read_numbers([side], sides.grouping(side)) for side in (sides.predicted, sides.observed))
    found = _checked_kind(sides, live.numbers[0], against.numbers[0], kind)
    unit = _unit(found, against.numbers[0])
    references = dict(against.parts())
    outcomes = []
    for group, (one,) in live.parts():
        (other,) = references.get(WHOLE if group.is_period else group, (np.empty(0),))
        outcomes.append(mean_outcome(group, one, other, INDEPENDENT, unit, ratios=sides.ratios))
    return outcomes, live.left_out + against.left_out, found


def _unit(kind: NumberKind, observed: Numbers) -> float:
    """What gaps are divided by: 1 for probabilities, the standard deviation of all that is observed for others."""
    return 1.0 if kind == "probabilities" else float(observed.std(ddof=1))


def mean_outcome(
    group: Group, one: Numbers, other: Numbers, how: MeansCompared, unit: float, *, ratios: bool
) -> GroupOutcome:
    """Of the numbers of a group of rows, predicted and observed. unit: what gaps are divided by."""
    if min(len(one), len(other)) < 2:
        few = "none: too few rows"
        gap = ClassGap("", float(one.mean()), 0.0, unknown(few))
        return GroupOutcome(group, len(one), len(other), TestOutcome(few, 1.0), (gap,), 0.0, 0.0)
    ratio = how.ratio(one, other) if ratios else None
    gap = ClassGap("", float(one.mean()), float(other.mean()), how.difference(one, other, unit), ratio)
    if how is CALIBRATION or is_outcome(other):
        # For probabilities: what was expected, and what came true.
        counts = [np.array([side.sum(), len(side) - side.sum()]) for side in (one, other)]
        more = {}
    else:
        cuts = decile_cuts(other)
        counts = [counts_between(side, cuts) for side in (one, other)]
        more = _of_quantities(one, other)
    tested, distances = how.test(one, other), (jensen_shannon(*counts), population_stability(*counts))
    return GroupOutcome(group, len(one), len(other), tested, (gap,), *distances, more)


def _of_quantities(one: Numbers, other: Numbers) -> dict[str, str]:
    names = ("q05", "q25", "q50", "q75", "q95")
    more = {"wasserstein": decimal_text(wasserstein(one, other), DIGITS)}
    for side, numbers in (("predicted", one), ("observed", other)):
        more |= {
            f"{side}_{name}": decimal_text(float(value), DIGITS)
            for name, value in zip(names, quantiles(numbers, _QUANTILES), strict=True)
        }
    return more


def _deciles(probabilities: Numbers, outcomes: Numbers) -> dict[str, str]:
    """Of each tenth of the rows by probability: the mean probability, and the share that came true."""
    bands = np.searchsorted(decile_cuts(probabilities), probabilities, side="left")
    found: dict[str, str] = {}
    rows = np.bincount(bands)
    sums = [np.bincount(bands, weights=column) for column in (probabilities, outcomes)]
    for index in range(len(rows)):
        if rows[index]:
            for side, total in zip(("predicted", "observed"), sums, strict=True):
                found[f"decile-{index + 1}-{side}"] = decimal_text(float(total[index] / rows[index]), DIGITS)
    return found


def _checked_kind(sides: Sides, predicted: Numbers, observed: Numbers, told: NumberKind | None) -> NumberKind:
    """The kind, guessed where it was not told. Raises Unreadable for numbers that cannot be of it.

    Probabilities are 0 to 1 and outcomes 0 or 1, of which none need have come true; of a quantity more than one value was
    observed, and none below 0 where means are held as a ratio.
    """
    kind = told or ("probabilities" if is_outcome(observed) and _within(predicted) else "numbers")
    if kind == "probabilities" and not _within(predicted):
        raise unreadable(f"{sides.predicted} holds numbers that are no probabilities, outside 0 to 1.")
    if kind == "probabilities" and not is_outcome(observed):
        raise unreadable(f"{sides.observed} holds other numbers than the outcomes 0 and 1.")
    if kind == "numbers" and observed.min() == observed.max():
        raise unreadable(
            f"{sides.observed} holds one value only, {observed[0]:g}: there is no distribution to compare.",
            "Measure rows in which every outcome can be observed.",
        )
    if kind == "numbers" and sides.ratios and min(predicted.min(), observed.min()) < 0:
        raise unreadable(
            f"{sides.predicted} or {sides.observed} holds numbers below 0: the ratio of their means (--ratio) says nothing.",
            "Hold them against --threshold alone.",
        )
    return kind


def _within(numbers: Numbers) -> bool:
    return bool(numbers.min() >= 0 and numbers.max() <= 1)
