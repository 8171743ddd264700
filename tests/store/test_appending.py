"""Appending several requests in one transaction: each is decided on all that was recorded before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.note import AddNote
from ledger.decide.observe import Observe
from ledger.decide.policy_set import SetPolicy
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request
from ledger.decide.reverse import Reverse
from ledger.events import EventReversed
from ledger.queries.audit.sealing import objections
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.transaction import Unit, instant
from ledger.tables.facts import metadata
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.policies import SECOND_ACTOR_CLOSE
from tests.helpers.small_ledger import BOOK, build

#: When the small ledger's last event was recorded, or later.
AFTERWARDS = datetime(2026, 8, 1, tzinfo=UTC)
TODAY = AFTERWARDS.date()


@pytest.fixture
def ledger(database_url: str) -> Iterator[Ledger]:
    """The small ledger, with a clock that goes on from its last event."""
    engine = open_engine(database_url)
    build(engine)
    minutes = count()
    yield Ledger(engine, BOOK, lambda: AFTERWARDS + timedelta(minutes=next(minutes)), lambda: uuid4().hex, objections)
    engine.dispose()


def record(unit: Unit, command: Command, today: date = TODAY) -> Receipt:
    (receipt,) = unit.record(Request(command, "lead@example.org", today))
    return receipt


def observed(on: date) -> Observe:
    return Observe(system="FRAUD", title="Found", category="staleness", cause="untracked", on=on)


@pytest.mark.parametrize("behind", [timedelta(microseconds=1), timedelta(days=400)], ids=str)
def test_time_never_goes_back_in_a_book_though_the_clock_does(ledger: Ledger, behind: timedelta) -> None:
    """What was known at a moment is what was recorded by then: a later position never has an earlier time."""
    with ledger.appending() as unit:
        before = record(unit, AddNote(item="FRAUD-1", text="on time"))
    slow = Ledger(ledger.engine, BOOK, lambda: AFTERWARDS - behind, ledger.new_id)
    with slow.appending() as unit:
        times = [record(unit, AddNote(item="FRAUD-1", text=text)).recorded.recorded_at for text in ("set", "back")]
    assert times == [before.recorded.recorded_at] * 2
    with slow.appending() as unit:
        assert unit.recorded_at == before.recorded.recorded_at


def test_a_later_clock_is_believed(ledger: Ledger) -> None:
    with ledger.appending() as unit:
        times = [record(unit, AddNote(item="FRAUD-1", text=text)).recorded.recorded_at for text in ("one", "two")]
    assert times == [instant(AFTERWARDS), instant(AFTERWARDS + timedelta(minutes=1))]


def test_what_one_transaction_has_just_recorded_it_can_reverse(ledger: Ledger) -> None:
    """The position that a reversal names may not have been written yet."""
    with ledger.appending() as unit:
        found = record(unit, observed(date(2026, 7, 2))).recorded
        undone = record(unit, Reverse(position=found.position, because="entered twice")).recorded.event
    assert isinstance(undone, EventReversed)
    assert (undone.item, undone.reversed_position) == (found.stream, found.position)


def test_what_one_transaction_has_just_recorded_keeps_a_later_quarter_open(ledger: Ledger) -> None:
    """Quarters close in order: the entry of one may not have been written yet when the next is to be closed."""
    with ledger.appending() as unit:
        for quarter in ("2026Q1", "2026Q2"):
            record(unit, Close(quarter=quarter))
    with ledger.appending() as unit:
        record(unit, observed(date(2026, 8, 1)))
        with pytest.raises(Refused, match="cannot be closed before 2026Q3, which has entries"):
            record(unit, Close(quarter="2026Q4"), today=date(2027, 1, 15))


def test_what_one_transaction_has_just_recorded_is_not_recorded_twice_unasked(ledger: Ledger) -> None:
    """Without a key, the same request again is probably the same entry again; `again` says that it is not."""
    asked = Request(AddNote(item="FRAUD-1", text="once"), "lead@example.org", TODAY)
    with ledger.appending() as unit:
        (first,) = unit.record(asked)
        with pytest.raises(AlreadyRecorded) as refused:
            unit.record(asked)
        assert [receipt.recorded for receipt in refused.value.receipts] == [first.recorded]
        (second,) = unit.record(Request(asked.command, asked.actor, TODAY, again=True))
    assert second.recorded.position == first.recorded.position + 1


def test_whoever_recorded_the_last_entry_of_a_quarter_does_not_close_it(ledger: Ledger) -> None:
    with ledger.appending() as unit:
        record(unit, SetPolicy(policy=SECOND_ACTOR_CLOSE, value="on"))
        with pytest.raises(Refused, match=r"2026Q1 cannot be closed by lead@example.org, who recorded its last event"):
            record(unit, Close(quarter="2026Q1"))
        (closed,) = unit.record(Request(Close(quarter="2026Q1"), "finance@example.org", TODAY))
    assert closed.recorded.actor == "finance@example.org"


#: Every way to record one request that is not the unit's own.
WAYS: dict[str, Callable[[Ledger, Request], object]] = {
    "handle": lambda ledger, request: ledger.handle(request),
    "handle all": lambda ledger, request: ledger.handle_all([request]),
    "append": lambda ledger, request: ledger.append(lambda unit: unit.record(request)),
    "another ledger": lambda ledger, request: replace(ledger, engine=open_again(ledger)).handle(request),
}


def open_again(ledger: Ledger) -> Engine:
    return open_engine(ledger.engine.url.render_as_string(hide_password=False))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "command", [AddNote(item="FRAUD-1", text="within"), Close(quarter="2026Q1")], ids=["note", "close"]
)
def test_who_records_within_his_own_transaction_does_not_wait_for_himself(
    ledger: Ledger, way: str, command: Command
) -> None:
    """He would for ever on PostgreSQL; what he recorded before stands, if he goes on."""
    asked = Request(command, "lead@example.org", TODAY)
    with ledger.appending() as unit:
        first = record(unit, AddNote(item="FRAUD-1", text="without"))
        with pytest.raises(StoreError, match=r"held by a transaction of this program.*Nothing was recorded"):
            WAYS[way](ledger, asked)
        (second,) = unit.record(asked)
    (third,) = ledger.handle(Request(AddNote(item="FRAUD-1", text="after"), "lead@example.org", TODAY))
    positions = [receipt.recorded.position for receipt in (first, second, third)]
    assert positions == list(range(positions[0], positions[0] + 3))


def test_another_thread_waits_and_is_not_refused(ledger: Ledger) -> None:
    outcomes: list[tuple[Receipt, ...]] = []
    asked = Request(AddNote(item="FRAUD-1", text="meanwhile"), "lead@example.org", TODAY)
    other = Thread(target=lambda: outcomes.append(ledger.handle(asked)))
    with ledger.appending() as unit:
        other.start()
        first = record(unit, AddNote(item="FRAUD-1", text="first"))
    other.join()
    ((second,),) = outcomes
    assert second.recorded.position == first.recorded.position + 1


def test_what_is_only_tried_leaves_nothing_whatever_it_went_through(ledger: Ledger) -> None:
    """A request, a batch, a unit of one's own: decided as if recorded, each on what came before it, and gone afterwards."""
    trying, request = replace(ledger, trying=True), Request(observed(TODAY), "lead@example.org", TODAY)
    with ledger.reading() as connection:
        before = rows_of(connection)
    (receipt,) = trying.handle(request)
    ((again,),) = [outcome.receipts for outcome in trying.handle_all([request])]
    assert (receipt.tried, again.tried, again.recorded.position) == (True, True, receipt.recorded.position)
    with trying.appending() as unit:
        opened = record(unit, observed(TODAY))
        assert (
            record(unit, AddNote(item=opened.item or "", text="seen")).recorded.position == opened.recorded.position + 1
        )
    with pytest.raises(Refused):
        trying.handle(Request(AddNote(item=opened.item or "", text="gone"), "lead@example.org", TODAY))
    assert trying.recorded is None
    with ledger.reading() as connection:
        assert rows_of(connection) == before
    (recorded,) = ledger.handle(request)
    assert (recorded.tried, recorded.recorded.position) == (False, receipt.recorded.position)


def rows_of(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: [tuple(row) for row in connection.execute(table.select())] for table in metadata.sorted_tables}
