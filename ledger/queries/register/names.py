"""Names that a book knows: of systems, items and teams, as a shell completes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import null, select

from ledger.events import described
from ledger.queries.reader import Reader
from ledger.queries.register.items import CLOSED, RegisterItem, register
from ledger.queries.register.remarks import remarks
from ledger.queries.register.systems import systems
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


def names(reader: Reader, kind: str, today: date | None = None) -> list[tuple[str, str | None]]:
    """Every name of a kind, and what it is called in words, if it is; the newest items come first.

    kind: systems, items, teams; or those that can be meant today: working systems, standing items, open items, debts, neglect.
    """
    if today is not None and kind in _MEANT:
        meant = [entry for entry in register(reader, today) if _MEANT[kind](entry)]
        return [(entry.item, entry.title) for entry in reversed(meant)]
    if today is not None and kind in ("systems", "working systems"):
        found = systems(reader, today)
        return [(each.key, each.name) for each in found if kind == "systems" or each.retired_on is None]
    queries: dict[str, Any] = {
        "systems": select(system.c.system, system.c.name).where(system.c.book == reader.name),
        "items": select(item.c.item, item.c.title).where(item.c.book == reader.name).order_by(item.c.position.desc()),
        "teams": select(owner.c.team, null()).where(owner.c.book == reader.name, owner.c.team.is_not(None)).distinct(),
    }
    said = remarks(reader, date.max).descriptions if kind == "items" else {}
    return [
        (name, described(called, said[name]).title if name in said else called)
        for name, called in reader.connection.execute(queries[kind])
    ]


def _open(entry: RegisterItem) -> bool:
    return entry.status not in CLOSED


#: Which items a command can mean.
_MEANT: Mapping[str, Callable[[RegisterItem], bool]] = MappingProxyType(
    {
        "standing items": lambda entry: entry.status != "reversed",
        "open items": _open,
        "debts": lambda entry: _open(entry) and entry.nature == "debt",
        "neglect": lambda entry: _open(entry) and entry.nature == "neglect" and entry.principal is not None,
    }
)
