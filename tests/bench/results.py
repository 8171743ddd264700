"""What a benchmark comes to, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def timed(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[float, T]:
    """The seconds that a call takes, and what it returns."""
    start = perf_counter()
    result = work(*args, **kwargs)
    return perf_counter() - start, result


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. ratio: ours / floor; rates and times are given with their unit.

    at_least, at_most: the target, where there is one; a result without a floor is only reported.
    """

    name: str
    ours: str
    floor: str = ""
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str:
        """The target in words."""
        if self.at_least is not None:
            return f"≥ {self.at_least}"
        return f"≤ {self.at_most}" if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        """Whether the target is met. A timing that misses it is said to, and fails nothing."""
        if self.ratio is None or not self.target:
            return ""
        met = self.ratio >= self.at_least if self.at_least is not None else self.ratio <= (self.at_most or 0)
        return "met" if met else "MISSED"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line, as text."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.name, self.ours, self.floor, ratio, self.target, self.verdict)


_HEADINGS = ("name", "ours", "floor", "ratio", "target", "")
#: Columns of figures, set to the right.
_NUMBERS = (1, 2, 3)


def rate(name: str, ours: list[float], floor: list[float], *, at_least: float) -> Result:
    """Events per second. ours, floor: rates of parts that took turns; the ratio is the median of theirs."""
    ratio = median(one / other for one, other in zip(ours, floor, strict=True))
    return Result(name, f"{median(ours):,.0f}/s", f"{median(floor):,.0f}/s", ratio, at_least=at_least)


def duration(name: str, ours: list[float], floor: list[float], *, at_most: float) -> Result:
    """Seconds. ours, floor: of runs that took turns; the ratio is the median of theirs."""
    ratio = median(one / other for one, other in zip(ours, floor, strict=True))
    return Result(name, f"{median(ours) * 1000:,.0f} ms", f"{median(floor) * 1000:,.0f} ms", ratio, at_most=at_most)


def table(results: Iterable[Result]) -> Iterator[str]:
    """The lines of the table, in Markdown, so that a run can be put into a page as it is."""
    rows = [_HEADINGS, *(result.cells for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    rows.insert(
        1, tuple("-" * (width - 1) + (":" if column in _NUMBERS else "-") for column, width in enumerate(widths))
    )
    for row in rows:
        cells = (
            text.rjust(width) if column in _NUMBERS else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"| {' | '.join(cells)} |"
