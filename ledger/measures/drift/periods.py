"""Live input by period: each column once for every month or quarter that it has rows of, and once in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ledger.measures.drift.columns import FeatureColumn, alike, fitting, read_columns
from ledger.measures.kit.grouping import Asked, RowGrouping
from ledger.measures.kit.reading import Source

#: The period that is all of them.
ALL = ""


def read_live(
    source: Source, like: Mapping[str, FeatureColumn], periods: Asked | None
) -> Iterator[tuple[str, dict[str, FeatureColumn]]]:
    """Each column of the reference as live has it, by its name: all of its rows, and those of each period, in order.

    like: the reference's columns. periods: which are asked for, None for all rows alone. Raises Unreadable where live
    cannot be read, or has a row without a date.
    """
    if periods is None:
        for some in read_columns(source, like, dict(like)):
            yield from ((name, {ALL: column}) for name, column in some.items())
        return
    for name, column in like.items():
        yield name, _by_period(source, column, periods)


def _by_period(source: Source, like: FeatureColumn, asked: Asked) -> dict[str, FeatureColumn]:
    """A period's rows are told apart batch by batch; what is held is the column, and once more in all."""
    grouping = RowGrouping(source, asked)
    (time,) = grouping.columns
    parts: dict[int, FeatureColumn] = {}
    for batch in source.batches([like.name, time]):
        ((_, codes),) = grouping.codes(batch)
        for code, rows in _of_each(batch.column(like.name), codes):
            parts.setdefault(code, alike(like, source)).add(rows)
    every = alike(like, source)
    for part in parts.values():
        every.merge(part)
    fitting(source, {like.name: every})
    names = {group.value: code for code, group in enumerate(grouping.groups(time))}
    return {ALL: every} | {name: parts[names[name]] for name in sorted(names)}


def _of_each(array: pa.Array, codes: NDArray[np.int64]) -> Iterator[tuple[int, pa.Array]]:
    """The rows of each code; a batch of one period, as most are, is not copied."""
    there = np.unique(codes).tolist()
    for code in there:
        yield code, array if len(there) == 1 else array.filter(pa.array(codes == code))
