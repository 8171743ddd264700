"""Series: the slices or features of one measurement, of which each stands for itself in the register."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ledger.vocabulary.kinds import Verdict
from ledger.vocabulary.measurements import SeriesVerdict

Row = TypeVar("Row")


def verdicts_by(
    rows: Iterable[Row], series: Callable[[Row], str], verdict: Callable[[Sequence[Row]], Verdict]
) -> tuple[SeriesVerdict, ...]:
    """A verdict on each series, in the order in which they come. series: of a row; verdict: of all the rows of one."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(series(row), []).append(row)
    return tuple(SeriesVerdict(name, verdict(of_it)) for name, of_it in found.items())
