"""Shell completion of systems, items, categories, causes, quarters and teams."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from ledger.cli.kit.configuration import read_config
from ledger.cli.kit.edge import Edge
from ledger.cli.kit.session import Session
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.kinds import CAUSES
from ledger.vocabulary.plain_text import plain

_MOST = 200


def complete(kind: str, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """The names of a kind that begin with what was typed. A ledger that cannot be read completes nothing."""
    try:
        found = _names(kind, ctx)
    except (LedgerError, OSError):
        return []
    # A shell shows them on its terminal; a name that is not all plain cannot be completed.
    shown = [(name, plain(help_ or "")) for name, help_ in found if plain(name) == name]
    wanted = incomplete if kind in ("categories", "causes", "teams") else incomplete.upper()
    return [CompletionItem(name, help=help_ or None) for name, help_ in shown if name.startswith(wanted)][:_MOST]


def _names(kind: str, ctx: click.Context) -> list[tuple[str, str | None]]:
    if kind == "categories":
        return [(category.slug, category.definition) for category in CATEGORIES.values()]
    if kind == "causes":
        return list(CAUSES.items())
    session = _desk(ctx)
    current = session.book.calendar.quarter_of(session.today)
    if kind == "quarters":
        return [(str(current.shift(offset)), None) for offset in range(-8, 9)]
    if kind == "quarters to come":
        return [(str(current.shift(offset)), None) for offset in range(9)]
    from ledger.queries.register.names import names

    with session.reader() as reader:
        return names(reader, kind, session.today)


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
