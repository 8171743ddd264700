"""On which day an entry may stand: not in a closed period, not before a barrier, not in the future."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.decide.command import Command, ItemCommand
from ledger.decide.convention import by_convention
from ledger.decide.item import Item
from ledger.decide.state import State
from ledger.vocabulary.dates import FIRST_DAY, LAST_DAY
from ledger.vocabulary.errors import Refused


class Placed(msgspec.Struct, frozen=True):
    """Where an entry stands: its day in the books and, if it is late, the day it really happened."""

    effective_on: date
    occurred_on: date | None = None

    @property
    def happened_on(self) -> date:
        """The day it really happened, late or not."""
        return self.occurred_on or self.effective_on


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


def refuse_beyond_calendar(on: date) -> None:
    """An entry stands in a time in which there are such systems; a slip of the hand, or a clock, does not (design §8)."""
    if not FIRST_DAY <= on <= LAST_DAY:
        by_convention(
            Refused(
                f"Nothing can be recorded on {on}: entries are of {FIRST_DAY} to {LAST_DAY}.",
                "Write the day with --on, like 2026-03-01; without it, check this machine's clock.",
            )
        )


def refuse_future(on: date, today: date) -> None:
    """An entry on an item records what has happened."""
    if on > today:
        raise Refused(f"{on} is in the future: today is {today}.", "Record it on the day it happens.")
