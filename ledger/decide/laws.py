"""The laws of an item: what every entry on it must leave true, from its date on."""

from __future__ import annotations

from datetime import date

from ledger.decide.decided import Decided
from ledger.decide.item import Balance, Entry, Item, evolve_item
from ledger.decide.state import Book, State
from ledger.events import EventReversed, Recorded
from ledger.events.codec import stored_name
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.kinds import NATURES


def known_item(item_id: str, state: State) -> Item:
    """The item, if it exists and was not reversed."""
    item = state.items.get(item_id)
    if item is None:
        raise Refused(
            f"There is no item {item_id}.", "`debt list --status all` shows the register.", unknown=("items", item_id)
        )
    if item.reversed:
        raise Refused(
            f"{item_id} was opened in error and reversed: it takes only notes, and what describes it.",
            f"See `debt show {item_id}`.",
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
    after = as_if_recorded(decided, item, book)
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
        entry
        for entry in item.entries[1:]
        if day <= entry.effective_on <= later
        and entry.legs
        and entry.standing
        and not isinstance(entry.event, EventReversed)
    ]
    if not standing:
        return f"See `debt show {item.id}`."
    entry: Entry = max(standing, key=lambda candidate: candidate.order)
    return (
        f"Position {entry.position} ({entry.stored_as}) stands on {entry.effective_on}; if it is wrong, reverse it first: "
        f"`debt reverse {entry.position} --because …`."
    )


def as_if_recorded(decided: Decided, item: Item | None, book: Book) -> Item:
    """The item as it would be after a decision. item: None where the decision opens it."""
    entries = item.entries if item is not None else ()
    recorded = Recorded(
        book=book.name,
        position=entries[-1].position + 1 if entries else 1,
        event_id="",
        stream=decided.event.stream,
        stream_version=len(entries) + 1,
        stored_as=stored_name(decided.event),
        effective_on=decided.effective_on,
        recorded_at="",
        actor="",
        key="",
        request_sha256="",
        data=decided.event,
    )
    return evolve_item(item, recorded)
