"""The database itself: its schema, its guards, its read models, its roles; backup and restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledger.cli.kit.output import format_option, print_json, print_lines, print_records, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import TEXT
from ledger.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from ledger.services.database import VerifiedBook

_EXISTING = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_BOOK_COLUMNS = ("book", "events", "head")


@click.group()
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
@click.option(
    "--owner", type=TEXT, default="debt_owner", show_default=True, help="Runs the migrations; owns the tables."
)
@click.option("--writer", type=TEXT, default="debt_writer", show_default=True, help="Records; can alter no fact.")
@click.option("--auditor", type=TEXT, default="debt_auditor", show_default=True, help="Reads all, changes nothing.")
@click.option("--schema", type=TEXT, default="public", show_default=True, help="The schema the tables are in.")
@click.option("--apply", "applied", is_flag=True, help="Run it, in one transaction, instead of printing it.")
@click.pass_obj
def roles(session: Session, owner: str, writer: str, auditor: str, schema: str, applied: bool) -> None:
    """Print, or run, the SQL that gives owner, writer and auditor on PostgreSQL their rights, and no more.

    They are roles that nobody logs in as: people and services are made members of one. Run it again after an upgrade.
    """
    from ledger.services.database import role_statements

    script = role_statements(session.address, owner, writer, auditor, schema=schema, apply=applied)
    if not applied:
        click.echo(script, nl=False)
        return
    print_lines(f"owner    {owner}: owns the tables and runs the migrations")
    print_lines(f"writer   {writer}: reads all; adds events and requests, moves the head, keeps read models")
    print_lines(f"auditor  {auditor}: reads all")
    print_lines(f'Members have these rights: GRANT "{writer}" TO somebody.')
