"""Worked examples, to look at and to measure."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import click

from ledger.cli.kit.output import print_lines
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session

if TYPE_CHECKING:
    from ledger.services.demo import Demonstration


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
    from ledger.services.demo import demonstrate, synthesize

    if events is None:
        _say_where_to_look(demonstrate(into, session.config.accounts), into)
        return
    with progress("recording") as tell:
        database = synthesize(into, events=events, books=books, seed=seed, progress=tell)
    print_lines(f"{events} events in {books} book{'s' if books > 1 else ''}: {database}")


def _say_where_to_look(told: Demonstration, into: Path) -> None:
    last = told.issued[-1]
    # Straight after `make demo` the command is in .venv/bin and not yet on the path.
    program = "debt" if which("debt") else sys.argv[0]
    debt = f"{program} --database {told.url}"
    print_lines(
        f"The story of four systems over eight quarters: {last.position} events; three packs were issued in it.",
        "",
        f"  finance opens   {last.pack.workbook}",
        f"  the meeting     {last.pack.folder / f'debt-{told.last_quarter}-deck.pdf'}",
        f"  charts          {last.pack.folder / 'charts'}",
        f"  a lead types    {debt} list",
        f"                  {debt} show FRAUD-1",
        f"  an auditor runs {debt} verify",
        f"                  {debt} rollforward {told.last_quarter} --by system",
        f"                  {debt} reproduce {last.pack.folder}",
        *_where_it_was_tried(told, debt, f"{program} demo --into {into}-with-curve"),
    )


def _where_it_was_tried(told: Demonstration, debt: str, again: str) -> list[str]:
    if told.tried is None:
        return [
            "",
            f"Left out of the story, a classifier that is tried on digits on their side: {told.left_out}",
            f"After that its curve is among the charts of   {again}",
        ]
    return [f"  a suite is in   {told.tried}", f"                  {debt} robustness SIGHT"]
