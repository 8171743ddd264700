"""Prediction bias of labels: classes predicted and observed, counted while reading, then tested group by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ledger.measures.bias.estimates import Estimate, estimate
from ledger.measures.bias.label_intervals import (
    independent_difference,
    independent_ratio,
    paired_difference,
    paired_ratio,
)
from ledger.measures.bias.label_tests import TestOutcome, independent, one_independent, one_paired, paired
from ledger.measures.bias.sides import Sides
from ledger.measures.bias.tallies import Counts, Tally, tally
from ledger.measures.drift.coding import DECIMAL, Coder, as_number, check_spellings
from ledger.measures.drift.distances import jensen_shannon, population_stability
from ledger.measures.kit.corrections import holm
from ledger.measures.kit.grouping import WHOLE, Group, place
from ledger.measures.kit.judging import ClassGap, GroupOutcome
from ledger.measures.kit.reading import unreadable
from ledger.measures.kit.recognising import STRAY


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
    whole = counted.counts[WHOLE]
    if not certain:
        _check_labels(counted.coders, (whole.sum(axis=1)[1:], whole.sum(axis=0)[1:]))
    _check_missing(sides, whole)
    labels = _labels(counted.coders, certain=certain)
    outcomes = [
        paired_outcome(group, table, labels, ratios=sides.ratios)
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
        _check_labels(coders, tuple(found.counts[WHOLE][1:] for found in (live, against)))
    for side, found in ((sides.predicted, live), (sides.observed, against)):
        if not found.counts[WHOLE][1:].any():
            raise unreadable(f"{side} has no value in any row.")
    labels = _labels(coders, certain=certain)
    references = against.arranged(labels)
    none = np.zeros(len(labels), dtype=np.int64)
    outcomes = [
        independent_outcome(
            group,
            counts,
            references[WHOLE] if group.is_period else references.get(group, none),
            labels,
            ratios=sides.ratios,
        )
        for group, counts in _sorted(live.arranged(labels))
        if counts.any()
    ]
    return outcomes, _missing(live) + _missing(against)


def paired_outcome(group: Group, table: Counts, labels: list[str], *, ratios: bool) -> GroupOutcome:
    """Of a paired table of a group of rows, along both axes in the order of the labels."""
    places = range(len(labels))
    # With two classes the group's test is about both.
    own = [one_paired(table, index).p for index in places] if len(labels) > 2 else None
    differences = [paired_difference(table, index) for index in places]
    told = [paired_ratio(table, index) if ratios else None for index in places]
    rows = int(table.sum())
    counts = table.sum(axis=1), table.sum(axis=0)
    return _outcome(group, counts, (rows, rows), paired(table), labels, differences, told, own)


def independent_outcome(
    group: Group, predicted: Counts, observed: Counts, labels: list[str], *, ratios: bool
) -> GroupOutcome:
    """Of two counts of a group of rows, in the order of the labels."""
    rows, places = (int(predicted.sum()), int(observed.sum())), range(len(labels))
    if not rows[1]:
        gaps = tuple(
            ClassGap(label, float(share), 0.0, estimate(float(share), "none", lambda alpha: (-1.0, 1.0)))
            for label, share in zip(labels, predicted / rows[0], strict=True)
        )
        return GroupOutcome(group, *rows, TestOutcome("none: no such rows in the reference", 1.0), gaps, 1.0, 0.0)
    own = [one_independent(predicted, observed, index).p for index in places] if len(labels) > 2 else None
    differences = [independent_difference(predicted, observed, index) for index in places]
    told = [independent_ratio(predicted, observed, index) if ratios else None for index in places]
    tested = independent(predicted, observed)
    return _outcome(group, (predicted, observed), rows, tested, labels, differences, told, own)


def _outcome(
    group: Group,
    counts: tuple[Counts, Counts],
    rows: tuple[int, int],
    tested: TestOutcome,
    labels: list[str],
    differences: list[Estimate],
    ratios: list[Estimate | None],
    own: list[float] | None,
) -> GroupOutcome:
    shares: tuple[NDArray[np.float64], NDArray[np.float64]] = (counts[0] / rows[0], counts[1] / rows[1])
    corrected: list[float | None] = [*holm(own)] if own else [None] * len(labels)
    gaps = tuple(
        ClassGap(label, float(one), float(other), difference, ratio, p)
        for label, one, other, difference, ratio, p in zip(labels, *shares, differences, ratios, corrected, strict=True)
    )
    return GroupOutcome(group, *rows, tested, gaps, jensen_shannon(*counts), population_stability(*counts))


def _labels(coders: tuple[Coder, ...], *, certain: bool) -> list[str]:
    """All classes of both sides, in the order of their names. Raises Unreadable where they cannot be compared.

    A class that one side never has counts as none there, if the sides have another in common, or if it was said that they
    are classes alike.
    """
    check_spellings(coders)
    predicted, observed = ({value.text for value in coder.values} for coder in coders)
    if len(predicted | observed) == 1:
        raise unreadable(
            f"Column '{coders[0].column}' of {coders[0].source} and column '{coders[1].column}' of {coders[1].source} hold "
            f"one class only, {_some(observed)}, and the same: there is no distribution to compare.",
            "Measure rows in which another class is predicted or observed.",
        )
    if not predicted & observed and not certain and not _are_outcomes(predicted | observed):
        raise unreadable(
            f"Column '{coders[0].column}' of {coders[0].source} ({_some(predicted)}) and column '{coders[1].column}' of "
            f"{coders[1].source} ({_some(observed)}) have no class in common.",
            "Write the classes alike in both, or say --kind labels if they are.",
        )
    return sorted(predicted | observed, key=lambda label: (as_number(label) is None, as_number(label) or 0.0, label))


def _check_labels(coders: tuple[Coder, ...], counts: tuple[Counts, ...]) -> None:
    """Few values that are numbers and not whole, `0.25`, are no classes: a share, or a quantity that was rounded.

    counts: rows of each value, column by column. A stray word among them is an error in a column of numbers, which is
    read once more and names its row.
    """
    words = [_words(coder, rows) for coder, rows in zip(coders, counts, strict=True)]
    read = [as_number(value.text) for coder in coders for value in coder.values]
    numbers = [number for number in read if number is not None]
    # `as_number` does not know infinite numbers, and they are no class either.
    infinite = any(
        value.type == DECIMAL and as_number(value.text) is None for coder in coders for value in coder.values
    )
    if max(words, default=1.0) <= STRAY and (infinite or any(number % 1 for number in numbers)):
        raise NoLabels


def _words(coder: Coder, rows: Counts) -> float:
    """The share of a column's rows whose value is no number."""
    told = [
        count
        for value, count in zip(coder.values, rows, strict=False)
        if as_number(value.text) is None and value.type != DECIMAL
    ]
    return float(sum(told) / max(rows.sum(), 1))


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


def _are_outcomes(labels: set[str]) -> bool:
    """Whether they are 0 and 1, or false and true: nobody spells the one like the other."""
    return all(as_number(label) in (0, 1) or label.casefold() in ("false", "true") for label in labels)


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
