"""Prediction bias of labels: classes predicted and observed, counted while reading, then tested group by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ledger.measures.bias.label_tests import (
    TestOutcome,
    independent,
    independent_interval,
    one_independent,
    one_paired,
    paired,
    paired_interval,
)
from ledger.measures.bias.sides import Sides
from ledger.measures.bias.tallies import Counts, Tally, tally
from ledger.measures.drift.coding import DECIMAL, Coder, as_number, check_spellings
from ledger.measures.drift.distances import jensen_shannon, population_stability
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.grouping import WHOLE, Group, place
from ledger.measures.kit.judging import ClassGap, GroupOutcome
from ledger.measures.kit.reading import unreadable


class NoLabels(Exception):
    """The columns hold numbers after all: probabilities, or quantities."""


def label_outcomes(sides: Sides, *, certain: bool) -> tuple[list[GroupOutcome], int]:
    """Outcomes of all groups, and the rows left out for want of a label.

    certain: that they are labels was said, and is not guessed from their values. Raises NoLabels, TooManyValues.
    """
    return _paired(sides, certain=certain) if sides.same_rows else _independent(sides, certain=certain)


def _paired(sides: Sides, *, certain: bool) -> tuple[list[GroupOutcome], int]:
    """Of labels in the same rows."""
    counted = tally([sides.predicted, sides.observed], sides.grouping(sides.predicted), {})
    if not certain:
        _check_labels(counted.coders)
    whole = counted.counts[WHOLE]
    _check_missing(sides, whole)
    labels = _labels(counted.coders)
    outcomes = [
        _paired_outcome(group, table, labels, sides.alpha)
        for group, table in _sorted(counted.arranged(labels))
        if table.any()
    ]
    return outcomes, int(whole[:, 0].sum())


def _independent(sides: Sides, *, certain: bool) -> tuple[list[GroupOutcome], int]:
    """Of labels in different rows: a slice is held against the same slice of the reference, a period against all of it."""
    spellings: dict[str, str] = {}
    live, against = (tally([side], sides.grouping(side), spellings) for side in (sides.predicted, sides.observed))
    coders = (*live.coders, *against.coders)
    if not certain:
        _check_labels(coders)
    for side, found in ((sides.predicted, live), (sides.observed, against)):
        if not found.counts[WHOLE][1:].any():
            raise unreadable(f"{side} has no value in any row.")
    labels = _labels(coders)
    references = against.arranged(labels)
    none = np.zeros(len(labels), dtype=np.int64)
    outcomes = [
        _independent_outcome(
            group, counts, references[WHOLE] if group.is_period else references.get(group, none), labels, sides.alpha
        )
        for group, counts in _sorted(live.arranged(labels))
        if counts.any()
    ]
    return outcomes, _missing(live) + _missing(against)


def _paired_outcome(group: Group, table: Counts, labels: list[str], alpha: float) -> GroupOutcome:
    rows = int(table.sum())
    predicted, observed = table.sum(axis=1), table.sum(axis=0)
    # With two classes the group's test is about both.
    own = [one_paired(table, index).p for index in range(len(labels))] if len(labels) > 2 else None
    intervals = [paired_interval(table, index, alpha) for index in range(len(labels))]
    return _outcome(group, (predicted, observed), (rows, rows), paired(table), labels, intervals, own)


def _independent_outcome(
    group: Group, predicted: Counts, observed: Counts, labels: list[str], alpha: float
) -> GroupOutcome:
    rows = (int(predicted.sum()), int(observed.sum()))
    if not rows[1]:
        gaps = tuple(
            ClassGap(label, share, 0.0, share, -1.0, 1.0)
            for label, share in zip(labels, predicted / rows[0], strict=True)
        )
        return GroupOutcome(group, *rows, TestOutcome("none: no such rows in the reference", 1.0), gaps, 1.0, 0.0)
    own = None
    if len(labels) > 2:
        own = [one_independent(predicted, observed, index).p for index in range(len(labels))]
    intervals = [independent_interval(predicted, observed, index, alpha) for index in range(len(labels))]
    return _outcome(group, (predicted, observed), rows, independent(predicted, observed), labels, intervals, own)


def _outcome(
    group: Group,
    counts: tuple[Counts, Counts],
    rows: tuple[int, int],
    tested: TestOutcome,
    labels: list[str],
    intervals: list[tuple[float, float]],
    own: list[float] | None,
) -> GroupOutcome:
    shares: tuple[NDArray[np.float64], NDArray[np.float64]] = (counts[0] / rows[0], counts[1] / rows[1])
    corrected: list[float | None] = [*holm(own)] if own else [None] * len(labels)
    gaps = tuple(
        ClassGap(label, float(one), float(other), float(one - other), *interval, p)
        for label, one, other, interval, p in zip(labels, *shares, intervals, corrected, strict=True)
    )
    return GroupOutcome(group, *rows, tested, gaps, jensen_shannon(*counts), population_stability(*counts))


def _labels(coders: tuple[Coder, ...]) -> list[str]:
    """All classes of both sides, in the order of their names. Raises Unreadable where they cannot be compared."""
    check_spellings(coders)
    predicted, observed = ({value.text for value in coder.values} for coder in coders)
    if not predicted & observed:
        raise unreadable(
            f"Column '{coders[0].column}' of {coders[0].source} ({_some(predicted)}) and column '{coders[1].column}' of "
            f"{coders[1].source} ({_some(observed)}) have no class in common.",
            "Write the classes alike in both.",
        )
    if len(observed) == 1:
        raise unreadable(
            f"Column '{coders[1].column}' of {coders[1].source} holds one class only, {_some(observed)}: "
            "there is no distribution to compare.",
            "Measure rows in which every class can be observed.",
        )
    return sorted(predicted | observed, key=lambda label: (as_number(label) is None, as_number(label) or 0.0, label))


def _check_labels(coders: tuple[Coder, ...]) -> None:
    """Few values that are numbers and not whole, `0.25`, are no classes: a share, or a quantity that was rounded."""
    values = [value for coder in coders for value in coder.values]
    numbers = [as_number(value.text) for value in values]
    are_numbers = all(
        number is not None or value.type == DECIMAL for value, number in zip(values, numbers, strict=True)
    )
    # `as_number` does not know infinite numbers, and they are no class either.
    if values and are_numbers and any(number is None or number % 1 for number in numbers):
        raise NoLabels


def _check_missing(sides: Sides, whole: Counts) -> None:
    """A prediction must stand wherever a label was observed; the other way, the label may not be known yet."""
    for axis, side in ((1, sides.predicted), (0, sides.observed)):
        if not whole.sum(axis=axis)[1:].any():
            raise unreadable(f"{side} has no value in any row.")
    without = int(whole[0, 1:].sum())
    if without:
        of = int(whole[:, 1:].sum())
        raise unreadable(
            f"{sides.predicted} has no prediction in {without} of the {of} rows that column '{sides.observed.column}' "
            "has a label for.",
            "Leave rows out that were never predicted, and say why.",
        )


def _missing(counted: Tally) -> int:
    return int(counted.counts[WHOLE][0])


def _sorted(counts: dict[Group, Counts]) -> list[tuple[Group, Counts]]:
    """The whole, then slices by column and value, then periods in their order."""
    columns = list(dict.fromkeys(group.column for group in counts))
    return sorted(
        counts.items(),
        key=lambda entry: (columns.index(entry[0].column), *place(entry[0])),
    )


def _some(labels: set[str]) -> str:
    shown = sorted(labels)[:3]
    return ", ".join(f"'{label}'" for label in shown) + (", …" if len(labels) > len(shown) else "")
