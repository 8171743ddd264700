"""What the sheets of entries share: an entry's columns and cells."""

from __future__ import annotations

from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.examination import Examination
from ledger.journal_tests.listing import kind_of
from reports.sheet import CellContent, Column, Kind

YES = "yes"


def entry_columns(found: Examination) -> tuple[Column, ...]:
    """The facts of an entry; the database's user only where the database knows one."""
    columns = [
        Column("position", "Position", Kind.COUNT),
        Column("kind", "Kind", Kind.CODE),
        Column("stream", "Stream", Kind.CODE),
        Column("actor", "Actor", Kind.TEXT, 22),
        Column("user", "Database user", Kind.TEXT, 16),
        Column("effective", "Effective", Kind.DATE),
        Column("happened", "Happened", Kind.DATE),
        Column("local", f"Recorded, {found.subject.time_zone}", Kind.STAMP),
        Column("amount", f"Amount {found.subject.currency}", Kind.EXACT),
        Column("spent", f"Spent {found.subject.currency}", Kind.EXACT),
        Column("imported", "Imported", Kind.CODE),
        Column("earlier", "Earlier", Kind.CODE),
    ]
    return tuple(column for column in columns if column.key != "user" or found.sessions)


def entry_cells(entry: JournalEntry, found: Examination) -> dict[str, CellContent]:
    """An entry's facts, as values."""
    cells: dict[str, CellContent] = {
        "position": entry.position,
        "kind": kind_of(entry.stored_as),
        "stream": entry.stream,
        "actor": entry.actor,
        "effective": entry.effective_on,
        "happened": entry.occurred_on,
        "local": entry.recorded_local.replace(microsecond=0),
        "amount": entry.amount_minor,
        "spent": entry.spent_minor,
        "imported": YES if entry.imported else None,
        "earlier": YES if entry.earlier else None,
    }
    if found.sessions:
        cells["user"] = entry.session_user
    return cells


def counted(count: int, noun: str = "entry", nouns: str = "entries") -> str:
    """'no entry', '1 entry', '1,200 entries'."""
    return f"no {noun}" if not count else f"1 {noun}" if count == 1 else f"{count:,} {nouns}"
