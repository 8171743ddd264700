"""What several rules share: on which day an entry may stand, what an effort costs, the laws of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ledger.codec import stored_name
from ledger.commands import Command, ItemCommand
from ledger.errors import Refused
from ledger.events import Event, Recorded
from ledger.item import Balance, Entry, Item
from ledger.model import MAX_NAME, MAX_TEXT, NATURES
from ledger.money import MAX_CARRY_MINOR_PER_YEAR, MAX_MINOR
from ledger.quantities import Interest, Quantity, percent_of, price
from ledger.state import Book, State


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that is to be recorded, and its day in the books."""

    effective_on: date
    event: Event


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stands: its day in the books and, if it is late, the day it really happened."""

    effective_on: date
    occurred_on: date | None = None

    @property
    def happened_on(self) -> date:
        """The day it really happened, late or not."""
        return self.occurred_on or self.effective_on


@dataclass(frozen=True, slots=True)
class Priced:
    """A quantity in minor units and, if it was effort, what it was priced from."""

    minor: int
    minutes: int | None = None
    rate_minor: int | None = None


# --- days ------------------------------------------------------------------------------------------


def place_in_book(command: Command, state: State, not_before: date | None = None, reason: str = "") -> Placed:
    """The day of an entry, moved behind the closed periods, and behind `not_before`, if it is `--late`.

    reason: why nothing may stand before `not_before`. Raises Refused if the day is not allowed.
    """
    book, on = state.opened_book(), command.on or state.today
    first_allowed = max(book.first_open_day, not_before or date.min)
    if on >= first_allowed:
        return Placed(on)
    if command.late:
        return Placed(first_allowed, occurred_on=on)
    why = (
        reason
        if not_before is not None and on >= book.first_open_day
        else f"the books are closed to {book.closed_through}"
    )
    raise Refused(
        f"Nothing can be recorded on {on}: {why}.",
        f"The first day allowed is {first_allowed}; `--late` posts it there and keeps {on} as the day it happened.",
    )


def place_on_item(command: ItemCommand, state: State, item: Item) -> Placed:
    """The day of an entry on an item: not in the future, not before its opening or its latest barrier."""
    on = command.on or state.today
    refuse_future(on, state.today)
    if on < item.opened_on:
        raise Refused(
            f"{item.id} was opened on {item.opened_on}: nothing can be recorded on it for {on}.",
            f"See `debt show {item.id}`.",
        )
    barrier = item.latest_barrier()
    if barrier is None:
        return place_in_book(command, state)
    return place_in_book(
        command,
        state,
        barrier.effective_on,
        f"{item.id} was {_BARRIER_WORDS[barrier.stored_as]} on {barrier.effective_on} (position {barrier.position}), "
        "and nothing may stand before that",
    )


_BARRIER_WORDS = {
    "neglect-adopted/1": "adopted",
    "estimate-revised/1": "revised",
    "item-written-off/1": "written off",
}


def refuse_future(on: date, today: date) -> None:
    """An entry on an item records what has happened."""
    if on > today:
        raise Refused(f"{on} is in the future: today is {today}.", "Record it on the day it happens.")


# --- items -----------------------------------------------------------------------------------------


def known_item(item_id: str, state: State) -> Item:
    """The item, if it exists and was not reversed."""
    item = state.items.get(item_id)
    if item is None:
        raise Refused(f"There is no item {item_id}.", "`debt list --status all` shows the register.")
    if item.reversed:
        raise Refused(
            f"{item_id} was opened in error and reversed: it takes only notes.", f"See `debt show {item_id}`."
        )
    return item


def refuse_closed(item: Item, day: date) -> None:
    """An item on which nothing is left takes no such entry."""
    if item.closed_on(day):
        raise Refused(
            f"{item.id} is closed on {day}: nothing is outstanding.",
            f"`debt revise {item.id} --principal A --interest I --because …` reopens it.",
        )


def lawful(decided: Decided, item: Item, state: State) -> Decided:
    """The decision, if the item's laws hold after it, from its date on; else Refused.

    The laws: of each nature, outstanding >= 0, carry >= 0, and carry 0 where outstanding is 0.
    """
    book, day = state.opened_book(), decided.effective_on
    after = item.after(_as_if_recorded(decided, item, book))
    for nature in NATURES:
        for later, balance in after.balances_from(day, nature):
            broken = _broken_law(balance)
            if broken:
                raise Refused(
                    f"That would leave {item.id} with {nature} of {book.currency.text(balance.outstanding)} and interest of "
                    f"{book.currency.text(balance.carry)} a year on {later}: {broken}.",
                    _reverse_first(item, day, later),
                )
    return decided


def _broken_law(balance: Balance) -> str:
    if balance.outstanding < 0:
        return "less than nothing would be outstanding"
    if balance.carry < 0:
        return "the interest would be less than nothing"
    if balance.carry and not balance.outstanding:
        return "interest would run on nothing"
    return ""


def _reverse_first(item: Item, day: date, later: date) -> str:
    """What to try: to reverse the entry in the way, the latest one that stands there by the day of the breach."""
    standing = [
        entry for entry in item.entries[1:] if entry.standing and entry.legs and day <= entry.effective_on <= later
    ]
    if not standing:
        return f"See `debt show {item.id}`."
    entry: Entry = max(standing, key=lambda candidate: candidate.order)
    return (
        f"Position {entry.position} ({entry.stored_as}) stands on {entry.effective_on}; if it is wrong, reverse it first: "
        f"`debt reverse {entry.position} --because …`."
    )


def _as_if_recorded(decided: Decided, item: Item, book: Book) -> Recorded:
    return Recorded(
        book=book.name,
        position=item.entries[-1].position + 1,
        event_id="",
        stream=item.id,
        stream_version=len(item.entries) + 1,
        stored_as=stored_name(decided.event),
        effective_on=decided.effective_on,
        recorded_at="",
        actor="",
        key="",
        request_sha256="",
        data=decided.event,
    )


# --- amounts ---------------------------------------------------------------------------------------


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


def _in_force(rate_minor: int | None, what: str) -> int:
    if rate_minor is None:
        raise Refused(
            f"{what} is an effort, and no day rate is in force on that day.",
            "Set one first: `debt rate set AMOUNT --from DATE`.",
        )
    return rate_minor


def rate_on(item_or_system: str, day: date, state: State) -> int | None:
    """The price of a person-day for a system's team on a day."""
    system = state.systems[item_or_system]
    return state.opened_book().rate_on(day, system.team_on(day))


# --- texts -----------------------------------------------------------------------------------------


def required(text: str | None, option: str, limit: int = MAX_TEXT) -> str:
    """The text, which may not be empty or too long."""
    if not text or not text.strip():
        raise Refused(f"{option} is empty.", "Say it in a few words.")
    return limited(text, option, limit)


def limited(text: str, option: str, limit: int = MAX_TEXT) -> str:
    """The text, which may not be too long. limit: characters."""
    if len(text) > limit:
        raise Refused(
            f"{option} has {len(text)} characters: at most {limit} are kept.",
            "Shorten it."
            if option == "--evidence" or limit == MAX_NAME
            else "Shorten it; --evidence can say where the rest is.",
        )
    return text


def name(text: str | None, option: str) -> str:
    """A short name: a team, a cost centre, a person."""
    return required(text, option, MAX_NAME)


def closest(word: str, known: list[str]) -> str:
    """A hint for a misspelt word, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=1)
    return f"Did you mean {near[0]}? " if near else ""
