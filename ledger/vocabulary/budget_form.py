"""The form in which finance plans: the Excel table of the sheet Budget, and what was entered in it.

The sheet writes it by the words that stand here, `reports.returned.budget_form` finds it again by them, wherever it
was moved, and `ledger.services.budget_import` holds what was entered against the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TABLE = "tblBudget"

QUARTER, TEAM = "Quarter", "Team"
BUDGET, FORECAST, NOTE = "Budget", "Forecast", "Note"
#: The values that the ledger held when the sheet was written; what was entered is compared with them.
BUDGET_EXPORTED, FORECAST_EXPORTED = "Budget as exported", "Forecast as exported"

#: The sheet that says where the workbook comes from: a label in column A, its value in column B.
ABOUT = "About"
ABOUT_BOOK, ABOUT_POSITION, ABOUT_HASH = "Book", "Position of the last event known", "Hash of that event"

What = Literal["budget", "forecast"]


@dataclass(frozen=True, slots=True)
class FormProblem:
    """Something that cannot be read or recorded. place: its cell, 'Budget!D7'; why: a sentence or several."""

    place: str
    why: str


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A cell for an amount and its exported copy, in minor units, None where nothing stands.

    place, coordinate: of the cell, 'Budget!D7' and 'D7'; copy: the place of the exported copy. as_text: whether the
    cell holds a text that is a plain number.
    """

    what: What
    place: str
    coordinate: str
    entered_minor: int | None
    copy: str
    exported_minor: int | None
    as_text: bool = False

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
    entries: tuple[FormEntry, ...]
    problems: tuple[FormProblem, ...]


@dataclass(frozen=True, slots=True)
class FormOrigin:
    """What the sheet About says: the workbook's book, the last event it knew, and that event's hash; None if nothing."""

    book: str | None
    position: int | None
    head_hash: str | None


@dataclass(frozen=True, slots=True)
class BudgetForm:
    """What a file holds. origin: None if it has no sheet About. problems: those that belong to no row.

    sha256: of the file, 64 hexadecimal digits.
    """

    path: Path
    sha256: str
    origin: FormOrigin | None
    rows: tuple[FormRow, ...]
    problems: tuple[FormProblem, ...]

    @property
    def entries(self) -> Iterator[FormEntry]:
        """Every amount that can be read, row by row."""
        return (entry for row in self.rows for entry in row.entries)


def as_shown(text: str) -> str:
    """A text of a file, fit for a line on a terminal: � for what cannot be printed."""
    return "".join(character if character.isprintable() else "�" for character in text)
