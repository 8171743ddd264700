"""Shell completion of systems, items, categories, causes, quarters and teams."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from ledger.cli.kit.configuration import read_config
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.session import Session
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.kinds import CAUSES

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
    session = _desk(ctx)
    if kind == "quarters":
        current = session.book.calendar.quarter_of(session.today)
        return [(str(current.shift(offset)), None) for offset in range(-8, 9)]
    return _from_register(kind, session)


def _from_register(kind: str, session: Session) -> list[tuple[str, str | None]]:
    from sqlalchemy import null, select

    from ledger.tables.items import item
    from ledger.tables.systems import owner, system

    queries: dict[str, Any] = {
        "systems": select(system.c.system, system.c.name).where(system.c.book == session.book.name),
        "items": select(item.c.item, item.c.title)
        .where(item.c.book == session.book.name)
        .order_by(item.c.position.desc()),
        "teams": select(owner.c.team, null())
        .where(owner.c.book == session.book.name, owner.c.team.is_not(None))
        .distinct(),
    }
    with session.ledger.reading() as connection:
        return [(name, help_) for name, help_ in connection.execute(queries[kind])]


def _desk(ctx: click.Context) -> Session:
    """A session from the options typed so far: completion runs before any command does."""
    told = ctx.find_root().params
    return Session(
        Edge(),
        read_config(told.get("config")),
        database=told.get("database"),
        book=told.get("book"),
        actor=told.get("actor"),
    )
