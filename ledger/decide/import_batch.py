"""A batch of an import: many entries on items that one request asks for, each decided on what those before it left.

A run of an import is a row of such batches, under the keys RUN/1, RUN/2 …; the first says what the run is. Undoing it is a row
of them too, RUN/undo/1 …, each taking back entries, the latest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

import msgspec
from msgspec.structs import replace

from ledger.decide.command import Command, ItemCommand, Needs
from ledger.decide.decided import Decided
from ledger.decide.item import Item
from ledger.decide.laws import as_if_recorded
from ledger.decide.observe import Observe, decide_observe
from ledger.decide.placing import refuse_beyond_calendar
from ledger.decide.repay import Repay, decide_repay
from ledger.decide.reverse import standing_entry, undoing
from ledger.decide.revise import Revise, decide_revise
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import limited, refuse_blank, required
from ledger.decide.write_off import WriteOff, decide_write_off
from ledger.events import ImportRun, ItemEvent
from ledger.vocabulary.errors import Refused


class TakeBack(ItemCommand, frozen=True, kw_only=True, tag="take-back"):
    """Reverse the entry of an item at a position: as `reverse` does, of an item that is named."""

    position: int
    because: str | None = None


#: What a batch is made of.
Step = Observe | Repay | Revise | WriteOff | TakeBack


class RunOpening(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is, said by its first batch; the fields are those of `ImportRun`."""

    kind: str
    source: str
    scopes: tuple[str, ...]
    input_sha256: str
    mapping_sha256: str | None
    exported_on: date | None
    counts: dict[str, int]
    assumptions: dict[str, str]


class ImportBatch(Command, frozen=True, kw_only=True, tag="import-batch"):
    """number: of the batch within its run, from 1. last: none comes after it. opening: of the first batch, else None.

    system: None for a run that is of several.
    """

    run: str
    system: str | None = None
    number: int
    last: bool
    opening: RunOpening | None = None
    steps: tuple[Step, ...] = ()

    recorded_by: ClassVar[str] = "ledger.services.import_.import_findings"

    def claims(self) -> tuple[str, ...]:
        return ("opening",) if self.opening is not None else ()

    def needs(self) -> Needs:
        items = dict.fromkeys(step.item for step in self.steps if isinstance(step, ItemCommand))
        systems = (self.system,) if self.system is not None else ()
        return Needs(systems=systems, items=tuple(items), number_in=self.system)


def decide_import_batch(command: ImportBatch, state: State) -> tuple[Decided, ...]:
    """Every step, in order, on what the ones before it left; one that is refused refuses the batch."""
    if command.system is not None:
        known_system(command.system, state)
    required(command.run, "The run")
    if not command.steps and command.opening is None:
        raise Refused(
            f"The batch {command.number} of the run {command.run} holds nothing.", "`debt sources` lists runs."
        )
    decided = [Decided(state.today, _opened(command, command.opening))] if command.opening is not None else []
    rehearsal = Rehearsal(state)
    for step in command.steps:
        decided.append(rehearsal.take(step))
    return tuple(decided)


def _opened(command: ImportBatch, opening: RunOpening) -> ImportRun:
    return ImportRun(
        run=command.run,
        kind=opening.kind,
        source=opening.source,
        scopes=opening.scopes,
        system=command.system or "",
        input_sha256=opening.input_sha256,
        mapping_sha256=opening.mapping_sha256,
        exported_on=opening.exported_on,
        counts=opening.counts,
        assumptions=opening.assumptions,
    )


class Rehearsal:
    """Steps taken one after the other on a state, with nothing recorded: what would follow, and what the items become."""

    def __init__(self, state: State) -> None:
        """state: with every item that a step names, and the next number of the system in which steps open items."""
        self.items = dict(state.items)
        self.state = replace(state, items=self.items)

    def take_all(self, steps: Iterable[Step]) -> tuple[Decided, ...]:
        """What follows from steps that belong together: all of them, or Refused, with nothing taken."""
        state, before, decided = self.state, dict[str, Item | None](), list[Decided]()
        try:
            for step in steps:
                following = self._decide(step)
                item = _item_of(following)
                before.setdefault(item, self.items.get(item))
                self._carry(following)
                decided.append(following)
        except Refused:
            self.state = state
            for name, item_before in before.items():
                del self.items[name]
                if item_before is not None:
                    self.items[name] = item_before
            raise
        return tuple(decided)

    def take(self, step: Step) -> Decided:
        """What follows from a step, on what those before it left. Raises Refused, with nothing taken."""
        (decided,) = self.take_all((step,))
        return decided

    def _decide(self, step: Step) -> Decided:
        limited(step.evidence or "", "--evidence")
        refuse_beyond_calendar(step.on or self.state.today)
        rule: Callable[[Any, State], tuple[Decided, ...]] = _RULES[type(step)]
        (decided,) = rule(step, self.state)
        refuse_blank(step)
        return decided

    def _carry(self, decided: Decided) -> None:
        item = _item_of(decided)
        if item not in self.items:
            self.state = replace(self.state, next_number=self.state.next_number + 1)
        self.items[item] = as_if_recorded(decided, self.items.get(item), self.state.opened_book())


def _item_of(decided: Decided) -> str:
    assert isinstance(decided.event, ItemEvent)  # noqa: S101 - every step is about an item
    return decided.event.item


def _decide_take_back(command: TakeBack, state: State) -> tuple[Decided, ...]:
    """The reversal of the entry that is named."""
    item = state.items.get(command.item)
    if item is None or not any(entry.position == command.position for entry in item.entries):
        raise Refused(
            f"{command.item} has no entry at position {command.position}.", f"See `debt show {command.item}`."
        )
    return undoing(*standing_entry(command.item, command.position, state), command.because, command.evidence, state)


_RULES: dict[type[Command], Callable[..., tuple[Decided, ...]]] = {
    Observe: decide_observe,
    Repay: decide_repay,
    Revise: decide_revise,
    WriteOff: decide_write_off,
    TakeBack: _decide_take_back,
}
