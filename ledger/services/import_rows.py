"""`debt import csv`: a spreadsheet of commands, each decided as if it had been typed, recorded at once, as one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select

from ledger.decide.claims import HASHED_HERE
from ledger.decide.import_batch import ImportBatch, RunOpening
from ledger.decide.receipt import Receipt
from ledger.decide.request import command_text
from ledger.events.codec import sha256_hex, stored_name
from ledger.importers.command_rows import CommandRow, CommandRows, column_names, read_command_rows
from ledger.importers.rows import BadRow, Progress, row_reason, settle
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.runs import BY_ROW, batch_key, new_run, runs_so_far
from ledger.store.transaction import Unit
from ledger.tables.facts import request
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text import MAX_NAME, clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

_ASKED = select(request.c.request_json).where(
    request.c.book == bindparam("book"),
    request.c.first_position.between(bindparam("first"), bindparam("last")),
)
_MOST_BYTES = 256 * 2**20

__all__ = ["RowsReport", "column_names", "import_rows"]


@dataclass(frozen=True, slots=True)
class RowsReport:
    """What became of a file of commands: read = rows recorded + unchanged + refused.

    run: under which they are recorded, None if nothing is. unchanged: rows that an earlier run recorded. receipts: of what was
    recorded, in the order of the rows; in a dry run of what would be.
    """

    run: str | None
    read: int
    unchanged: int
    refused: tuple[BadRow, ...]
    receipts: tuple[Receipt, ...]
    dry_run: bool

    @property
    def recorded(self) -> dict[str, int]:
        """Events by stored name."""
        return _by_name(self.receipts)


def import_rows(
    ledger: Ledger,
    path: Path,
    requester: Requester,
    *,
    dry_run: bool = False,
    strict: bool = False,
    decoding: Decoding = RECOGNISED,
    progress: Progress | None = None,
) -> RowsReport:
    """Record the commands of a file that no earlier run recorded, in one transaction; a bad row is reported, the others count.

    A row that stands in the file as often as in runs before is known, whoever asked and when; a run that was undone is
    forgotten. dry_run: everything is decided, and taken back. Raises Unreadable for what is no table of commands, ImportRefused
    if it is strict and a row is bad.
    """
    found = read_command_rows(path, ledger.settings().currency, decoding)
    opening = _Opening(clean_text(path.name)[:MAX_NAME], sha256_hex(bytes_of(path, most=_MOST_BYTES, what="table")))

    def work(unit: Unit) -> RowsReport:
        return _recorded(unit, found, opening, requester, strict=strict, dry_run=dry_run, progress=progress)

    return ledger.try_out(work) if dry_run else ledger.append(work)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What is known of a run before its rows are decided."""

    source: str
    input_sha256: str

    def run(self, counts: dict[str, int]) -> RunOpening:
        return RunOpening(
            kind=BY_ROW,
            source=self.source,
            scopes=(),
            input_sha256=self.input_sha256,
            mapping_sha256=None,
            exported_on=None,
            counts=counts,
            assumptions={},
        )


def _recorded(
    unit: Unit,
    found: CommandRows,
    opening: _Opening,
    requester: Requester,
    *,
    strict: bool,
    dry_run: bool,
    progress: Progress | None,
) -> RowsReport:
    run, known, bad = new_run(unit.connection, unit.book, BY_ROW), _known(unit), list(found.bad)
    receipts: list[Receipt] = []
    read, unchanged = len(found.rows) + len(found.bad), 0
    for number, row in enumerate(found.rows, start=1):
        said = command_text(row.command)
        if known[said]:
            known[said] -= 1
            unchanged += 1
        else:
            receipts += _taken(unit, row, requester, batch_key(run, number + 1), bad)
        if progress:
            progress(number, len(found.rows))
    settle(bad, read, strict=strict)
    if receipts:
        counts = {"read": read, "unchanged": unchanged, "refused": len(bad)}
        batch = ImportBatch(
            run=run,
            system=_only_system(receipts),
            number=1,
            last=True,
            opening=opening.run(counts | _by_name(receipts)),
        )
        receipts += unit.record(requester.request(batch, key=batch_key(run, 1)), HASHED_HERE)
    return RowsReport(
        run=run if receipts and not dry_run else None,
        read=read,
        unchanged=unchanged,
        refused=tuple(bad),
        receipts=tuple(receipts),
        dry_run=dry_run,
    )


def _taken(unit: Unit, row: CommandRow, requester: Requester, key: str, bad: list[BadRow]) -> Iterable[Receipt]:
    try:
        return unit.record(requester.request(row.command, key=key))
    except (Refused, Unreadable) as error:
        bad.append(BadRow(row.place, row_reason(error)))
        return ()


def _known(unit: Unit) -> Counter[str]:
    """The commands that runs before recorded and that were not undone, each as often as it was."""
    known: Counter[str] = Counter()
    for run in runs_so_far(unit.connection, unit.book):
        if run.event.kind != BY_ROW or run.fully_undone:
            continue
        for first, last in run.batches:
            asked = unit.connection.execute(_ASKED, {"book": unit.book, "first": first, "last": last}).scalars()
            known.update(map(command_text, asked))
    return known


def _only_system(receipts: Iterable[Receipt]) -> str | None:
    """The system that all rows are about, if they are about one."""
    systems = {system_of(receipt.item) for receipt in receipts if receipt.item}
    return systems.pop() if len(systems) == 1 else None


def _by_name(receipts: Iterable[Receipt]) -> dict[str, int]:
    return dict(Counter(stored_name(receipt.recorded.event) for receipt in receipts))
