"""`debt budget import`: a form held against the ledger, its differences shown, or recorded in one transaction.

What counts is what the ledger holds inside the transaction: a preview is a preview. A file is recognised by
its bytes, and is imported once, whoever sends it again and whatever was set in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
from sqlalchemy import Connection, bindparam, select

from ledger.decide import decide
from ledger.decide.budget_set import SetBudget
from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.forecast_set import SetForecast
from ledger.decide.quarterly_amount import SetAmount
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.state import Book, State, evolve_book
from ledger.decide.team import known_team
from ledger.events.codec import decode
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.transaction import Unit
from ledger.tables.facts import event
from ledger.tables.facts import request as request_table
from ledger.vocabulary.budget_form import BudgetForm, FormEntry, FormProblem, FormRow, What, as_shown
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import BOOK_STREAM

_COMMANDS: Mapping[What, type[SetBudget] | type[SetForecast]] = {"budget": SetBudget, "forecast": SetForecast}

_POSITIONS = select(request_table.c.first_position).where(
    request_table.c.book == bindparam("book"), request_table.c.key.in_(bindparam("keys", expanding=True))
)
_AT = (
    select(event.c.body, event.c.hash)
    .where(event.c.book == bindparam("book"), event.c.position.in_(bindparam("positions", expanding=True)))
    .order_by(event.c.position)
)
_BOOK_BODIES = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stream == BOOK_STREAM,
        event.c.position <= bindparam("position"),
    )
    .order_by(event.c.position)
)
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """An amount that the file sets. ledger_minor: what stands there now, None if nothing does."""

    entry: FormEntry
    key: str
    command: SetAmount
    ledger_minor: int | None


@dataclass(frozen=True, slots=True)
class FormComparison:
    """What importing a form does. changes: what it records, in the order of the file.

    standing: places of entries that the ledger holds already. idle_notes: places of notes that stand beside no
    change. earlier: the receipts of the file, if it was imported before; it has no changes then.
    """

    changes: tuple[Change, ...] = ()
    standing: tuple[str, ...] = ()
    idle_notes: tuple[str, ...] = ()
    earlier: tuple[Receipt, ...] = ()

    @property
    def as_text(self) -> tuple[str, ...]:
        """Places of changes that stand in the file as text."""
        return tuple(change.entry.place for change in self.changes if change.entry.as_text)


class FormRefused(Refused):
    """Cells of a form cannot be imported; nothing of it was recorded."""

    def __init__(self, form: BudgetForm, problems: Sequence[FormProblem]) -> None:
        """problems: all of them, not empty, in the order of the file."""
        self.problems = tuple(problems)
        below = "".join(f"\n{line}" for line in self._below)
        super().__init__(
            f"{form.path} cannot be imported as it is.", f"Mend what is named here, and import the file again:{below}"
        )

    @property
    def lines(self) -> tuple[str, ...]:
        below = self._below
        return (str(self).removesuffix("".join(f"\n{line}" for line in below)), *below)

    @property
    def _below(self) -> tuple[str, ...]:
        return tuple(f"  {problem.place}: {as_shown(problem.why)}" for problem in self.problems)


def compare(ledger: Ledger, path: Path, today: date) -> FormComparison:
    """What importing a form would do now; nothing is recorded.

    Raises Unreadable for a file that is no form, Refused where importing it would be refused.
    """
    form = _form_in(path, ledger)
    with ledger.reading() as connection:
        return _compared(connection, Memory(connection, ledger.book), form, today)


def record(ledger: Ledger, path: Path, *, actor: str, asked_on: date) -> tuple[FormComparison, tuple[Receipt, ...]]:
    """Record every change of a form in one transaction, or none. Raises Unreadable and Refused."""
    form = _form_in(path, ledger)

    def work(unit: Unit) -> tuple[FormComparison, tuple[Receipt, ...]]:
        found = _compared(unit.connection, unit.memory, form, asked_on)
        receipts = [
            receipt
            for change in found.changes
            for receipt in unit.record(Request(change.command, actor, asked_on, change.key), HASHED_HERE)
        ]
        return found, tuple(receipts)

    return ledger.append(work)


def _form_in(path: Path, ledger: Ledger) -> BudgetForm:
    """The filled-in form of a workbook. Raises Unreadable."""
    # It pulls in openpyxl: only here, only now.
    from reports.returned.budget_form import read_form

    return read_form(path, ledger.settings().currency)


def key_of(form: BudgetForm, entry: FormEntry) -> str:
    """The request's key: the file and the cell. A table stands on one sheet, so that its name need not be told."""
    return f"budget import {form.sha256} {entry.coordinate}"


def _compared(connection: Connection, memory: Memory, form: BudgetForm, today: date) -> FormComparison:
    at_export = _book_at_export(connection, memory.name, form)
    earlier = _earlier(connection, memory.name, form)
    if earlier:
        return FormComparison(earlier=earlier)
    state = msgspec.structs.replace(memory.state_for(Needs(teams=True), today), objections=HASHED_HERE)
    comparing = _Comparing(form, state, at_export)
    for row in form.rows:
        comparing.take(row)
    problems = [*comparing.problems, *form.problems]
    if problems:
        raise FormRefused(form, problems)
    return FormComparison(tuple(comparing.changes), tuple(comparing.standing), tuple(comparing.idle_notes))


@dataclass(slots=True)
class _Comparing:
    """Takes the rows of a form one by one. at_export: the book as the form knew it; None if it does not say."""

    form: BudgetForm
    state: State
    at_export: Book | None
    changes: list[Change] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    idle_notes: list[str] = field(default_factory=list)
    problems: list[FormProblem] = field(default_factory=list)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, row: FormRow) -> None:
        """Hold a row against the ledger."""
        self.problems += row.problems
        if row.team is None:
            return
        try:
            team = _known(row.team, self.state)
        except Refused as refusal:
            self.problems.append(FormProblem(row.place, _reason(refusal)))
            return
        if row.quarter is None:
            return
        before = self._seen.setdefault((row.quarter, team), row.place)
        if before != row.place:
            why = f"{row.quarter} of {team} stands in the form twice, see {before}: keep one of the two rows."
            self.problems.append(FormProblem(row.place, why))
            return
        known = len(self.changes) + len(self.standing)
        for entry in row.entries:
            self._hold(entry, row.quarter, team, row.note)
        if row.note and len(self.changes) + len(self.standing) == known:
            self.idle_notes.append(row.note_place)

    def _hold(self, entry: FormEntry, quarter: str, team: str, note: str | None) -> None:
        wrong = self._edited_copy(entry, quarter, team)
        if wrong:
            self.problems.append(FormProblem(entry.copy, wrong))
            return
        if not entry.changed:
            return
        if entry.entered_minor is None:
            was = self.state.opened_book().currency.text(entry.exported_minor or 0)
            why = f"{was} was cleared, and a {entry.what} that was set cannot be unset: type 0, or the amount again."
            self.problems.append(FormProblem(entry.place, why))
            return
        ledger_minor = _standing(self.state.opened_book(), entry.what, quarter, team)
        if ledger_minor == entry.entered_minor:
            self.standing.append(entry.place)
            return
        command = _COMMANDS[entry.what](
            quarter=quarter,
            team=team,
            amount_minor=entry.entered_minor,
            file_sha256=self.form.sha256,
            cell=entry.place,
            expected_minor=entry.exported_minor,
            evidence=note,
        )
        try:
            decide(command, self.state)
        except Refused as refusal:
            self.problems.append(FormProblem(entry.place, _reason(refusal)))
        else:
            self.changes.append(Change(entry, key_of(self.form, entry), command, ledger_minor))

    def _edited_copy(self, entry: FormEntry, quarter: str, team: str) -> str:
        """What is wrong with an exported copy that is not what the ledger held when the form was written."""
        origin = self.form.origin
        if self.at_export is None or origin is None:
            return ""
        held = _standing(self.at_export, entry.what, quarter, team)
        if held == entry.exported_minor:
            return ""
        text = self.at_export.currency.text
        said, was = ("nothing" if amount is None else text(amount) for amount in (entry.exported_minor, held))
        return (
            f"the exported copy says {said}, but the {entry.what} of {quarter} for {team} was {was} at position "
            f"{origin.position}, of which this form is: the copy, the quarter or the team was edited. "
            "`debt report QUARTER` writes the form anew."
        )


def _known(team: str, state: State) -> str:
    """The team that a form names, which shows � for what a file cannot carry. Raises Refused if there is none."""
    if team not in state.teams:
        shown = {as_shown(known): known for known in sorted(state.teams)}
        team = shown.get(as_shown(team), team)
    known_team(team, state)
    return team


def _standing(book: Book, what: What, quarter: str, team: str) -> int | None:
    return (book.budgets if what == "budget" else book.forecasts).get((quarter, team))


def _reason(refusal: Refused) -> str:
    """A rule's words for one cell; that nothing was recorded is said once, for the whole file."""
    return f"{refusal.why} {refusal.instead}".strip()


def _earlier(connection: Connection, book: str, form: BudgetForm) -> tuple[Receipt, ...]:
    """The receipts of the file, if it was imported before, by whomever: all of it was recorded then."""
    keys = [key_of(form, entry) for entry in form.entries if entry.changed]
    positions: list[int] = []
    for start in range(0, len(keys), _AT_ONCE):
        chunk = {"book": book, "keys": keys[start : start + _AT_ONCE]}
        positions += connection.execute(_POSITIONS, chunk).scalars()
    if not positions:
        return ()
    rows = connection.execute(_AT, {"book": book, "positions": positions})
    return tuple(Receipt(decode(body), hash_, repeated=True) for body, hash_ in rows)


def _book_at_export(connection: Connection, name: str, form: BudgetForm) -> Book | None:
    """The book as the form knew it, None if the form does not say what it knew. Raises Refused for another's form."""
    origin = form.origin
    if origin is None:
        return None
    if origin.book is not None and as_shown(origin.book) != as_shown(name):
        raise Refused(
            f"{form.path} is a form of the book '{as_shown(origin.book)}', and this is the book '{name}'.",
            "Choose the book with --book, and the database with --database.",
        )
    if origin.position is None or origin.head_hash is None:
        return None
    found = connection.execute(_AT, {"book": name, "positions": [origin.position]}).one_or_none()
    if found is None or found.hash != origin.head_hash:
        here = f"has the hash {found.hash[:12]}" if found else "does not exist"
        raise Refused(
            f"{form.path} was written from another ledger: its event at position {origin.position} has the hash "
            f"{as_shown(origin.head_hash[:12])}, and here it {here}.",
            "Choose the database with --database; `debt report QUARTER` writes the form of this one.",
        )
    book: Book | None = None
    for body in connection.execute(_BOOK_BODIES, {"book": name, "position": origin.position}).scalars():
        book = evolve_book(book, decode(body))
    return book
