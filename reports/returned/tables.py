"""Compares a table of a file with the same table of this release: by heading and value, wherever the cells stand.

How another release words its titles and notes, or spells its formulas, is not compared. That there is a formula is, and
what it gives.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from typing import NamedTuple

from reports.releases import counted_otherwise, may_lack, may_lack_row, was_value
from reports.returned.alignment import paired
from reports.returned.cells import Found, FoundRow
from reports.returned.expected import Cell
from reports.returned.findings import EMPTY_ROW, TYPED_OVER
from reports.returned.headings import ValueRow, ValueTable, expected_part, found_part, headings_of
from reports.returned.values import EMPTY, computed_alike, excerpts, told_expected, told_found
from reports.scenarios import unmarked
from reports.sheet import Formula, Kind
from reports.xlsx.layout import letter_of


class ValueDifference(NamedTuple):
    """A value that differs, or a row that only one side has.

    place: the sheet, or the file where it is no workbook. cell: its address in the file; empty for a row that is
    missing there. expected: as the ledger gives it; found: as the file has it. Both are on one line and cut.
    """

    place: str
    table: str
    row: str
    column: str
    cell: str
    expected: str
    found: str


class Terms(NamedTuple):
    """How amounts are compared.

    exponent: of the currency. noise: what adding doubles may cost, in major units. release: that made the file.
    """

    exponent: int
    noise: float
    release: str


class TableComparison:
    """The differences of one table of a sheet, after `finish`."""

    def __init__(self, table: ValueTable, sheet: str, terms: Terms) -> None:
        """sheet: its title in the file."""
        self.expected = table
        #: Whether its headings stand in the file; headings that only this release has, and only the file.
        self.is_there = False
        self.lacks: tuple[str, ...] = ()
        self.unknown: tuple[str, ...] = ()
        #: Headings under which the release that made the file counted otherwise: what stands there is not compared.
        self.otherwise: tuple[str, ...] = ()
        #: Rows of which the same holds, as `reports.releases` calls them.
        self.rows_otherwise: tuple[str, ...] = ()
        self.differences: list[ValueDifference] = []
        #: Of formulas that read what the reader fills in: differences if nothing was filled in.
        self.differences_of_fed: list[ValueDifference] = []
        self.entered = False
        self.values = self.formulas = self.formulas_without_value = 0
        self._sheet, self._terms = sheet, terms
        self._first = 0
        self._places: Mapping[str, int] = {}
        self._known_by: tuple[str, ...] = ()
        self._waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
        self._loose: dict[int, FoundRow] = {}

    def told(self, heading: str = "") -> str:
        """A column of the table, or the table itself, as this release calls it."""
        table, sheet = self.expected.name, self.expected.sheet
        return " ".join(filter(None, (sheet, table if table != sheet else "", heading)))

    def begin(self, number: int, heading: FoundRow, places: Mapping[str, int]) -> None:
        """Its headings stand in this row of the file. places: the columns by heading."""
        self.is_there, self._first, self._places = True, number + 1, places
        self.lacks = tuple(each for each in self.expected.columns if each not in places)
        self.unknown = tuple(text for column, text in headings_of(heading).items() if column not in places.values())
        self.otherwise = tuple(each for each in places if counted_otherwise(self._terms.release, self.told(each)))
        self._known_by = self.expected.known_by(tuple(each for each in places if each not in self.otherwise))
        for index, row in enumerate(self.expected.rows):
            self._waiting[row.parts(self._known_by, self._terms.exponent)].append(index)

    def take(self, number: int, row: FoundRow) -> None:
        """Compare a row of the file. One that is as it was is not kept in memory."""
        indexes = self._waiting.get(self._found_parts(row)) if self.is_there else None
        if indexes:
            self._compare(self.expected.rows[indexes.popleft()], number, row, self._known_by)
        else:
            self._loose[number] = row

    def finish(self) -> None:
        """Compare the rows that are not as they were."""
        if not self.is_there:
            return
        before, self._loose = self._loose, {}
        for number, row in before.items():  # those above the headings had to wait for them
            self.take(number, row)
        missing = self._missing()
        unknown = {number: row for number, row in self._loose.items() if _holds_a_figure(row)}
        pairs = paired(
            {index: self.expected.rows[index].parts(self._known_by, self._terms.exponent) for index in missing},
            {number: self._found_parts(row) for number, row in unknown.items()},
            self._first,
        )
        for index in missing:
            if index in pairs:
                self._compare(self.expected.rows[index], pairs[index], unknown.pop(pairs[index]))
            else:
                lacking = self.expected.rows[index]
                self._add(lacking.name, "", "", self._told_row(lacking), EMPTY_ROW)
        for number, row in unknown.items():
            told = " · ".join(self._told(found) for _, found in sorted(row.items()))
            self._add("", "", f"{letter_of(min(row))}{number}", EMPTY_ROW, told)

    def _missing(self) -> list[int]:
        """The rows that the file has not, but for those that its release had not either."""
        missing = []
        for index in sorted(index for indexes in self._waiting.values() for index in indexes):
            row = self.expected.rows[index]
            if may_lack(self._terms.release, self.told(row.name)):
                self.lacks = (*self.lacks, row.name)
            elif not self._is_young(row):
                missing.append(index)
        return missing

    def _is_young(self, row: ValueRow) -> bool:
        """Whether the release that made the file did not have the row yet, by its words or by what it holds."""
        held = {heading: cell.content for heading, cell in row.cells.items()}
        return may_lack_row(self._terms.release, self.told(), held) or any(
            may_lack(self._terms.release, name) for name in self._names(row)
        )

    def _names(self, row: ValueRow) -> list[str]:
        """A row as `reports.releases` calls it: by any of its words."""
        return [
            f"{self.told()}={unmarked(cell.content)}" for cell in row.cells.values() if isinstance(cell.content, str)
        ]

    def _otherwise(self, row: ValueRow) -> bool:
        """Whether the release that made the file counted the row otherwise; it is remembered."""
        found = tuple(name for name in self._names(row) if counted_otherwise(self._terms.release, name))
        self.rows_otherwise += found
        return bool(found)

    def _found_parts(self, row: FoundRow) -> tuple[str, ...]:
        return self.expected.found_parts(row, self._places, self._known_by)

    def _compare(self, row: ValueRow, number: int, found: FoundRow, known: Collection[str] = ()) -> None:
        """Compare a row cell by cell. known: headings under which it is known to hold the same."""
        otherwise = self._otherwise(row)
        for heading, column in self._places.items():
            cell, address, there = row.cells[heading], f"{letter_of(column)}{number}", found.get(column)
            content = cell.content
            value_there = there is None or not there.formula
            if isinstance(content, Formula) and value_there and was_value(self._terms.release, self.told(heading)):
                content = content.cached
            if isinstance(content, Formula):
                self._compare_formula(row, cell, content, address, there, otherwise=otherwise)
                continue
            if otherwise or heading in self.otherwise:
                continue
            expected = expected_part(content, cell.kind, self._terms.exponent)
            same = heading in known or found_part(there, cell.kind) == expected
            if cell.entry:
                self.entered = self.entered or not same
                continue
            self.values += bool(expected)
            if not same:
                told = told_expected(content, cell.kind, self._terms.exponent)
                self._add(row.name, heading, address, told, self._told(there, cell.kind, told))

    def _compare_formula(
        self, row: ValueRow, cell: Cell, formula: Formula, address: str, found: Found | None, *, otherwise: bool
    ) -> None:
        """Whether there is a formula, and what it gave when the file was saved. Sentences are the report's own words."""
        self.formulas += 1
        expected = told_expected(formula.cached, cell.kind, self._terms.exponent)
        if found is None or not found.formula:
            told = EMPTY if found is None else f"{self._told(found, cell.kind)}: {TYPED_OVER}"
            self._add(row.name, cell.what, address, expected, told)
        elif found.value is None:
            self.formulas_without_value += 1
        elif (
            cell.kind is not Kind.LABEL
            and not otherwise
            and cell.what not in self.otherwise
            and not computed_alike(formula.cached, found, cell.kind, self._terms.exponent, self._terms.noise)
        ):
            told = self._told(found._replace(formula=""), cell.kind, expected)
            self._add(row.name, cell.what, address, expected, told, fed=cell.what in row.fed)

    def _told(self, found: Found | None, kind: Kind = Kind.EXACT, expected: str = EMPTY) -> str:
        if found is not None and found.formula:
            return found.formula
        return told_found(found, kind, self._terms.exponent, expected)

    def _told_row(self, row: ValueRow) -> str:
        told = (
            told_expected(cell.content, cell.kind, self._terms.exponent)
            for cell in row.cells.values()
            if not isinstance(cell.content, Formula)
        )
        return " · ".join(each for each in told if each != EMPTY)

    def _add(self, row: str, column: str, cell: str, expected: str, found: str, *, fed: bool = False) -> None:
        differences = self.differences_of_fed if fed else self.differences
        differences.append(
            ValueDifference(self._sheet, self.expected.name, row, column, cell, *excerpts(expected, found))
        )


def _holds_a_figure(row: FoundRow) -> bool:
    """Whether a row is more than words of the report: a title, a note."""
    return any(found.formula or found.type != "s" for found in row.values())
