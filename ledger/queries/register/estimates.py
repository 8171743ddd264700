"""Estimates: when somebody last said what an item owes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from ledger.events import STORED_AS, EstimateRevised
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.items import item
from ledger.tables.reversals import reversal

_REVISED = [name for name, kind in STORED_AS.items() if kind is EstimateRevised]


def last_estimated(reader: Reader, as_of: date) -> dict[str, date]:
    """Of every item that was estimated by a day, the last day in the books of an estimate: its opening or a standing revision."""
    undone = select(reversal.c.reversed_position).where(
        reversal.c.book == reader.name, reversal.c.effective_on <= as_of, reversal.c.position <= reader.position
    )
    opened = select(item.c.item, item.c.effective_on).where(
        item.c.book == reader.name,
        item.c.effective_on <= as_of,
        item.c.position <= reader.position,
        item.c.principal_minor.is_not(None),
    )
    revised = select(event.c.stream, event.c.effective_on).where(
        event.c.book == reader.name,
        event.c.effective_on <= as_of,
        event.c.position <= reader.position,
        event.c.stored_as.in_(_REVISED),
        event.c.position.not_in(undone),
    )
    found: dict[str, date] = {}
    for query in (opened, revised):
        for key, day in reader.connection.execute(query):
            found[key] = max(day, found.get(key, day))
    return found


def opened_since(reader: Reader, first: date) -> set[str]:
    """The items whose opening is in the books on a day or later; reversed ones too."""
    query = select(item.c.item).where(
        item.c.book == reader.name, item.c.effective_on >= first, item.c.position <= reader.position
    )
    return set(reader.connection.execute(query).scalars())
