"""The workbook of the journal-entry tests: what an auditor takes along, asks about, and fills in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ledger.journal_tests.examination import Examination
from ledger.vocabulary.spreadsheet_text import printable
from reports.audit import about, actors, digits, gaps, listed, logins, sample, standstills, summary
from reports.content import naive_utc
from reports.sheet import Sheet
from reports.text import log_what_changes
from reports.xlsx.writer import Stamp, workbook_bytes


def audit_workbook(
    found: Examination, *, most: int | None = None, progress: Callable[[str, float], None] | None = None
) -> bytes:
    """The finished .xlsx; the same examination gives the same bytes.

    most: rows on the sheet of one test, all by default. Raises ValueError for a time that is none.
    """
    subject = found.subject
    known_at = naive_utc(subject.known_at)
    if known_at is None:
        raise ValueError("A report needs the time at which its last event was recorded.")
    log_what_changes(_texts(found))
    stamp = Stamp(
        pack=printable(f"Journal-entry tests · {subject.quarter or 'whole book'} · {subject.book}"),
        footer=f"head {subject.head_hash[:12]} · position {subject.position}",
        exponent=subject.exponent,
        known_at=known_at,
    )
    return workbook_bytes(described(found, most), stamp, progress)


def described(found: Examination, most: int | None = None) -> list[Sheet]:
    """The descriptions of all sheets, in order: a test that was not made has none."""
    made = [tested for tested in found.tested if tested.untested is None]
    return [
        summary.build(found, most),
        *(listed.build(found, tested, most) for tested in made),
        actors.build(found),
        *([logins.build(found)] if found.sessions else []),
        gaps.build(found),
        standstills.build(found),
        digits.build(found),
        sample.build(found),
        about.build(found),
    ]


def _texts(found: Examination) -> Iterator[str]:
    """What people typed, each text once."""
    yield found.subject.book
    yield from sorted({activity.actor for activity in found.actors})
