"""`debt import csv`: a spreadsheet of commands, each decided as if it had been typed, recorded at once, as one run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Command, ItemCommand
from ledger.decide.import_batch import ImportBatch, RunOpening
from ledger.decide.receipt import Receipt
from ledger.decide.request import command_text
from ledger.events import DebtCommissioned, NeglectObserved
from ledger.events.codec import sha256_hex, stored_name
from ledger.importers.command_rows import AGAIN, CommandRow, CommandRows, column_names, read_command_rows
from ledger.importers.rows import BadRow, Progress, row_reason, settle
from ledger.services.requester import Requester
from ledger.store.asked_in_runs import AskedInRun, asked_in_runs
from ledger.store.ledger import Ledger
from ledger.store.runs import CSV_ROWS, RunSoFar, batch_key, new_run, runs_so_far, within
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.outside_files import bytes_of
from ledger.vocabulary.text import MAX_NAME, clean_text
from ledger.vocabulary.text_encodings import RECOGNISED, Decoding

_MOST_BYTES = 256 * 2**20

__all__ = ["RowsReport", "column_names", "import_rows"]


@dataclass(frozen=True, slots=True)
class RowsReport:
    """What became of a file of commands: read = rows recorded + unchanged + refused.

    run: under which they are recorded, None if nothing is. unchanged: rows that an earlier run recorded; taken_back: those of
    them whose entries were reversed since, one by one. receipts: of what was recorded, in the order of the rows; in a dry run of
    what would be.
    """

    run: str | None
    read: int
    unchanged: int
    refused: tuple[BadRow, ...]
    receipts: tuple[Receipt, ...]
    dry_run: bool
    taken_back: tuple[str, ...] = ()

    @property
    def recorded(self) -> dict[str, int]:
        """Events by stored name."""
        return by_stored_name(self.receipts)


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

    A row that stands in the file as often as in runs before is known, whoever asked and when; what was undone with its run is
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
            kind=CSV_ROWS,
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
    run = new_run(unit.connection, unit.book, CSV_ROWS)
    taking = _Taking(unit, requester, run, list(found.bad))
    taking.look_up(found.rows)
    for number, row in enumerate(found.rows, start=1):
        taking.take(number, row)
        if progress:
            progress(number, len(found.rows))
    read, bad, receipts = len(found.rows) + len(found.bad), taking.bad, taking.receipts
    settle(bad, read, strict=strict)
    if receipts:
        counts = {"read": read, "unchanged": taking.unchanged, "refused": len(bad)}
        said = opening.run(counts | by_stored_name(receipts))
        batch = ImportBatch(run=run, system=only_system(receipts), number=1, last=True, opening=said)
        receipts += unit.record(requester.request(batch, key=batch_key(run, 1)), HASHED_HERE)
    return RowsReport(
        run=run if receipts and not dry_run else None,
        read=read,
        unchanged=taking.unchanged,
        refused=tuple(bad),
        receipts=tuple(receipts),
        dry_run=dry_run,
        taken_back=tuple(taking.taken_back),
    )


class _Taking:
    """Rows taken one after the other, each on what those before it left."""

    def __init__(self, unit: Unit, requester: Requester, run: str, bad: list[BadRow]) -> None:
        """bad: rows that could not be read; kept up with those that are refused."""
        self.unit, self.requester, self.run, self.bad = unit, requester, run, bad
        self.receipts: list[Receipt] = []
        self.unchanged = 0
        #: Places of known rows whose entries were reversed since.
        self.taken_back: list[str] = []
        self._before = unit.position
        self._runs = [each for each in runs_so_far(unit.connection, unit.book) if each.event.kind == CSV_ROWS]
        self._known = _known(unit, self._runs)
        #: What the file calls an item -> the item; None where its row was refused.
        self._items: dict[str, str | None] = {}
        self._opened: set[str] = set()

    def look_up(self, rows: Iterable[CommandRow]) -> None:
        """Find out at once which rows say what was recorded before."""
        self.unit.earlier.look_up(("fingerprint", self.requester.request(row.command).fingerprint) for row in rows)

    def take(self, number: int, row: CommandRow) -> None:
        """Record a row, pass over one that a run before recorded, or keep why it is refused. number: in the file, from 1."""
        try:
            command = self._meant(row)
            known = self._known.get(command_text(command), [])
            item = self._passed(row, known.pop(0)) if known else self._record(number, row, command)
        except (Refused, Unreadable) as error:
            self.bad.append(BadRow(row.place, row_reason(error)))
            item = None
        if row.named:
            self._items[row.named] = item

    def _meant(self, row: CommandRow) -> Command:
        """The row's command, about the item that the file's name stands for."""
        if row.of:
            item = self._items.get(row.of)
            if item is None:
                raise Unreadable(f"The row that opens '{row.of}' is not recorded.")
            return replace(row.command, item=item)
        if isinstance(row.command, ItemCommand) and row.command.item in self._opened:
            # The next file, or this one with a row mended, opens them in another order.
            raise Unreadable(
                f"{row.command.item} is opened by this file, and would have another number if a row above were refused. Give the "
                "row that opens it a name in the column 'as', and write that name in the column 'item'."
            )
        return row.command

    def _passed(self, row: CommandRow, earlier: AskedInRun) -> str:
        self.unchanged += 1
        if earlier.reversed_at is not None:
            self.taken_back.append(row.place)
        return earlier.item

    def _record(self, number: int, row: CommandRow, command: Command) -> str | None:
        before = None if row.again else self.unit.earlier.like(self.requester.request(command))
        if before is not None and self._typed(before["first_position"]):
            raise Refused(
                f"The same was recorded before, at position {before['first_position']}.",
                f"If it happened once more, write yes in the column '{AGAIN}'.",
            )
        receipts = self.unit.record(self.requester.request(command, key=batch_key(self.run, number + 1)))
        self.receipts += receipts
        if isinstance(receipts[0].recorded.event, DebtCommissioned | NeglectObserved):
            self._opened.add(receipts[0].recorded.stream)
        return receipts[0].item

    def _typed(self, position: int) -> bool:
        """Whether what was recorded there was not of a file: rows of files are counted, and here is one more."""
        return position <= self._before and not any(within(position, run.batches) for run in self._runs)


def _known(unit: Unit, runs: Iterable[RunSoFar]) -> dict[str, list[AskedInRun]]:
    """The commands that runs before recorded, with what became of each; without what was undone with its run."""
    known: dict[str, list[AskedInRun]] = defaultdict(list)
    for asked in asked_in_runs(unit, runs):
        known[command_text(asked.request_json)].append(asked)
    return known


def only_system(receipts: Iterable[Receipt]) -> str | None:
    """The system that all rows are about, if they are about one."""
    systems = {system_of(receipt.item) for receipt in receipts if receipt.item}
    return systems.pop() if len(systems) == 1 else None


def by_stored_name(receipts: Iterable[Receipt]) -> dict[str, int]:
    return dict(Counter(stored_name(receipt.recorded.event) for receipt in receipts))
