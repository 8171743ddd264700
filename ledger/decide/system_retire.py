"""Retiring a system."""

from __future__ import annotations

from datetime import date

from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.item import Item
from ledger.decide.placing import place_in_book
from ledger.decide.state import State
from ledger.decide.system import known_system
from ledger.decide.words import limited, required
from ledger.decide.write_off import WriteOff, decide_write_off
from ledger.events import SystemRetired
from ledger.vocabulary.errors import Refused


class RetireSystem(Command, frozen=True, kw_only=True, tag="system retire"):
    system: str
    because: str
    write_off: bool = False

    def needs(self) -> Needs:
        return Needs(systems=(self.system,), items_of=self.system)


def decide_retire_system(command: RetireSystem, state: State) -> tuple[Decided, ...]:
    """A retired system takes no new items; `write_off` writes off what is open on it."""
    system = known_system(command.system, state)
    if system.retired_on is not None:
        raise Refused(
            f"{system.key} was retired on {system.retired_on} already.",
            f"`debt write-off ITEM --because …` writes off what is still open: `debt list --system {system.key}`.",
        )
    because = required(command.because, "--because")
    placed = place_in_book(command, state)
    written_off: tuple[Decided, ...] = ()
    if command.write_off:
        for item in _open_on(placed.effective_on, state):
            written_off += decide_write_off(
                WriteOff(on=command.on, late=command.late, evidence=command.evidence, item=item.id, because=because),
                state,
            )
    retired = SystemRetired(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        system=system.key,
        because=limited(because, "--because"),
    )
    return (*written_off, Decided(placed.effective_on, retired))


def _open_on(day: date, state: State) -> list[Item]:
    """The loaded items on which something was left to do on a day; one opened later is not touched."""
    return [
        item
        for item in state.items.values()
        if not item.reversed and item.entries[0].effective_on <= day and not item.closed_on(day)
    ]
