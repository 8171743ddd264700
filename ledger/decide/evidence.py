"""Evidence: where an item can be seen."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import (
    EvidenceAdded,
)
from ledger.vocabulary.errors import Refused


class AddEvidence(ItemCommand, frozen=True, kw_only=True, tag="evidence"):
    """measured_at: position of the measurement that shows it, if one does; series: in which of its series, None for all."""

    text: str
    measured_at: int | None = None
    series: str | None = None


def decide_add_evidence(command: AddEvidence, state: State) -> tuple[Decided, ...]:
    """Evidence goes on an item on which something is left to do."""
    item = known_item(command.item, state)
    text = required(command.text, "The evidence")
    placed = place_on_item(command, state, item)
    if item.closed_on(placed.effective_on):
        raise Refused(
            f"{item.id} is closed: nothing more needs to be shown of it.",
            f"`debt note {item.id} TEXT` still takes a note.",
        )
    event = EvidenceAdded(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        text=text,
        measured_at=command.measured_at,
        series=command.series,
    )
    return (Decided(placed.effective_on, event),)
