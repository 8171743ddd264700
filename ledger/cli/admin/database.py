"""The database itself: its schema, its guards, its read models, its roles; backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli.kit.groups import CommandGroup
from ledger.cli.kit.output import format_option, print_json, print_lines, print_records, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT
from ledger.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from ledger.services.database import VerifiedBook

_EXISTING = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_BOOK_COLUMNS = ("book", "events", "head")


@click.group(cls=CommandGroup)
def db() -> None:
    """The database: its schema, guards, read models and roles; backup and restore."""


@db.command()
@click.pass_obj
def upgrade(session: Session) -> None:
    """Bring the database to the schema of this version; facts stay as they are."""
    from ledger.services.database import upgrade_database

    before, after = upgrade_database(session.address)
    print_lines(f"schema {after}: nothing to do" if before == after else f"schema {before or 'none'} -> {after}")


@db.command()
@format_option
@click.pass_obj
def check(session: Session, form: str) -> None:
    """Check that the schema, the triggers and the file are what they should be."""
    from ledger.services.database import check_database

    findings = check_database(session.address)
    records: list[dict[str, Any]] = [
        {"check": finding.name, "ok": finding.ok, "finding": finding.sentence} for finding in findings
    ]
    print_records(form, records, ("check", "ok", "finding"), title="Database")
    if not all(finding.ok for finding in findings):
        raise StoreError("The database is not what it should be; see above.")


@db.command()
@format_option
@click.pass_obj
def rebuild(session: Session, form: str) -> None:
    """Recompute the read models from the events, replace what differs, and print the differences."""
    from ledger.services.database import rebuild_read_models

    with progress("rebuilding") as tell:
        differences = rebuild_read_models(session.opened, tell)
    columns = ("position", "table", "field", "expected", "found")
    records = [{name: getattr(difference, name) for name in columns} for difference in differences]
    if form == "json":
        print_json(records)
        return
    if records or form == "csv":
        print_records(form, records, columns, title="Replaced")
    if form == "table":
        print_lines(
            f"{len(records)} differences replaced"
            if records
            else "Read models agree with the events; nothing was replaced."
        )


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@format_option
@click.pass_obj
def backup(session: Session, file: Path, form: str) -> None:
    """Copy the SQLite ledger into FILE, verify the copy, and print what to keep.

    Others may go on recording. The file is whole and verified, or it is not there. PostgreSQL has its own tool,
    whose command is told.
    """
    from ledger.services.database import back_up_database

    with progress("copying") as tell:
        books = back_up_database(session.address, file, tell)
    _print_books(books, form)
    say(
        f"{file}: copied and verified. Keep these heads elsewhere: `debt verify --expect EVENTS:HEAD` holds a copy to them."
    )


@db.command()
@click.argument("file", type=_EXISTING)
@format_option
@click.pass_obj
def restore(session: Session, file: Path, form: str) -> None:
    """Bring back FILE, a backup or what `debt export jsonl` wrote, into an empty place.

    A backup becomes the file that --database names, which may not be there. An export becomes a book in that database,
    SQLite or PostgreSQL, which may not hold one of its name: the same events, byte for byte, with their hashes.
    Everything is verified before it is kept.
    """
    from ledger.services.database import restore_database

    with progress("restoring") as tell:
        books = restore_database(session.address, file, wanted=session.wanted_book, progress=tell)
    _print_books(books, form)
    say("Restored and verified. `debt verify --expect EVENTS:HEAD` holds it to a head that was kept elsewhere.")


def _print_books(books: list[VerifiedBook], form: str) -> None:
    records = [{name: getattr(book, name) for name in _BOOK_COLUMNS} for book in books]
    print_records(
        form, records, _BOOK_COLUMNS, title="Verified", right=("events",), empty="There is no book in it yet."
    )


@db.command()
@click.option("--book", "name", type=TEXT, help="The book; may be left out where --book chose it before.")
@click.option(
    "--writer", "writers", type=TEXT, multiple=True, help="LOGIN or LOGIN=ACTOR: reads it, and records in it."
)
@click.option("--auditor", "auditors", type=TEXT, multiple=True, help="LOGIN that reads it, and changes nothing.")
@click.option("--withdraw", "withdrawn", type=TEXT, multiple=True, help="LOGIN that has no rights in it any more.")
@click.option("--apply", "applied", is_flag=True, help="Run it, in one transaction, instead of printing it.")
@click.pass_obj
def roles(
    session: Session,
    name: str | None,
    writers: tuple[str, ...],
    auditors: tuple[str, ...],
    withdrawn: tuple[str, ...],
    applied: bool,
) -> None:
    """Print, or run, the SQL that gives logins of PostgreSQL their rights in a book, and no more.

    The logins exist already; the login that ran `init` owns the ledger, and runs this. Under the policy actor-from-login
    a writer records as itself, or as the ACTOR that is named with it here.
    """
    from ledger.services.database import BookGrants, grant_rights

    book = name or session.wanted_book
    if book is None:
        raise click.UsageError("Missing option '--book'.")
    pairs = tuple(_login_and_actor(writer) for writer in writers)
    script = grant_rights(session.address, BookGrants(book, pairs, auditors, withdrawn), apply=applied)
    if not applied:
        click.echo(script, nl=False)
        return
    for login, actor in pairs:
        print_lines(f"writer   {login}: reads {book} and records in it" + (f", also as {actor}" if actor else ""))
    for login in auditors:
        print_lines(f"auditor  {login}: reads {book}")
    for login in withdrawn:
        print_lines(f"nothing  {login}: neither reads {book} nor records in it")


def _login_and_actor(text: str) -> tuple[str, str | None]:
    login, _, actor = text.partition("=")
    return login, actor or None
