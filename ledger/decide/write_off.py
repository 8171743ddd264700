"""Writing off: the whole rest of an item goes away unpaid."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item, lawful, refuse_closed
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import ItemWrittenOff


class WriteOff(ItemCommand, frozen=True, kw_only=True, tag="write-off"):
    because: str | None = None


def decide_write_off(command: WriteOff, state: State) -> tuple[Decided, ...]:
    """The whole rest goes away unpaid."""
    item = known_item(command.item, state)
    because = required(command.because, "--because")
    placed = place_on_item(command, state, item)
    refuse_closed(item, placed.effective_on)
    nature = item.nature_on(placed.effective_on)
    balance = item.balance_on(placed.effective_on, nature)
    event = ItemWrittenOff(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        nature=nature,
        dimension=item.dimension,
        removed_minor=balance.outstanding,
        carry_removed_minor_per_year=balance.carry,
        because=because,
    )
    return (lawful(Decided(placed.effective_on, event), item, state),)
