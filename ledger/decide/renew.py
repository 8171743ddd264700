"""Renewing: a new term for a debt, a decision like the first."""

from __future__ import annotations

from datetime import date

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item, refuse_closed
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.term import RENEWAL, for_a_time, missing_fields, quarter_to_come
from ledger.decide.words import name, required
from ledger.events import DebtRenewed
from ledger.vocabulary.errors import Refused


class Renew(ItemCommand, frozen=True, kw_only=True, tag="renew"):
    decided_by: str | None = None
    because: str | None = None
    repay_by: str | None = None
    until: date | None = None


def decide_renew(command: Renew, state: State) -> tuple[Decided, ...]:
    """A new term for a debt that has lapsed, is overdue or will be; a decision like the first."""
    item = known_item(command.item, state)
    missing = missing_fields(command, RENEWAL, item.opening.category)
    if missing:
        raise Refused(
            f"Cannot renew {item.id}: {missing}. A new term is a new decision{for_a_time(item)}.",
            f"Give them: `debt renew {item.id} --until DATE --repay-by QUARTER --decided-by WHO --because WHY`.",
        )
    placed = place_on_item(command, state, item)
    refuse_closed(item, placed.effective_on)
    if item.nature_on(placed.effective_on) == "neglect":
        raise Refused(
            f"{item.id} is neglect on {placed.effective_on}: it has no term to renew.",
            f"`debt adopt {item.id} …` makes it debt.",
        )
    event = DebtRenewed(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        decided_by=name(command.decided_by, "--decided-by"),
        because=required(command.because, "--because"),
        repay_by=quarter_to_come(command.repay_by, "--repay-by", placed.happened_on, state),
        until=command.until,
    )
    return (Decided(placed.effective_on, event),)
