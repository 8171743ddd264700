"""Items: what was fixed when an item was opened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, PrimaryKeyConstraint, Table, Text

from ledger.events import DebtCommissioned, Leg, NeglectObserved, Recorded
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

item = Table(
    "item",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("dimension", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    # The day it came to be: earlier than effective_on for a late opening.
    Column("opened_on", Date, nullable=False),
    # Null while unestimated, for good: the first estimate is a posting.
    Column("principal_minor", BigInteger, nullable=True),
    Column("cause", Text, nullable=True),
    Column("source", Text, nullable=True),
    Column("external_key", Text, nullable=True),
    Column("content_hash", Text, nullable=True),
    PrimaryKeyConstraint("book", "position", name="item_pk"),
    Index("item_number_ix", "book", "system", "number", unique=True),
    Index("item_key_ix", "book", "item", unique=True),
    sqlite_with_rowid=False,
)


def rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per opening."""
    event = recorded.event
    if not isinstance(event, DebtCommissioned | NeglectObserved):
        return []
    return [
        {
            "book": recorded.book,
            "position": recorded.position,
            "item": event.item,
            "system": event.system,
            "number": int(event.item.rpartition("-")[2]),
            "title": event.title,
            "dimension": event.dimension,
            "category": event.category,
            "nature": "debt" if isinstance(event, DebtCommissioned) else "neglect",
            "effective_on": recorded.effective_on,
            "opened_on": event.occurred_on or recorded.effective_on,
            "principal_minor": event.principal_minor,
            "cause": event.cause if isinstance(event, NeglectObserved) else None,
            "source": event.source,
            "external_key": event.external_key,
            "content_hash": event.content_hash,
        }
    ]


PROJECTION = Projection(item, rows, of=(DebtCommissioned, NeglectObserved))
