"""State: what the events so far add up to, as far as a decision needs it, and the fold that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from ledger.decide.day_rates import DayRate, in_force
from ledger.decide.fold import Fold
from ledger.decide.item import Item
from ledger.decide.standing_decision import StandingDecision
from ledger.events import (
    BookEvent,
    BookOpened,
    BudgetSet,
    CheckpointSigned,
    DatasheetAnswered,
    DayRateSet,
    DayRateWithdrawn,
    DecisionLogged,
    DecisionRetracted,
    DependencyDeclared,
    ExpectationMeasured,
    ExplanationDocumented,
    ForecastSet,
    ImportRun,
    MonitorDocumented,
    PackIssued,
    PeriodClosed,
    PolicySet,
    Recorded,
    ReferenceReplaced,
    RobustnessDocumented,
    ScoreAnswered,
    SystemChanged,
    SystemEvent,
    SystemRegistered,
    SystemRenamed,
    SystemRetired,
    TimeZoneSet,
    standing_monitors,
)
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.money import Currency
from ledger.vocabulary.quarters import FiscalCalendar

BEGINNING_OF_TIME = date.min


class Book(msgspec.Struct, frozen=True):
    """What a book fixes when it is opened, its zone and rates, and how far it is closed."""

    name: str
    currency: Currency
    calendar: FiscalCalendar
    time_zone: str
    rates: tuple[DayRate, ...] = ()
    closed_through: date | None = None
    #: Minor units by (quarter, team).
    budgets: Mapping[tuple[str, str], int] = msgspec.field(default_factory=dict)
    forecasts: Mapping[tuple[str, str], int] = msgspec.field(default_factory=dict)
    #: Positions of the issues of packs, by the sha256 of their manifests.
    issues: Mapping[str, int] = msgspec.field(default_factory=dict)
    #: Policies by name, of those that were ever set: 'on' or 'off'.
    policies: Mapping[str, str] = msgspec.field(default_factory=dict)
    #: Of each decision record, by (log, id), what was read last.
    decisions: Mapping[tuple[str, str], StandingDecision] = msgspec.field(default_factory=dict)

    @property
    def first_open_day(self) -> date:
        """The first day that still takes entries."""
        return self.closed_through + timedelta(days=1) if self.closed_through else BEGINNING_OF_TIME

    def rate_on(self, day: date, team: str | None) -> DayRate | None:
        """The price of a person-day in force on a day: the team's before the book's; None if there is none."""
        return in_force(self.rates, day, team)


class System(msgspec.Struct, frozen=True):
    """A machine-learning system: its owners over time and what it reads."""

    key: str
    #: (effective date, position, name), unsorted; the registration's counts from the beginning of time.
    names: tuple[tuple[date, int, str], ...]
    #: (effective date, position, team), unsorted; the registration's counts from the beginning of time.
    teams: tuple[tuple[date, int, str], ...]
    cost_centres: tuple[tuple[date, int, str], ...]
    reads_from: tuple[str, ...] = ()
    retired_on: date | None = None
    #: What was said of its monitors: (effective date, position, event), unsorted.
    watched: tuple[tuple[date, int, MonitorDocumented | ReferenceReplaced], ...] = ()

    def name_on(self, day: date) -> str:
        """What the system was called on a day."""
        return max(change for change in self.names if change[0] <= day)[2]

    def team_on(self, day: date) -> str:
        """The team that owned the system on a day."""
        return max(change for change in self.teams if change[0] <= day)[2]

    @property
    def monitors(self) -> frozenset[str]:
        """The names of the monitors that were ever documented."""
        return frozenset(event.monitor for *_, event in self.watched)

    def monitors_on(self, day: date) -> dict[str, MonitorDocumented]:
        """The monitors as they are documented by a day, by name."""
        said = sorted((each for each in self.watched if each[0] <= day), key=lambda each: each[:2])
        return standing_monitors(event for *_, event in said)


class LastEntry(msgspec.Struct, frozen=True):
    """The last event recorded in a period, by position, and the actor that recorded it."""

    position: int
    actor: str


class Login(msgspec.Struct, frozen=True):
    """Who the database says is asking. actor: whom the login may record as, besides itself."""

    name: str
    actor: str | None = None

    @property
    def actors(self) -> tuple[str, ...]:
        """Whom it may record as."""
        return (self.name,) if self.actor is None else (self.name, self.actor)


class State(msgspec.Struct, frozen=True):
    """As much of the books as one decision needs.

    today: the date in the book's zone, told by the edge. actor: who asks. items, systems: those that were loaded; a name
    asked for and not in here does not exist. next_number: of the system the command opens an item in.
    """

    today: date
    actor: str = ""
    #: None where the database has no logins, or nothing asks for it.
    login: Login | None = None
    book: Book | None = None
    systems: Mapping[str, System] = msgspec.field(default_factory=dict)
    items: Mapping[str, Item] = msgspec.field(default_factory=dict)
    teams: frozenset[str] = frozenset()
    next_number: int = 1
    first_unclosed_day: date | None = None
    #: The event at the position a command named, None if there is none.
    named_event: Recorded | None = None
    #: Of the days that closing the quarter a command named would seal; None if nothing is effective on them.
    last_entry: LastEntry | None = None
    #: What stands against what a command wants sealed, or claims of files, a sentence each; None: nobody looked.
    objections: tuple[str, ...] | None = None

    def opened_book(self) -> Book:
        """The book. Raises StoreError if its first event is missing."""
        if self.book is None:
            raise StoreError("The book has not been opened. `debt init` opens one.")
        return self.book


def evolve_book(book: Book | None, recorded: Recorded) -> Book:
    """The book after an event of its own stream."""
    return _BOOKS.after(book, recorded)


def evolve_system(system: System | None, recorded: Recorded) -> System:
    """A system after an event of its stream."""
    return _SYSTEMS.after(system, recorded)


def _book_opened(recorded: Recorded, event: BookOpened) -> Book:
    currency = Currency(event.currency, event.currency_exponent)
    return Book(recorded.book, currency, FiscalCalendar(event.fiscal_year_start), event.time_zone)


def _time_zone_set(book: Book, recorded: Recorded, event: TimeZoneSet) -> Book:
    return replace(book, time_zone=event.time_zone)


def _rate_set(book: Book, recorded: Recorded, event: DayRateSet) -> Book:
    rate = DayRate(recorded.effective_on, recorded.position, event.team, event.rate_minor)
    return replace(book, rates=(*book.rates, rate))


def _rate_withdrawn(book: Book, recorded: Recorded, event: DayRateWithdrawn) -> Book:
    return replace(book, rates=tuple(rate for rate in book.rates if rate.position != event.withdrawn_position))


def _closed(book: Book, recorded: Recorded, event: PeriodClosed) -> Book:
    return replace(book, closed_through=event.last_day)


def _budget_set(book: Book, recorded: Recorded, event: BudgetSet) -> Book:
    return replace(book, budgets={**book.budgets, (event.quarter, event.team): event.amount_minor})


def _forecast_set(book: Book, recorded: Recorded, event: ForecastSet) -> Book:
    return replace(book, forecasts={**book.forecasts, (event.quarter, event.team): event.amount_minor})


def _pack_issued(book: Book, recorded: Recorded, event: PackIssued) -> Book:
    return replace(book, issues={**book.issues, event.manifest_sha256: recorded.position})


def _policy_set(book: Book, recorded: Recorded, event: PolicySet) -> Book:
    return replace(book, policies={**book.policies, event.policy: event.value})


def _decision_logged(book: Book, recorded: Recorded, event: DecisionLogged) -> Book:
    key = event.log, event.id
    said = StandingDecision(recorded.position, recorded.effective_on, event, book.decisions.get(key))
    return replace(book, decisions={**book.decisions, key: said})


def _decision_retracted(book: Book, recorded: Recorded, event: DecisionRetracted) -> Book:
    key, decisions = (event.log, event.id), dict(book.decisions)
    said = decisions.pop(key, None)
    return replace(
        book, decisions=decisions if said is None or said.before is None else {**decisions, key: said.before}
    )


_BOOKS: Fold[Book] = Fold(
    BookEvent,
    __name__,
    begins={BookOpened: _book_opened},
    changes={
        TimeZoneSet: _time_zone_set,
        DayRateSet: _rate_set,
        DayRateWithdrawn: _rate_withdrawn,
        PeriodClosed: _closed,
        BudgetSet: _budget_set,
        ForecastSet: _forecast_set,
        PackIssued: _pack_issued,
        PolicySet: _policy_set,
        DecisionLogged: _decision_logged,
        DecisionRetracted: _decision_retracted,
    },
    unchanged=frozenset({CheckpointSigned, ImportRun}),
)


def _registered(recorded: Recorded, event: SystemRegistered) -> System:
    teams = ((BEGINNING_OF_TIME, recorded.position, event.team),)
    names = ((BEGINNING_OF_TIME, recorded.position, event.name),)
    return System(event.system, names, teams, _since(BEGINNING_OF_TIME, recorded, event.cost_centre))


def _renamed(system: System, recorded: Recorded, event: SystemRenamed) -> System:
    return replace(system, names=(*system.names, (recorded.effective_on, recorded.position, event.name)))


def _owner_changed(system: System, recorded: Recorded, event: SystemChanged) -> System:
    teams = _since(recorded.effective_on, recorded, event.team)
    centres = _since(recorded.effective_on, recorded, event.cost_centre)
    return replace(system, teams=system.teams + teams, cost_centres=system.cost_centres + centres)


def _since(day: date, recorded: Recorded, owner: str | None) -> tuple[tuple[date, int, str], ...]:
    return ((day, recorded.position, owner),) if owner else ()


def _dependency_declared(system: System, recorded: Recorded, event: DependencyDeclared) -> System:
    return replace(system, reads_from=(*system.reads_from, event.reads_from))


def _retired(system: System, recorded: Recorded, event: SystemRetired) -> System:
    return replace(system, retired_on=recorded.effective_on)


def _watched(system: System, recorded: Recorded, event: MonitorDocumented | ReferenceReplaced) -> System:
    return replace(system, watched=(*system.watched, (recorded.effective_on, recorded.position, event)))


_SYSTEMS: Fold[System] = Fold(
    SystemEvent,
    __name__,
    begins={SystemRegistered: _registered},
    changes={
        SystemChanged: _owner_changed,
        SystemRenamed: _renamed,
        DependencyDeclared: _dependency_declared,
        SystemRetired: _retired,
        MonitorDocumented: _watched,
        ReferenceReplaced: _watched,
    },
    unchanged=frozenset(
        {DatasheetAnswered, ExpectationMeasured, ExplanationDocumented, RobustnessDocumented, ScoreAnswered}
    ),
)
