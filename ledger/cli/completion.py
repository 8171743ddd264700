"""Shell completion of systems, items, categories, causes, quarters and teams."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from ledger.catalogue import CATEGORIES
from ledger.cli.desk import Desk
from ledger.cli.edge import Edge
from ledger.config import read_config
from ledger.errors import LedgerError
from ledger.model import CAUSES

_MOST = 200


def complete(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The names of a kind that begin with what was typed. A ledger that cannot be read completes nothing."""
    try:
        found = _names(kind, ctx)
    except (LedgerError, OSError):
        return []
    wanted = incomplete.upper() if kind in ("systems", "items", "quarters") else incomplete
    return [CompletionItem(name, help=help_) for name, help_ in found if name.startswith(wanted)][:_MOST]


def _names(kind: str, ctx: click.Context) -> list[tuple[str, str | None]]:
    if kind == "categories":
        return [(category.slug, category.definition) for category in CATEGORIES.values()]
    if kind == "causes":
        return list(CAUSES.items())
    desk = _desk(ctx)
    if kind == "quarters":
        current = desk.book.calendar.quarter_of(desk.today)
        return [(str(current.shift(offset)), None) for offset in range(-8, 9)]
    return _from_register(kind, desk)


def _from_register(kind: str, desk: Desk) -> list[tuple[str, str | None]]:
    from sqlalchemy import null, select

    from ledger.projections.items import item
    from ledger.projections.systems import owner, system

    queries: dict[str, Any] = {
        "systems": select(system.c.system, system.c.name).where(system.c.book == desk.book.name),
        "items": select(item.c.item, item.c.title)
        .where(item.c.book == desk.book.name)
        .order_by(item.c.position.desc()),
        "teams": select(owner.c.team, null())
        .where(owner.c.book == desk.book.name, owner.c.team.is_not(None))
        .distinct(),
    }
    with desk.ledger.reading() as connection:
        return [(name, help_) for name, help_ in connection.execute(queries[kind])]


def _desk(ctx: click.Context) -> Desk:
    """A desk from the options typed so far: completion runs before any command does."""
    told = ctx.find_root().params
    return Desk(
        Edge(),
        read_config(told.get("config")),
        database=told.get("database"),
        book=told.get("book"),
        actor=told.get("actor"),
    )
