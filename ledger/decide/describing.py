"""What all descriptions of an item ask for: that it was ever opened, and that they change something."""

from __future__ import annotations

from datetime import date

from ledger.decide.convention import by_convention
from ledger.decide.item import Item
from ledger.decide.laws import known_item
from ledger.decide.state import State
from ledger.vocabulary.errors import Refused


def describable(item_id: str, state: State) -> Item:
    """The item, closed and reversed ones too. Raises Refused if it was never opened."""
    return state.items.get(item_id) or known_item(item_id, state)


def refuse_unchanging(item: Item, day: date, already: str) -> None:
    """A description says something new."""
    by_convention(Refused(f"{item.id} {already} on {day}: nothing would change.", f"See `debt show {item.id}`."))
