"""Adopting: a conscious decision turns neglect into debt."""

from __future__ import annotations

from datetime import date

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.item import Item
from ledger.decide.laws import known_item, lawful, refuse_closed
from ledger.decide.placing import place_on_item
from ledger.decide.state import State
from ledger.decide.term import GATE, for_a_time, missing_fields, quarter_to_come
from ledger.decide.words import name, required
from ledger.events import NeglectAdopted
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import MISSING_TESTS


class Adopt(ItemCommand, frozen=True, kw_only=True, tag="adopt"):
    decided_by: str | None = None
    because: str | None = None
    benefit: str | None = None
    repay_by: str | None = None
    until: date | None = None


def decide_adopt(command: Adopt, state: State) -> tuple[Decided, ...]:
    """A conscious decision turns neglect into debt: the whole outstanding principal and its interest."""
    item = known_item(command.item, state)
    missing = missing_fields(command, GATE, item.opening.category)
    if missing:
        raise Refused(
            f"Cannot adopt {item.id}: {missing}. Without a decision and a plan it stays neglect{for_a_time(item)}.",
            f"Give them: `debt adopt {item.id} --decided-by WHO --because WHY --benefit WHAT --repay-by QUARTER{_until(item)}`.",
        )
    placed = place_on_item(command, state, item)
    day = placed.effective_on
    if item.nature_on(day) == "debt":
        raise Refused(f"{item.id} is debt already on {day}.", f"`debt renew {item.id} …` gives it a new term.")
    refuse_closed(item, day)
    if not item.estimated_on(day):
        raise Refused(
            f"{item.id} is unestimated: debt is taken on knowingly, so its size comes first.",
            f"Estimate it: `debt revise {item.id} --principal A --because …`, then adopt it.",
        )
    balance = item.balance_on(day, "neglect")
    event = NeglectAdopted(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        dimension=item.dimension,
        principal_minor=balance.outstanding,
        carry_minor_per_year=balance.carry,
        decided_by=name(command.decided_by, "--decided-by"),
        because=required(command.because, "--because"),
        benefit=required(command.benefit, "--benefit"),
        repay_by=quarter_to_come(command.repay_by, "--repay-by", placed.happened_on, state),
        until=command.until,
    )
    return (lawful(Decided(day, event), item, state),)


def _until(item: Item) -> str:
    return " --until DATE" if item.opening.category == MISSING_TESTS else ""
