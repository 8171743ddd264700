"""What somebody probably meant who typed a name that nothing has: of commands, and of what a book holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType

import click

from ledger.cli.kit.session import Session
from ledger.vocabulary.errors import LedgerError, NotFound, Refused
from ledger.vocabulary.spelling import nearest

#: Words of other programs for what has another name here; one that is a command by itself is not looked for.
GUESSED: Mapping[str, str] = MappingProxyType(
    {
        "add": "commission",
        "bal": "delta",
        "balance": "delta",
        "borrow": "commission",
        "cancel": "reverse",
        "delete": "reverse",
        "events": "log",
        "items": "list",
        "owed": "delta",
        "register": "list",
        "remove": "reverse",
        "restore": "db restore",
        "revert": "reverse",
        "rm": "reverse",
        "summary": "status",
    }
)


def with_meant(error: LedgerError, session: object) -> LedgerError:
    """The error, with the name that was probably meant where the book has one that is near."""
    if error.unknown is None or not isinstance(session, Session) or not isinstance(error, Refused | NotFound):
        return error
    # Only where a name is unknown: it brings the library of databases.
    from ledger.queries.register.names import near_name

    near = None
    with suppress(LedgerError, OSError), session.reader() as reader:
        near = near_name(reader, *error.unknown)
    return type(error)(f"{error.why} Did you mean {near}?", error.instead) if near else error


def no_command(ctx: click.Context, word: str, known: Iterable[str]) -> click.UsageError:
    """That there is no such command, and which one was probably meant."""
    top = ctx.parent is None
    meant = (GUESSED.get(word.casefold()) if top else None) or nearest(word, known)
    path = ctx.command_path
    hint = f"Did you mean '{meant}'?" if meant else f"`{path} --help` lists them."
    return click.UsageError(f"There is no command '{word}'{'' if top else f' of {path}'}. {hint}", ctx)
