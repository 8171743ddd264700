"""The budget form, filled in: what finance entered, row by row, and what cannot be read of it.

Everything here is of the file alone; `services.budget_import` holds it against the ledger. A row that cannot be read
is kept with its problems, so that all of them are told at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

from ledger.importers.forms.returned_workbook import Cell, Cells, Origin, read_returned
from ledger.importers.rows import BadRow
from ledger.vocabulary.budget_form import (
    BUDGET,
    BUDGET_EXPORTED,
    FORECAST,
    FORECAST_EXPORTED,
    NOTE,
    QUARTER,
    TABLE,
    TEAM,
)
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import MAX_MINOR, Currency
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import clean_text

What = Literal["budget", "forecast"]
T = TypeVar("T")

#: What is planned -> the column for entries, and the column of the exported copy.
_PLANNED: tuple[tuple[What, str, str], ...] = (
    ("budget", BUDGET, BUDGET_EXPORTED),
    ("forecast", FORECAST, FORECAST_EXPORTED),
)
_ENTERED = (QUARTER, TEAM, BUDGET, FORECAST, NOTE)
_COLUMNS = (*_ENTERED, BUDGET_EXPORTED, FORECAST_EXPORTED)

# A formula's value carries the noise of doubles (0.1 + 0.2 is 0.30000000000000004). It is that if it is below this
# part of the amount; but never where it is larger than the second bound, and always below the first, minor units.
_NOISE = Decimal("1e-12")
_NOISE_LEAST, _NOISE_MOST = Decimal("1e-9"), Decimal("1e-3")
#: How many significant digits a spreadsheet keeps of what is typed, and shows.
_DIGITS = 15

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell for an amount and its exported copy, in minor units, None where nothing stands.

    place, coordinate: of the cell, 'Budget!D7' and 'D7'; copy: the place of the exported copy.
    """

    what: What
    place: str
    coordinate: str
    entered_minor: int | None
    copy: str
    exported_minor: int | None

    @property
    def changed(self) -> bool:
        return self.entered_minor != self.exported_minor


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the form. quarter, team: None where they cannot be read, and there is a problem then.

    entries: those that can be read. place: of the team's cell; note_place: of the note's.
    """

    place: str
    quarter: str | None
    team: str | None
    note: str | None
    note_place: str
    entries: tuple[Entry, ...]
    problems: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a file holds. problems: those that belong to no row. sha256: of the file, 64 hexadecimal digits."""

    path: Path
    sha256: str
    origin: Origin | None
    rows: tuple[FormRow, ...]
    problems: tuple[BadRow, ...]

    @property
    def entries(self) -> Iterator[Entry]:
        """Every amount that can be read, row by row."""
        return (entry for row in self.rows for entry in row.entries)


def read_form(path: Path, currency: Currency) -> Form:
    """Read a budget form. Raises Unreadable if the file is none; what is wrong in a cell is told with its row."""
    found = read_returned(path, TABLE, _COLUMNS)
    rows = tuple(_row(cells, currency) for cells in found.rows if not all(cells[name].empty for name in _COLUMNS))
    below = tuple(
        BadRow(cells[QUARTER].place, f"stands below the table {TABLE}, where it is not read: make the table longer.")
        for cells in found.below
        if _looks_like_a_row(cells)
    )
    return Form(path, found.sha256, found.origin, rows, below)


def _row(cells: Cells, currency: Currency) -> FormRow:
    problems: list[BadRow] = []

    def read(name: str, reading: Callable[[Cell], T]) -> T | None:
        try:
            return reading(cells[name])
        except Unreadable as error:
            problems.append(BadRow(cells[name].place, str(error)))
            return None

    quarter, team, note = read(QUARTER, _quarter), read(TEAM, _team), read(NOTE, _text)
    entries = []
    for what, column, copy_column in _PLANNED:
        known, cell, copy = len(problems), cells[column], cells[copy_column]
        entered = read(column, lambda cell: _amount(cell, currency))
        exported = read(copy_column, lambda cell: _exported(cell, currency))
        if len(problems) == known:
            entries.append(Entry(what, cell.place, cell.coordinate, entered, copy.place, exported))
    return FormRow(cells[TEAM].place, quarter, team, note or None, cells[NOTE].place, tuple(entries), tuple(problems))


def _looks_like_a_row(cells: Cells) -> bool:
    """Whether somebody entered an amount there for a quarter and a team: totals and remarks are no such rows."""
    try:
        Quarter.parse(_text(cells[QUARTER]))
    except Unreadable:
        return False
    return not cells[TEAM].empty and not (cells[BUDGET].empty and cells[FORECAST].empty)


# --- cells ------------------------------------------------------------------------------------------


def as_shown(text: str) -> str:
    """A text of a file, fit for a line on a terminal: � for what cannot be printed."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _quarter(cell: Cell) -> str:
    return str(Quarter.parse(_text(cell)))


def _team(cell: Cell) -> str:
    team = _text(cell)
    if not team:
        raise Unreadable("no team is named: whose amounts are they?")
    return team


def _exported(cell: Cell, currency: Currency) -> int | None:
    """The copy of what stood in the ledger, minor units. Raises Unreadable: nobody is asked to type there."""
    try:
        return _amount(cell, currency)
    except Unreadable as error:
        raise Unreadable(
            f"'{_shortened(str(cell.value))}' is no copy of an amount as it was exported: the cell was edited. "
            "`debt report QUARTER` writes the form anew."
        ) from error


def _text(cell: Cell) -> str:
    """What a cell says, without white space around it. Raises Unreadable for an error, or a formula without a value."""
    _refuse_what_has_no_value(cell)
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean_text("" if value is None else str(value))


def _amount(cell: Cell, currency: Currency) -> int | None:
    """A cell's amount in minor units, None if it is empty. Raises Unreadable: why not, and what to type."""
    if cell.empty:
        return None
    _refuse_what_has_no_value(cell)
    value = cell.value
    if value is None or isinstance(value, str):
        raise Unreadable(
            f"'{_shortened(value or '')}' is text: type a number, without separators of thousands or a currency."
        )
    if isinstance(value, bool):
        raise Unreadable(f"{str(value).upper()} is no amount: type a number.")
    if not isinstance(value, int | float):
        raise Unreadable(f"{value} is a date or a time: type a number, and set the cell's format to Number.")
    if "%" in cell.number_format:
        raise Unreadable("a per cent is no amount: type a number, and set the cell's format to Number.")
    return _minor(value, currency)


def _refuse_what_has_no_value(cell: Cell) -> None:
    if cell.kind == "e":
        raise Unreadable(f"{_shortened(str(cell.value))} is an error: mend the formula, or type what is meant.")
    if cell.formula and cell.value is None and cell.kind != "str":
        raise Unreadable(
            "the formula has no saved value: open the file in a spreadsheet program and save it, or type a number."
        )


def _minor(value: int | float, currency: Currency) -> int:
    """A number in major units as minor units. Raises Unreadable: too large, too many decimals, negative."""
    # Compared before it is scaled: a cell can hold three hundred digits.
    if not abs(value) <= MAX_MINOR:
        raise Unreadable(_too_large(value, currency))
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_DIGITS}g}")
    scaled = exact.scaleb(currency.exponent)
    minor = int(scaled.to_integral_value())
    noise = min(max(abs(scaled) * _NOISE, _NOISE_LEAST), _NOISE_MOST)
    if abs(scaled - minor) > noise:
        raise Unreadable(f"{exact:f} has more decimals than {currency.code}, which has {currency.exponent}: round it.")
    if minor < 0:
        raise Unreadable(f"{exact:f} is negative: type 0 or more.")
    if minor > MAX_MINOR:
        raise Unreadable(_too_large(value, currency))
    return minor


def _too_large(value: int | float, currency: Currency) -> str:
    return f"{_shortened(str(value))} has more than 15 digits: at most {currency.text(MAX_MINOR)} is allowed."


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
