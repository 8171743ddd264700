"""Roles of columns: what identifies a row, says when it was, or is what is predicted, is no feature and is not judged.

Roles are told (`--id`, `--time`, `--exclude`, `--target`, `--prediction`), or recognised from the reference alone, so
that every measurement against one reference recognises the same. A column that `--feature` names is judged whatever it
looks like.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ledger.measures.drift.columns import FeatureColumn
from ledger.measures.kit.reading import Source, unreadable

#: Rows from which on a column may be recognised: of fewer, too many look like numbered ones.
_FEWEST_TOLD_BY = 50
#: Values that are looked at first: hardly any column has to be looked at as a whole.
_LOOKED_AT = 1_000
#: A column called an identifier is taken for one where that share of its values stands once, or more.
_MOSTLY_DIFFERENT = 0.5

_CALLED_ID = re.compile(r"(^|[_\W])(id|ids|uid|uuid|guid|key|pk|nr|no|index|row|rowid)($|[_\W])", re.I)
_CAMEL_ID = re.compile(r"[a-z](ID|Id|Key|Nr|No)$")
#: As pandas calls an index that it wrote into Parquet, and into a CSV.
_INDEX = re.compile(r"__index_level_\d+__|Unnamed: \d+")
_CALLED_TIME = re.compile(r"(^|[_\W])(ts|time|timestamp|date|datetime|day|epoch|at|when|utc)($|[_\W])", re.I)
#: 2000 to 2100 in seconds since 1970.
_EPOCH = (946_684_800, 4_102_444_800)


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column is instead of a feature. role: as its option is called; why: how that is known, for a person."""

    role: str
    why: str


def told_roles(
    roles: Mapping[str, Sequence[str]], features: Sequence[str], sources: Sequence[Source]
) -> dict[str, ColumnRole]:
    """Every column with a told role, by its name. roles: columns by their role.

    Raises Unreadable: a column that no source has, one that has two roles, or is a feature as well.
    """
    found: dict[str, ColumnRole] = {}
    for role, columns in roles.items():
        for name in columns:
            if all(name not in source.types for source in sources):
                sources[0].need(name, f"--{role}")
            other = "feature" if name in features else found[name].role if name in found else role
            if other != role:
                raise unreadable(f"Column '{name}' is named by --{other} and by --{role}.", "A column has one role.")
            found[name] = ColumnRole(role, f"named by --{role}")
    return found


def recognised(column: FeatureColumn) -> ColumnRole | None:
    """The role that a column of the reference looks like, None for a feature. Dates are none: they are told apart."""
    if _INDEX.fullmatch(column.name):
        return ColumnRole("id", "the index of a data frame")
    if column.there < _FEWEST_TOLD_BY:
        return None
    if column.kind == "text":
        return _names_rows(column)
    if column.kind != "number":
        return None
    first = column.numbers[:_LOOKED_AT]
    return _of_whole_numbers(column.name, column.numbers) if np.array_equal(first, np.floor(first)) else None


def _names_rows(column: FeatureColumn) -> ColumnRole | None:
    # Beyond what is counted nobody knows which values stand once; names of rows do before that.
    different = sum(count for count in column.counts.values() if count == 1) + column.others
    if different == column.there:
        return ColumnRole("id", f"every one of {column.there:,} rows holds another value")
    if _is_called_id(column.name) and different >= _MOSTLY_DIFFERENT * column.there:
        return ColumnRole("id", "called an identifier, and most of its values stand once")
    return None


def _of_whole_numbers(name: str, numbers: NDArray[np.float64]) -> ColumnRole | None:
    steps = np.diff(numbers[:_LOOKED_AT])
    rises = bool((steps >= 0).all())
    if _look_like_instants(numbers) and (rises or _CALLED_TIME.search(name)):
        return ColumnRole("time", "whole numbers that read as instants")
    # Few of what is looked at first repeat, or it is no identifier.
    if len(np.unique(numbers[:_LOOKED_AT])) < _MOSTLY_DIFFERENT * min(len(numbers), _LOOKED_AT):
        return None
    if (steps == steps[0]).all() and (np.diff(numbers) == steps[0]).all():
        return ColumnRole("id", f"numbers its rows, in steps of {steps[0]:g}")
    different = len(np.unique(numbers))
    if different == len(numbers) == numbers.max() - numbers.min() + 1:
        return ColumnRole("id", "numbers its rows, each number once")
    if different == len(numbers) and rises and (np.diff(numbers) > 0).all():
        return ColumnRole("id", "whole numbers that rise from row to row")
    if _is_called_id(name) and different >= _MOSTLY_DIFFERENT * len(numbers):
        return ColumnRole("id", "called an identifier, and most of its values are different")
    return None


def _is_called_id(name: str) -> bool:
    return bool(_CALLED_ID.search(name) or _CAMEL_ID.search(name))


def _look_like_instants(numbers: NDArray[np.float64]) -> bool:
    """Whether all lie in this century, in seconds, milli-, micro- or nanoseconds, or are days written as 20260301."""
    low, high = float(numbers.min()), float(numbers.max())
    if any(_EPOCH[0] * unit <= low and high < _EPOCH[1] * unit for unit in (1, 1_000, 1_000_000, 1_000_000_000)):
        return True
    if not (low >= 19_000_101 and high <= 21_991_231):
        return False
    month, day = numbers // 100 % 100, numbers % 100
    return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
