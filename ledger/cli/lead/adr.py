"""Debts as decision records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.output import print_lines, say
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import ITEM
from ledger.services.decision_records import differing, record_of, records, write_records, written_by
from ledger.vocabulary.counted import counted
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.plain_text import plain_lines

_SHOWN = 20


@click.command()
@click.argument("item", type=ITEM, required=False)
@click.option(
    "--all",
    "into",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the record of every debt here, and an index.",
)
@click.option(
    "--check",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Hold the files that were written here against the ledger.",
)
@as_of_option
@known_at_option
@click.pass_obj
def adr(
    session: Session, item: str | None, into: Path | None, check: Path | None, as_of: date | None, known_at: str | None
) -> None:
    """Write ITEM's commission or adoption as a decision record, MADR 4, from its events; or all of them into files."""
    asked = [name for name, given in (("ITEM", item), ("--all", into), ("--check", check)) if given is not None]
    if len(asked) != 1:
        raise click.UsageError(f"Give ITEM, --all DIR or --check DIR{', not ' + ' and '.join(asked) if asked else ''}.")
    day = as_of or session.today
    with session.reader(known_at) as reader:
        if item is not None:
            click.echo(plain_lines(record_of(reader, item, day)), nl=False)
            return
        files = records(reader, day)
    if into is not None:
        written = write_records(session.ledger, files, into)
        print_lines(
            f"{_records(files)} in {into}, with an index; {written} of {counted(len(files), 'file')} written anew."
        )
    elif check is not None:
        _check(check, files, written_by(check, as_of, known_at))


def _check(folder: Path, files: dict[str, str], written: str) -> None:
    found = differing(files, folder, written)
    for each in found[:_SHOWN]:
        say(f"{folder / each.file} {each.what}")
    if len(found) > _SHOWN:
        say(f"… and {len(found) - _SHOWN} more.")
    if found:
        files_are = counted(len(found), "file does", "files do")
        anew = "." if all(each.surplus for each in found) else f". {written} writes them anew."
        raise StoreError(f"{files_are} not say what the ledger says{anew}")
    print_lines(f"OK: {_records(files)} and the index say what the ledger says.")


def _records(files: dict[str, str]) -> str:
    return counted(len(files) - 1, "decision record")
