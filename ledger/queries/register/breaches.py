"""What the books say of a monitor: its definition, and the items that stand, or stood, for its breaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy import and_, bindparam, or_, select

from ledger.events import STORED_AS, Event, ExpectationMeasured, MonitorDocumented, ReferenceReplaced, standing_monitors
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.items import item as item_table
from ledger.tables.systems import system as system_table

#: Of the items that measurements open: where they come from.
SOURCE = "monitor"

_STORED_AS = sorted(name for name, kind in STORED_AS.items() if kind in (MonitorDocumented, ReferenceReplaced))

# By stream, which is indexed: a large book has few events of systems among many of items.
_DOCUMENTED = select(event.c.stream, event.c.effective_on, event.c.position, event.c.body).where(
    event.c.book == bindparam("book"),
    event.c.stream.in_(bindparam("streams", expanding=True)),
    event.c.stored_as.in_(_STORED_AS),
    event.c.effective_on <= bindparam("as_of"),
    event.c.position <= bindparam("position"),
)
_MEASURED = select(event.c.position, event.c.body).where(
    event.c.book == bindparam("book"),
    event.c.stream == bindparam("system"),
    event.c.stored_as.in_(sorted(name for name, kind in STORED_AS.items() if kind is ExpectationMeasured)),
    event.c.effective_on == bindparam("day"),
    event.c.position <= bindparam("position"),
)
_SYSTEMS = select(system_table.c.system).where(
    system_table.c.book == bindparam("book"), system_table.c.position <= bindparam("position")
)
_OPENED = (
    select(item_table.c.item, item_table.c.source, item_table.c.external_key, item_table.c.title)
    .where(
        item_table.c.book == bindparam("book"),
        item_table.c.system == bindparam("system"),
        item_table.c.position <= bindparam("position"),
        or_(
            and_(
                item_table.c.source == SOURCE,
                item_table.c.external_key.in_(bindparam("external_keys", expanding=True)),
            ),
            and_(
                item_table.c.category == bindparam("category"),
                item_table.c.title.in_(bindparam("titles", expanding=True)),
            ),
        ),
    )
    .order_by(item_table.c.number)
)


@dataclass(frozen=True, slots=True)
class SeriesIdentity:
    """By what the items of a series' breaches are known: of those that were recorded the key, of those typed the title."""

    external_key: str
    title: str


def monitors_called(reader: Reader, name: str, as_of: date) -> dict[str, MonitorDocumented]:
    """The monitors of that name, by system: each as it was documented last, by a day."""
    where = {"book": reader.name, "position": reader.position}
    systems = sorted(reader.connection.execute(_SYSTEMS, where).scalars())
    rows = reader.connection.execute(_DOCUMENTED, {**where, "streams": systems, "as_of": as_of}).all()
    said = defaultdict(list)
    for system, _, _, body in sorted(rows):
        said[system].append(decode(body).event)
    standing = {system: standing_monitors(events) for system, events in said.items()}
    return {system: monitors[name] for system, monitors in standing.items() if name in monitors}


def breach_items(
    reader: Reader, system: str, category: str, wanted: Collection[SeriesIdentity]
) -> dict[SeriesIdentity, list[str]]:
    """Items of earlier breaches, whatever became of them: recorded by a measurement, or typed as it proposed them."""
    asked = {
        "book": reader.name,
        "position": reader.position,
        "system": system,
        "category": category,
        "external_keys": [each.external_key for each in wanted],
        "titles": [each.title for each in wanted],
    }
    rows = reader.connection.execute(_OPENED, asked).all()
    return {
        each: [
            item
            for item, source, key, title in rows
            if (key == each.external_key if source == SOURCE else title == each.title)
        ]
        for each in wanted
    }


def same_measurements(reader: Reader, measured: ExpectationMeasured, day: date) -> frozenset[int]:
    """The positions at which the same was measured on a day: the same files, so judged; whatever was said of it besides.

    Recorded under another key it is another request, and says nothing new.
    """
    rows = reader.connection.execute(
        _MEASURED, {"book": reader.name, "position": reader.position, "system": measured.system, "day": day}
    )
    wanted = _unsaid(measured)
    return frozenset(position for position, body in rows if _unsaid(decode(body).event) == wanted)


def _unsaid(measured: Event) -> Event:
    """An event without what its recording says of it."""
    return msgspec.structs.replace(measured, evidence=None, occurred_on=None)
