"""When a formula that came back is the one that the pack had, however a program spelled it anew.

LibreOffice keeps every formula of a pack as it is when it saves .xlsx; on the way through an OpenDocument
file it turns the columns of tables into ranges with the name of their sheet, as other programs do. Both
spellings are brought to one: ranges with their sheet, without dollars, blanks and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from reports.sheet import Formula, Sheet
from reports.xlsx.layout import Layout, Place

_OF_SHEET = re.compile(r"(?:('(?:[^']|'')+'|[^'!\[\]]+)!)?(.*)", re.S)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")
_RANGE = re.compile(r"([A-Z]{1,3}[0-9]+):([A-Z]{1,3}[0-9]+)")
_SEPARATOR = re.compile(r"\]\s*,\s*\[")
_THIS_ROW = re.compile(r"(\w*)\[(?:\[#THIS ROW\],\[([^\[\]]+)\]|@\[?([^\[\]]+)\]?)\]")
_COLUMN = re.compile(r"(\w+)\[(?:\[#DATA\],)?\[?([^\[\]#@]+)\]?\]")


class Formulas:
    """The formulas of a pack, as it spells them and as a program does that moved its rows."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.layout = Layout(sheets)
        self._sheets = sheets
        self._moved = self.layout
        self._alike: dict[tuple[str, str, str, int], bool] = {}

    def move(self, places: Mapping[str, Place]) -> None:
        """Tell where blocks stand in the file, if not where the pack has them."""
        if places:
            self._moved = Layout(self._sheets)
            self._moved.places.update(places)
            self._alike.clear()

    def text(self, formula: Formula, place: Place, number: int) -> str:
        """The formula as the pack spells it in row `number` of the block."""
        return self.layout.render(formula, place, number)

    def same(self, formula: Formula, place: Place, numbers: tuple[int, int], found: str) -> bool:
        """Whether `found` is the formula. numbers: of its row in the pack and in the file."""
        texts = list(self._texts(formula, place, numbers))
        return found in texts or any(self._respelled(text, found, place.sheet, numbers[1]) for text in texts)

    def _texts(self, formula: Formula, place: Place, numbers: tuple[int, int]) -> Iterator[str]:
        for layout in (self.layout,) if self._moved is self.layout else (self.layout, self._moved):
            for number in dict.fromkeys(numbers):
                try:
                    yield layout.render(formula, layout.place(place.block.key), number)
                except KeyError:  # it reads a row that is missing in the file
                    continue

    def _respelled(self, text: str, found: str, sheet: str, number: int) -> bool:
        key = (text, found, sheet, number)
        if key not in self._alike:
            self._alike[key] = self._canonical(text, sheet, number) == self._canonical(found, sheet, number)
        return self._alike[key]

    def _canonical(self, text: str, sheet: str, number: int) -> str:
        try:
            tokens = Tokenizer(text).items
        except (TokenizerError, IndexError, ValueError):
            return text
        return "".join(self._token(token, sheet, number) for token in tokens)

    def _token(self, token: Token, sheet: str, number: int) -> str:
        if token.type == Token.WSPACE:
            return ""
        if token.type != Token.OPERAND or token.subtype == Token.TEXT:
            return str(token.value) if token.subtype == Token.TEXT else str(token.value).upper().strip()
        return self._reference(str(token.value), sheet, number) if token.subtype == Token.RANGE else str(token.value)

    def _reference(self, text: str, sheet: str, number: int) -> str:
        found = _OF_SHEET.fullmatch(text)
        named, rest = (found[1], found[2]) if found else (None, text)
        home = named.strip("'").replace("''", "'") if named else sheet
        rest = rest.upper()
        if "[" in rest:
            return self._of_table(_SEPARATOR.sub("],[", rest), sheet, number)
        rest = rest.replace("$", "")
        span = _RANGE.fullmatch(rest)
        if span and span[1] == span[2]:
            rest = span[1]
        return f"{home.upper()}!{rest}" if span or _CELL.fullmatch(rest) else rest

    def _of_table(self, text: str, sheet: str, number: int) -> str:
        """A structured reference, in capitals, as a range; as it is, if no table of the pack has the column."""
        this_row, column = _THIS_ROW.fullmatch(text), _COLUMN.fullmatch(text)
        if this_row:
            table, title = this_row[1], this_row[2] or this_row[3]
        else:
            table, title = (column[1], column[2]) if column else ("", "")
        for place in self._moved.places.values():
            if place.block.table and (place.block.table.upper() == table or (not table and place.sheet == sheet)):
                for each in place.block.columns:
                    if each.title.upper() == title:
                        letter, first, last = place.letters[each.key], place.first_row, place.last_row
                        rows = f"{letter}{number}" if this_row else f"{letter}{first}:{letter}{last}"
                        return self._reference(rows, place.sheet, number)
        return text


def moved_place(place: Place, numbers: Mapping[int, int], rows: Sequence[int]) -> Place:
    """The block's place in the file. numbers: of the file's rows by those of the pack; rows: that hold a table's rows."""
    first, last = place.first_row, place.last_row
    if place.block.table:
        first, last = min(rows, default=first), max(rows, default=last)
    else:
        standing = [numbers[number] for number in range(place.first_row, place.last_row + 1) if number in numbers]
        first, last = min(standing, default=first), max(standing, default=last)
    return replace(
        place,
        title_row=numbers.get(place.title_row, place.title_row),
        header_row=numbers.get(place.header_row, place.header_row),
        total_row=numbers.get(place.total_row, place.total_row),
        first_row=first,
        last_row=last,
        row_numbers={key: numbers.get(number, number) for key, number in place.row_numbers.items()},
    )
