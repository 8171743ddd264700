"""Files that an import leaves to a person: what it refused, and what waits for a decision."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ledger.decide.item import Item
from ledger.importers.decisions.adoptions import OPTIONAL, REQUIRED
from ledger.importers.rows import BadRow, WholeRefused
from ledger.services.files import refuse_target, whole_or_not_at_all
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.spreadsheet_text import guarded

#: What a decision lacks that only a person can say.
LACKING = tuple(name for name in REQUIRED if name != "item")


def refuse_file(target: Path | None, ledger: Ledger) -> None:
    """Raise what keeps a file from being written, before anything is recorded. One that is there is replaced."""
    if target is not None:
        refuse_target(target, ledger, force=True)


def write_rejects(target: Path, refused: Iterable[BadRow], ledger: Ledger) -> None:
    """What was refused: place, key, reason. Only the names of the columns where nothing was."""
    _write(target, ("place", "key", "reason"), ((row.place, row.key, row.why) for row in refused), ledger)


@contextmanager
def leaving_rejects(target: Path | None, ledger: Ledger) -> Iterator[None]:
    """Write the rows that were refused before the refusal of all goes on: with nothing recorded, those have to be corrected.

    Where no row is known to be bad the file has none: what an earlier import left there is not of this one.
    """
    try:
        yield
    except LedgerError as refusal:
        if target is not None:
            write_rejects(target, refusal.bad if isinstance(refusal, WholeRefused) else (), ledger)
        raise


def write_decisions(target: Path, waiting: Iterable[Item], ledger: Ledger) -> None:
    """A row for `debt adopt --file` of each item that was accepted elsewhere: what it lacks is left empty."""
    empty = ("",) * (len(LACKING) + len(OPTIONAL))
    rows = ((item.id, *empty, item.title) for item in waiting)
    _write(target, ("item", *LACKING, *OPTIONAL, "title"), rows, ledger)


def _write(target: Path, names: Sequence[str], rows: Iterable[Sequence[str]], ledger: Ledger) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    with whole_or_not_at_all(target, ledger) as file:
        file.write(text.getvalue().encode())
