"""Verifying a book: against itself, and against what was kept elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ledger.queries.reader import Reader
from ledger.services.kept_elsewhere import KeptElsewhere, contradiction
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell
from ledger.store.decisions import DecidedAgain, decide_again
from ledger.store.verification import Verification
from ledger.store.verify import verify as verify_book
from ledger.vocabulary.errors import Refused


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, and what the book was held against.

    found: everything that is wrong. decided: what deciding every request again found, None if that was not asked for.
    """

    found: Verification
    kept: KeptElsewhere | None = None
    decided: DecidedAgain | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing was touched and no law is broken, as far as that can be told."""
        return self.found.ok

    @property
    def untouched(self) -> bool:
        """Whether all that is wrong was recorded so: a rule was broken, and nothing altered since."""
        return self.found.problem_count == (self.decided.broken if self.decided else 0)

    def as_json(self) -> dict[str, Any]:
        """The shape that `debt verify --format json` prints."""
        shape = self.found.as_json()
        if self.kept:
            shape["proved"] = self.proved
        if self.decided:
            shape["decided"] = self.decided.requests
            shape["differs"] = [asdict(each) for each in self.decided.differing]
        return shape

    @property
    def proved(self) -> str | None:
        """What agreeing with what was kept elsewhere proves; None if nothing was kept or the book does not agree."""
        return self.kept.proved if self.kept and self.ok and self.found.events else None


def verify(
    books: OpenedLedger, kept: KeptElsewhere | None = None, progress: Tell | None = None, *, decide: bool = False
) -> Verified:
    """Hold a whole book against its own hashes, and against something kept elsewhere.

    decide: also decide every request again, on the state before it; what breaks a law is a problem like others.
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
        decided = decide_again(connection, name, found, progress) if decide else None
    return Verified(found, kept, decided)
