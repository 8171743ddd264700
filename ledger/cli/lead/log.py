"""The log: what was recorded, event by event."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import format_option, print_records
from ledger.cli.kit.pager import paged
from ledger.cli.kit.projection import say_beside, titled
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import MOMENT, TEXT, Read
from ledger.queries.audit.log import Logged
from ledger.queries.audit.log import log as events
from ledger.queries.reader import position_before
from ledger.queries.register.story import log_record
from ledger.vocabulary.errors import NotFound, Unreadable
from ledger.vocabulary.keys import is_item, item_id, system_key

_LOG_COLUMNS = ("position", "effective_on", "recorded_at", "actor", "stream", "stored_as", "hash")


def _stream(text: str) -> str:
    """An item, a system, or the book itself."""
    if text.strip().lower() == "book":
        return "book"
    try:
        return item_id(text)
    except Unreadable:
        return system_key(text)


def _with_login(logged: Logged) -> dict[str, Any]:
    """An event, and the login that wrote it where the database has logins: the actor is a claim."""
    return log_record(logged) | ({} if logged.session_user is None else {"session_user": logged.session_user})


def _log_columns(records: list[dict[str, Any]], form: str) -> tuple[str, ...]:
    if records and form != "table":
        return tuple(records[0])
    has_logins = any("session_user" in record for record in records)
    return (*_LOG_COLUMNS, "session_user") if has_logins else _LOG_COLUMNS


@click.command("log")
@click.argument("item", required=False, type=Read("item", _stream, "items"))
@as_of_option
@known_at_option
@click.option(
    "--since", type=MOMENT, help="Recorded on that day or later: 2026-07-01, or a time as RFC 3339 writes it."
)
@click.option("--actor", "by", type=TEXT, metavar="WHO", help="Recorded by this actor.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The latest N of them.")
@format_option
@click.pass_obj
@paged
def log(
    session: Session,
    item: str | None,
    as_of: date | None,
    known_at: str | None,
    since: str | None,
    by: str | None,
    limit: int | None,
    form: str,
) -> None:
    """List events as they were recorded: all, or those of an ITEM, of a system, or of the 'book'."""
    with session.reader(known_at) as reader:
        after = 0 if since is None else position_before(reader, since)
        found = events(reader, stream=item, as_of=as_of, after=after, actor=by, limit=limit)
        records = [_with_login(logged) for logged in found]
        if item is not None and not records and not any(events(reader, stream=item, limit=1)):
            if is_item(item):
                raise NotFound(
                    f"There is no item {item}.", "`debt list --status all` shows the register.", unknown=("items", item)
                )
            raise NotFound(f"There is no system {item}.", "`debt system list` shows them.", unknown=("systems", item))
    day = as_of or session.today
    say_beside(form, day, session.today)
    if form == "table":
        records = [record | {"hash": str(record["hash"])[:12]} for record in records]
    print_records(
        form,
        records,
        _log_columns(records, form),
        title=titled("Events", day, session.today),
        right=("position",),
        empty="No event matches." if since or by else "There are no events yet.",
    )
