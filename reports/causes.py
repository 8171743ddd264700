"""Causes: what moved the technical delta most, as a title says it."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.views.quarter import QuarterView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES, movement_in
from reports.content import total_posted

#: Columns of the roll-forward as the cause of a change.
WORDS = {
    "commissioned": "new debt",
    "observed": "observed neglect",
    "adopted": "adoptions",
    "revised": "revised estimates",
    "repaid": "repayments",
    "written_off": "write-offs",
    "corrected": "corrections",
    "transferred": "transfers",
}


def total(view: QuarterView, column: str) -> int:
    """A column of the roll-forward over debt and neglect, minor units."""
    return sum(total_posted(view, nature, column) for nature in NATURES)


def moves(view: QuarterView) -> dict[str, int]:
    """Every movement that is not zero, minor units."""
    return {column: amount for column in MOVEMENTS if (amount := total(view, column))}


def largest_cause(view: QuarterView) -> tuple[str, int] | None:
    """The movement that did most of what the delta did, and its amount; None if it moved nowhere."""
    change = total(view, "closing") - total(view, "opening")
    same_way = {column: amount for column, amount in moves(view).items() if (amount > 0) == (change > 0)}
    if not change or not same_way:
        return None
    column = max(same_way, key=lambda each: abs(same_way[each]))
    return WORDS[column], same_way[column]


@dataclass(frozen=True, slots=True)
class ItemMove:
    """What one column of the roll-forward did to an item in the quarter, over debt and neglect; minor units, not 0."""

    item: str
    column: str
    amount: int


def largest_moves(view: QuarterView, most: int) -> list[ItemMove]:
    """The items that moved the delta most, the largest first, whichever way."""
    columns = {movement_in(column): column for column in MOVEMENTS}
    sums: dict[tuple[str, str], int] = {}
    for row in view.postings:
        if row.movement in columns:
            key = (row.item, columns[row.movement])
            sums[key] = sums.get(key, 0) + row.amount
    found = [ItemMove(item, column, amount) for (item, column), amount in sums.items() if amount]
    return sorted(found, key=lambda move: (-abs(move.amount), move.item, move.column))[:most]


def unestimated(view: QuarterView) -> int:
    """How many items stand in the register without an estimate, and so with nothing in the delta."""
    return len({row.item for row in view.items if row.status == "unestimated"})


def unestimated_words(view: QuarterView) -> str:
    """The same in words; empty where there is none."""
    count = unestimated(view)
    return f"{count:,} item{'s' * (count > 1)} without an estimate" if count else ""
