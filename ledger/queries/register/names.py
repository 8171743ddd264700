"""Names that a book knows: of systems, items and teams, as a shell completes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import null, select

from ledger.events import described
from ledger.queries.reader import Reader
from ledger.queries.register.remarks import remarks
from ledger.tables.items import item
from ledger.tables.systems import owner, system


def names(reader: Reader, kind: str) -> list[tuple[str, str | None]]:
    """Every name of systems, items or teams, and what it is called in words, if it is; the newest items come first."""
    queries: dict[str, Any] = {
        "systems": select(system.c.system, system.c.name).where(system.c.book == reader.name),
        "items": select(item.c.item, item.c.title).where(item.c.book == reader.name).order_by(item.c.position.desc()),
        "teams": select(owner.c.team, null()).where(owner.c.book == reader.name, owner.c.team.is_not(None)).distinct(),
    }
    found = [(name, called) for name, called in reader.connection.execute(queries[kind])]
    said = remarks(reader, date.max).descriptions if kind == "items" else {}
    return [(name, described(called, said[name]).title if name in said else called) for name, called in found]
