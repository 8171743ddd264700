"""Repaying: work that lowers the principal."""

from __future__ import annotations

from ledger.decide.command import ItemCommand
from ledger.decide.convention import by_convention
from ledger.decide.decided import Decided
from ledger.decide.item import Item
from ledger.decide.laws import known_item, lawful, refuse_closed
from ledger.decide.placing import Placed, place_on_item
from ledger.decide.pricing import Priced, priced, rate_on
from ledger.decide.state import State
from ledger.events import RepaymentRecorded
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.keys import system_of
from ledger.vocabulary.money import half_even
from ledger.vocabulary.quantities import Quantity


class Repay(ItemCommand, frozen=True, kw_only=True, tag="repay"):
    """amount None: all that is left. spent None: as much as it removed, or, if it is unmeasured, nobody knows how much."""

    amount: Quantity | None = None
    spent: Quantity | None = None
    unmeasured: bool = False


def decide_repay(command: Repay, state: State) -> tuple[Decided, ...]:
    """Work that lowers the principal: no more than is outstanding from that day on, ever."""
    item = known_item(command.item, state)
    placed = place_on_item(command, state, item)
    day = placed.effective_on
    refuse_closed(item, day)
    nature = item.nature_on(day)
    removed = _removed(command, state, item, placed)
    spent = _spent(command, state, item, placed, removed)
    event = RepaymentRecorded(
        occurred_on=placed.occurred_on,
        evidence=command.evidence,
        item=item.id,
        nature=nature,
        dimension=item.dimension,
        removed_minor=removed.minor,
        carry_removed_minor_per_year=_carry_removed(item, removed.minor, placed),
        spent_minor=None if command.unmeasured else spent.minor,
        spent_assumed=command.spent is None and not command.unmeasured,
        effort_minutes=removed.minutes,
        day_rate_minor=removed.rate_minor,
        spent_effort_minutes=spent.minutes,
        spent_day_rate_minor=spent.rate_minor,
    )
    return (lawful(Decided(day, event), item, state),)


def _spent(command: Repay, state: State, item: Item, placed: Placed, removed: Priced) -> Priced:
    """What the work cost: what was said, or as much as it removed."""
    if command.spent is None:
        return Priced(removed.minor)
    if command.unmeasured:
        by_convention(
            Refused(
                "--spent says what the work cost, --unmeasured that nobody knows.",
                "Give one of them; without either what it removed is assumed.",
            )
        )
    return priced(command.spent, "--spent", state, rate_on(system_of(item.id), placed.effective_on, state), zero=True)


def _removed(command: Repay, state: State, item: Item, placed: Placed) -> Priced:
    """What the repayment takes away: the lowest outstanding from then on at most, all of it if none is given."""
    day, currency = placed.effective_on, state.opened_book().currency
    lowest = item.lowest_from(day, item.nature_on(day)).outstanding
    if command.amount is None:
        if lowest == 0 and item.estimated_on(day):
            raise _nothing_left(item, placed)
        return Priced(lowest)
    rate = item.opening.day_rate_minor or rate_on(system_of(item.id), day, state)
    removed = priced(command.amount, "The amount", state, rate)
    if not item.estimated_on(day):
        raise Refused(
            f"{item.id} is unestimated: there is no principal to take {currency.text(removed.minor)} from.",
            f"Estimate it first: `debt revise {item.id} --principal A --because …`; `debt repay {item.id} --all` closes it.",
        )
    if lowest == 0:
        raise _nothing_left(item, placed)
    if removed.minor > lowest:
        raise Refused(
            f"Cannot repay {currency.text(removed.minor)} on {item.id}: {currency.text(lowest)} is outstanding from {day} on.",
            f"`debt repay {item.id} --all` repays the rest.",
        )
    return removed


def _nothing_left(item: Item, placed: Placed) -> Refused:
    return Refused(
        f"Cannot repay {item.id} on {placed.effective_on}: later entries have closed it already.",
        f"See `debt show {item.id}`.",
    )


def _carry_removed(item: Item, removed: int, placed: Placed) -> int:
    """Interest per year that ends with it (design §3, 'Repayment').

    All that remains from then on if nothing is left to repay; else in proportion to the principal of the
    day, half-even, and never more than remains.
    """
    day = placed.effective_on
    nature = item.nature_on(day)
    lowest = item.lowest_from(day, nature)
    if removed == lowest.outstanding:
        return lowest.carry
    balance = item.balance_on(day, nature)
    return min(half_even(balance.carry * removed, balance.outstanding), lowest.carry)
