"""`debt import --undo RUN`: what a run recorded is reversed, the latest first, as far as nothing rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, select

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Needs
from ledger.decide.import_batch import ImportBatch, Rehearsal, RunOpening, TakeBack
from ledger.events import STORED_AS, ItemEvent
from ledger.importers.findings.survey import STEPS_AT_ONCE
from ledger.importers.rows import BadRow, Progress
from ledger.services.requester import Requester
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.runs import RunSoFar, batch_key, runs_so_far, undo_of
from ledger.store.transaction import Unit
from ledger.tables.facts import event
from ledger.vocabulary.errors import Refused

_ITEM_EVENTS = sorted(name for name, kind in STORED_AS.items() if issubclass(kind, ItemEvent))
_RECORDED = (
    select(event.c.position, event.c.stream, event.c.stored_as)
    .where(
        event.c.book == bindparam("book"),
        event.c.position.between(bindparam("first"), bindparam("last")),
        event.c.stored_as.in_(_ITEM_EVENTS),
    )
    .order_by(event.c.position)
)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What became of undoing a run. left: entries that stay, each with the reason. dry_run: nothing was recorded."""

    run: str
    reversed: int
    left: tuple[BadRow, ...]
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What is to be taken back, the latest first, and what cannot be. number: of the next batch."""

    run: RunSoFar
    steps: tuple[TakeBack, ...]
    left: tuple[BadRow, ...]
    number: int

    @property
    def is_open(self) -> bool:
        """Whether there is a batch to record: of what stands, or the one that says that nothing more of the run counts."""
        return bool(self.steps) or not self.run.fully_undone

    def batch(self) -> ImportBatch:
        if not self.steps:
            return ImportBatch(
                run=undo_of(self.run.name),
                system=self.run.event.system,
                number=self.number,
                last=True,
                opening=self._ending(),
            )
        now, later = self.steps[:STEPS_AT_ONCE], self.steps[STEPS_AT_ONCE:]
        return ImportBatch(
            run=self.run.name, system=self.run.event.system, number=self.number, last=not later, steps=now
        )

    def _ending(self) -> RunOpening:
        """What ends a run of which nothing can be taken back."""
        return RunOpening(
            kind=self.run.event.kind,
            source=f"undo of {self.run.name}",
            scopes=(),
            input_sha256=self.run.event.input_sha256,
            mapping_sha256=None,
            exported_on=None,
            counts={},
            assumptions={},
        )


def undo_run(
    ledger: Ledger, run: str, requester: Requester, *, dry_run: bool = False, progress: Progress | None = None
) -> UndoReport:
    """Reverse what a run recorded and still stands, in batches; cut short, it goes on where it was.

    Raises Refused for a run that there is not, and for one of which nothing is left to undo.
    """
    with ledger.reading() as connection:
        found = _look(Memory(connection, ledger.book), run, requester)
    if not found.is_open and not found.left:
        raise Refused(f"Nothing that the run {run} recorded still stands.", "`debt sources` shows the runs.")
    total, done = len(found.steps), 0
    if dry_run:
        return UndoReport(run, total, found.left, dry_run=True)
    while found.is_open:
        found, recorded = ledger.append(partial(_take_back, run, requester))
        done += recorded
        if progress:
            progress(done, max(total, done))
        if not recorded:
            break
    return UndoReport(run, done, found.left, dry_run=False)


def _take_back(run: str, requester: Requester, unit: Unit) -> tuple[_Undoing, int]:
    """Record the next batch. Returns what was found before it, and how many entries it reversed."""
    found = _look(unit.memory, run, requester)
    if not found.is_open:
        return found, 0
    asked = requester.request(found.batch(), key=batch_key(run, found.number, undo=True))
    receipts = unit.record(asked, HASHED_HERE)
    return found, len(receipts) if found.steps else 0


def _look(memory: Memory, run: str, requester: Requester) -> _Undoing:
    """What of a run still stands, and can be reversed, the latest first."""
    runs = {each.name: each for each in runs_so_far(memory.connection, memory.name)}
    if run not in runs:
        raise Refused(f"There is no run '{run}'.", "`debt sources` shows the runs.")
    rows = _recorded(memory, runs[run])
    items = tuple(dict.fromkeys(item for _, item, _ in rows))
    state = memory.state_for(Needs(systems=(runs[run].event.system,), items=items), requester.today)
    rehearsal, steps, left = Rehearsal(state), list[TakeBack](), list[BadRow]()
    for position, item, stored_as in reversed(rows):
        if not state.items[item].entry_at(position).standing:
            continue
        step = TakeBack(item=item, position=position, because=f"undo of the import {run}")
        try:
            rehearsal.take(step)
            steps.append(step)
        except Refused as refusal:
            left.append(BadRow(f"position {position} ({stored_as} on {item})", refusal.why, item))
    return _Undoing(runs[run], tuple(steps), tuple(left), len(runs[run].undone) + 1)


def _recorded(memory: Memory, run: RunSoFar) -> Sequence[tuple[int, str, str]]:
    """Position, item and stored name of all that it recorded on items."""
    rows: list[tuple[int, str, str]] = []
    for first, last in run.batches:
        span = {"book": memory.name, "first": first, "last": last}
        rows += [(position, item, name) for position, item, name in memory.connection.execute(_RECORDED, span)]
    return rows
