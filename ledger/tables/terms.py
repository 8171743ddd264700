"""Terms: the dated decisions about an item: who decided, repay by when, until when, planned for when."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, PrimaryKeyConstraint, Table, Text

from ledger.events import DebtCommissioned, DebtRenewed, Leg, NeglectAdopted, Recorded, RepaymentPlanned
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

term = Table(
    "term",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("item", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    # A decision fills decided_by and repay_by, a plan fills planned_for; the others are null.
    Column("decided_by", Text, nullable=True),
    Column("repay_by", Text, nullable=True),
    Column("until", Date, nullable=True),
    Column("planned_for", Text, nullable=True),
    PrimaryKeyConstraint("book", "position", name="term_pk"),
    Index("term_item_ix", "book", "item"),
    sqlite_with_rowid=False,
)


def rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per decision or plan."""
    event = recorded.event
    row: Row = {
        "book": recorded.book,
        "position": recorded.position,
        "item": recorded.stream,
        "effective_on": recorded.effective_on,
        "decided_by": None,
        "repay_by": None,
        "until": None,
        "planned_for": None,
    }
    match event:
        case DebtCommissioned() | NeglectAdopted() | DebtRenewed():
            return [row | {"decided_by": event.decided_by, "repay_by": event.repay_by, "until": event.until}]
        case RepaymentPlanned():
            return [row | {"planned_for": event.quarter}]
        case _:
            return []


PROJECTION = Projection(term, rows, of=(DebtCommissioned, NeglectAdopted, DebtRenewed, RepaymentPlanned))
