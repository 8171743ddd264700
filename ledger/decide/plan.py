"""Planning to repay: for debt alone."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.laws import known_item, refuse_closed
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.term import quarter_to_come
from ledger.events import RepaymentPlanned
from ledger.vocabulary.errors import Refused


class Plan(ItemCommand, frozen=True, kw_only=True, tag="plan"):
    quarter: str


def decide_plan(command: Plan, state: State) -> tuple[Decided, ...]:
    """A plan is for debt alone: what nobody decided cannot be budgeted."""
    item = known_item(command.item, state)
    placed = place_on_item(command, state, item)
    quarter = quarter_to_come(command.quarter, "The quarter", placed.happened_on, state)
    refuse_closed(item, placed.effective_on)
    if item.nature_on(placed.effective_on) == "neglect":
        raise Refused(
            f"{item.id} is neglect on {placed.effective_on}: what is not in the register as debt does not exist for planning.",
            f"Adopt it first: `debt adopt {item.id} --decided-by WHO --because WHY --benefit WHAT --repay-by {quarter}`.",
        )
    event = RepaymentPlanned(occurred_on=placed.occurred_on, evidence=command.evidence, item=item.id, quarter=quarter)
    return (Decided(placed.effective_on, event),)
