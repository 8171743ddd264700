"""The quarterly pack: workbook, charts, postings, manifest."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.asking import AskingCommand, NeededArgument
from ledger.cli.desk import Desk
from ledger.cli.figures import as_of_option, known_at_option
from ledger.cli.output import format_option, print_json, say
from ledger.cli.types import QUARTER
from ledger.errors import Refused, StoreError
from ledger.quarters import Quarter
from ledger.queries.quarter_view import first_item_day, quarter_view
from ledger.queries.reader import Reader

if TYPE_CHECKING:
    from reports.pack import Pack


@click.command(cls=AskingCommand)
@click.argument("quarter", cls=NeededArgument, type=QUARTER)
@as_of_option
@known_at_option
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), help="The folder for packs; 'packs' by default."
)
@format_option
@click.pass_obj
def report(desk: Desk, quarter: str, as_of: date | None, known_at: str | None, into: Path | None, form: str) -> None:
    """Write the pack of QUARTER: a workbook and charts that finance can open."""
    tell = say if form == "table" and sys.stderr.isatty() else None
    pack = issue(desk, Quarter.parse(quarter), as_of, known_at, into or desk.packs, tell)
    failed = [check.name for check in pack.checks if not check.ok]
    if form == "json":
        print_json({"workbook": str(pack.workbook), "folder": str(pack.folder), "ok": pack.ok, "failed": failed})
    else:
        click.echo(
            f"{pack.workbook}\n{len(pack.files)} files in {pack.folder}, {len(pack.checks)} checks, {len(failed)} failed"
        )
    if failed:
        raise StoreError(f"The pack does not tie: {'; '.join(failed)}. `debt verify` tells what was touched.")


def issue(
    desk: Desk,
    quarter: Quarter,
    as_of: date | None,
    known_at: str | None,
    packs: Path,
    tell: Callable[[str], None] | None = None,
) -> Pack:
    """Write the pack of a quarter into a folder of its own under `packs`. Raises Refused if it cannot be reported."""
    with desk.reader(known_at) as reader:
        day = _reported_day(reader, quarter, as_of, desk.today)
        view = quarter_view(reader, quarter, day, _command(desk, quarter, day, reader))
    # Charts and workbook pull in matplotlib and openpyxl: only here, only now.
    from reports.pack import write_pack

    return write_pack(view, packs / str(quarter), tell)


def _reported_day(reader: Reader, quarter: Quarter, as_of: date | None, today: date) -> date:
    """The last day that the pack counts. Raises Refused for a quarter that cannot be reported."""
    first_day, last_day = reader.calendar.span(quarter)
    if reader.position == 0:
        raise Refused(
            f"Nothing was known then: there is no pack of {quarter}.", "`debt log` shows what was recorded when."
        )
    first_entry = first_item_day(reader)
    if first_entry is None:
        raise Refused(
            f"The book holds no entry on any item: there is no pack of {quarter}.", "`debt observe` makes one."
        )
    if last_day < first_entry:
        raise Refused(
            f"{quarter} ends before the first entry, which is of {first_entry}: there is nothing to report.",
            f"`debt report {reader.calendar.quarter_of(first_entry)}` is the first pack.",
        )
    if as_of is not None and not first_day <= as_of <= last_day:
        raise Refused(
            f"--as-of {as_of} is not in {quarter} ({first_day} to {last_day}).",
            f"`debt report {reader.calendar.quarter_of(as_of)} --as-of {as_of}` is the pack of that day.",
        )
    if as_of is None and last_day >= today:
        raise Refused(
            f"{quarter} has not ended (its last day is {last_day}).",
            f"`debt report {quarter} --as-of {today}` makes a provisional pack.",
        )
    return as_of or last_day


def _command(desk: Desk, quarter: Quarter, day: date, reader: Reader) -> str:
    known_at = f"--known-at {reader.known_at}"
    return f"debt --book {shlex.quote(desk.book.name)} report {quarter} --as-of {day} {known_at}"
