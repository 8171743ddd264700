"""`debt import --undo RUN`: what a run recorded is reversed, the latest first, as far as nothing rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select, bindparam, select

from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Command, Needs
from ledger.decide.decision_log import RetractDecision, decide_retract_decision
from ledger.decide.import_batch import ImportBatch, Rehearsal, RunOpening, TakeBack
from ledger.events import NAME_OF, STORED_AS, DecisionLogged, ItemEvent
from ledger.events.codec import decode
from ledger.importers.files import natural
from ledger.importers.findings.survey import STEPS_AT_ONCE
from ledger.importers.rows import BadRow, Progress
from ledger.queries.reader import reader_in
from ledger.queries.register.decisions import items_by_decision
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


_READ = (
    select(event.c.position, event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.position.between(bindparam("first"), bindparam("last")),
        event.c.stored_as == NAME_OF[DecisionLogged],
    )
    .order_by(event.c.position)
)


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What became of undoing a run. left: entries that stay, each with the reason. dry_run: nothing was recorded.

    reversed: entries of items that were taken back; retracted: readings of decision records.
    """

    run: str
    reversed: int
    left: tuple[BadRow, ...]
    dry_run: bool
    retracted: int = 0

    @property
    def taken_back(self) -> int:
        """Entries and readings."""
        return self.reversed + self.retracted


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What is to be taken back, the latest first, and what cannot be. number: of the next request.

    retractions: of decision records; they go with the first batch.
    """

    run: RunSoFar
    steps: tuple[TakeBack, ...]
    retractions: tuple[RetractDecision, ...]
    left: tuple[BadRow, ...]
    number: int

    @property
    def is_open(self) -> bool:
        """Whether there is a batch to record: of what stands, or the one that says that nothing more of the run counts."""
        return bool(self.steps or self.retractions) or not self.run.fully_undone

    def batch(self) -> ImportBatch:
        number = self.number + len(self.retractions)
        if not self.steps:
            return ImportBatch(
                run=undo_of(self.run.name),
                system=self.run.event.system or None,
                number=number,
                last=True,
                opening=self._ending(),
            )
        now, later = self.steps[:STEPS_AT_ONCE], self.steps[STEPS_AT_ONCE:]
        return ImportBatch(
            run=self.run.name, system=self.run.event.system or None, number=number, last=not later, steps=now
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
    total, done, retracted = len(found.steps), 0, 0
    if dry_run:
        return UndoReport(run, total, found.left, dry_run=True, retracted=len(found.retractions))
    while found.is_open:
        found, recorded = ledger.append(partial(_take_back, run, requester))
        done += recorded
        retracted += len(found.retractions)
        if progress:
            progress(done, max(total, done))
        if not recorded:
            break
    return UndoReport(run, done, found.left, dry_run=False, retracted=retracted)


def _take_back(run: str, requester: Requester, unit: Unit) -> tuple[_Undoing, int]:
    """Record the next batch. Returns what was found before it, and how many entries it reversed."""
    found = _look(unit.memory, run, requester)
    if not found.is_open:
        return found, 0
    commands: list[Command] = [*found.retractions, found.batch()]
    for number, command in enumerate(commands, start=found.number):
        receipts = unit.record(requester.request(command, key=batch_key(run, number, undo=True)), HASHED_HERE)
    return found, len(receipts) if found.steps else 0


def _look(memory: Memory, run: str, requester: Requester) -> _Undoing:
    """What of a run still stands, and can be reversed, the latest first."""
    runs = {each.name: each for each in runs_so_far(memory.connection, memory.name)}
    if run not in runs:
        raise Refused(f"There is no run '{run}'.", "`debt sources` shows the runs.")
    rows = _recorded(memory, runs[run])
    items = tuple(dict.fromkeys(item for _, item, _ in rows))
    systems = filter(None, [runs[run].event.system])
    state = memory.state_for(Needs(systems=tuple(systems), items=items), requester.today)
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
    opened = {item for position, item, _ in rows if state.items[item].entries[0].position == position}
    gone = {step.item for step in steps if state.items[step.item].entries[0].position == step.position}
    retractions, resting = _retractions(memory, runs[run], opened - gone, gone, requester)
    return _Undoing(runs[run], tuple(steps), retractions, (*left, *resting), len(runs[run].undone) + 1)


def _retractions(
    memory: Memory, run: RunSoFar, kept: set[str], gone: set[str], requester: Requester
) -> tuple[tuple[RetractDecision, ...], tuple[BadRow, ...]]:
    """The readings of records in a run that can be taken back, the latest first, and those that stay, with the reason.

    kept, gone: items that the run opened and that stay, or do not.
    """
    rows = _rows(memory, run, _READ)
    if not rows:
        return (), ()
    linked = items_by_decision(reader_in(memory.connection, memory.name))
    named = tuple({item for items in linked.values() for item in items})
    state = memory.state_for(Needs(items=named), requester.today)
    standing = {item for item in named if not state.items[item].reversed} - gone
    taken, left = list[RetractDecision](), list[BadRow]()
    for position, body in reversed(rows):
        logged = decode(body).event
        assert isinstance(logged, DecisionLogged)  # noqa: S101 - what was selected by its stored name
        counting = state.opened_book().decisions.get((logged.log, logged.id))
        if counting is None or not counting.counts(position):
            continue
        resting = standing.intersection(linked.get((logged.log, logged.id), ()))
        if counting.before is not None:
            resting &= kept
        command = RetractDecision(
            log=logged.log, id=logged.id, position=position, because=f"undo of the import {run.name}"
        )
        try:
            if resting:
                raise Refused(
                    f"{', '.join(sorted(resting, key=natural))} would stand for a record that the log has not."
                )
            decide_retract_decision(command, state)
            taken.append(command)
        except Refused as refusal:
            place = f"position {position} ({NAME_OF[DecisionLogged]} of {logged.log}/{logged.id})"
            left.append(BadRow(place, refusal.why, f"{logged.log}/{logged.id}"))
    return tuple(taken), tuple(left)


def _recorded(memory: Memory, run: RunSoFar) -> Sequence[tuple[int, str, str]]:
    """Position, item and stored name of all that it recorded on items."""
    return [(position, item, name) for position, item, name in _rows(memory, run, _RECORDED)]


def _rows(memory: Memory, run: RunSoFar, wanted: Select[Any]) -> list[Any]:
    """What is asked for of each of its batches."""
    spans = ({"book": memory.name, "first": first, "last": last} for first, last in run.batches)
    return [row for span in spans for row in memory.connection.execute(wanted, span)]
