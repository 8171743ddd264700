"""An item of the register: its opening, its entries since, and its balances on any day.

Entries may be effective in any order; a balance on a day is the sum of the legs effective by then, so a
question about "from then on" looks at every later day on which something happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from ledger.accounts.postings import post
from ledger.decide.fold import Fold
from ledger.events import (
    BalanceChange,
    DebtCommissioned,
    DebtRenewed,
    DescribedItem,
    Description,
    EstimateRevised,
    Event,
    EventReversed,
    EvidenceAdded,
    InterestObserved,
    ItemEvent,
    ItemWrittenOff,
    Leg,
    NeglectAdopted,
    NeglectObserved,
    NoteAdded,
    Opening,
    Recorded,
    RepaymentPlanned,
    RepaymentRecorded,
    described,
)
from ledger.vocabulary.kinds import NATURES, Dimension, Nature

OPENINGS = (DebtCommissioned, NeglectObserved)
#: Nothing may become effective before the latest standing one of these.
BARRIERS = (NeglectAdopted, EstimateRevised, ItemWrittenOff)
#: An adoption is not reversed while one of these rests on it.
TERMS = (RepaymentPlanned, DebtRenewed)
#: An opening is not reversed while one of these, a barrier or a term stands after it.
ENTRIES = (BalanceChange, EvidenceAdded, InterestObserved)
#: Nothing is kept from being reversed by these.
REMARKS = (NoteAdded, Description)
#: What can leave nothing to repay on an item that nobody estimated.
CLOSINGS = (RepaymentRecorded, ItemWrittenOff)


class Entry(msgspec.Struct, frozen=True):
    """One event of an item, with its meaning in money.

    reversed_at, reversed_on: position and effective date of the reversal that undid it, if one did.
    """

    position: int
    effective_on: date
    event: Event
    legs: tuple[Leg, ...]
    stored_as: str
    #: What it changes: nature, outstanding, carry.
    effects: tuple[tuple[Nature, int, int], ...]
    reversed_at: int | None = None
    reversed_on: date | None = None

    @property
    def standing(self) -> bool:
        """Whether no reversal has undone it."""
        return self.reversed_at is None

    @property
    def order(self) -> tuple[date, int]:
        """By effective date, then position."""
        return (self.effective_on, self.position)

    @property
    def occurred_on(self) -> date:
        """The day it really happened."""
        return self.event.occurred_on or self.effective_on

    def stands_on(self, day: date) -> bool:
        """Whether it is effective by that day and not undone by then."""
        return self.effective_on <= day and (self.reversed_on is None or self.reversed_on > day)


class Balance(msgspec.Struct, frozen=True):
    """What is owed of one nature: principal and interest per year, minor units."""

    outstanding: int
    carry: int


class Item(msgspec.Struct, frozen=True):
    """One item; `entries` in order of position, the opening first.

    What they come to is kept beside them, so that nobody has to go through thousands of them for one more.
    barriers: those of the entries that are. last_day: the latest on which one is effective; at_end: the balances from then on.
    """

    id: str
    entries: tuple[Entry, ...] = ()
    barriers: tuple[Entry, ...] = ()
    last_day: date = date.min
    at_end: Mapping[Nature, Balance] = msgspec.field(default_factory=lambda: dict.fromkeys(NATURES, Balance(0, 0)))

    # --- what was fixed when it was opened ---------------------------------------------------------

    @property
    def opening(self) -> Opening:
        """The event that opened it."""
        event = self.entries[0].event
        assert isinstance(event, Opening)  # noqa: S101  (a fold starts with an opening)
        return event

    @property
    def dimension(self) -> Dimension:
        return self.opening.dimension

    @property
    def opened_on(self) -> date:
        """The day the item came to be: `occurred_on` of a late opening."""
        return self.entries[0].occurred_on

    @property
    def reversed(self) -> bool:
        """Whether the opening itself was reversed."""
        return not self.entries[0].standing

    # --- as of a day -------------------------------------------------------------------------------

    def nature_on(self, day: date) -> Nature:
        """Debt if it was opened as debt or stands adopted on that day, else neglect."""
        if isinstance(self.opening, DebtCommissioned):
            return "debt"
        adopted = any(isinstance(entry.event, NeglectAdopted) and entry.stands_on(day) for entry in self.barriers)
        return "debt" if adopted else "neglect"

    def estimated_on(self, day: date) -> bool:
        """Whether somebody had put a figure on it by that day."""
        if self.opening.principal_minor is not None:  # type: ignore[attr-defined]
            return True
        return any(
            isinstance(entry.event, EstimateRevised)
            and entry.event.outstanding_minor is not None
            and entry.stands_on(day)
            for entry in self.barriers
        )

    def closed_on(self, day: date) -> bool:
        """Whether nothing was left to repay on that day."""
        if any(self.balance_on(day, nature).outstanding for nature in NATURES):
            return False
        return self.estimated_on(day) or any(
            isinstance(entry.event, CLOSINGS) and entry.stands_on(day) for entry in self.entries
        )

    def balance_on(self, day: date, nature: Nature) -> Balance:
        """Outstanding and carry of one nature at the end of a day."""
        if day >= self.last_day:
            return self.at_end[nature]
        outstanding = carry = 0
        for entry in self.entries:
            if entry.effective_on <= day:
                for changed, owed, interest in entry.effects:
                    if changed == nature:
                        outstanding += owed
                        carry += interest
        return Balance(outstanding, carry)

    def balances_from(self, day: date, nature: Nature) -> Iterator[tuple[date, Balance]]:
        """The balance at the end of that day and of every later day on which the item has an entry."""
        later: Iterable[date] = (
            () if day >= self.last_day else (entry.effective_on for entry in self.entries if entry.effective_on > day)
        )
        days = sorted({day, *later})
        return ((each, self.balance_on(each, nature)) for each in days)

    def lowest_from(self, day: date, nature: Nature) -> Balance:
        """The lowest outstanding and the lowest carry from that day on, each by itself."""
        balances = [balance for _, balance in self.balances_from(day, nature)]
        return Balance(min(balance.outstanding for balance in balances), min(balance.carry for balance in balances))

    def described_on(self, day: date) -> DescribedItem:
        """What it is called on that day, its tags and links, and who looks after it."""
        said = [entry for entry in self.entries if isinstance(entry.event, Description) and entry.stands_on(day)]
        said.sort(key=lambda entry: entry.order)
        return described(self.opening.title, (entry.event for entry in said if isinstance(entry.event, Description)))

    @property
    def title(self) -> str:
        """What it is called after everything that it holds."""
        return self.described_on(self.last_day).title

    # --- what stands -------------------------------------------------------------------------------

    def entry_at(self, position: int) -> Entry:
        """The entry at a position of this item."""
        return next(entry for entry in self.entries if entry.position == position)

    def latest_barrier(self) -> Entry | None:
        """The latest standing adoption, revision or write-off, by effective date, then position."""
        return max((entry for entry in self.barriers if entry.standing), key=lambda entry: entry.order, default=None)

    def standing_after(self, entry: Entry, *kinds: type[Event]) -> list[Entry]:
        """Standing entries later than this one, notes and reversals apart; of these kinds, if any are given."""
        return [
            later
            for later in self.entries
            if later.order > entry.order
            and later.standing
            and not isinstance(later.event, (*REMARKS, EventReversed))
            and (not kinds or isinstance(later.event, kinds))
        ]

    def terms_after(self, entry: Entry) -> list[Entry]:
        """Standing plans and renewals later than this entry."""
        return self.standing_after(entry, *TERMS)


def _entry(recorded: Recorded) -> Entry:
    event = recorded.event
    legs = post(event, recorded.effective_on)
    effects = tuple((leg.nature, -leg.amount_minor, leg.carry_minor_per_year) for leg in legs if leg.nature is not None)
    return Entry(recorded.position, recorded.effective_on, event, legs, recorded.stored_as, effects)


def evolve_item(item: Item | None, recorded: Recorded) -> Item:
    """An item after an event of its stream."""
    return _ITEMS.after(item, recorded)


def _opened(recorded: Recorded, event: Opening) -> Item:
    return _with(Item(recorded.stream), _entry(recorded))


def _entered(item: Item, recorded: Recorded, event: ItemEvent) -> Item:
    return _with(item, _entry(recorded))


def _undone(item: Item, recorded: Recorded, event: EventReversed) -> Item:
    entries = tuple(
        replace(entry, reversed_at=recorded.position, reversed_on=recorded.effective_on)
        if entry.position == event.reversed_position
        else entry
        for entry in item.entries
    )
    barriers = tuple(entry for entry in entries if isinstance(entry.event, BARRIERS))
    return _with(replace(item, entries=entries, barriers=barriers), _entry(recorded))


def _with(item: Item, entry: Entry) -> Item:
    """The item with one more entry, and what they come to then."""
    at_end = item.at_end
    for nature, owed, interest in entry.effects:
        before = at_end[nature]
        at_end = {**at_end, nature: Balance(before.outstanding + owed, before.carry + interest)}
    return Item(
        item.id,
        (*item.entries, entry),
        (*item.barriers, entry) if isinstance(entry.event, BARRIERS) else item.barriers,
        max(item.last_day, entry.effective_on),
        at_end,
    )


_FURTHER: tuple[type[Event], ...] = (*BARRIERS, *TERMS, *ENTRIES, *REMARKS)

_ITEMS: Fold[Item] = Fold(
    ItemEvent,
    __name__,
    begins=dict.fromkeys(OPENINGS, _opened),
    changes={**dict.fromkeys(_FURTHER, _entered), EventReversed: _undone},
)
