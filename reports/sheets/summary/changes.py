"""What stands beside a figure of the Summary: last quarter, the change, the same quarter of the year before."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reports.comparatives import RELATIVE, relative_words
from reports.sheet import CellContent, Formula

BLOCK = "summary"
PAST = ("before", "year_ago")
#: Where each past quarter stands among the three figures of a row.
PLACES = {past: place for place, past in enumerate(PAST, start=1)}


#: Beside each past quarter: the column of its figure as issued, and of the mark.
ISSUED = {"before": ("issued", "restated"), "year_ago": ("year_ago_issued", "year_ago_restated")}

#: Whether a past quarter's figure is another than the one that was issued.
_RESTATED = (
    'IF(AND(ISNUMBER({issued}),ISNUMBER({known})),IF(ABS({known}-{issued})<tolerance,"as issued","restated"),'
    'IF({issued}={known},"as issued","restated"))'
)


def beside_issued(
    past: str, issued: int | None, known: int | None, live: Formula | None = None
) -> dict[str, CellContent]:
    """A past figure as it was issued, and the mark where it has changed since.

    past: the column of the figure as it is known now. live: how the one that was issued is computed, where it is.
    """
    column, mark = ISSUED[past]
    formula = _RESTATED.format(issued=f"{{{column}}}", known=f"{{{past}}}")
    return {column: live or or_na(issued), mark: Formula(formula, "as issued" if issued == known else "restated")}


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
