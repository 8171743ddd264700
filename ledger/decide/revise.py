"""Revising an estimate."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.decided import Decided
from ledger.decide.item import Item
from ledger.decide.laws import known_item, lawful
from ledger.decide.placing import Placed, place_on_item
from ledger.decide.pricing import Priced, carry_of, priced, rate_on
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import EstimateRevised
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.quantities import Interest, Quantity


class Revise(ItemCommand, frozen=True, kw_only=True, tag="revise"):
    principal: Quantity | None = None
    interest: Interest | None = None
    because: str | None = None


def decide_revise(command: Revise, state: State) -> tuple[Decided, ...]:
    """A new estimate sets what is outstanding on its day; interest changes only if it is given."""
    item = known_item(command.item, state)
    because = required(command.because, "--because")
    if command.principal is None and command.interest is None:
        raise Refused(
            "Neither --principal nor --interest is given: nothing would change.",
            f"Give one: `debt revise {item.id} --principal A --because …`.",
        )
    if command.principal is not None and command.principal.size == 0:
        raise Refused(
            "--principal 0 is no estimate.", f"If the rest goes away unpaid: `debt write-off {item.id} --because …`."
        )
    placed = place_on_item(command, state, item)
    day = placed.effective_on
    _reopening(command, item, placed)
    nature, balance = item.nature_on(day), item.balance_on(day, item.nature_on(day))
    rate = rate_on(system_of(item.id), day, state)
    principal = (
        priced(command.principal, "--principal", state, rate) if command.principal else Priced(balance.outstanding)
    )
    carry = balance.carry if command.interest is None else carry_of(command.interest, principal.minor, rate, state)
    event = EstimateRevised(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        nature=nature,
        dimension=item.dimension,
        principal_change_minor=principal.minor - balance.outstanding,
        carry_change_minor_per_year=carry - balance.carry,
        outstanding_minor=principal.minor if command.principal else None,
        carry_minor_per_year=carry if command.interest else None,
        because=because,
        effort_minutes=principal.minutes,
        day_rate_minor=principal.rate_minor,
    )
    if not event.principal_change_minor and not event.carry_change_minor_per_year:
        raise Refused(
            f"{item.id} has that estimate already on {day}: the revision changes nothing.",
            f"`debt note {item.id} TEXT` keeps that somebody looked.",
        )
    return (lawful(Decided(day, event), item, state),)


def _reopening(command: Revise, item: Item, placed: Placed) -> None:
    """What is closed, or was never estimated, needs a principal; a reopening its interest as well."""
    day = placed.effective_on
    if item.closed_on(day):
        if command.principal is None or command.interest is None:
            raise Refused(
                f"{item.id} is closed on {day}: to reopen it, the principal and the interest must both be given.",
                f"`debt revise {item.id} --principal A --interest I --because …`.",
            )
    elif command.principal is None and not item.estimated_on(day):
        raise Refused(f"{item.id} is unestimated: interest needs a principal.", "Give --principal as well.")
