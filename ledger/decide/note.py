"""Notes: what even a closed item takes."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import NoteAdded


class AddNote(ItemCommand, frozen=True, kw_only=True, tag="note"):
    text: str


def decide_note(command: AddNote, state: State) -> tuple[Decided, ...]:
    """A note goes on any item, closed and reversed ones too."""
    item = state.items.get(command.item) or known_item(command.item, state)
    text = required(command.text, "The note")
    placed = place_on_item(command, state, item)
    event = NoteAdded(occurred_on=placed.occurred_on, evidence=command.evidence, item=item.id, text=text)
    return (Decided(placed.effective_on, event),)
