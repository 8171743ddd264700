"""Worked examples, to look at and to measure."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.vocabulary.errors import Refused


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
def demo(session: Session, into: Path, events: int | None, books: int, seed: int) -> None:
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
    from ledger.cli.admin.demonstration import demonstrate

    demonstrate(into, database, session)
