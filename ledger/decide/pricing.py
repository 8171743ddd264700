"""What an amount or an effort comes to in minor units, and interest in minor units per year."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.state import State
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.money import MAX_CARRY_MINOR_PER_YEAR, MAX_MINOR
from ledger.vocabulary.quantities import Interest, Quantity, percent_of, price


class Priced(msgspec.Struct, frozen=True):
    """A quantity in minor units and, if it was effort, what it was priced from."""

    minor: int
    minutes: int | None = None
    rate_minor: int | None = None


def priced(quantity: Quantity, what: str, state: State, rate_minor: int | None, *, zero: bool = False) -> Priced:
    """A quantity in minor units. rate_minor: per person-day, for an effort; None where none is in force.

    what: its name in a refusal, '--principal'. zero: whether 0 is allowed. Raises Refused.
    """
    book = state.opened_book()
    if quantity.size < 0:
        raise Refused(f"{what} is negative.", "Amounts are positive; `debt reverse` undoes an entry.")
    minor, minutes = quantity.minor, quantity.minutes
    if minor is None:
        minutes = minutes or 0
        minor = price(minutes, _in_force(rate_minor, what))
    if minor > MAX_MINOR:
        raise Refused(
            f"{what} has more than 15 digits ({book.currency.text(minor)}).",
            f"At most {book.currency.text(MAX_MINOR)} can be written in one entry.",
        )
    if minor == 0 and not zero:
        raise Refused(f"{what} is {book.currency.text(0)}.", "An amount is more than nothing.")
    return Priced(minor, minutes, rate_minor if minutes is not None else None)


def carry_of(interest: Interest | None, principal_minor: int, rate_minor: int | None, state: State) -> int:
    """Interest in minor units per year, rounded once. rate_minor: per person-day, for interest in effort."""
    if interest is None:
        return 0
    if interest.size < 0:
        raise Refused("--interest is negative.", "Interest is what carrying the item costs; 0 is the least.")
    if interest.percent_millionths is not None:
        carry = percent_of(principal_minor, interest.percent_millionths)
    elif interest.minutes is not None:
        carry = price(interest.minutes * interest.times_per_year, _in_force(rate_minor, "--interest"))
    else:
        carry = (interest.minor or 0) * interest.times_per_year
    if carry > MAX_CARRY_MINOR_PER_YEAR:
        currency = state.opened_book().currency
        raise Refused(
            f"--interest comes to {currency.text(carry)} a year: at most {currency.text(MAX_CARRY_MINOR_PER_YEAR)} is allowed.",
            "Check the period: 800/month, 2400/quarter and 9600/year are the same.",
        )
    return carry


class NoDayRate(Refused):
    """An effort on a day on which no price of a person-day is in force."""


def _in_force(rate_minor: int | None, what: str) -> int:
    if rate_minor is None:
        raise NoDayRate(
            f"{what} is an effort, and no day rate is in force on that day.",
            "Set one first: `debt rate set AMOUNT --from DATE`.",
        )
    return rate_minor


def rate_on(item_or_system: str, day: date, state: State) -> int | None:
    """The price of a person-day for a system's team on a day."""
    system = state.systems[item_or_system]
    rate = state.opened_book().rate_on(day, system.team_on(day))
    return rate.rate_minor if rate else None
