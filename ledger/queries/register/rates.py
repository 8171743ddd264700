"""Prices of a person-day: those that were set, and how many entries each of them priced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from ledger.decide.day_rates import DayRate
from ledger.decide.state import Book, System, evolve_book, evolve_system
from ledger.events import (
    STORED_AS,
    BookEvent,
    DayRateSet,
    DayRateWithdrawn,
    EstimateRevised,
    EventReversed,
    ItemEvent,
    Opening,
    Recorded,
    RepaymentRecorded,
    SystemChanged,
    SystemRegistered,
)
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event as event_table
from ledger.vocabulary.keys import system_of

_ASKED = (BookEvent, SystemRegistered, SystemChanged, Opening, RepaymentRecorded, EstimateRevised, EventReversed)
_KINDS = sorted(name for name, kind in STORED_AS.items() if issubclass(kind, _ASKED))


@dataclass(frozen=True, slots=True)
class RateRecord:
    """rate: as it was set. withdrawn_at: the position that took it back, None while it stands.

    priced: positions of the entries whose effort it priced, those that were reversed apart.
    """

    rate: DayRate
    withdrawn_at: int | None
    priced: tuple[int, ...]


def day_rates(reader: Reader) -> list[RateRecord]:
    """Every rate that was ever set, by its first day, then position."""
    told = _Told(reader.book)
    for recorded in _events(reader):
        told.take(recorded)
    records = (
        RateRecord(rate, told.withdrawn.get(rate.position), tuple(told.priced[rate.position])) for rate in told.rates
    )
    return sorted(records, key=lambda record: (record.rate.effective_on, record.rate.position))


def _events(reader: Reader) -> Iterator[Recorded]:
    known = (
        select(event_table.c.body)
        .where(
            event_table.c.book == reader.name,
            event_table.c.position <= reader.position,
            event_table.c.stored_as.in_(_KINDS),
        )
        .order_by(event_table.c.position)
    )
    for (body,) in reader.stream(known):
        yield decode(body)


@dataclass(slots=True)
class _Told:
    """What the events up to one of them say of rates. by_item: the rate that priced the opening of an item."""

    book: Book | None
    rates: list[DayRate] = field(default_factory=list)
    withdrawn: dict[int, int] = field(default_factory=dict)
    priced: dict[int, list[int]] = field(default_factory=dict)
    systems: dict[str, System] = field(default_factory=dict)
    by_item: dict[str, int] = field(default_factory=dict)

    def take(self, recorded: Recorded) -> None:
        """Learn the next event, by position."""
        match recorded.event:
            case SystemRegistered() | SystemChanged():
                self.systems[recorded.stream] = evolve_system(self.systems.get(recorded.stream), recorded)
            case EventReversed(reversed_position=position):
                for entries in self.priced.values():
                    if position in entries:
                        entries.remove(position)
            case ItemEvent():
                self._price(recorded)
            case BookEvent():
                self._set(recorded)

    def _set(self, recorded: Recorded) -> None:
        self.book = evolve_book(None if recorded.position == 1 else self.book, recorded)
        if isinstance(recorded.event, DayRateSet):
            self.rates.append(self.book.rates[-1])
            self.priced[recorded.position] = []
        elif isinstance(recorded.event, DayRateWithdrawn):
            self.withdrawn[recorded.event.withdrawn_position] = recorded.position

    def _price(self, recorded: Recorded) -> None:
        for rate in sorted(set(self._used(recorded))):
            self.priced[rate].append(recorded.position)

    def _used(self, recorded: Recorded) -> Iterator[int]:
        """Positions of the rates that priced an entry: its own, and what was spent apart from that."""
        event, item = recorded.event, recorded.stream
        if getattr(event, "day_rate_minor", None) is not None:
            rate = self.by_item.get(item) if isinstance(event, RepaymentRecorded) else None
            rate = self._in_force(recorded) if rate is None else rate
            if isinstance(event, Opening):
                self.by_item[item] = rate
            yield rate
        if isinstance(event, RepaymentRecorded) and event.spent_day_rate_minor is not None:
            yield self._in_force(recorded)

    def _in_force(self, recorded: Recorded) -> int:
        system = self.systems[system_of(recorded.stream)]
        rate = self.book.rate_on(recorded.effective_on, system.team_on(recorded.effective_on)) if self.book else None
        if rate is None:
            raise LookupError(f"position {recorded.position} was priced by a rate that was never set")
        return rate.position
