"""The quarterly pack: workbook, charts, postings, manifest; written, and recorded as issued."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import format_option, print_json, print_lines
from ledger.cli.kit.progress import steps
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import QUARTER
from ledger.services.report import Issued, PackWanted, Untied, issue
from ledger.vocabulary.quarters import Quarter


@click.command(cls=AskingCommand)
@click.argument("quarter", cls=NeededArgument, type=QUARTER)
@as_of_option
@known_at_option
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="The folder for packs; 'packs' by default."
)
@format_option
@click.pass_obj
def report(
    session: Session, quarter: str, as_of: date | None, known_at: str | None, into: Path | None, form: str
) -> None:
    """Write the pack of QUARTER, a workbook and charts that finance can open, and record that it was issued."""
    wanted = PackWanted(Quarter.parse(quarter), as_of, known_at, session.config.accounts, session.config.charts.fonts)
    try:
        with steps("Pack", shown=form == "table") as told:
            issued = issue(session.opened, wanted, into or session.packs, told)
    except Untied as refusal:
        _print(refusal.issued, form)
        raise
    _print(issued, form)
    if form == "table":
        print_lines(_standing(issued))


def _print(issued: Issued, form: str) -> None:
    pack, failed = issued.pack, [check.name for check in issued.pack.checks if not check.ok]
    if form == "json":
        state = {"ok": pack.ok, "failed": failed, "provisional": issued.provisional, "issued_at": issued.position}
        print_json({"workbook": str(pack.workbook), "folder": str(pack.folder), **state})
    else:
        print_lines(
            str(pack.workbook),
            f"{len(pack.files)} files in {pack.folder}, {len(pack.checks)} checks, {len(failed)} failed",
        )


def _standing(issued: Issued) -> str:
    """What the ledger now says of the pack."""
    if issued.position is None:
        return "PROVISIONAL: the quarter has not ended, so the pack is not recorded as issued."
    if issued.before:
        return f"It was issued before, at position {issued.position}, with the same bytes; nothing was recorded."
    return f"Issued at position {issued.position}: the ledger keeps the hashes of its files."
