"""Bundling what an auditor takes away: whole, or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ledger.exporters.bundle import Bundle, write_bundle
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell
from ledger.vocabulary.outside_files import resolved


def bundle(
    books: OpenedLedger,
    path: Path,
    *,
    as_of: date | None = None,
    known_at: str | None = None,
    force: bool = False,
    progress: Tell | None = None,
) -> Bundle:
    """Write the bundle of a book to a file, and tell what it holds.

    as_of: the day of its figures; today by default. force: replace a file that is there. Raises Refused, Unreadable for
    a file that cannot be written there.
    """
    target = resolved(path)
    refuse_target(target, books.ledger, force=force)
    with books.reader(known_at) as reader, whole_or_not_at_all(target, books.ledger) as file:
        return write_bundle(reader, as_of or books.today, file, progress)
