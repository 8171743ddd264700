"""Systems: their registration, their owners over time, what they read, their retirement."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, PrimaryKeyConstraint, Table, Text

from ledger.events import DependencyDeclared, Leg, Recorded, SystemChanged, SystemRegistered, SystemRetired
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection, Row

system = Table(
    "system",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("system", Text, nullable=False),
    Column("name", Text, nullable=False),
    PrimaryKeyConstraint("book", "position", name="system_pk"),
    Index("system_key_ix", "book", "system", unique=True),
    sqlite_with_rowid=False,
)

owner = Table(
    "owner",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("system", Text, nullable=False),
    # Null for the registration: its owner counts from the beginning of time.
    Column("effective_on", Date, nullable=True),
    # Null where the change leaves that one as it was.
    Column("team", Text, nullable=True),
    Column("cost_centre", Text, nullable=True),
    PrimaryKeyConstraint("book", "position", name="owner_pk"),
    sqlite_with_rowid=False,
)

dependency = Table(
    "dependency",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("system", Text, nullable=False),
    Column("reads_from", Text, nullable=False),
    Column("what", Text, nullable=True),
    Column("effective_on", Date, nullable=False),
    PrimaryKeyConstraint("book", "position", name="dependency_pk"),
    sqlite_with_rowid=False,
)

retirement = Table(
    "retirement",
    metadata,
    Column("book", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("system", Text, nullable=False),
    Column("effective_on", Date, nullable=False),
    PrimaryKeyConstraint("book", "position", name="retirement_pk"),
    sqlite_with_rowid=False,
)


def _place(recorded: Recorded) -> Row:
    return {"book": recorded.book, "position": recorded.position, "system": recorded.stream}


def system_rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per registration."""
    event = recorded.event
    return [_place(recorded) | {"name": event.name}] if isinstance(event, SystemRegistered) else []


def owner_rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per registration or change of owner."""
    event = recorded.event
    if not isinstance(event, SystemRegistered | SystemChanged):
        return []
    since = None if isinstance(event, SystemRegistered) else recorded.effective_on
    return [_place(recorded) | {"effective_on": since, "team": event.team, "cost_centre": event.cost_centre}]


def dependency_rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per declared dependency."""
    event = recorded.event
    if not isinstance(event, DependencyDeclared):
        return []
    return [
        _place(recorded) | {"reads_from": event.reads_from, "what": event.what, "effective_on": recorded.effective_on}
    ]


def retirement_rows(recorded: Recorded, legs: tuple[Leg, ...]) -> list[Row]:
    """One row per retirement."""
    if not isinstance(recorded.event, SystemRetired):
        return []
    return [_place(recorded) | {"effective_on": recorded.effective_on}]


SYSTEMS = Projection(system, system_rows, of=(SystemRegistered,))
OWNERS = Projection(owner, owner_rows, of=(SystemRegistered, SystemChanged))
DEPENDENCIES = Projection(dependency, dependency_rows, of=(DependencyDeclared,))
RETIREMENTS = Projection(retirement, retirement_rows, of=(SystemRetired,))
