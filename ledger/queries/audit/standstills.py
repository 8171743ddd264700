"""Where the book's time stood still: events that have the time of a neighbour, read in order of position."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from ledger.journal_tests.standstills import Stamped, Standstill, standstills
from ledger.queries.audit.entries import RecordedPeriod, key_of
from ledger.queries.reader import Reader
from ledger.tables.facts import event


def standstills_in(reader: Reader, period: RecordedPeriod | None = None) -> Iterator[Standstill]:
    """Every standstill known to the reader, or those that were recorded in a period: all events of one have one time."""
    return standstills(_stamped(reader, period))


def _stamped(reader: Reader, period: RecordedPeriod | None) -> Iterator[Stamped]:
    """The events whose time is that of the one before or behind them."""
    first, last = (period.first_position, period.last_position) if period else (1, reader.position)
    known = (
        select(
            event.c.position,
            event.c.recorded_at,
            event.c.body,
            func.lag(event.c.recorded_at).over(order_by=event.c.position).label("preceded_at"),
            func.lead(event.c.recorded_at).over(order_by=event.c.position).label("followed_at"),
        )
        # One more, which tells when time moved on.
        .where(event.c.book == reader.name, event.c.position.between(first, min(last + 1, reader.position)))
        .subquery()
    )
    alike = or_(known.c.recorded_at == known.c.preceded_at, known.c.recorded_at == known.c.followed_at)
    for row in reader.stream(select(known).where(alike, known.c.position <= last).order_by(known.c.position)):
        yield Stamped(row.position, row.recorded_at, key_of(row.body), row.followed_at)
