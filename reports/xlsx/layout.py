"""Where everything is: gives every block its rows and renders formulas that name columns as addresses.

Inside an Excel table a formula names columns in the file's own spelling, `tblItems[[#This Row],[Age]]`
(`[@Age]` exists on the screen only and makes Excel call the file damaged); everywhere else A1 ranges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.sheet import Block, CellOf, Formula, HeaderOf, Reference, RowsOf, Sheet, Span

FIRST_BLOCK_ROW = 4
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[a-z_]+")
_PLAIN_SHEET = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Place:
    """A block's place on its sheet; row numbers count from 1, as Excel does."""

    sheet: str
    block: Block
    title_row: int  # 0: no title
    header_row: int  # 0: no heading
    first_row: int
    last_row: int  # a block without rows keeps one empty row, because a table needs it
    total_row: int  # 0: no total
    letters: dict[str, str]
    row_numbers: dict[str, int]

    @property
    def end(self) -> int:
        """The last row that the block uses."""
        return max(self.last_row, self.total_row)


class Layout:
    """The places of all blocks of a workbook."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.places: dict[str, Place] = {}
        # A formula of a table reads the same in every row of it, and what it reads depends on its text alone.
        self._rendered: dict[tuple[str, str], str] = {}
        self._read: dict[str, set[str]] = {}
        self._homes_of_names = {name: sheet.title for sheet in sheets for name in sheet.names}
        for sheet in sheets:
            row = FIRST_BLOCK_ROW + len(sheet.sentences)
            for block in sheet.blocks:
                if block.key in self.places:
                    raise ValueError(f"Two blocks are called {block.key!r}; a formula could not tell them apart.")
                place = _place(sheet.title, block, row)
                self.places[block.key] = place
                row = place.end + 2

    def place(self, block: str) -> Place:
        """The place of a block; a formula that names an unknown one stops the build."""
        if block not in self.places:
            raise KeyError(f"No sheet of this pack has a block {block!r}; it has {sorted(self.places)}.")
        return self.places[block]

    def address(self, reference: Reference, *, absolute: bool = True) -> tuple[str, str]:
        """The sheet and the A1 address of a reference."""
        place = self.place(reference.block)
        letter = _letter(place, reference.column)
        dollar = "$" if absolute else ""
        match reference:
            case CellOf():
                return place.sheet, f"{dollar}{letter}{dollar}{_number(place, reference.row)}"
            case Span():
                first, last = _number(place, reference.first), _number(place, reference.last)
                return place.sheet, f"{dollar}{letter}{dollar}{first}:{dollar}{letter}{dollar}{last}"
            case RowsOf():
                first, last = place.first_row, place.last_row
                return place.sheet, f"{dollar}{letter}{dollar}{first}:{dollar}{letter}{dollar}{last}"
            case HeaderOf():
                return place.sheet, f"{dollar}{letter}{dollar}{place.header_row}"

    def qualified(self, reference: Reference, *, absolute: bool = True) -> str:
        """Sheet and address, for defined names and links."""
        sheet, address = self.address(reference, absolute=absolute)
        return f"{quoted(sheet)}!{address}"

    def render(self, formula: Formula, home: Place, row: int) -> str:
        """The formula as the file spells it in `row` of block `home`, with its equals sign."""
        same_in_every_row = home.block.table and not formula.refs and home.first_row <= row <= home.last_row
        if not same_in_every_row:
            return self._render(formula, home, row)
        key = (home.block.key, formula.text)
        if key not in self._rendered:
            self._rendered[key] = self._render(formula, home, row)
        return self._rendered[key]

    def _render(self, formula: Formula, home: Place, row: int) -> str:

        def replaced(match: re.Match[str]) -> str:
            name = match[1]
            reference = formula.refs.get(name)
            if reference is None and "." in name:
                block, _, column = name.rpartition(".")
                reference = RowsOf(block, column)
            if reference is None:
                return self._own_cell(home, row, name)
            return self._spelled(reference, home)

        return "=" + _PLACEHOLDER.sub(replaced, formula.text)

    def sheets_of(self, formula: Formula) -> set[str]:
        """The sheets that a formula reads, by reference or by a name of the workbook."""
        if formula.text not in self._read:
            self._read[formula.text] = self._sheets_by_text(formula)
        return self._read[formula.text] | {self.place(ref.block).sheet for ref in formula.refs.values()}

    def source_of(self, formula: Formula, home: Place) -> Reference | None:
        """What a formula reads of another sheet first: a cell, or the heading of a column; None if it names nothing there."""
        named: list[Reference] = [ref for ref in formula.refs.values() if not isinstance(ref, HeaderOf)]
        for name in _PLACEHOLDER.findall(formula.text):
            if name not in formula.refs and "." in name:
                block, _, column = name.rpartition(".")
                named.append(HeaderOf(block, column))
        return next((ref for ref in named if self.place(ref.block).sheet != home.sheet), None)

    def _sheets_by_text(self, formula: Formula) -> set[str]:
        names = [name for name in _PLACEHOLDER.findall(formula.text) if name not in formula.refs and "." in name]
        blocks = [name.rpartition(".")[0] for name in names]
        words = _WORD.findall(_QUOTED.sub("", _PLACEHOLDER.sub("", formula.text)))
        named = {self._homes_of_names[word] for word in words if word in self._homes_of_names}
        return named | {self.place(block).sheet for block in blocks}

    def _own_cell(self, home: Place, row: int, column: str) -> str:
        letter = _letter(home, column)
        if home.block.table and home.first_row <= row <= home.last_row:
            return f"{home.block.table}[[#This Row],[{_title(home, column)}]]"
        return f"{letter}{row}"

    def _spelled(self, reference: Reference, home: Place) -> str:
        place = self.place(reference.block)
        if home.block.table and place.block.table and isinstance(reference, RowsOf):
            return f"{place.block.table}[{_title(place, reference.column)}]"
        sheet, address = self.address(reference)
        return address if sheet == home.sheet else f"{quoted(sheet)}!{address}"


def quoted(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return sheet if _PLAIN_SHEET.fullmatch(sheet) else "'" + sheet.replace("'", "''") + "'"


def letter_of(number: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _place(sheet: str, block: Block, row: int) -> Place:
    title_row = header_row = total_row = 0
    if block.title:
        title_row, row = row, row + 1
    if block.header:
        header_row, row = row, row + 1
    first_row = row
    last_row = row + max(len(block.rows), 1) - 1
    row_numbers = {each.key: first_row + index for index, each in enumerate(block.rows)}
    if len(row_numbers) != len(block.rows):
        raise ValueError(f"Two rows of block {block.key!r} have one key; a formula could not tell them apart.")
    if block.total is not None:
        total_row = last_row + 1
        row_numbers[block.total.key] = total_row
    letters = {column.key: letter_of(index) for index, column in enumerate(block.columns, start=1)}
    return Place(sheet, block, title_row, header_row, first_row, last_row, total_row, letters, row_numbers)


def _number(place: Place, row: str) -> int:
    if row not in place.row_numbers:
        raise KeyError(f"Block {place.block.key!r} has no row {row!r}.")
    return place.row_numbers[row]


def _letter(place: Place, column: str) -> str:
    if column not in place.letters:
        raise KeyError(f"Block {place.block.key!r} has no column {column!r}; it has {list(place.letters)}.")
    return place.letters[column]


def _title(place: Place, column: str) -> str:
    title = next(each.title for each in place.block.columns if each.key == column)
    if set(title) & set("[]#'@\n"):
        raise ValueError(f"{title!r} cannot head a column of an Excel table: [ ] # ' @ and line breaks need escapes.")
    return title
