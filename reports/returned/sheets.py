"""Compares one sheet of a file with what the pack has on it."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping

from reports.returned.alignment import aligned, paired
from reports.returned.cells import Found, FoundRow
from reports.returned.entries import Address
from reports.returned.expected import Cell, ExpectedSheet, Line, Table, namer
from reports.returned.findings import EMPTY_ROW, OUTSIDE, TYPED_OVER, Doubt, PlacedDifference, difference, names_columns
from reports.returned.formulas import Formulas, moved_place
from reports.returned.values import (
    EMPTY,
    canonical_expected,
    canonical_found,
    computed_alike,
    told_expected,
    told_found,
)
from reports.sheet import Formula, Kind
from reports.xlsx.layout import Place

#: Indexes of a table's rows by their keys; rows alike stand under one.
Waiting = dict[str, deque[int]]


class SheetComparison:
    """The findings of one sheet and the formulas that are in doubt, after `compare`."""

    def __init__(
        self, expected: ExpectedSheet, exponent: int, noise: float, fed: frozenset[Address], formulas: Formulas
    ) -> None:
        """noise: what adding doubles may cost an amount, in major units. fed: cells whose formulas read entries."""
        self.title = expected.title
        self.findings: list[PlacedDifference] = []
        self.doubts: list[Doubt] = []
        self.formulas_without_value = 0
        #: How many formulas name columns of tables, and how many do not.
        self.spelled: Counter[bool] = Counter()
        #: Whether something was filled in.
        self.entered = False
        #: Blocks that stand elsewhere in the file.
        self.moved: dict[str, Place] = {}
        self._expected = expected
        self._exponent = exponent
        self._noise = noise
        self._fed = fed
        self._formulas = formulas
        self._names: dict[str, Callable[[str], str]] = {}

    def compare(self, rows: Iterable[tuple[int, FoundRow]]) -> None:
        """Compare every row of the sheet; rows of tables that are as they were are not kept in memory."""
        tables = [(table, _waiting(table), list[int]()) for table in self._expected.tables]
        loose: dict[int, FoundRow] = {}
        for number, row in rows:
            for table, waiting, standing in tables:
                indexes = waiting.get(table.found_key(row))
                if indexes:
                    self._cells(table.line(indexes.popleft()), number, row, table.key_numbers)
                    standing.append(number)
                    break
            else:
                loose[number] = row
        lines = self._lines(loose)
        for table, waiting, standing in tables:
            missing = sorted(index for indexes in waiting.values() for index in indexes)
            standing += self._altered(table, missing, loose, lines)
        for number, row in loose.items():
            self._outside(number, row, row)
        everything = {line.place.block.key: line.place for line in self._expected.lines if line.place}
        everything |= {table.place.block.key: table.place for table, *_ in tables}
        rows_of_tables = {table.place.block.key: standing for table, _, standing in tables}
        for key, place in everything.items():
            moved = moved_place(place, lines, rows_of_tables.get(key, ()))
            if moved != place:
                self.moved[key] = moved

    def _lines(self, loose: dict[int, FoundRow]) -> dict[int, int]:
        """Compare what is no row of a table; gives where each line stands in the file."""
        found = aligned(self._expected.lines, loose, self._exponent)
        for line in self._expected.lines:
            if line.number in found:
                self._cells(line, found[line.number], loose.pop(found[line.number]))
            else:
                self._missing(line)
        return found

    def _altered(
        self, table: Table, missing: list[int], loose: dict[int, FoundRow], lines: Mapping[int, int]
    ) -> list[int]:
        """Compare the rows of a table that are not as they were; gives where they stand."""
        first = lines.get(table.place.header_row, table.place.header_row)
        after = [number for line, number in lines.items() if line > table.place.last_row]
        last = min(after, default=max(loose, default=0) + 1)
        unknown = {number: row for number, row in loose.items() if first < number < last}
        pairs = paired(
            {index: table.parts(index) for index in missing},
            {number: table.found_parts(row) for number, row in unknown.items()},
            table.place.first_row,
        )
        for index in missing:
            if index in pairs:
                self._cells(table.line(index), pairs[index], loose.pop(pairs[index]))
            else:
                self._missing(table.line(index))
        for number in sorted(unknown.keys() - set(pairs.values())):
            row = loose.pop(number)
            told = " · ".join(self._told(found) for _, found in sorted(row.items()))
            self._add(number, min(row), "row", EMPTY_ROW, told, last=max(row))
        return sorted(pairs.values())

    def _cells(self, line: Line, number: int, row: FoundRow, known: Collection[int] = ()) -> None:
        """Compare a line cell by cell. known: columns that are known to hold the same."""
        for column, cell in line.cells.items():
            if column in known:
                continue
            found = row.get(column)
            if isinstance(cell.content, Formula):
                self._formula(line, column, cell.content, number, found)
            elif cell.entry:
                self.entered = self.entered or not self._same(cell, found)
            elif not self._same(cell, found):
                expected = told_expected(cell.content, cell.kind, self._exponent)
                self._add(number, column, self._what(line, cell), expected, self._told(found, cell.kind, expected))
        self._outside(number, row, row.keys() - line.cells.keys())

    def _same(self, cell: Cell, found: Found | None) -> bool:
        if isinstance(cell.content, Formula) or (found and found.formula):
            return False
        return canonical_expected(cell.content, cell.kind, self._exponent) == canonical_found(found, cell.kind)

    def _formula(self, line: Line, column: int, formula: Formula, number: int, found: Found | None) -> None:
        cell, place = line.cells[column], line.place
        if place is None:
            raise TypeError(f"Row {line.number} of sheet {self.title} has a formula and belongs to no block.")
        text = self._formulas.text(formula, place, number if place.block.table else line.number)
        if found is None or not found.formula:
            told = EMPTY if found is None else f"{self._told(found, cell.kind)}: {TYPED_OVER}"
            self._add(number, column, f"formula of {self._what(line, cell)}", text, told)
            return
        self.spelled[names_columns(text)] += 1
        self.formulas_without_value += found.value is None
        differs = found.value is not None and not computed_alike(
            formula.cached, found, cell.kind, self._exponent, self._noise
        )
        if differs or found.formula != text:
            numbers, what = (line.number, number), self._what(line, cell)
            fed = (place.block.key, line.row, place.block.columns[column - 1].key) in self._fed
            self.doubts.append(Doubt(formula, place, numbers, column, what, cell.kind, found, text, differs, fed))

    def _missing(self, line: Line) -> None:
        """A row of the pack that is not in the file, or empty there."""
        told = [
            told_expected(cell.content, cell.kind, self._exponent)
            for cell in line.cells.values()
            if cell.is_value and not isinstance(cell.content, Formula) and cell.content not in (None, "")
        ]
        if line.place is None and len(line.cells) == 1:
            self._add(line.number, 1, line.cells[1].what, told[0] if told else EMPTY, EMPTY)
        else:
            what = "headings" if line.place is None else f"row {self._name(line)}"
            self._add(line.number, 1, what, " · ".join(told), EMPTY_ROW, last=max(line.cells))

    def _outside(self, number: int, row: FoundRow, columns: Iterable[int]) -> None:
        for column in columns:
            self._add(number, column, OUTSIDE, EMPTY, self._told(row[column]))

    def _what(self, line: Line, cell: Cell) -> str:
        return ", ".join(filter(None, (cell.what, self._name(line))))

    def _name(self, line: Line) -> str:
        if line.place is None:
            return ""
        key = line.place.block.key
        if key not in self._names:
            self._names[key] = namer(line.place, self._exponent)
        return self._names[key](line.row)

    def _told(self, found: Found | None, kind: Kind = Kind.EXACT, expected: str = EMPTY) -> str:
        if found is not None and found.formula:
            return found.formula
        return told_found(found, kind, self._exponent, expected)

    def _add(self, number: int, column: int, what: str, expected: str, found: str, last: int = 0) -> None:
        self.findings.append(difference(self.title, number, column, what, expected, found, last))


def _waiting(table: Table) -> Waiting:
    waiting: Waiting = defaultdict(deque)
    for index in range(len(table.place.block.rows)):
        waiting[table.key(index)].append(index)
    return waiting
