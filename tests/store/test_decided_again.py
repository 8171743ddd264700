"""Whoever can append can break a rule with a valid chain: `verify` passes, and deciding again finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, select

from ledger.decide import decide
from ledger.decide.claims import HASHED_HERE
from ledger.decide.command import Command, Needs
from ledger.decide.convention import conventions_noted
from ledger.decide.decided import Decided
from ledger.decide.init import OpenBook
from ledger.decide.note import AddNote
from ledger.decide.repay import Repay
from ledger.decide.request import Request
from ledger.events.codec import decode
from ledger.store import past
from ledger.store.decisions import DecidedAgain, decide_again
from ledger.store.earlier_requests import EarlierRequests
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger
from ledger.store.memory import Memory
from ledger.store.new_rows import NewRows
from ledger.store.transaction import Unit
from ledger.store.verify import Verification, verify
from ledger.tables.facts import event, head
from tests.decide.in_memory import InMemory
from tests.helpers.lawful_book import (
    ACTOR,
    ANOTHER,
    BASE,
    BOOK,
    NEXT,
    TODAY,
    UNCONVENTIONAL,
    UNLAWFUL,
    as_issued,
    money,
)
from tests.helpers.small_ledger import drop_triggers, forging, put_triggers_back

pytestmark = pytest.mark.sqlite_first

Alter = Callable[[tuple[Decided, ...]], tuple[Decided, ...]]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The book that keeps every rule."""
    found = open_engine(database_url)
    record(found, BASE)
    yield found
    found.dispose()


def record(engine: Engine, commands: tuple[Command, ...]) -> Ledger:
    minutes, numbers = count(), count(1)
    ledger = Ledger(
        engine,
        BOOK,
        lambda: datetime(2026, 10, 20, tzinfo=UTC) + timedelta(seconds=next(minutes)),
        lambda: f"id-{next(numbers)}",
        lambda *_: (),
    )
    for command in commands:
        with reading(engine) as connection:
            command = as_issued(command, connection)
        request, opens = Request(command, ACTOR, TODAY), isinstance(command, OpenBook)
        ledger.handle(request, opening=opens, objections=HASHED_HERE)
    return ledger


@contextmanager
def appended(
    engine: Engine, asked: Command, done: Command, alter: Alter = lambda decided: decided, *, actor: str = ACTOR
) -> Iterator[Connection]:
    """Behind the last event, by the store's own chain: a request, and what another led to. All is undone at the end."""
    with forging(engine, form=False) as connection:
        asked, done = as_issued(asked, connection), as_issued(done, connection)
        last = connection.execute(select(head).where(head.c.book == BOOK)).one()
        memory = Memory(connection, BOOK, objections=())
        numbers = count(1)
        unit = Unit(
            connection=connection, book=BOOK, clock=lambda: datetime(2026, 10, 21, tzinfo=UTC),
            new_id=lambda: f"forged-{next(numbers)}", memory=memory, examine=None, position=last.position, hash=last.hash,
            recorded_at=last.recorded_at, new_rows=NewRows(BOOK), earlier=EarlierRequests(connection, BOOK))  # fmt: skip
        with conventions_noted():
            decided = decide(done, memory.state_for(done.needs(), TODAY, actor))
        unit._stamp(Request(asked, actor, TODAY), alter(decided))
        unit.flush()
        put_triggers_back(connection)
        yield connection


def examined(connection: Connection) -> tuple[Verification, Verification, DecidedAgain]:
    """What `verify` finds, and what deciding again finds."""
    broken = Verification()
    return verify(connection, BOOK), broken, decide_again(connection, BOOK, broken)


def overstated(decided: tuple[Decided, ...]) -> tuple[Decided, ...]:
    """The last event with another text, amount or name in it than was asked for."""
    *rest, last = decided
    for name in last.event.__struct_fields__:
        value = getattr(last.event, name)
        if isinstance(value, int) and not isinstance(value, bool):
            return *rest, Decided(last.effective_on, msgspec.structs.replace(last.event, **{name: value + 1}))
    return *rest, Decided(last.effective_on, msgspec.structs.replace(last.event, evidence="made up"))


def note() -> Command:
    return next(each for each in NEXT if isinstance(each, AddNote))


def test_a_book_that_keeps_every_rule_passes(engine: Engine) -> None:
    with reading(engine) as connection:
        intact, broken, decided = examined(connection)
    assert (intact.problems, broken.problems) == ([], [])
    assert decided.differing == []
    assert decided.requests == len(BASE)


def test_a_repayment_above_what_is_outstanding_is_found(engine: Engine) -> None:
    """Whoever asks for as much as he records, or for something else."""
    lawful = next(each for each in NEXT if isinstance(each, Repay) and each.amount is None)
    too_much = msgspec.structs.replace(lawful, amount=money(6_000_01))

    def doubled(decided: tuple[Decided, ...]) -> tuple[Decided, ...]:
        (only,) = decided
        twice = msgspec.structs.replace(only.event, removed_minor=12_000_00, spent_minor=12_000_00)
        return (Decided(only.effective_on, twice),)

    for asked in (lawful, too_much, note()):
        with appended(engine, asked, lawful, doubled) as connection:
            intact, broken, _ = examined(connection)
        assert intact.ok
        assert {each.position for each in broken.problems} == {intact.events}


@pytest.mark.reliability
def test_every_law_that_is_broken_is_found_and_nothing_else(engine: Engine) -> None:
    for asked in UNLAWFUL:
        with appended(engine, asked, note()) as connection:
            intact, broken, _ = examined(connection)
        assert intact.problems == [], asked
        assert [(each.position, str(each.expected)[:8]) for each in broken.problems] == [(intact.events, "refused:")], (
            asked
        )


@pytest.mark.reliability
def test_what_only_a_convention_forbids_is_listed(engine: Engine) -> None:
    for asked in UNCONVENTIONAL:
        with appended(engine, asked, asked) as connection:
            intact, broken, decided = examined(connection)
        assert (intact.problems, broken.problems) == ([], []), asked
        assert decided.differing[-1].position == intact.events, asked


@pytest.mark.reliability
def test_every_event_that_was_resolved_otherwise_is_found(engine: Engine) -> None:
    for asked in NEXT:
        with appended(engine, asked, asked, actor=ANOTHER) as connection:
            intact, broken, _ = examined(connection)
        assert (intact.problems, broken.problems) == ([], []), asked
        with appended(engine, asked, asked, overstated, actor=ANOTHER) as connection:
            intact, broken, _ = examined(connection)
        # Of another position than it names, a pack says a hash that is not there.
        assert {each.field for each in intact.problems} <= {"head_hash"}, asked
        assert {each.position for each in broken.problems} == {intact.events}, asked


def test_what_is_let_go_is_read_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for no more than one item, the same is found."""
    monkeypatch.setattr(past, "MOST_ENTRIES", 1)
    with reading(engine) as connection:
        assert examined(connection)[1].problems == []


def test_an_event_that_nothing_can_follow_stops_nothing(engine: Engine) -> None:
    """The body of one is altered, so that its fold fails; the others are decided all the same."""
    with forging(engine) as connection:
        drop_triggers(connection)
        body: Any = connection.execute(
            select(event.c.body).where(event.c.book == BOOK, event.c.position == 7)
        ).scalar_one()
        for damaged, least in ((body.replace("FRAUD-1", "FRAUD-9"), 2), ("{", 1)):
            connection.execute(event.update().where(event.c.position == 7).values(body=damaged))
            assert examined(connection)[1].problem_count >= least


def test_the_past_is_what_the_events_before_say(engine: Engine) -> None:
    """At each position, whatever a rule may ask; and what comes later is not known."""
    told = InMemory(BOOK)
    with reading(engine) as connection:
        known = past.Past(connection, BOOK)
        for body in connection.execute(select(event.c.body).order_by(event.c.position)).scalars().all():
            recorded = decode(body)
            told.events.append(recorded)
            known.learn(recorded)
            for position in range(1, 1 + len(BASE), 4):
                needs = Needs(
                    event_at=position, number_in="FRAUD", items_of="FRAUD", systems=("FRAUD", "PRICE"), teams=True
                )
                assert known.state_for(needs, TODAY) == told.state(needs, TODAY, "")
            for quarter in ("2026Q1", "2026Q2", "2026Q4"):
                needs = Needs(first_unclosed_day=True, last_entry_in=quarter)
                assert known.state_for(needs, TODAY) == told.state(needs, TODAY, "")
