"""Names that a book knows: of systems, items and teams, as a shell completes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import null, select

from ledger.queries.reader import Reader
from ledger.tables.items import item
from ledger.tables.systems import owner, system
from ledger.vocabulary.spelling import nearest


def near_name(reader: Reader, kind: str, word: str) -> str | None:
    """The name of that kind that a misspelt one probably meant, if the book has one.

    Of an item the system is what is misspelt: the number of another item is not near.
    """
    if kind != "items":
        return nearest(word, sorted(name for name, _ in names(reader, kind)))
    misspelt, _, number = word.rpartition("-")
    system_key = near_name(reader, "systems", misspelt)
    meant = select(item.c.item).where(item.c.book == reader.name, item.c.item == f"{system_key}-{number}")
    found: str | None = reader.connection.execute(meant).scalar()
    return found


def names(reader: Reader, kind: str) -> list[tuple[str, str | None]]:
    """Every name of systems, items or teams, and what it is called in words, if it is; the newest items come first."""
    queries: dict[str, Any] = {
        "systems": select(system.c.system, system.c.name).where(system.c.book == reader.name),
        "items": select(item.c.item, item.c.title).where(item.c.book == reader.name).order_by(item.c.position.desc()),
        "teams": select(owner.c.team, null()).where(owner.c.book == reader.name, owner.c.team.is_not(None)).distinct(),
    }
    return [(name, called) for name, called in reader.connection.execute(queries[kind])]
