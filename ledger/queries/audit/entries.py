"""Entries: the journal as an auditor tests it, read once, in order of position, some thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, and_, func, or_, select

from ledger.events import DecisionLogged, DecisionRetracted, Opening, PeriodClosed
from ledger.events.codec import decode, happening
from ledger.journal_tests.entries import Counterpart, JournalEntry, amounts_of
from ledger.journal_tests.logins import Logins
from ledger.journal_tests.marks import Closing, Closings
from ledger.proof.chain import GENESIS
from ledger.queries.reader import Reader, position_at
from ledger.store.runs import Span, runs_so_far, within
from ledger.store.transaction import instant
from ledger.tables.facts import event
from ledger.tables.items import item
from ledger.tables.reversals import reversal
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.kinds import BOOK_STREAM
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.time_zones import time_zone

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RecordedPeriod:
    """A quarter's days, and which positions were recorded in them: from first_position to last_position."""

    first_day: date
    last_day: date
    first_position: int
    last_position: int


class _Keyed(msgspec.Struct, gc=False):
    """Of an envelope, its key."""

    key: str


_KEYS = msgspec.json.Decoder(_Keyed)


def period_of(reader: Reader, quarter: Quarter) -> RecordedPeriod:
    """The days of a quarter, and the positions that were recorded on them in the book's zone."""
    first, last = reader.calendar.span(quarter)
    before, through = (_last_by(reader, day) for day in (first, last + timedelta(days=1)))
    return RecordedPeriod(first, last, before + 1, through)


def entries(reader: Reader, period: RecordedPeriod | None = None) -> Iterator[JournalEntry]:
    """Every entry known to the reader, or those of a period: effective in it, or recorded in it for a day before it.

    Imported is what a run of an import recorded; before there were runs, the opening of an item by an importer, and what was
    recorded under that importer's key for the item.
    """
    zone = time_zone(reader.book.time_zone)
    first_day = period.first_day if period else date.min
    runs = runs_so_far(reader.connection, reader.name, reader.position)
    imported = sorted(span for run in runs for span in run.batches)
    for row in reader.stream(_query(reader, period)):
        yield _entry(row, zone, first_day, imported)


def key_of(body: str) -> str:
    """Under which key the request was recorded that led to an event."""
    return _KEYS.decode(body).key


def closings(reader: Reader) -> Closings:
    """The closes known to the reader."""
    zone = time_zone(reader.book.time_zone)
    query = (
        select(event.c.body)
        .where(
            event.c.book == reader.name,
            event.c.stream == BOOK_STREAM,
            event.c.stored_as == "period-closed/1",
            event.c.position <= reader.position,
        )
        .order_by(event.c.stream_version)
    )
    found = []
    for body in reader.connection.execute(query).scalars():
        recorded = decode(body)
        if not isinstance(recorded.event, PeriodClosed):
            raise StoreError(
                f"Position {recorded.position} is stored as a close and is none. `debt verify` tells more."
            )
        closed_on = _local(recorded.recorded_at, zone).date()
        found.append(Closing(recorded.position, recorded.event.last_day, closed_on))
    return Closings(reader.calendar, found)


def logins(reader: Reader) -> Logins | None:
    """How often each actor wrote as which of the database's users; None where the database knows none."""
    if reader.connection.dialect.name != "postgresql":
        return None
    query = (
        select(event.c.actor, event.c.session_user, func.count())
        .where(event.c.book == reader.name, event.c.position <= reader.position)
        .group_by(event.c.actor, event.c.session_user)
        .order_by(event.c.actor, event.c.session_user)
    )
    return Logins({(actor, user): count for actor, user, count in reader.connection.execute(query)})


def head_hash(reader: Reader) -> str:
    """The hash of the last event that the reader knows: 64 hexadecimal digits."""
    query = select(event.c.hash).where(event.c.book == reader.name, event.c.position == reader.position)
    return reader.connection.execute(query).scalar() or GENESIS


def _query(reader: Reader, period: RecordedPeriod | None) -> Select[Any]:
    reversing, undone, undoing = event.alias("reversing"), reversal.alias("undone"), reversal.alias("undoing")
    original = event.alias("original")
    query = (
        select(
            event.c.position,
            event.c.actor,
            event.c.session_user,
            event.c.stored_as,
            event.c.recorded_at,
            event.c.body,
            item.c.source,
            item.c.external_key,
            *_counterpart(reversing, "reversing"),
            *_counterpart(original, "original"),
        )
        .outerjoin(item, (item.c.book == event.c.book) & (item.c.item == event.c.stream))
        .outerjoin(
            undone,
            (undone.c.book == event.c.book)
            & (undone.c.reversed_position == event.c.position)
            & (undone.c.position <= reader.position),
        )
        .outerjoin(reversing, (reversing.c.book == event.c.book) & (reversing.c.position == undone.c.position))
        .outerjoin(undoing, (undoing.c.book == event.c.book) & (undoing.c.position == event.c.position))
        .outerjoin(original, (original.c.book == event.c.book) & (original.c.position == undoing.c.reversed_position))
        .where(event.c.book == reader.name, event.c.position <= reader.position)
        .order_by(event.c.position)
    )
    if period is None:
        return query
    return query.where(
        or_(
            event.c.effective_on.between(period.first_day, period.last_day),
            and_(
                event.c.position.between(period.first_position, period.last_position),
                event.c.effective_on < period.first_day,
            ),
        )
    )


def _counterpart(table: Any, name: str) -> list[Any]:
    columns = (table.c.position, table.c.stored_as, table.c.actor, table.c.recorded_at)
    return [column.label(f"{name}_{column.name}") for column in columns]


def _entry(row: Any, zone: ZoneInfo, first_day: date, imported: Sequence[Span]) -> JournalEntry:
    happened = happening(row.body)
    amount, spent = amounts_of(happened.event)
    return JournalEntry(
        position=row.position,
        stored_as=row.stored_as,
        stream=happened.stream,
        actor=row.actor,
        session_user=row.session_user,
        effective_on=happened.effective_on,
        occurred_on=happened.event.occurred_on,
        recorded_at=row.recorded_at,
        recorded_local=_local(row.recorded_at, zone),
        amount_minor=amount,
        spent_minor=spent,
        imported=within(row.position, imported) or _imported(row, happened.event),
        earlier=happened.effective_on < first_day,
        reversed_by=_other(
            row.reversing_position, row.reversing_stored_as, row.reversing_actor, row.reversing_recorded_at
        ),
        reverses=_other(row.original_position, row.original_stored_as, row.original_actor, row.original_recorded_at),
    )


def _imported(row: Any, happened: Any) -> bool:
    """Outside of runs: what was read from decision records; and before there were any, an importer's keys were
    SOURCE:KEY:WHAT. Anybody else's entry about the item has another.
    """
    if isinstance(happened, DecisionLogged | DecisionRetracted):
        return True
    of_source = f"{row.source}:{row.external_key}:"
    return row.source is not None and (isinstance(happened, Opening) or key_of(row.body).startswith(of_source))


def _other(position: int | None, stored_as: str, actor: str, recorded_at: str) -> Counterpart | None:
    return None if position is None else Counterpart(position, stored_as, actor, recorded_at)


def _local(recorded_at: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(recorded_at).astimezone(zone).replace(tzinfo=None)


def _last_by(reader: Reader, day: date) -> int:
    """The last position recorded before a day began in the book's zone; 0 if none was."""
    begins = datetime.combine(day, time.min, tzinfo=time_zone(reader.book.time_zone))
    return position_at(reader.connection, reader.name, instant(begins - _MICROSECOND), reader.position)
