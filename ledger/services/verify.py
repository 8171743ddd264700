"""Verifying a book: against itself, and against what was kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.queries.reader import Reader
from ledger.services.kept_elsewhere import KeptElsewhere, contradiction
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell
from ledger.store.verification import Verification
from ledger.store.verify import verify as verify_book
from ledger.vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, and what the book was held against."""

    found: Verification
    kept: KeptElsewhere | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was touched, as far as that can be told."""
        return self.found.ok

    @property
    def proved(self) -> str | None:
        """What agreeing with what was kept elsewhere proves; None if nothing was kept or the book does not agree."""
        return self.kept.proved if self.kept and self.ok and self.found.events else None


def verify(books: OpenedLedger, kept: KeptElsewhere | None = None, progress: Tell | None = None) -> Verified:
    """Hold a whole book against its own hashes, and against something kept elsewhere.

    Raises Refused for what is of another book, StoreError for a checkpoint of another ledger.
    """
    name = books.settings.name
    if kept and kept.book not in (None, name):
        raise Refused(
            f"{kept.what[0].upper()}{kept.what[1:]} is of the book '{kept.book}', not of '{name}'.",
            f"`debt --book {kept.book} verify …` asks that one, if this database holds it.",
        )
    with books.ledger.reading() as connection:
        found = verify_book(connection, name, expect=kept.expect if kept else None, progress=progress)
        if kept and found.events:
            contradicted = contradiction(kept, Reader(connection, books.settings, found.events, ""))
            found.add([contradicted] if contradicted else [])
    return Verified(found, kept)
