"""What stands beside a figure of the Summary: last quarter, the change, the same quarter of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reports.comparatives import RELATIVE, relative_words
from reports.sheet import CellContent, Formula

BLOCK = "summary"
PAST = ("before", "year_ago")


#: Whether last quarter's figure is another than the one that was issued.
_RESTATED = (
    'IF(AND(ISNUMBER({issued}),ISNUMBER({before})),IF(ABS({before}-{issued})<tolerance,"as issued","restated"),'
    'IF({issued}={before},"as issued","restated"))'
)


def beside_issued(issued: int | None, before: int | None) -> dict[str, CellContent]:
    """Last quarter's figure as it was issued, and the mark where it has changed since."""
    return {"issued": or_na(issued), "restated": Formula(_RESTATED, "as issued" if issued == before else "restated")}


def changes(figures: list[int]) -> dict[str, Formula]:
    """The change since last quarter, and in per cent of the figure's size."""
    return {
        "change": Formula("{now}-{before}", figures[0] - figures[1]),
        "relative": Formula(RELATIVE, relative_words(figures[0], figures[1])),
    }


def change_if_known(figures: Sequence[int | Fraction | None]) -> Formula:
    """The change of a figure that there may not be."""
    now, before = figures[:2]
    change = None if now is None or before is None else now - before
    return Formula('IF(ISNUMBER({now}),IF(ISNUMBER({before}),{now}-{before},"n/a"),"n/a")', or_na(change))


def or_na(value: Fraction | int | None) -> Fraction | int | str:
    """n/a for what nobody set."""
    return "n/a" if value is None else value
