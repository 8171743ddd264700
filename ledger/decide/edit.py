"""Editing an item: it is called otherwise."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.describing import describable, refuse_unchanging
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import ItemRetitled
from ledger.vocabulary.text import MAX_TITLE


class EditItem(ItemCommand, frozen=True, kw_only=True, tag="edit"):
    """title: what it is called from that day on."""

    title: str


def decide_edit(command: EditItem, state: State) -> tuple[Decided, ...]:
    """Any item may be called otherwise, closed and reversed ones too; what was known then keeps the old title."""
    item = describable(command.item, state)
    title = required(command.title, "--title", MAX_TITLE)
    placed = place_on_item(command, state, item)
    if title == item.described_on(placed.effective_on).title:
        refuse_unchanging(item, placed.effective_on, "has that title")
    event = ItemRetitled(occurred_on=placed.occurred_on, evidence=command.evidence, item=item.id, title=title)
    return (Decided(placed.effective_on, event),)
