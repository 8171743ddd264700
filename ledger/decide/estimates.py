"""Revising an estimate, and writing an item off."""

from __future__ import annotations

from ledger.commands import Revise, WriteOff
from ledger.decide.common import (
    Decided,
    Placed,
    Priced,
    carry_of,
    known_item,
    lawful,
    place_on_item,
    priced,
    rate_on,
    refuse_closed,
    required,
)
from ledger.errors import Refused
from ledger.events import EstimateRevised, ItemWrittenOff
from ledger.item import Item
from ledger.model import system_of
from ledger.state import State


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
