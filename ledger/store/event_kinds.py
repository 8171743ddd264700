"""What PostgreSQL is told of every event, so that it refuses a body that nobody could read (migration 0004).

Derived from the classes of events, and kept beside the ledger by each upgrade: a new event needs no migration of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import inspect as kinds
from sqlalchemy import ARRAY, Boolean, Column, Connection, MetaData, Table, Text, select
from sqlalchemy.types import JSON

from ledger.events import NAME_OF, BookOpened, Event, ItemEvent, Opening, SystemEvent, SystemRegistered
from ledger.tables.projections import PROJECTIONS, showing
from ledger.vocabulary.keys import ITEM_PATTERN, SYSTEM_PATTERN
from ledger.vocabulary.kinds import BOOK_STREAM

#: On PostgreSQL alone, and made by the migration: not part of the ledger's own tables.
event_kind = Table(
    "event_kind",
    MetaData(),
    Column("stored_as", Text, primary_key=True),
    Column("begins", Boolean),
    Column("about", Text),
    Column("streams", Text),
    Column("shows", ARRAY(Text)),
    Column("shape", JSON),
)

Shape = dict[str, Any]


def missing_kinds(connection: Connection) -> list[str]:
    """Stored names that the database does not know, or otherwise than this release. Needs no rights but to read."""
    return sorted(row["stored_as"] for row in _rows() if _found(connection).get(row["stored_as"]) != row)


def keep_event_kinds(connection: Connection) -> None:
    """Tell PostgreSQL of the events of this release; those of others stay. Writes nothing where nothing is new."""
    from sqlalchemy.dialects.postgresql import insert

    found = _found(connection)
    new = [row for row in _rows() if found.get(row["stored_as"]) != row]
    if new:
        adding = insert(event_kind)
        every = {name: adding.excluded[name] for name in ("begins", "about", "streams", "shows", "shape")}
        connection.execute(adding.on_conflict_do_update(index_elements=["stored_as"], set_=every), new)


def _found(connection: Connection) -> dict[str, dict[str, Any]]:
    return {row["stored_as"]: dict(row) for row in connection.execute(select(event_kind)).mappings()}


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(_row(name, event) for event, name in NAME_OF.items())


def _row(name: str, event: type[Event]) -> dict[str, Any]:
    """about: the field that names the event's stream, None for the book's; streams: what such a name looks like."""
    about = "item" if issubclass(event, ItemEvent) else "system" if issubclass(event, SystemEvent) else None
    pattern = {"item": ITEM_PATTERN, "system": SYSTEM_PATTERN, None: BOOK_STREAM}[about]
    return {
        "stored_as": name,
        "begins": issubclass(event, (BookOpened, SystemRegistered, Opening)),
        "about": about,
        "streams": f"^(?:{pattern})$",
        "shows": [PROJECTIONS[number].table.name for number in showing(event)],
        "shape": shape_of(kinds.type_info(event)),
    }


def shape_of(kind: kinds.Type) -> Shape:
    """What JSON may stand for a value of this type, by its kind in JSON. Raises TypeError for a type that has no shape yet."""
    match kind:
        case kinds.NoneType():
            return {"null": True}
        case kinds.BoolType():
            return {"boolean": True}
        case kinds.IntType():
            return {"integer": True}
        case kinds.StrType():
            return {"string": True}
        case kinds.DateType():
            return {"string": "date"}
        case kinds.LiteralType():
            return {"string": list(kind.values)}
        case kinds.UnionType():
            return {name: rule for each in kind.types for name, rule in shape_of(each).items()}
        case kinds.VarTupleType() | kinds.ListType():
            return {"array": shape_of(kind.item_type)}
        case kinds.DictType():
            return {"map": shape_of(kind.value_type)}
        case kinds.StructType():
            return {"fields": {field.encode_name: shape_of(field.type) for field in kind.fields}}
    raise TypeError(f"An event has a field of type {kind}, and nothing here says what JSON that is.")
