"""The audit report: the journal-entry tests over a quarter or a whole book, and their workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.journal_tests.entries import JournalEntry
from ledger.journal_tests.examination import Examination, Subject, examine
from ledger.journal_tests.parameters import Parameters
from ledger.queries.audit.entries import RecordedPeriod, closings, entries, head_hash, logins, period_of
from ledger.queries.audit.standstills import standstills_in
from ledger.queries.reader import Reader
from ledger.services.files import as_private_as, refuse_target
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, Tell
from ledger.vocabulary.outside_files import resolved
from ledger.vocabulary.quarters import Quarter

#: A sheet holds about a million rows; a reader does not.
_MOST_ON_A_SHEET = 50_000


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """What is to be tested. quarter: None for the whole book. known_at: a time; now by default.

    seeded: whether the parameters tell the sample's seed; otherwise it is the hash of the last event.
    """

    parameters: Parameters
    quarter: str | None = None
    known_at: str | None = None
    seeded: bool = False


def audit_report(
    books: OpenedLedger, wanted: AuditWanted, *, most: int | None = None, progress: Tell | None = None
) -> Examination:
    """Make the journal-entry tests. most: entries listed per test; None for all. progress: told how many are read."""
    with books.reader(wanted.known_at) as reader:
        head = head_hash(reader)
        parameters = wanted.parameters if wanted.seeded else replace(wanted.parameters, seed=head)
        period = None if wanted.quarter is None else period_of(reader, Quarter.parse(wanted.quarter))

        def read() -> Iterator[JournalEntry]:
            for count, entry in enumerate(entries(reader, period), start=1):
                if progress is not None and count % 1000 == 0:
                    progress(count)
                yield entry

        subject = _subject(reader, wanted.quarter, period, head)
        stood = standstills_in(reader, period)
        return examine(subject, read, parameters, closings(reader), logins(reader), standstills=stood, most=most)


def _subject(reader: Reader, quarter: str | None, period: RecordedPeriod | None, head: str) -> Subject:
    return Subject(
        book=reader.name,
        time_zone=reader.book.time_zone,
        currency=reader.currency.code,
        exponent=reader.currency.exponent,
        quarter=quarter,
        first_day=period.first_day if period else None,
        last_day=period.last_day if period else None,
        position=reader.position,
        known_at=reader.known_at,
        head_hash=head,
    )


def refuse_workbook(books: OpenedLedger, path: Path, *, force: bool) -> None:
    """Raise what keeps a workbook from being written there, before anything is tested."""
    refuse_target(resolved(path), books.ledger, force=force)


def write_workbook(books: OpenedLedger, found: Examination, path: Path, told: Steps | None = None) -> None:
    """Write what was found as a workbook: beside its place first, and moved there when it is whole."""
    from reports.audit.workbook import audit_workbook
    from reports.pack.files import put

    target = resolved(path)
    with as_private_as(books.ledger):
        put(target.parent, {target.name: audit_workbook(found, most=_MOST_ON_A_SHEET, progress=told)})
