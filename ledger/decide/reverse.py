"""Reversing what was entered in error."""

from __future__ import annotations

from ledger.accounts.postings import mirrored
from ledger.decide.command import Command, Needs
from ledger.decide.decided import Decided
from ledger.decide.item import Entry, Item
from ledger.decide.laws import known_item, lawful
from ledger.decide.state import State
from ledger.decide.words import required
from ledger.events import Description, EventReversed, InterestObserved, ItemEvent, NeglectAdopted, NoteAdded, Opening
from ledger.vocabulary.errors import Refused


class Reverse(Command, frozen=True, kw_only=True, tag="reverse"):
    """Takes neither `on` nor `late`: a reversal is effective on the day of what it reverses."""

    position: int
    because: str | None = None

    def needs(self) -> Needs:
        return Needs(event_at=self.position)


def decide_reverse(command: Reverse, state: State) -> tuple[Decided, ...]:
    """The mirror of an event of an item, on the same day, or the first open day if that day is closed."""
    item, entry = _reversible(command, state)
    return undoing(item, entry, command.because, command.evidence, state)


def undoing(item: Item, entry: Entry, why: str | None, evidence: str | None, state: State) -> tuple[Decided, ...]:
    """The reversal of an entry that stands. Raises Refused if something rests on it."""
    because = required(why, "--because")
    _nothing_rests_on(entry, item)
    event = EventReversed(
        evidence=evidence,
        item=item.id,
        reversed_position=entry.position,
        reversed_stored_as=entry.stored_as,
        because=because,
        legs=mirrored(entry.legs),
    )
    effective_on = max(entry.effective_on, state.opened_book().first_open_day)
    return (lawful(Decided(effective_on, event), item, state),)


def _reversible(command: Reverse, state: State) -> tuple[Item, Entry]:
    """The entry a reversal names, if it is of a kind that can be reversed and still stands."""
    named, position = state.named_event, command.position
    if named is None:
        raise Refused(f"There is no event at position {position}.", "`debt log` lists them.")
    if not isinstance(named.event, ItemEvent):
        raise Refused(
            f"Position {position} is {named.stored_as}: only events of items can be reversed.",
            "Record the right one after it.",
        )
    if isinstance(named.event, EventReversed):
        raise Refused(
            f"Position {position} is a reversal itself and cannot be reversed.",
            f"Record position {named.event.reversed_position} again instead.",
        )
    return standing_entry(named.event.item, position, state)


def standing_entry(item_id: str, position: int, state: State) -> tuple[Item, Entry]:
    """An item's entry that still stands and is not a note. Raises Refused."""
    entry = state.items[item_id].entry_at(position)
    if not entry.standing:
        raise Refused(
            f"Position {position} was reversed already, at position {entry.reversed_at}.",
            f"`debt show {item_id}` tells the story.",
        )
    item = state.items[item_id] if isinstance(entry.event, Description) else known_item(item_id, state)
    if isinstance(entry.event, NoteAdded):
        raise Refused(
            f"Position {position} is a note: notes stay.", f"Correct it with another: `debt note {item.id} TEXT`."
        )
    return item, entry


def _nothing_rests_on(entry: Entry, item: Item) -> None:
    """What later decisions rest on can be reversed only after them."""
    if isinstance(entry.event, Description | InterestObserved):
        return
    resting: list[Entry] = []
    barrier = item.latest_barrier()
    if isinstance(entry.event, Opening):
        resting = item.standing_after(entry)
    elif barrier is not None and barrier.order > entry.order:
        resting = [barrier]
    elif isinstance(entry.event, NeglectAdopted):
        resting = item.terms_after(entry)
    if resting:
        last = resting[-1]
        raise Refused(
            f"Position {entry.position} cannot be reversed while position {last.position} ({last.stored_as}, {last.effective_on}) "
            "stands, which rests on it.",
            f"Reverse that first: `debt reverse {last.position} --because …`.",
        )
