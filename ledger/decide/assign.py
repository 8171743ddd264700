"""Assigning an item: who looks after it."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.describing import describable, refuse_unchanging
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import name
from ledger.events import ItemAssigned


class AssignItem(ItemCommand, frozen=True, kw_only=True, tag="assign"):
    """assignee: who, as an actor is named; None for nobody."""

    assignee: str | None = None


def decide_assign(command: AssignItem, state: State) -> tuple[Decided, ...]:
    """Any item is assigned to one, or to nobody; closed and reversed ones too."""
    item = describable(command.item, state)
    assignee = None if command.assignee is None else name(command.assignee, "WHO")
    placed = place_on_item(command, state, item)
    if assignee == item.described_on(placed.effective_on).assignee:
        refuse_unchanging(item, placed.effective_on, f"is assigned to {assignee or 'nobody'}")
    event = ItemAssigned(occurred_on=placed.occurred_on, evidence=command.evidence, item=item.id, assignee=assignee)
    return (Decided(placed.effective_on, event),)
