"""Issuing the pack of a quarter: read, written, and recorded with the hashes of its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.decide.report import AlreadyIssued, IssuePack
from ledger.queries.audit.proofs import hash_at
from ledger.queries.figures.issues import as_reported, compared_with, issues, reproducing_command
from ledger.queries.figures.owners import day_before
from ledger.queries.figures.quarter_view import first_item_day, quarter_view
from ledger.queries.reader import Reader
from ledger.services.files import as_private_as
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, within
from ledger.store.transaction import Unit
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.quarters import Quarter

if TYPE_CHECKING:
    from ledger.views.quarter import QuarterView
    from reports.pack.pack import Pack

#: How much of the time goes into reading the ledger; the rest draws and writes.
READ = 0.4


@dataclass(frozen=True, slots=True)
class Issued:
    """A pack in its folder. position: of its `pack-issued`, None if it was not issued; before: by an earlier report."""

    pack: Pack
    provisional: bool
    position: int | None = None
    before: bool = False


class Untied(StoreError):
    """A pack that was written, to be looked at, and does not tie: it is not recorded as issued."""

    def __init__(self, issued: Issued) -> None:
        """issued: what was written."""
        self.issued = issued
        failed = "; ".join(check.name for check in issued.pack.checks if not check.ok)
        super().__init__(
            f"The pack does not tie and is not recorded as issued: {failed}. `debt verify` tells what was touched."
        )


@dataclass(frozen=True, slots=True)
class PackWanted:
    """The pack of a quarter. as_of: a day in it; its last one by default. known_at: a time; now by default.

    accounts: the finance department's codes by our accounts (`reports.pack.accounts`). fonts: for the charts, beside
    the installed ones (`reports.fonts`).
    """

    quarter: Quarter
    as_of: date | None = None
    known_at: str | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[str, ...] = ()


def issue(books: OpenedLedger, wanted: PackWanted, packs: Path, told: Steps | None = None) -> Issued:
    """Write the pack of a quarter into a folder of its own under `packs`, and record it if it is final and ties.

    Raises Refused for a quarter that cannot be reported, Unreadable for a mapping of accounts that does not fit,
    StoreError where it cannot be written, Untied where it does not tie.
    """
    quarter = wanted.quarter
    with collector_paused():
        view = _read(books, wanted, within(told, 0, READ))
        # Charts and workbook pull in matplotlib and openpyxl: only here, only now.
        from reports.fonts import with_fonts
        from reports.pack.pack import write_pack

        view = with_fonts(view, wanted.fonts)
        folder = packs / str(quarter)
        try:
            with fitting_accounts(), as_private_as(books.ledger):
                pack = write_pack(view, folder, wanted.accounts, within(told, READ, 1), wanted.fonts)
        except OSError as error:
            raise StoreError(
                f"The pack cannot be written to {folder}: {error.strerror or error}. "
                "No file of an earlier pack there was changed, and nothing was recorded."
            ) from error
    provisional = view.provenance.provisional
    if not pack.ok:
        raise Untied(Issued(pack, provisional))
    return Issued(pack, provisional) if provisional else _recorded(books, view, pack)


def _read(books: OpenedLedger, wanted: PackWanted, told: Steps) -> QuarterView:
    with books.reader(wanted.known_at) as known:
        reader = as_reported(known)
        day = _reported_day(reader, wanted.quarter, wanted.as_of, books.today)
        named = compared_with(issues(known), wanted.quarter, day, reader.position)
        command = reproducing_command(reader, wanted.quarter, day)
        return quarter_view(reader, wanted.quarter, day, command, named, told)


def _recorded(books: OpenedLedger, view: QuarterView, pack: Pack) -> Issued:
    origin = view.provenance
    command = IssuePack(
        quarter=origin.quarter,
        as_of=origin.as_of,
        known_position=origin.position,
        head_hash=origin.head_hash,
        compared_with=tuple(issue.position for issue in view.issues),
        manifest_sha256=pack.manifest_sha256,
        files=pack.files,
    )
    request = books.request(command, again=True)
    try:
        receipts = books.ledger.append(lambda unit: unit.record(request, _otherwise(unit, command, pack)))
    except AlreadyIssued as before:
        return Issued(pack, provisional=False, position=before.position, before=True)
    return Issued(pack, provisional=False, position=receipts[0].recorded.position)


def _otherwise(unit: Unit, command: IssuePack, pack: Pack) -> tuple[str, ...]:
    """What is otherwise than a pack says: its files, as they lie in its folder, and what it was made of."""
    from reports.pack.files import content_hash, sha256
    from reports.pack.manifest import NAME

    told = {file.name: file.content_sha256 for file in command.files}
    found = {name: content_hash(name, (pack.folder / name).read_bytes()) for name in told}
    if found != told or sha256((pack.folder / NAME).read_bytes()) != command.manifest_sha256:
        return (f"The files in {pack.folder} are not those that were written there. `debt report` writes them again.",)
    if hash_at(unit.connection, unit.book, command.known_position) != command.head_hash:
        return (
            f"Position {command.known_position} was rewritten while the pack was written. `debt verify` tells what was touched.",
        )
    return ()


@contextmanager
def fitting_accounts() -> Iterator[None]:
    """What `[accounts]` gets wrong, said as the command line says it."""
    from reports.pack.accounts import UnmappedAccountError

    try:
        yield
    except UnmappedAccountError as error:
        raise Unreadable(f"{error} No pack was written. config.toml shows how accounts are named.") from error


def _reported_day(reader: Reader, quarter: Quarter, as_of: date | None, today: date) -> date:
    """The last day that the pack counts. Raises Refused for a quarter that cannot be reported."""
    first_day, last_day = reader.calendar.span(quarter)
    if reader.position == 0:
        raise Refused(
            f"Nothing was known then: there is no pack of {quarter}.", "`debt log` shows what was recorded when."
        )
    first_entry = first_item_day(reader)
    if first_entry is None and not first_day <= today <= last_day:
        raise Refused(
            f"The book holds no entry on any item: there is no pack of {quarter}.", _before_any_item(reader, today)
        )
    if first_entry is not None and last_day < first_entry:
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
            f"`{_provisional(reader, today)}` makes a provisional pack.",
        )
    if as_of is not None and as_of > today:
        raise Refused(
            f"--as-of {as_of} is in the future: today is {today}.",
            f"`{_provisional(reader, today)}` makes a provisional pack.",
        )
    return as_of or last_day


def _provisional(reader: Reader, today: date) -> str:
    """The command for the latest pack that is not final: of the quarter that runs, whichever was asked for."""
    running = reader.calendar.quarter_of(today)
    return f"debt report {running} --as-of {min(today, day_before(reader.calendar.last_day(running)))}"


def _before_any_item(reader: Reader, today: date) -> str:
    """What there is before the first item: the pack of the running quarter, which has the form for the coming ones' budgets."""
    return f"`debt observe` makes one; `{_provisional(reader, today)}` is the form to budget with until then."
