"""Systems as of a day: owners over time, what they read, who reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from ledger.events import NAME_OF, SystemRenamed
from ledger.events.codec import happening
from ledger.queries.figures.owners import OWNER_FIELDS, owners_of
from ledger.queries.reader import Reader
from ledger.tables.facts import event
from ledger.tables.systems import dependency, retirement
from ledger.tables.systems import system as system_table


@dataclass(frozen=True, slots=True)
class SystemRecord:
    """One system. owners: its tenures, 'since' None for the first."""

    key: str
    name: str
    team: str | None
    cost_centre: str | None
    reads_from: tuple[str, ...]
    read_by: tuple[str, ...]
    retired_on: date | None
    owners: list[dict[str, Any]]


def systems(reader: Reader, as_of: date) -> list[SystemRecord]:
    """Every registered system, by key, with its name and its owner on a day."""
    names = names_on(reader, as_of)
    owners = owners_of(reader, OWNER_FIELDS)
    # Declared again, with other words, it is still one dependency.
    reads = list(dict.fromkeys((row.system, row.reads_from) for row in _known(reader, dependency)))
    retired = {row.system: row.effective_on for row in _known(reader, retirement)}
    found = []
    for row in sorted(_known(reader, system_table), key=lambda row: row.system):
        team, cost_centre = owners.on(row.system, as_of)
        tenures = [
            {
                "since": None if tenure.since == date.min else tenure.since,
                "team": tenure.owner[0],
                "cost_centre": tenure.owner[1],
            }
            for tenure in owners.tenures[row.system]
        ]
        found.append(
            SystemRecord(
                key=row.system,
                name=names[row.system],
                team=team,
                cost_centre=cost_centre,
                reads_from=tuple(read for reading, read in reads if reading == row.system),
                read_by=tuple(reading for reading, read in reads if read == row.system),
                retired_on=retired.get(row.system),
                owners=tenures,
            )
        )
    return found


def names_on(reader: Reader, day: date) -> dict[str, str]:
    """What each registered system is called on a day."""
    names = {row.system: row.name for row in _known(reader, system_table)}
    renamed = select(event.c.body).where(
        event.c.book == reader.name,
        event.c.position <= reader.position,
        event.c.stream.in_(list(names)),
        event.c.stored_as == NAME_OF[SystemRenamed],
    )
    said = [happening(body) for body in reader.connection.execute(renamed.order_by(event.c.position)).scalars()]
    for each in sorted(said, key=lambda each: each.effective_on):
        if isinstance(each.event, SystemRenamed) and each.effective_on <= day:
            names[each.stream] = each.event.name
    return names


def _known(reader: Reader, table: Any) -> list[Any]:
    query = select(table).where(table.c.book == reader.name, table.c.position <= reader.position)
    return list(reader.connection.execute(query.order_by(table.c.position)))
