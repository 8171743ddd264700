"""Postings: every leg of every event, double entry, with carry on the liability legs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table, Text

from ledger.accounts.interest import day_number
from ledger.events import ItemEvent, Leg, Recorded
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

posting = Table(
    "posting",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("leg", SmallInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("movement", Text, nullable=False),
    # Debit positive, credit negative, minor units.
    Column("amount_minor", BigInteger, nullable=False),
    Column("effective_on", Date, nullable=False),
    # Of liability legs; null (or 0) on the others.
    Column("nature", Text, nullable=True),
    Column("dimension", Text, nullable=True),
    Column("carry_minor_per_year", BigInteger, nullable=False),
    # Days since 1970-01-01, so that interest is plain integer arithmetic in SQL.
    Column("accrues_day", Integer, nullable=True),
    Column("spent_minor", BigInteger, nullable=False),
    PrimaryKeyConstraint("book", "position", "leg", name="posting_pk"),
    sqlite_with_rowid=False,
)

_liability = posting.c.nature.is_not(None)
# Covers the balance of every item without touching the table. Partial on both databases (see the migration).
Index(
    "posting_item_ix",
    posting.c.book,
    posting.c.item,
    posting.c.nature,
    posting.c.effective_on,
    posting.c.position,
    posting.c.amount_minor,
    posting.c.carry_minor_per_year,
    posting.c.accrues_day,
    sqlite_where=_liability,
)


def rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per leg."""
    book, position, item, effective_on = recorded.book, recorded.position, recorded.stream, recorded.effective_on
    return [
        {
            "book": book,
            "position": position,
            "leg": number,
            "item": item,
            "account": leg.account,
            "movement": leg.movement,
            "amount_minor": leg.amount_minor,
            "effective_on": effective_on,
            "nature": leg.nature,
            "dimension": leg.dimension,
            "carry_minor_per_year": leg.carry_minor_per_year,
            "accrues_day": day_number(leg.accrues_from) if leg.accrues_from else None,
            "spent_minor": leg.spent_minor,
        }
        for number, leg in enumerate(legs)
    ]


PROJECTION = Projection(posting, rows, of=(ItemEvent,))
