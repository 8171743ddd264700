"""The quarterly pack: workbook, charts, postings, manifest; written, and recorded as issued."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.finance.figures import as_of_option, known_at_option
from ledger.cli.kit.asking import AskingCommand, NeededArgument
from ledger.cli.kit.output import format_option, print_json
from ledger.cli.kit.progress import Steps, steps, within
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import QUARTER
from ledger.decide.report import AlreadyIssued, IssuePack
from ledger.queries.figures.issues import as_reported, compared_with, issues
from ledger.queries.figures.owners import day_before
from ledger.queries.figures.quarter_view import first_item_day, quarter_view
from ledger.queries.reader import Reader
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.quarters import Quarter

if TYPE_CHECKING:
    from ledger.views.quarter import QuarterView
    from reports.pack import Pack


#: How much of the time goes into reading the ledger; the rest draws and writes.
READ = 0.4


@dataclass(frozen=True, slots=True)
class Issued:
    """A pack in its folder. position: of its `pack-issued`, None if it was not issued; before: by an earlier report."""

    pack: Pack
    provisional: bool
    position: int | None = None
    before: bool = False

    @property
    def sentence(self) -> str:
        """What the ledger now says of the pack."""
        if self.position is None:
            return "PROVISIONAL: the quarter has not ended, so the pack is not recorded as issued."
        if self.before:
            return f"It was issued before, at position {self.position}, with the same bytes; nothing was recorded."
        return f"Issued at position {self.position}: the ledger keeps the hashes of its files."


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
    with steps("Pack", shown=form == "table") as told, collector_paused():
        issued = issue(session, Quarter.parse(quarter), as_of, known_at, into or session.packs, told)
    pack, failed = issued.pack, [check.name for check in issued.pack.checks if not check.ok]
    if form == "json":
        state = {"ok": pack.ok, "failed": failed, "provisional": issued.provisional, "issued_at": issued.position}
        print_json({"workbook": str(pack.workbook), "folder": str(pack.folder), **state})
    else:
        click.echo(
            f"{pack.workbook}\n{len(pack.files)} files in {pack.folder}, {len(pack.checks)} checks, {len(failed)} failed"
        )
    if failed:
        raise StoreError(
            f"The pack does not tie and is not recorded as issued: {'; '.join(failed)}. "
            "`debt verify` tells what was touched."
        )
    if form == "table":
        click.echo(issued.sentence)


def issue(
    session: Session, quarter: Quarter, as_of: date | None, known_at: str | None, packs: Path, told: Steps | None = None
) -> Issued:
    """Write the pack of a quarter into a folder of its own under `packs`, and record it if it is final and ties.

    Raises Refused for a quarter that cannot be reported, Unreadable for a mapping of accounts that does not fit.
    """
    with session.reader(known_at) as known:
        reader = as_reported(known)
        day = _reported_day(reader, quarter, as_of, session.today)
        named = compared_with(issues(known), quarter, day, reader.position)
        view = quarter_view(
            reader, quarter, day, reproducing_command(reader, quarter, day), named, within(told, 0, READ)
        )
    # Charts and workbook pull in matplotlib and openpyxl: only here, only now.
    from reports.pack import write_pack

    folder = packs / str(quarter)
    try:
        with fitting_accounts():
            pack = write_pack(view, folder, session.config.accounts, within(told, READ, 1))
    except OSError as error:
        raise StoreError(
            f"The pack cannot be written to {folder}: {error.strerror or error}. "
            "No file of an earlier pack there was changed, and nothing was recorded."
        ) from error
    if view.provenance.provisional or not pack.ok:
        return Issued(pack, view.provenance.provisional)
    return _recorded(session, view, pack)


def _recorded(session: Session, view: QuarterView, pack: Pack) -> Issued:
    origin = view.provenance
    command = IssuePack(
        quarter=origin.quarter,
        as_of=origin.as_of,
        known_position=origin.position,
        head_hash=origin.head_hash,
        compared_with=tuple(restated.issue.position for restated in view.restatements),
        manifest_sha256=pack.manifest_sha256,
        files=pack.files,
    )
    try:
        receipts = session.ledger.handle(session.request(command, again=True))
    except AlreadyIssued as before:
        return Issued(pack, provisional=False, position=before.position, before=True)
    return Issued(pack, provisional=False, position=receipts[0].recorded.position)


@contextmanager
def fitting_accounts() -> Iterator[None]:
    """What `[accounts]` gets wrong, said as the command line says it."""
    from reports.accounts import UnmappedAccountError

    try:
        yield
    except UnmappedAccountError as error:
        raise Unreadable(f"{error} No pack was written. config.toml shows how accounts are named.") from error


def reproducing_command(reader: Reader, quarter: Quarter, day: date) -> str:
    """What makes the same pack again, whatever has been recorded since."""
    return f"debt --book {shlex.quote(reader.name)} report {quarter} --as-of {day} --known-at {reader.known_at}"


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
    if last_day >= today and as_of in (None, last_day):
        raise Refused(
            f"{quarter} has not ended (its last day is {last_day}).",
            f"`debt report {quarter} --as-of {min(today, day_before(last_day))}` makes a provisional pack.",
        )
    if as_of is not None and as_of > today:
        raise Refused(
            f"--as-of {as_of} is in the future: today is {today}.",
            f"`debt report {quarter} --as-of {today}` makes a provisional pack.",
        )
    return as_of or last_day
