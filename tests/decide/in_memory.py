"""A book that is nothing but its events: what a command needs is found by walking them again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from ledger.decide import decide
from ledger.decide.command import Command, Needs
from ledger.decide.item import Item, evolve_item
from ledger.decide.state import Book, LastEntry, State, System, evolve_book, evolve_system
from ledger.events import ABOUT_THE_LEDGER, BookEvent, ItemEvent, Opening, Recorded, SystemChanged, SystemRegistered
from ledger.events.codec import stored_name
from ledger.vocabulary.quarters import Quarter

T = TypeVar("T")


@dataclass
class InMemory:
    """events: in order of position."""

    name: str = "main"
    events: list[Recorded] = field(default_factory=list)

    def do(self, command: Command, today: date, actor: str = "ada") -> list[Recorded]:
        """Decide a command on all that happened, and let it happen. Raises Refused, with nothing changed."""
        decided = decide(command, self.state(command.needs(), today, actor))
        first = len(self.events) + 1
        recorded = [
            Recorded(
                book=self.name,
                position=position,
                event_id=f"id-{position}",
                stream=happened.event.stream,
                stream_version=1 + sum(each.stream == happened.event.stream for each in self.events),
                stored_as=stored_name(happened.event),
                effective_on=happened.effective_on,
                recorded_at="",
                actor=actor,
                key="",
                request_sha256="",
                data=happened.event,
            )
            for position, happened in enumerate(decided, first)
        ]
        self.events += recorded
        return recorded

    def state(self, needs: Needs, today: date, actor: str = "ada") -> State:
        """As much of the book as the command asks for, and no more."""
        named = next((each for each in self.events if each.position == needs.event_at), None)
        items = list(needs.items)
        if named is not None and isinstance(named.event, ItemEvent):
            items.append(named.stream)
        if needs.items_of:
            items += [each.stream for each in self._openings(needs.items_of)]
        return State(
            today=today,
            actor=actor,
            book=self.book(),
            systems={key: found for key in needs.systems if (found := self.system(key))},
            items={key: found for key in items if (found := self.item(key))},
            teams=self._teams() if needs.teams else frozenset(),
            next_number=len(self._openings(needs.number_in)) + 1 if needs.number_in else 1,
            first_unclosed_day=self._first_unclosed_day() if needs.first_unclosed_day else None,
            named_event=named,
            last_entry=self._last_entry(needs.last_entry_in) if needs.last_entry_in else None,
            objections=(),  # every history here is as it was written: nothing stands against closing
        )

    def book(self) -> Book | None:
        return self._folded(evolve_book, (each for each in self.events if isinstance(each.event, BookEvent)))

    def system(self, key: str) -> System | None:
        return self._folded(evolve_system, (each for each in self.events if each.stream == key))

    def item(self, key: str) -> Item | None:
        return self._folded(evolve_item, (each for each in self.events if each.stream == key))

    def _folded(self, evolve: Callable[[T | None, Recorded], T], events: Iterable[Recorded]) -> T | None:
        subject: T | None = None
        for each in events:
            subject = evolve(subject, each)
        return subject

    def _openings(self, system: str) -> list[Recorded]:
        return [each for each in self.events if isinstance(each.event, Opening) and each.event.system == system]

    def _teams(self) -> frozenset[str]:
        owners = [each.event for each in self.events if isinstance(each.event, SystemRegistered | SystemChanged)]
        return frozenset(owner.team for owner in owners if owner.team)

    def _first_open_day(self) -> date:
        book = self.book()
        return book.first_open_day if book else date.min

    def _first_unclosed_day(self) -> date | None:
        days = [each.effective_on for each in self.events if isinstance(each.event, ItemEvent)]
        return min((day for day in days if day >= self._first_open_day()), default=None)

    def _last_entry(self, quarter: str) -> LastEntry | None:
        book = self.book()
        assert book is not None
        last_day = book.calendar.last_day(Quarter.parse(quarter))
        for each in reversed(self.events):
            if self._first_open_day() <= each.effective_on <= last_day and each.stored_as not in ABOUT_THE_LEDGER:
                return LastEntry(each.position, each.actor)
        return None
