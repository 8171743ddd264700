"""Actors: who recorded how much of what kind."""

from __future__ import annotations

from ledger.journal_tests.examination import Examination
from ledger.journal_tests.listing import kind_of
from reports.audit.columns import counted
from reports.sheet import Block, Column, Kind, Row, Sheet

_COLUMNS = (
    Column("actor", "Actor", Kind.TEXT, 34),
    Column("kind", "Kind", Kind.CODE),
    Column("entries", "Entries", Kind.COUNT),
    Column("imported", "Of them imported", Kind.COUNT, 12),
    Column("listed", "Of them listed", Kind.COUNT, 12),
    Column("amount", "Amount", Kind.EXACT),
)


def build(found: Examination) -> Sheet:
    """A row per actor and kind."""
    rows = tuple(
        Row(
            str(number),
            {
                "actor": activity.actor,
                "kind": kind_of(activity.stored_as),
                "entries": activity.entries,
                "imported": activity.imported,
                "listed": activity.listed,
                "amount": activity.amount_minor,
            },
        )
        for number, activity in enumerate(found.actors)
    )
    people = len({activity.actor for activity in found.actors})
    return Sheet(
        title="Actors",
        headline=f"{counted(found.population.entries).capitalize()} by {counted(people, 'actor', 'actors')}",
        subtitle=f"Entries and amounts per actor and kind · {found.subject.currency} · {found.subject.title}",
        blocks=(Block("actors", _COLUMNS, rows, table="tblActors"),),
        notes=("The actor is a claim; who was let into the database is another question (docs/method.md).",),
    )
