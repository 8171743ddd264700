"""A journal entry as the tests see it: who, what, how much, for which day, and when it was recorded."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from ledger.events import POSTS, AmountPerQuarter, Event, RepaymentRecorded
from ledger.vocabulary.keys import is_item, system_of
from ledger.vocabulary.kinds import BOOK_STREAM


class Counterpart(msgspec.Struct, frozen=True, gc=False):
    """The other half of a correction: the reversal of an entry, or what a reversal reverses. recorded_at: as stored."""

    position: int
    stored_as: str
    actor: str
    recorded_at: str


class JournalEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One event. recorded_at: as stored, in UTC; recorded_local: the same on the clock of the book's zone, naive.

    amount_minor: what it moved or set, >= 0, None where it has no amount; spent_minor: what a repayment cost,
    None where nobody said. imported: another tool's finding, recorded by an importer. earlier: not effective in the
    period, but recorded in it for a day before it. reversed_by, reverses: the other half of a correction.
    session_user: the database's word for who wrote, None where it knows no users.
    """

    position: int
    stored_as: str
    stream: str
    actor: str
    session_user: str | None
    effective_on: date
    occurred_on: date | None
    recorded_at: str
    recorded_local: datetime
    amount_minor: int | None
    spent_minor: int | None
    imported: bool = False
    earlier: bool = False
    reversed_by: Counterpart | None = None
    reverses: Counterpart | None = None

    @property
    def recorded_on(self) -> date:
        """The day of recording in the book's zone."""
        return self.recorded_local.date()

    @property
    def gap_days(self) -> int:
        """The day of recording less the effective day: positive when it was entered afterwards."""
        return self.recorded_local.toordinal() - self.effective_on.toordinal()

    @property
    def amounts(self) -> tuple[int, ...]:
        """The amounts above 0 that somebody stated; none of a reversal, which repeats those of another entry."""
        if self.reverses is not None:
            return ()
        return tuple(amount for amount in (self.amount_minor, self.spent_minor) if amount)

    @property
    def item(self) -> str | None:
        """The item's key, None of an entry about a system or the book."""
        return self.stream if is_item(self.stream) else None

    @property
    def system(self) -> str | None:
        """The system's key, None of an entry about the book."""
        return None if self.stream == BOOK_STREAM else system_of(self.stream) if is_item(self.stream) else self.stream


def amounts_of(event: Event) -> tuple[int | None, int | None]:
    """What an event moved or set, and what it cost where that was stated: minor units, >= 0; None: no amount."""
    if isinstance(event, AmountPerQuarter):
        return event.amount_minor, None
    # Both liability legs of an adoption move the same amount; the day they count on does not matter here.
    moved = [abs(leg.amount_minor) for leg in POSTS[type(event)](event, date.min) if leg.nature]
    spent = event.spent_minor if isinstance(event, RepaymentRecorded) and not event.spent_assumed else None
    return max(moved, default=None), spent
