"""Interest as it was observed: what carrying an item really cost on a day, beside what is booked."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item, refuse_closed
from ledger.decide.placing import place_on_item
from ledger.decide.pricing import priced, rate_on
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import InterestObserved
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.quantities import Quantity


class ObserveInterest(ItemCommand, frozen=True, kw_only=True, tag="interest"):
    """amount: what it cost on that day, in money or effort."""

    amount: Quantity
    because: str | None = None


def decide_observe_interest(command: ObserveInterest, state: State) -> tuple[Decided, ...]:
    """A memorandum of a day on which the item was open: no balance knows it, and a closed period takes none."""
    item = known_item(command.item, state)
    because = required(command.because, "--because")
    placed = place_on_item(command, state, item)
    # A late one is of the day it was seen; of an item that was opened late, not before the books know it.
    refuse_closed(item, max(placed.happened_on, item.entries[0].effective_on))
    amount = priced(command.amount, "The amount", state, rate_on(system_of(item.id), placed.effective_on, state))
    event = InterestObserved(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        amount_minor=amount.minor,
        because=because,
        effort_minutes=amount.minutes,
        day_rate_minor=amount.rate_minor,
    )
    return (Decided(placed.effective_on, event),)
