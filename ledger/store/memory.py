"""Loading: from stored events to the state that a decision needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from operator import attrgetter

import msgspec
from sqlalchemy import Connection, bindparam, func, select, text

from ledger.decide.command import Needs
from ledger.decide.item import Item, evolve_item
from ledger.decide.state import Book, LastEntry, Login, State, System, evolve_book, evolve_system
from ledger.events import ABOUT_THE_LEDGER, STORED_AS, ItemEvent, Recorded
from ledger.events.codec import decode
from ledger.tables.facts import event
from ledger.tables.items import item as item_table
from ledger.tables.systems import owner
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.keys import is_item
from ledger.vocabulary.kinds import BOOK_STREAM
from ledger.vocabulary.policies import ACTOR_FROM_LOGIN
from ledger.vocabulary.quarters import Quarter

_ITEM_EVENTS = sorted(name for name, event_type in STORED_AS.items() if issubclass(event_type, ItemEvent))

# Not ordered in SQL: a planner would rather walk the whole book in order of position than look streams up.
_STREAMS = select(event.c.body).where(
    event.c.book == bindparam("book"), event.c.stream.in_(bindparam("streams", expanding=True))
)
_AT = select(event.c.stream, event.c.body).where(
    event.c.book == bindparam("book"), event.c.position == bindparam("position")
)
_LAST_NUMBER = select(func.max(item_table.c.number)).where(
    item_table.c.book == bindparam("book"), item_table.c.system == bindparam("system")
)
_ITEMS_OF = (
    select(item_table.c.item)
    .where(item_table.c.book == bindparam("book"), item_table.c.system == bindparam("system"))
    .order_by(item_table.c.number)
)
_TEAMS = select(owner.c.team).where(owner.c.book == bindparam("book"), owner.c.team.is_not(None)).distinct()
_FIRST_DAY_AFTER = select(func.min(event.c.effective_on)).where(
    event.c.book == bindparam("book"), event.c.effective_on > bindparam("day"), event.c.stored_as.in_(_ITEM_EVENTS)
)

_LOGIN = text("SELECT session_user::text, (SELECT actor FROM book_grant WHERE book = :book AND login = session_user)")

_LAST_ENTRY = (
    select(event.c.position, event.c.actor)
    .where(
        event.c.book == bindparam("book"),
        event.c.effective_on.between(bindparam("first_day"), bindparam("last_day")),
        event.c.stored_as.not_in(ABOUT_THE_LEDGER),
    )
    .order_by(event.c.position.desc())
    .limit(1)
)


def named_streams(needs: Needs) -> tuple[str, ...]:
    """The streams that a command with these needs names, each once; the book's always."""
    return tuple(dict.fromkeys((BOOK_STREAM, *needs.systems, *needs.items)))


class Memory(msgspec.Struct):
    """What one transaction knows of a book: loaded once, then kept up with what it records itself.

    versions: of every stream loaded, its last version; 0 for one that does not exist yet. objections: as a State has them.
    """

    connection: Connection
    name: str
    book: Book | None = None
    systems: dict[str, System] = msgspec.field(default_factory=dict)
    items: dict[str, Item] = msgspec.field(default_factory=dict)
    versions: dict[str, int] = msgspec.field(default_factory=dict)
    numbers: dict[str, int] = msgspec.field(default_factory=dict)
    teams: set[str] | None = None
    objections: tuple[str, ...] | None = None

    def state_for(self, needs: Needs, today: date, actor: str = "") -> State:
        """The state in which a command with these needs is decided. actor: who asks."""
        named = self._named_event(needs.event_at)
        items = needs.items
        if named is not None and is_item(named.stream):
            items = (*items, named.stream)
        if needs.items_of:
            items = (*items, *self._items_of(needs.items_of))
        self.load((*named_streams(needs), *items))
        wanted = {key: self.items[key] for key in items if key in self.items}
        return State(
            today=today,
            actor=actor,
            login=self._login(),
            book=self.book,
            systems={key: self.systems[key] for key in needs.systems if key in self.systems},
            items=wanted,
            teams=frozenset(self._teams()) if needs.teams else frozenset(),
            next_number=self._next_number(needs.number_in) if needs.number_in else 1,
            first_unclosed_day=self._first_unclosed_day() if needs.first_unclosed_day else None,
            named_event=named,
            last_entry=self._last_entry(needs.last_entry_in) if needs.last_entry_in else None,
            objections=self.objections,
        )

    def learn(self, recorded: Recorded) -> None:
        """Keep up with an event that this transaction records."""
        stream, found = recorded.stream, recorded.event
        self.versions[stream] = recorded.stream_version
        if stream == BOOK_STREAM:
            self.book = evolve_book(self.book, recorded)
        elif is_item(stream):
            system, _, number = stream.rpartition("-")
            if system in self.numbers:
                self.numbers[system] = max(self.numbers[system], int(number))
            self.items[stream] = evolve_item(self.items.get(stream), recorded)
        else:
            self.systems[stream] = evolve_system(self.systems.get(stream), recorded)
            team = getattr(found, "team", None)
            if self.teams is not None and team:
                self.teams.add(team)

    def load(self, streams: Iterable[str]) -> None:
        """Read what is not known yet of these streams."""
        missing = [stream for stream in dict.fromkeys(streams) if stream not in self.versions]
        for chunk in _chunks(missing, 500):
            self.fold(chunk, self.connection.execute(_STREAMS, {"book": self.name, "streams": chunk}).scalars())

    def fold(self, streams: Iterable[str], bodies: Iterable[str]) -> None:
        """Learn all that there is of streams that were not known. bodies: of their events, in any order."""
        self.versions.update(dict.fromkeys(streams, 0))
        for recorded in sorted(map(decode, bodies), key=attrgetter("position")):
            self.learn(recorded)

    def _named_event(self, position: int | None) -> Recorded | None:
        if position is None:
            return None
        row = self.connection.execute(_AT, {"book": self.name, "position": position}).one_or_none()
        return decode(row.body) if row else None

    def _items_of(self, system: str) -> list[str]:
        stored = self.connection.execute(_ITEMS_OF, {"book": self.name, "system": system}).scalars().all()
        return [*stored, *(key for key in self.items if key.startswith(f"{system}-") and key not in stored)]

    def _next_number(self, system: str) -> int:
        if system not in self.numbers:
            found = self.connection.execute(_LAST_NUMBER, {"book": self.name, "system": system}).scalar()
            self.numbers[system] = found or 0
        return self.numbers[system] + 1

    def _teams(self) -> set[str]:
        if self.teams is None:
            self.teams = set(self.connection.execute(_TEAMS, {"book": self.name}).scalars())
        return self.teams

    def _first_unclosed_day(self) -> date | None:
        if self.book is None:
            raise StoreError(f"The book '{self.name}' has no first event.")
        closed = self.book.closed_through or date.min
        found: date | None = self.connection.execute(_FIRST_DAY_AFTER, {"book": self.name, "day": closed}).scalar()
        return found

    def _login(self) -> Login | None:
        """Who the database says is asking, where the book asks for that."""
        asked = self.book is not None and self.book.policies.get(ACTOR_FROM_LOGIN) == "on"
        if not asked or self.connection.dialect.name != "postgresql":
            return None
        return Login(*self.connection.execute(_LOGIN, {"book": self.name}).one())

    def _last_entry(self, quarter: str) -> LastEntry | None:
        if self.book is None:
            raise StoreError(f"The book '{self.name}' has no first event.")
        last_day = self.book.calendar.last_day(Quarter.parse(quarter))
        days = {"book": self.name, "first_day": self.book.first_open_day, "last_day": last_day}
        found = self.connection.execute(_LAST_ENTRY, days).one_or_none()
        return LastEntry(found.position, found.actor) if found else None


def _chunks(values: Sequence[str], size: int) -> Iterable[list[str]]:
    return (list(values[start : start + size]) for start in range(0, len(values), size))


def item_left_by(connection: Connection, book: str, recorded: Recorded) -> Item | None:
    """The item of an event as that left it, whatever came later; None of an event of no item."""
    if not is_item(recorded.stream):
        return None
    bodies = connection.execute(_STREAMS, {"book": book, "streams": [recorded.stream]}).scalars()
    entries = sorted(map(decode, bodies), key=attrgetter("position"))
    known = (entry for entry in entries if entry.position <= recorded.position)
    return reduce(evolve_item, known, None)
