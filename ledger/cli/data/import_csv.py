"""`debt import csv`: a spreadsheet of commissions, observations, repayments and what else happens to items."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.cli.data.rows_report import tell_rows
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.decoding import decoding, encoding_option
from ledger.cli.kit.output import format_option, print_csv
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.services.import_files import leaving_rejects, refuse_file, write_rejects
from ledger.services.import_rows import column_names, import_rows


@click.command("csv", cls=AskingCommand)
@click.argument(
    "file", cls=NeededArgument, unless="--template", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--template", is_flag=True, help="Print the header of a file to fill in.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded.")
@click.option("--strict", is_flag=True, help="Record nothing if one row is bad.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Write what is refused to this CSV file.")
@encoding_option
@format_option
@click.pass_obj
def import_csv(
    session: Session,
    file: Path,
    template: bool,
    dry_run: bool,
    strict: bool,
    rejects: Path | None,
    encoding: str | None,
    form: str,
) -> None:
    """Record the rows of FILE: each is a command, named in its column `do`. A row that an earlier run recorded counts once.

    The other columns are the options of the commands: system, title, principal, item, amount, because … (--template).
    """
    if template:
        print_csv([], column_names())
        return
    refuse_file(rejects, session.ledger)
    with progress("importing") as tell, leaving_rejects(rejects, session.ledger):
        report = import_rows(
            session.ledger,
            file,
            session.requester,
            dry_run=dry_run,
            strict=strict,
            decoding=decoding(encoding),
            progress=tell,
        )
    if rejects is not None:
        write_rejects(rejects, report.refused, session.ledger)
    tell_rows(
        report,
        form,
        session.book.currency,
        kind="csv",
        what="row",
        source="",
        remark="What happened once more needs another day, in the column 'on'.",
        all_in="--rejects FILE writes them all.",
        then="Corrected, import the same file again.",
    )
