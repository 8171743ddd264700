"""The budget form, filled in: what finance entered, row by row, and what cannot be read of it.

Everything here is of the file alone; `ledger.importers.forms.budget_import` holds it against the ledger. A row that cannot be
read is kept with its problems, so that all of them are told at once. Only the sheets that are asked about are read: a
pack's Postings may hold a hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ledger.vocabulary.budget_form import (
    BUDGET,
    BUDGET_EXPORTED,
    FORECAST,
    FORECAST_EXPORTED,
    NOTE,
    QUARTER,
    TABLE,
    TEAM,
    BudgetForm,
    FormEntry,
    FormProblem,
    FormRow,
    What,
)
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import MAX_MINOR, Currency
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.text import clean_text
from reports.returned.cells import Bounds, Found, FoundRow, ReturnedWorkbook, TablePlace, opened
from reports.returned.number_texts import minor_units
from reports.returned.origin import form_origin
from reports.xlsx.layout import letter_of, quoted

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

#: Of a form. Some rows below the table are looked at as well, where somebody may have gone on writing.
_MOST_ROWS, _MOST_COLUMNS, _ROWS_BELOW = 20_000, 200, 1_000

_SHOWN = 40
_NOTHING = Found(None, "n")


class FormCell(NamedTuple):
    """One cell of the form. place: with its sheet, 'Budget!D7'; coordinate: without, 'D7'."""

    place: str
    coordinate: str
    found: Found

    @property
    def value(self) -> Any:
        """As the file holds it, of a formula the saved value; None if there is none."""
        return self.found.value

    @property
    def empty(self) -> bool:
        """Whether nothing is in it; blanks that nobody sees are nothing."""
        if self.found.formula:
            return False
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


#: One row of the form: the cell under each heading.
Cells = Mapping[str, FormCell]


def read_form(path: Path, currency: Currency) -> BudgetForm:
    """Read a budget form. Raises Unreadable if the file is none; what is wrong in a cell is told with its row."""
    with opened(path) as book:
        table = book.table(TABLE)
        if table is None:
            raise Unreadable(
                f"{path} holds no table {TABLE}: is this the workbook of `debt report`? Its sheet Budget is the form."
            )
        own, below = _rows(path, book, table)
        return BudgetForm(
            path=path,
            sha256=book.sha256,
            origin=form_origin(book),
            rows=tuple(_row(cells, currency) for cells in own if not all(cells[name].empty for name in _COLUMNS)),
            problems=tuple(
                FormProblem(
                    cells[QUARTER].place,
                    f"stands below the table {TABLE}, where it is not read: make the table longer.",
                )
                for cells in below
                if _looks_like_a_row(cells)
            ),
        )


def _rows(path: Path, book: ReturnedWorkbook, table: TablePlace) -> tuple[list[Cells], list[Cells]]:
    """The rows of the table, and those under it. Raises Unreadable for a heading that is missing or there twice."""
    if table.last_row - table.top > _MOST_ROWS or table.right > _MOST_COLUMNS:
        raise Unreadable(
            f"{path}: the table {TABLE} reaches from row {table.top} to {table.last_row} and to column "
            f"{letter_of(table.right)}. A form has at most {_MOST_ROWS:,} rows and {_MOST_COLUMNS} columns: make it smaller."
        )
    within = Bounds(table.last_row + _ROWS_BELOW, table.right)
    rows = book.rows(table.sheet, formats=True, within=within)
    found = {number: row for number, row in rows if number >= table.top}
    heading = found.pop(table.top, {})
    columns = _columns(path, table, {at: heading[at] for at in range(table.left, table.right + 1) if at in heading})
    own: list[Cells] = []
    below: list[Cells] = []
    for number, row in found.items():
        cells = {name: _cell(table.sheet, number, column, row) for name, column in columns.items()}
        (own if number <= table.last_row else below).append(cells)
    return own, below


def _cell(sheet: str, number: int, column: int, row: FoundRow) -> FormCell:
    coordinate = f"{letter_of(column)}{number}"
    return FormCell(f"{quoted(sheet)}!{coordinate}", coordinate, row.get(column, _NOTHING))


def _columns(path: Path, table: TablePlace, heading: FoundRow) -> dict[str, int]:
    """Where each column stands, by its heading. Raises Unreadable for one that is missing or there twice."""
    said = {column: " ".join(str(found.value).split()) for column, found in heading.items()}
    folded = [name.casefold() for name in said.values()]
    missing = [name for name in _COLUMNS if name.casefold() not in folded]
    if missing:
        place = _cell(table.sheet, table.top, table.left, heading).place
        raise Unreadable(
            f"{path}: the table {TABLE} lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; its header in "
            f"{place} says {', '.join(said.values())}. `debt report QUARTER` writes the form anew."
        )
    for name in _COLUMNS:
        if folded.count(name.casefold()) > 1:
            raise Unreadable(f"{path}: the table {TABLE} has the column {name} twice: rename the one that was added.")
    return {name: next(at for at, text in said.items() if text.casefold() == name.casefold()) for name in _COLUMNS}


def _row(cells: Cells, currency: Currency) -> FormRow:
    problems: list[FormProblem] = []

    def read(name: str, reading: Callable[[FormCell], T]) -> T | None:
        try:
            return reading(cells[name])
        except Unreadable as error:
            problems.append(FormProblem(cells[name].place, str(error)))
            return None

    quarter, team, note = read(QUARTER, _quarter), read(TEAM, _team), read(NOTE, _text)
    entries = []
    for what, column, copy_column in _PLANNED:
        known, cell, copy = len(problems), cells[column], cells[copy_column]
        entered = read(column, lambda cell: _amount(cell, currency))
        exported = read(copy_column, lambda cell: _exported(cell, currency))
        if len(problems) == known:
            as_text = isinstance(cell.value, str) and entered is not None
            entries.append(FormEntry(what, cell.place, cell.coordinate, entered, copy.place, exported, as_text))
    return FormRow(cells[TEAM].place, quarter, team, note or None, cells[NOTE].place, tuple(entries), tuple(problems))


def _looks_like_a_row(cells: Cells) -> bool:
    """Whether somebody entered an amount there for a quarter and a team: totals and remarks are no such rows."""
    try:
        Quarter.parse(_text(cells[QUARTER]))
    except Unreadable:
        return False
    return not cells[TEAM].empty and not (cells[BUDGET].empty and cells[FORECAST].empty)


# --- cells ------------------------------------------------------------------------------------------


def _quarter(cell: FormCell) -> str:
    return str(Quarter.parse(_text(cell)))


def _team(cell: FormCell) -> str:
    team = _text(cell)
    if not team:
        raise Unreadable("no team is named: whose amounts are they?")
    return team


def _exported(cell: FormCell, currency: Currency) -> int | None:
    """The copy of what stood in the ledger, minor units. Raises Unreadable: nobody is asked to type there."""
    try:
        return _amount(cell, currency)
    except Unreadable as error:
        raise Unreadable(
            f"'{_shortened(str(cell.value))}' is no copy of an amount as it was exported: the cell was edited. "
            "`debt report QUARTER` writes the form anew."
        ) from error


def _text(cell: FormCell) -> str:
    """What a cell says, without white space around it. Raises Unreadable for an error, or a formula without a value."""
    _refuse_what_has_no_value(cell)
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean_text("" if value is None else str(value))


def _amount(cell: FormCell, currency: Currency) -> int | None:
    """A cell's amount in minor units, None if it is empty. Raises Unreadable: why not, and what to type."""
    if cell.empty:
        return None
    _refuse_what_has_no_value(cell)
    value = cell.value
    if value is None or isinstance(value, str):
        return _minor_of_text(cell, currency)
    if isinstance(value, bool):
        raise Unreadable(f"{str(value).upper()} is no amount: type a number.")
    if not isinstance(value, int | float):
        raise Unreadable(f"{value} is a date or a time: type a number, and set the cell's format to Number.")
    if "%" in cell.found.number_format:
        raise Unreadable("a per cent is no amount: type a number, and set the cell's format to Number.")
    try:
        return _minor(value, currency)
    except Unreadable as error:
        if not cell.found.formula:
            raise
        raise Unreadable(
            f"the formula {_shortened(cell.found.formula)} gives a value that cannot stand: {error}"
        ) from error


def _minor_of_text(cell: FormCell, currency: Currency) -> int:
    """The amount that a text spells; a formula's text is none. Raises Unreadable for what is no plain number."""
    text = cell.value or ""
    minor = None if cell.found.formula else minor_units(text, currency)
    if minor is None:
        raise Unreadable(f"'{_shortened(text)}' is text: type a number, without separators of thousands or a currency.")
    if minor > MAX_MINOR:
        raise Unreadable(_too_large(text, currency))
    return minor


def _refuse_what_has_no_value(cell: FormCell) -> None:
    if cell.found.type == "e":
        raise Unreadable(f"{_shortened(str(cell.value))} is an error: mend the formula, or type what is meant.")
    if cell.found.formula and cell.value is None and cell.found.type != "str":
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
        raise Unreadable(
            f"{exact:f} has more decimals than {currency.code}, which has {currency.exponent}: round it, with "
            f"ROUND(…, {currency.exponent}) in a formula."
        )
    if minor < 0:
        raise Unreadable(f"{exact:f} is negative: type 0 or more.")
    if minor > MAX_MINOR:
        raise Unreadable(_too_large(value, currency))
    return minor


def _too_large(value: int | float | str, currency: Currency) -> str:
    return f"{_shortened(str(value))} has more than 15 digits: at most {currency.text(MAX_MINOR)} is allowed."


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
