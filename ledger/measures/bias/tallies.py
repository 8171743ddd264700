"""Counting labels while reading: a count per class, or per predicted and observed class, in every group of rows.

Held in memory are one batch and the counts, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.measures.bias.sides import Side
from ledger.measures.drift.coding import Coder
from ledger.measures.kit.grouping import WHOLE, Group, RowGrouping

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of each group: an array with one axis per column; along each, missing first, then by the coder's codes."""

    coders: tuple[Coder, ...]
    counts: dict[Group, Counts]

    def arranged(self, labels: Sequence[str]) -> dict[Group, Counts]:
        """The counts of each group without what is missing, along every axis in the order of the labels."""
        places = [[_place(coder, label) for label in labels] for coder in self.coders]
        # A class that a column never holds is taken from a row of zeros put at the end.
        return {group: np.pad(counts, [(0, 1)] * counts.ndim)[np.ix_(*places)] for group, counts in self.counts.items()}


def tally(sides: Sequence[Side], grouping: RowGrouping, spellings: dict[str, str]) -> Tally:
    """Count the values of one column, or the pairs of two of one source, in every group.

    spellings: how classes are spelled, by what they mean; those that are new are added.

    Raises TooManyValues where a column holds no classes.
    """
    source = sides[0].source
    coders = tuple(Coder(source.name, side.column, spellings=spellings) for side in sides)
    found: dict[str, Counts] = {}
    for batch in source.batches([*(side.column for side in sides), *grouping.columns]):
        codes = [coder.codes(batch.column(coder.column)) + 1 for coder in coders]
        sizes = [len(coder.values) + 1 for coder in coders]
        cells = codes[0] if len(codes) == 1 else codes[0] * sizes[1] + codes[1]
        per_group = int(np.prod(sizes))
        for name, groups in (("", None), *grouping.codes(batch)):
            many = 1 if groups is None else int(groups.max(initial=0)) + 1
            placed = cells if groups is None else groups * per_group + cells
            counted = np.bincount(placed, minlength=many * per_group).reshape((many, *sizes))
            found[name] = _sum(found[name], counted) if name in found else counted
    counts = {WHOLE: found[""][0]}
    for name in grouping.columns:
        # A group first seen with later classes has them all; an earlier group has zeros for them.
        counts |= {
            group: part for group, part in zip(grouping.groups(name), found[name], strict=False) if part.sum() > 0
        }
    return Tally(coders, counts)


def _place(coder: Coder, label: str) -> int:
    return next((index + 1 for index, value in enumerate(coder.values) if value.text == label), -1)


def _sum(one: Counts, other: Counts) -> Counts:
    shape = tuple(max(sizes) for sizes in zip(one.shape, other.shape, strict=True))
    total = np.zeros(shape, dtype=np.int64)
    for part in (one, other):
        total[tuple(slice(size) for size in part.shape)] += part
    return total
