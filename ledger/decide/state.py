"""State: what the events so far add up to, as far as a decision needs it, and the fold that makes it.

`evolve` never refuses: an event in the log has happened. One that cannot follow from the events before
it means a corrupt log, and raises StoreError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from ledger.decide.item import Item
from ledger.events import (
    BookOpened,
    BudgetSet,
    DayRateSet,
    DependencyDeclared,
    ForecastSet,
    ItemEvent,
    MonitorDocumented,
    Opening,
    PackIssued,
    PeriodClosed,
    PolicySet,
    Recorded,
    SystemChanged,
    SystemEvent,
    SystemRegistered,
    SystemRetired,
)
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quarters import FiscalCalendar

BEGINNING_OF_TIME = date.min

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DayRate:
    """The price of a person-day from a day on; team None is the book's."""

    effective_on: date
    position: int
    team: str | None
    rate_minor: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a book fixes when it is opened, its rates, and how far it is closed."""

    name: str
    currency: Currency
    calendar: FiscalCalendar
    time_zone: str
    rates: tuple[DayRate, ...] = ()
    closed_through: date | None = None
    #: Minor units by (quarter, team).
    budgets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    forecasts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    #: Positions of the issues of packs, by the sha256 of their manifests.
    issues: Mapping[str, int] = field(default_factory=dict)
    #: Policies by name, of those that were ever set: 'on' or 'off'.
    policies: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_open_day(self) -> date:
        """The first day that still takes entries."""
        return self.closed_through + timedelta(days=1) if self.closed_through else BEGINNING_OF_TIME

    def rate_on(self, day: date, team: str) -> int | None:
        """Minor units per person-day in force on a day: the team's before the book's; None if there is none."""
        for owner in (team, None):
            in_force = [rate for rate in self.rates if rate.team == owner and rate.effective_on <= day]
            if in_force:
                return max(in_force, key=lambda rate: (rate.effective_on, rate.position)).rate_minor
        return None


@dataclass(frozen=True, slots=True)
class System:
    """A machine-learning system: its owners over time and what it reads."""

    key: str
    name: str
    #: (effective date, position, team), unsorted; the registration's counts from the beginning of time.
    teams: tuple[tuple[date, int, str], ...]
    cost_centres: tuple[tuple[date, int, str], ...]
    reads_from: tuple[str, ...] = ()
    retired_on: date | None = None
    #: Names of the monitors that are documented.
    monitors: frozenset[str] = frozenset()

    def team_on(self, day: date) -> str:
        """The team that owned the system on a day."""
        return max(change for change in self.teams if change[0] <= day)[2]


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The last event recorded in a period, by position, and the actor that recorded it."""

    position: int
    actor: str


@dataclass(frozen=True, slots=True)
class State:
    """As much of the books as one decision needs.

    today: the date in the book's zone, told by the edge. actor: who asks. items, systems: those that were loaded; a name
    asked for and not in here does not exist. next_number: of the system the command opens an item in.
    """

    today: date
    actor: str = ""
    book: Book | None = None
    systems: Mapping[str, System] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    next_number: int = 1
    first_unclosed_day: date | None = None
    #: The event at the position a command named, None if there is none.
    named_event: Recorded | None = None
    #: Of the days that closing the quarter a command named would seal; None if nothing is effective on them.
    last_entry: LastEntry | None = None
    #: What stands against sealing the quarter a command named, a sentence each; None: the books were not examined.
    objections: tuple[str, ...] | None = None

    def opened_book(self) -> Book:
        """The book. Raises StoreError if its first event is missing."""
        if self.book is None:
            raise StoreError("The book has not been opened. `debt init` opens one.")
        return self.book


def evolve(state: State, recorded: Recorded) -> State:
    """The state after an event."""
    event = recorded.event
    if isinstance(event, ItemEvent):
        return replace(state, items={**state.items, event.item: evolve_item(state.items.get(event.item), recorded)})
    if isinstance(event, SystemEvent):
        system = evolve_system(state.systems.get(event.system), recorded)
        return replace(state, systems={**state.systems, event.system: system})
    return replace(state, book=evolve_book(state.book, recorded))


def fold(state: State, history: Iterable[Recorded]) -> State:
    """The state after a history, in order of position."""
    for recorded in history:
        state = evolve(state, recorded)
    return state


def evolve_book(book: Book | None, recorded: Recorded) -> Book:
    """The book after an event of its own stream."""
    event = recorded.event
    if isinstance(event, BookOpened):
        return Book(
            recorded.book,
            Currency(event.currency, event.currency_exponent),
            FiscalCalendar(event.fiscal_year_start),
            event.time_zone,
        )
    known = _known(book, recorded)
    match event:
        case DayRateSet():
            rate = DayRate(recorded.effective_on, recorded.position, event.team, event.rate_minor)
            return replace(known, rates=(*known.rates, rate))
        case PeriodClosed():
            return replace(known, closed_through=event.last_day)
        case BudgetSet():
            return replace(known, budgets={**known.budgets, (event.quarter, event.team): event.amount_minor})
        case ForecastSet():
            return replace(known, forecasts={**known.forecasts, (event.quarter, event.team): event.amount_minor})
        case PackIssued():
            return replace(known, issues={**known.issues, event.manifest_sha256: recorded.position})
        case PolicySet():
            return replace(known, policies={**known.policies, event.policy: event.value})
        case _:
            return known


def evolve_system(system: System | None, recorded: Recorded) -> System:
    """A system after an event of its stream."""
    event, effective_on, position = recorded.event, recorded.effective_on, recorded.position
    if isinstance(event, SystemRegistered):
        centres = ((BEGINNING_OF_TIME, position, event.cost_centre),) if event.cost_centre else ()
        return System(event.system, event.name, ((BEGINNING_OF_TIME, position, event.team),), centres)
    known = _known(system, recorded)
    match event:
        case SystemChanged():
            teams = ((effective_on, position, event.team),) if event.team else ()
            centres = ((effective_on, position, event.cost_centre),) if event.cost_centre else ()
            return replace(known, teams=known.teams + teams, cost_centres=known.cost_centres + centres)
        case DependencyDeclared():
            return replace(known, reads_from=(*known.reads_from, event.reads_from))
        case SystemRetired():
            return replace(known, retired_on=effective_on)
        case MonitorDocumented():
            return replace(known, monitors=known.monitors | {event.monitor})
        case _:
            return known


def evolve_item(item: Item | None, recorded: Recorded) -> Item:
    """An item after an event of its stream."""
    if isinstance(recorded.event, Opening):
        return Item.opened(recorded)
    return _known(item, recorded).after(recorded)


def _known(subject: T | None, recorded: Recorded) -> T:
    if subject is None:
        raise StoreError(
            f"Position {recorded.position} ({recorded.stored_as}) has nothing before it in {recorded.stream}."
        )
    return subject
