"""Comparatives: with what a headline compares a figure, and what it says of the change. One rule for all of them.

A figure is compared with last quarter's. Only where there is none, as of a share of nothing, it is compared with that
of the same quarter of the year before, which is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ledger.views.quarter import QuarterView
from reports.content import previous_quarter, year_ago_quarter
from reports.figures import percent

Figure = int | Fraction


@dataclass(frozen=True, slots=True)
class Comparative:
    """A figure now and in the quarter that it is compared with. last: whether that is the quarter before."""

    now: Figure
    before: Figure
    quarter: str
    last: bool

    @property
    def rises(self) -> bool:
        """Whether the figure is larger than it was."""
        return self.now > self.before

    @property
    def change(self) -> Figure:
        """What it has become more by; below 0, less."""
        return self.now - self.before

    @property
    def stays(self) -> bool:
        """Whether it is the very same."""
        return self.now == self.before

    @property
    def words(self) -> str:
        """`rose 8%`, `fell 12%`, `stayed`; without a per cent from zero and between figures of different signs."""
        if self.stays:
            return "stayed"
        verb = "rose" if self.rises else "fell"
        relative = relative_change(self.now, self.before)
        if relative is None:
            return verb if self.before else f"{verb} from zero"
        return f"{verb} {percent(relative)}"

    @property
    def since(self) -> str:
        """What is added to a sentence that does not compare with last quarter."""
        return "" if self.last else f" since {self.quarter}"


def comparative(view: QuarterView, figure_of: Callable[[str], Figure | None]) -> Comparative | None:
    """What this quarter's figure is compared with. figure_of: of a quarter, None where there is none."""
    now = figure_of(view.provenance.quarter)
    if now is None:
        return None
    for quarter in (previous_quarter(view), year_ago_quarter(view)):
        before = figure_of(quarter) if quarter in view.quarters else None
        if before is not None:
            return Comparative(now, before, quarter, last=quarter == previous_quarter(view))
    return None


def relative_change(now: Figure, before: Figure) -> Fraction | None:
    """The change as a part of what was, of the figures' size: more repaid is +, less is -, whatever their sign.

    None from zero, and where the two have different signs: a per cent says nothing there.
    """
    if not before or (now and (now > 0) != (before > 0)):
        return None
    return abs(Fraction(now)) / abs(Fraction(before)) - 1


def relative_words(now: int, before: int) -> Fraction | str:
    """The same as a cell holds it."""
    found = relative_change(now, before)
    return "n/a" if found is None else found


#: The same, live. A figure of nothing may be off by a double's noise, and has no sign then.
RELATIVE = (
    'IF(OR(ABS({before})<tolerance,AND(ABS({now})>tolerance,{now}*{before}<0)),"n/a",'
    "(ABS({now})-ABS({before}))/ABS({before}))"
)
