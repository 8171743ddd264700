"""Housekeeping: the database itself, and worked examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ledger.cli.desk import Desk
from ledger.cli.output import format_option, print_json, print_records
from ledger.cli.progress import progress
from ledger.errors import Refused, StoreError
from ledger.store.engine import reading


@click.group()
def db() -> None:
    """The database: its schema, its guards, its read models."""


@db.command()
@click.pass_obj
def upgrade(desk: Desk) -> None:
    """Bring the database to the schema of this version; facts stay as they are."""
    from ledger.store.upgrade import upgrade as upgrade_schema

    before, after = upgrade_schema(desk.engine())
    click.echo(f"schema {after}: nothing to do" if before == after else f"schema {before or 'none'} -> {after}")


@db.command()
@format_option
@click.pass_obj
def check(desk: Desk, form: str) -> None:
    """Check that the schema, the triggers and the file are what they should be."""
    from ledger.store.checking import check as check_database

    with reading(desk.engine()) as connection:
        findings = check_database(connection)
    records: list[dict[str, Any]] = [
        {"check": finding.name, "ok": finding.ok, "finding": finding.sentence} for finding in findings
    ]
    print_records(form, records, ("check", "ok", "finding"), title="Database")
    if not all(finding.ok for finding in findings):
        raise StoreError("The database is not what it should be; see above.")


@db.command()
@format_option
@click.pass_obj
def rebuild(desk: Desk, form: str) -> None:
    """Recompute the read models from the events, replace what differs, and print the differences."""
    from ledger.store.rebuilding import rebuild as rebuild_book

    with progress("rebuilding") as tell:
        differences = rebuild_book(desk.ledger.engine, desk.ledger.book, progress=tell)
    columns = ("position", "table", "field", "expected", "found")
    records = [{name: getattr(difference, name) for name in columns} for difference in differences]
    if form == "json":
        print_json(records)
        return
    if records or form == "csv":
        print_records(form, records, columns, title="Replaced")
    if form == "table":
        click.echo(
            f"{len(records)} differences replaced"
            if records
            else "Read models agree with the events; nothing was replaced."
        )


@click.command()
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="An empty folder.",
)
@click.option(
    "--events", type=click.IntRange(min=1), help="Instead of the story, a synthetic ledger of so many events."
)
@click.option("--books", type=click.IntRange(min=1), default=1, show_default=True, help="Spread over so many books.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another synthetic ledger.")
@click.pass_obj
def demo(desk: Desk, into: Path, events: int | None, books: int, seed: int) -> None:
    """Build a worked example in an empty folder, and say where to look."""
    if into.exists() and any(into.iterdir()):
        raise Refused(f"The folder {into} is not empty.", "Name another one: `debt demo --into FOLDER`.")
    into.mkdir(parents=True, exist_ok=True)
    database = into / "ledger.db"
    if events is not None:
        from ledger.demo.synthetic import build_synthetic

        with progress("recording") as tell:
            build_synthetic(f"sqlite:///{database}", events=events, books=books, seed=seed, progress=tell)
        click.echo(f"{events} events in {books} book{'s' if books > 1 else ''}: {database}")
        return
    from ledger.cli.demonstration import demonstrate

    demonstrate(into, database, desk)
