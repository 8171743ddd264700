"""What a comparison finds: cells that differ, and formulas about which only all of them together can tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reports.returned.cells import Found
from reports.returned.formulas import Formulas
from reports.returned.values import excerpts, told_expected, told_found
from reports.sheet import Formula, Kind
from reports.xlsx.layout import Place, letter_of

EMPTY_ROW = "no such row"
TYPED_OVER = "a value was typed over the formula"
OUTSIDE = "outside the report"

#: Fewer formulas than this may all have been changed by hand.
_FEWEST_RESPELLED = 10


class Difference(NamedTuple):
    """One cell, or one row that only one side has.

    cell: its address in the file; of a row that is missing there, where the pack had it. what: heading and row, or
    what the cell is for. expected: as the ledger has it, to the last digit. found: what the file says instead.
    Both are on one line and cut.
    """

    sheet: str
    cell: str
    what: str
    expected: str
    found: str


class PlacedDifference(NamedTuple):
    """A difference and where it stands: row and column of the file, from 1."""

    row: int
    column: int
    difference: Difference


class Doubt(NamedTuple):
    """A formula that is spelled or computed otherwise than the pack's.

    numbers: of its row in the pack and in the file. text: as the pack spells it. differs: whether the stored value
    is not Python's. fed: whether it reads what the reader of the workbook fills in.
    """

    formula: Formula
    place: Place
    numbers: tuple[int, int]
    column: int
    what: str
    kind: Kind
    found: Found
    text: str
    differs: bool
    fed: bool


def difference(
    sheet: str, number: int, column: int, what: str, expected: str, found: str, last: int = 0
) -> PlacedDifference:
    """A finding about a cell, or about the row from `column` to `last`."""
    cell = f"{letter_of(column)}{number}" + (f":{letter_of(last)}{number}" if last > column else "")
    return PlacedDifference(number, column, Difference(sheet, cell, what, *excerpts(expected, found)))


def names_columns(text: str) -> bool:
    """Whether a formula is spelled with names of a table's columns, which many programs turn into ranges."""
    return "[" in text


class Verdict:
    """Which of the doubts are differences."""

    def __init__(self, doubts: Iterable[Doubt], spelled: Counter[bool], formulas: Formulas, *, entered: bool) -> None:
        """spelled: how many formulas name columns, and how many do not. entered: whether entries were filled in."""
        self._entered = entered
        self._changed = {
            id(doubt)
            for doubt in doubts
            if doubt.found.formula != doubt.text
            and not formulas.same(doubt.formula, doubt.place, doubt.numbers, doubt.found.formula)
        }
        changed = Counter(names_columns(doubt.text) for doubt in doubts if id(doubt) in self._changed)
        # Nobody changes every formula by hand; a program does. Then their values are all that can be compared.
        self._respelled = {kind for kind, count in changed.items() if count == spelled[kind] >= _FEWEST_RESPELLED}
        self.respelled = sum(changed[kind] for kind in self._respelled)

    def findings(self, doubts: Sequence[Doubt], exponent: int) -> Iterator[PlacedDifference]:
        """The differences among the doubts of one sheet."""
        for doubt in doubts:
            changed = id(doubt) in self._changed and names_columns(doubt.text) not in self._respelled
            differs = doubt.differs and not (doubt.fed and self._entered)
            value = told_expected(doubt.formula.cached, doubt.kind, exponent)
            stored = told_found(doubt.found, doubt.kind, exponent, value)
            if changed:
                expected, found = doubt.text, doubt.found.formula
                if differs:
                    expected, found = f"{expected} giving {value}", f"{found} giving {stored}"
                what = f"formula of {doubt.what}"
                yield difference(doubt.place.sheet, doubt.numbers[1], doubt.column, what, expected, found)
            elif differs:
                yield difference(doubt.place.sheet, doubt.numbers[1], doubt.column, doubt.what, value, stored)
