"""The past: what a book had come to before each of its events, told them one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from sqlalchemy import bindparam, select

from ledger.decide.item import evolve_item
from ledger.decide.state import LastEntry, Login
from ledger.events import ABOUT_THE_LEDGER, ItemEvent, Recorded
from ledger.events.codec import decode
from ledger.store.memory import Memory
from ledger.tables.facts import event
from ledger.vocabulary.keys import is_item, system_of
from ledger.vocabulary.quarters import Quarter

_STREAM_BEFORE = (
    select(event.c.body)
    .where(
        event.c.book == bindparam("book"),
        event.c.stream == bindparam("stream"),
        event.c.position <= bindparam("position"),
    )
    .order_by(event.c.stream_version)
)

#: Entries of items that are held, some 40 MB; those of the items untouched for longest are read again when asked for.
MOST_ENTRIES = 20_000


class Past(Memory):
    """What is known before the next event: of the database it asks nothing that comes later.

    position: of the last event it was told. entries: of the items that it holds, which stand in the order in which they were
    last touched. item_days: on which something is effective on an item; last_entries: the last event of each day.
    """

    position: int = 0
    entries: int = 0
    teams: set[str] | None = msgspec.field(default_factory=set)
    #: What stood against sealing a quarter was examined when it was sealed.
    objections: tuple[str, ...] | None = ()
    item_days: set[date] = msgspec.field(default_factory=set)
    last_entries: dict[date, LastEntry] = msgspec.field(default_factory=dict)

    def learn(self, recorded: Recorded) -> None:
        """Take the next event. Raises StoreError for one that cannot follow; it is known to be there then, and no more."""
        stream, day = recorded.stream, recorded.effective_on
        self.load((stream,))
        self.position = recorded.position
        if recorded.stored_as not in ABOUT_THE_LEDGER:
            self.last_entries[day] = LastEntry(recorded.position, recorded.actor)
        if isinstance(recorded.event, ItemEvent):
            self.item_days.add(day)
        if not is_item(stream):
            Memory.learn(self, recorded)
            return
        self.numbers.setdefault(system_of(stream), 0)
        if stream in self.items:  # to the end of the order
            self.items[stream] = self.items.pop(stream)
        Memory.learn(self, recorded)
        self.entries += 1
        self._let_go()

    def _let_go(self) -> None:
        while self.entries > MOST_ENTRIES and len(self.items) > 1:
            oldest = next(iter(self.items))
            self.entries -= len(self.items.pop(oldest).entries)

    def load(self, streams: Iterable[str]) -> None:
        """Items that were let go; everything else is held, or has not come to be yet."""
        for stream in dict.fromkeys(streams):
            if is_item(stream) and stream in self.versions and stream not in self.items:
                bounds = {"book": self.name, "stream": stream, "position": self.position}
                found = None
                for body in self.connection.execute(_STREAM_BEFORE, bounds).scalars():
                    found = evolve_item(found, decode(body))
                if found is not None:
                    self.items[stream] = found
                    self.entries += len(found.entries)

    def _named_event(self, position: int | None) -> Recorded | None:
        return Memory._named_event(self, position) if position is not None and position <= self.position else None

    def _items_of(self, system: str) -> list[str]:
        return [f"{system}-{number}" for number in range(1, self.numbers.get(system, 0) + 1)]

    def _next_number(self, system: str) -> int:
        return self.numbers.get(system, 0) + 1

    def _teams(self) -> set[str]:
        return self.teams if self.teams is not None else set()

    def _first_unclosed_day(self) -> date | None:
        closed = (self.book and self.book.closed_through) or date.min
        return min((day for day in self.item_days if day > closed), default=None)

    def _login(self) -> Login | None:
        """Nobody's: whoever decides again is not who recorded. What the database said of them stands beside the event."""
        return None

    def _last_entry(self, quarter: str) -> LastEntry | None:
        if self.book is None:
            return None
        days = self.book.first_open_day, self.book.calendar.last_day(Quarter.parse(quarter))
        entries = [entry for day, entry in self.last_entries.items() if days[0] <= day <= days[1]]
        return max(entries, key=lambda entry: entry.position, default=None)
