"""Reversals: which position was undone, and from which day on."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, PrimaryKeyConstraint, Table, Text

from ledger.events import EventReversed, Leg, Recorded
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

reversal = Table(
    "reversal",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    Column("reversed_position", BigInteger, nullable=False),
    PrimaryKeyConstraint("book", "position", name="reversal_pk"),
    Index("reversal_reversed_ix", "book", "reversed_position", unique=True),
    sqlite_with_rowid=False,
)


def rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per reversal."""
    event = recorded.event
    if not isinstance(event, EventReversed):
        return []
    return [
        {
            "book": recorded.book,
            "position": recorded.position,
            "item": event.item,
            "effective_on": recorded.effective_on,
            "reversed_position": event.reversed_position,
        }
    ]


PROJECTION = Projection(reversal, rows, of=(EventReversed,))
