"""The book for other programs: exported to a file, whole or not at all."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from ledger.cli.finance.figures import known_at_option
from ledger.cli.kit.output import print_lines
from ledger.cli.kit.progress import progress
from ledger.cli.kit.projection import say_projected
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY
from ledger.services.export import KINDS, ExportWanted, export_file, export_stream


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--as-of", type=DAY, help="The last effective day that counts; every day by default. Not for jsonl.")
@known_at_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def export(session: Session, kind: str, path: Path, as_of: date | None, known_at: str | None, force: bool) -> None:
    """Write the book as KIND to PATH, a file that is not there yet, or '-' for standard output.

    \b
    hledger    the postings as a journal, which `hledger check --strict` accepts
    beancount  the same, which `bean-check` accepts
    jsonl      every event and request, to make the same ledger again, byte for byte
    csv        every leg of every event, balanced
    """
    wanted = ExportWanted(kind, as_of, known_at, session.config.accounts)
    if as_of is not None:
        say_projected(as_of, session.today)
    with progress("exporting") as tell:
        if str(path) == "-":
            export_stream(session.opened, wanted, sys.stdout.buffer, tell)
            return
        position = export_file(session.opened, wanted, path, force=force, progress=tell)
    print_lines(f"{path}: the book '{session.book.name}' for {kind}, as known at position {position}.")
