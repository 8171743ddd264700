"""What the books say of a monitor: its definition, and the items that stand, or stood, for its breaches."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, bindparam, or_, select

from ledger.events import STORED_AS, MonitorDocumented
from ledger.events.codec import decode
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.items import item as item_table
from ledger.tables.systems import system as system_table

#: Of the items that measurements open: where they come from.
SOURCE = "monitor"

_STORED_AS = sorted(name for name, kind in STORED_AS.items() if issubclass(kind, MonitorDocumented))

# By stream, which is indexed: a large book has few events of systems among many of items.
_DOCUMENTED = select(event.c.effective_on, event.c.position, event.c.body).where(
    event.c.book == bindparam("book"),
    event.c.stream.in_(bindparam("streams", expanding=True)),
    event.c.stored_as.in_(_STORED_AS),
    event.c.effective_on <= bindparam("as_of"),
    event.c.position <= bindparam("position"),
)
_SYSTEMS = select(system_table.c.system).where(
    system_table.c.book == bindparam("book"), system_table.c.position <= bindparam("position")
)
_OPENED = (
    select(item_table.c.item)
    .where(
        item_table.c.book == bindparam("book"),
        item_table.c.system == bindparam("system"),
        item_table.c.position <= bindparam("position"),
        or_(
            and_(item_table.c.source == SOURCE, item_table.c.external_key == bindparam("external_key")),
            and_(item_table.c.category == bindparam("category"), item_table.c.title == bindparam("title")),
        ),
    )
    .order_by(item_table.c.number)
)


def monitors_called(reader: Reader, name: str, as_of: date) -> dict[str, MonitorDocumented]:
    """The monitors of that name, by system: each as it was documented last, by a day."""
    where = {"book": reader.name, "position": reader.position}
    systems = sorted(reader.connection.execute(_SYSTEMS, where).scalars())
    rows = reader.connection.execute(_DOCUMENTED, {**where, "streams": systems, "as_of": as_of}).all()
    found: dict[str, MonitorDocumented] = {}
    for _, _, body in sorted(rows):
        monitor = decode(body).event
        if isinstance(monitor, MonitorDocumented) and monitor.monitor == name:
            found[monitor.system] = monitor
    return dict(sorted(found.items()))


def breach_items(reader: Reader, system: str, *, external_key: str, category: str, title: str) -> list[str]:
    """Items of earlier breaches, whatever became of them: recorded by a measurement, or typed as it proposed them."""
    wanted = {"system": system, "external_key": external_key, "category": category, "title": title}
    found = reader.connection.execute(_OPENED, {"book": reader.name, "position": reader.position, **wanted})
    return list(found.scalars())
