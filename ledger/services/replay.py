"""Replaying a book: folded from the events alone, and held against its read models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice

from ledger.accounts.general_ledger import GeneralLedger
from ledger.queries.audit.disagreement import Disagreement
from ledger.queries.audit.replay import Moved, disagreeing_rows, disagreements, moved, replayed
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell


@dataclass(frozen=True, slots=True)
class Replay:
    """What was replayed. position, known_at: of the moment that it was read at.

    disagreements: every figure that the read models give differently, or the first one; if none does, the rows that are
    not what follows from the events. moved: None if no period was asked for.
    """

    folded: GeneralLedger
    position: int
    known_at: str
    disagreements: tuple[Disagreement, ...]
    moved: tuple[Moved, ...] | None


def replay(
    books: OpenedLedger,
    as_of: date,
    known_at: str | None = None,
    *,
    since: date | None = None,
    check: bool = False,
    progress: Tell | None = None,
) -> Replay:
    """Fold the books to a day. since: the first day of the events that are wanted too. check: stop at the first difference.

    Raises StoreError for events that cannot be read or be.
    """
    with books.reader(known_at) as reader:
        folded = replayed(reader, as_of, progress)
        most = 1 if check else None
        # Where figures differ, rows would only say why, which `debt verify` does.
        found = tuple(islice(disagreements(reader, folded), most)) or tuple(islice(disagreeing_rows(reader), most))
        events = tuple(moved(reader, since, as_of)) if since and not check else None
        return Replay(folded, reader.position, reader.known_at, found, events)
