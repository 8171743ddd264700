"""`debt import csv`: a spreadsheet of commissions, observations, repayments and what else happens to items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ledger.cli.data.import_report import refusals, tell_refused
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.decoding import decoding, encoding_option
from ledger.cli.kit.output import format_option, print_csv, print_json, print_lines, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.recording import print_receipts
from ledger.cli.kit.session import Session
from ledger.services.import_ import by_reason
from ledger.services.import_files import leaving_rejects, refuse_file, write_rejects
from ledger.services.import_rows import RowsReport, column_names, import_rows
from ledger.vocabulary.counted import counted


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
    _tell(session, report, form)


def _tell(session: Session, report: RowsReport, form: str) -> None:
    if form == "json":
        print_json(_record(report))
    elif form == "csv":
        print_csv(refusals(report.refused), ("place", "key", "reason"))
    else:
        # The last receipt is the run's own.
        print_receipts(report.receipts[:-1], form, session.book.currency)
        would = "would record" if report.dry_run else "recorded"
        recorded = ", ".join(f"{number} {name}" for name, number in report.recorded.items()) or "nothing"
        print_lines(
            f"{counted(report.read, 'row')} read: {would} {recorded}{f' as {report.run}' if report.run else ''}; "
            f"{report.unchanged} unchanged, {len(report.refused)} refused"
        )
        if report.run:
            print_lines(f"  undo: debt import --undo {report.run} --yes")
    if report.unchanged:
        say(
            f"Recorded by an earlier run: {counted(report.unchanged, 'row')}. What happened once more needs another day, in "
            "the column 'on'."
        )
    if report.taken_back:
        say(f"Of them reversed since, and not in the books: {', '.join(report.taken_back)}.")
    if report.dry_run and not (report.receipts and form == "table"):
        say("Nothing was recorded: this is what would be.")
    tell_refused(
        by_reason(report.refused), "would be" if report.dry_run else "is", all_in="--rejects FILE writes them all."
    )


def _record(report: RowsReport) -> dict[str, Any]:
    return {
        "run": report.run,
        "kind": "csv",
        "read": report.read,
        "recorded": report.recorded,
        "unchanged": report.unchanged,
        "refused": refusals(report.refused),
        "reconciliation": None,
        "dry_run": report.dry_run,
    }
