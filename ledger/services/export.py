"""Exporting the book for other programs, to a file or a stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO

from ledger.exporters import EXPORTERS, CodeOf, Wanted, exporter, no_code
from ledger.queries.reader import Reader
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import resolved

#: What a book can be exported as.
KINDS = tuple(EXPORTERS)


@dataclass(frozen=True, slots=True)
class ExportWanted:
    """What is to be exported. as_of: the last effective day that counts; every day by default. known_at: as known then.

    accounts: the finance department's codes by our accounts, for the CSV (`reports.pack.accounts`).
    """

    kind: str
    as_of: date | None = None
    known_at: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)


def export_file(
    books: OpenedLedger, wanted: ExportWanted, path: Path, *, force: bool = False, progress: Tell | None = None
) -> int:
    """Write the book to a file, whole or not at all; the position as of which it was known.

    force: replace a file that is there. Raises Refused, Unreadable for a file that cannot be written there.
    """
    target = resolved(path)
    refuse_target(target, books.ledger, force=force)
    with _exported(books, wanted, progress) as (reader, texts), whole_or_not_at_all(target, books.ledger) as file:
        file.writelines(texts)
        return reader.position


def export_stream(books: OpenedLedger, wanted: ExportWanted, stream: IO[bytes], progress: Tell | None = None) -> None:
    """Write the book to a stream."""
    with _exported(books, wanted, progress) as (_, texts):
        stream.writelines(texts)
        stream.flush()


@contextmanager
def _exported(
    books: OpenedLedger, wanted: ExportWanted, progress: Tell | None
) -> Iterator[tuple[Reader, Iterator[bytes]]]:
    """As bytes, so that neither the platform's line ends nor its encoding get into them."""
    code_of = _codes(wanted.accounts) if wanted.kind == "csv" else no_code
    with books.reader(wanted.known_at) as reader:
        texts = exporter(wanted.kind)(reader, Wanted(wanted.as_of, code_of, progress))
        yield reader, (text.encode() for text in texts)


def _codes(accounts: Mapping[str, str]) -> CodeOf:
    """What the configuration calls an account of ours. Raises Unreadable for a mapping that does not fit."""
    if not accounts:
        return no_code
    from reports.pack.accounts import UnmappedAccountError, check_accounts, gl_code

    try:
        check_accounts(accounts, ())
    except UnmappedAccountError as error:
        raise Unreadable(f"{error} Nothing was exported.") from error

    @cache
    def code_of(account: str, cost_centre: str | None) -> str:
        code = gl_code(accounts, account, cost_centre)
        if code is None:
            raise Unreadable(f"[accounts] has no code for {account}, which the book posts to. Nothing was exported.")
        return code

    return code_of
