"""What was given out, held against the ledger: a pack built again, a workbook that came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from ledger.cli.finance.report import READ, fitting_accounts, reproducing_command
from ledger.cli.kit.output import Record, format_option, print_json, print_records, say
from ledger.cli.kit.progress import Steps, steps, within
from ledger.cli.kit.session import Session
from ledger.queries.figures.issues import issues, named
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_at, reader_of
from ledger.tables.facts import event
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.quarters import Quarter

if TYPE_CHECKING:
    from ledger.views.quarter import QuarterView
    from reports.returned.comparison import Comparison

_FILE_COLUMNS = ("file", "in_folder", "rebuilt")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a pack says it comes from. compared_with: positions of the earlier issues that it names."""

    what: str
    book: str
    quarter: str
    as_of: date
    position: int
    head_hash: str
    compared_with: tuple[int, ...]
    versions: Mapping[str, str]
    schema_version: str


@click.command()
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@format_option
@click.pass_obj
def reproduce(session: Session, pack: Path, form: str) -> None:
    """Build the PACK in a folder again, from the ledger alone, and compare every file with its manifest."""
    from reports.manifest import UnreadableManifestError, read_manifest
    from reports.pack import build_pack
    from reports.reproduction import reproduced

    try:
        manifest, text = read_manifest(pack)
    except UnreadableManifestError as error:
        raise Unreadable(f"{error} Name the folder that `debt report` wrote, packs/2026Q3 say.") from error
    origin = Origin(
        what=f"The pack {pack}",
        book=manifest.book,
        quarter=manifest.quarter,
        as_of=manifest.as_of,
        position=manifest.position,
        head_hash=manifest.head_hash,
        compared_with=tuple(issue.position for issue in manifest.compared_with),
        versions=manifest.versions,
        schema_version=manifest.schema_version,
    )
    with steps("Reproducing", shown=form == "table") as told, collector_paused():
        view = view_of(session, origin, within(told, 0, READ))
        with fitting_accounts():
            built = build_pack(view, manifest.accounts, within(told, READ, 1))
    folder = pack if pack.is_dir() else pack.parent
    results = reproduced(built, manifest.files, text, folder)
    ok = all(result.ok for result in results)
    records: list[Record] = [{name: getattr(result, name) for name in _FILE_COLUMNS} for result in results]
    issued_at = _issued_at(session, text)
    if form == "json":
        print_json({"ok": ok, "position": manifest.position, "issued_at": issued_at, "files": records})
    else:
        print_records(form, records, _FILE_COLUMNS, title=f"{pack}, compared with its manifest")
    if form == "table":
        say(_kept(issued_at, provisional=manifest.provisional))
    if not ok:
        differing = ", ".join(result.file for result in results if not result.ok)
        raise StoreError(f"The pack is not what the ledger gives at position {manifest.position}: {differing}.")
    if form == "table":
        click.echo(f"OK: every file is what the ledger gives at position {manifest.position}.")


def _kept(issued_at: int | None, *, provisional: bool) -> str:
    if issued_at is not None:
        return f"The ledger keeps this manifest's hash at position {issued_at}."
    if provisional:
        return "A provisional pack: the ledger keeps no hash of it."
    return "The ledger keeps no hash of this manifest: it was not recorded as issued, or was altered since."


def _issued_at(session: Session, manifest: bytes) -> int | None:
    """The position at which a pack with this very manifest was issued."""
    from reports.files import sha256

    wanted = sha256(manifest)
    with reader_of(session.ledger) as reader:
        found = [issue.position for issue in issues(reader) if issue.issued.manifest_sha256 == wanted]
    return found[0] if found else None


def view_of(session: Session, origin: Origin, told: Steps) -> QuarterView:
    """The quarter as the ledger gives it at the origin's position. Raises Refused, StoreError if it is not its ledger."""
    session.prefer_book(origin.book)
    if session.book.name != origin.book:
        raise Refused(
            f"{origin.what} is of the book '{origin.book}', not of '{session.book.name}'.",
            f"`debt --book {origin.book} …` asks that one, if this database holds it.",
        )
    with reader_of(session.ledger) as now:
        known = named(issues(now), origin.compared_with)
    with reader_at(session.ledger, origin.position) as reader:
        query = select(event.c.hash).where(event.c.book == reader.name, event.c.position == origin.position)
        found = reader.connection.execute(query).scalar_one()
        if found != origin.head_hash:
            raise StoreError(
                f"{origin.what} was made where position {origin.position} has the hash {origin.head_hash[:12]}…; "
                f"here it has {found[:12]}…. It is of another ledger, or this one was rewritten: `debt verify`."
            )
        quarter = Quarter.parse(origin.quarter)
        command = reproducing_command(reader, quarter, origin.as_of)
        view = quarter_view(reader, quarter, origin.as_of, command, known, told)
    # What it was made with is a fact about the pack, not about this machine.
    versions = tuple(origin.versions.items())
    made_with = replace(view.provenance, versions=versions, schema_version=origin.schema_version)
    return replace(view, provenance=made_with)


# --- a workbook that came back ------------------------------------------------------------------------

_CELL_COLUMNS = ("sheet", "cell", "what", "expected", "found")
#: Differences that a table shows; JSON and CSV have all.
_MOST_SHOWN = 40


@click.command("verify-workbook")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
@click.pass_obj
def verify_workbook(session: Session, file: Path, form: str) -> None:
    """Hold every cell of a workbook that came back against the ledger; its own sheet About says at which position."""
    from reports.returned.cells import UnreadableWorkbookError
    from reports.returned.comparison import differences
    from reports.returned.origin import read_origin

    with steps("Verifying", shown=form == "table") as told:
        try:
            said = read_origin(file)
            origin = Origin(
                what=f"The workbook {file}",
                book=said.book,
                quarter=said.quarter,
                as_of=said.as_of,
                position=said.position,
                head_hash=said.head_hash,
                compared_with=said.compared_with,
                versions=said.versions,
                schema_version=said.schema_version,
            )
            view = view_of(session, origin, within(told, 0, READ))
            compared = differences(file, view)
        except UnreadableWorkbookError as error:
            raise Unreadable(str(error)) from error
    records: list[Record] = [{name: getattr(each, name) for name in _CELL_COLUMNS} for each in compared.differences]
    if form == "json":
        counts = ("values_checked", "formulas_checked", "formulas_without_value", "formulas_respelled")
        print_json(
            {
                "ok": compared.same,
                "book": origin.book,
                "quarter": origin.quarter,
                "position": origin.position,
                **{name: getattr(compared, name) for name in counts},
                "missing_sheets": compared.missing_sheets,
                "additional_sheets": compared.additional_sheets,
                "differences": records,
            }
        )
    elif form == "csv" or records:
        shown = records if form == "csv" else records[:_MOST_SHOWN]
        print_records(form, shown, _CELL_COLUMNS, title=f"{file}, compared with the ledger at {origin.position}")
    if form == "table":
        _say_what_was_compared(compared)
    if not compared.same:
        raise StoreError(_verdict(file, compared))


def _say_what_was_compared(compared: Comparison) -> None:
    if len(compared.differences) > _MOST_SHOWN:
        say(f"… and {len(compared.differences) - _MOST_SHOWN} more; --format csv lists all.")
    if compared.formulas_without_value:
        say(
            f"{compared.formulas_without_value} formulas hold no value: the program that saved the file computes none."
            " What they would show was not compared."
        )
    if compared.formulas_respelled:
        say(f"{compared.formulas_respelled} formulas are spelled otherwise by the program that saved the file.")
    if compared.additional_sheets:
        say(f"Sheets that no pack has were not read: {', '.join(compared.additional_sheets)}.")
    if compared.same:
        click.echo(
            f"OK: {compared.values_checked} values and {compared.formulas_checked} formulas are what the ledger gives"
            f" at position {compared.origin.position}."
        )


def _verdict(file: Path, compared: Comparison) -> str:
    count, parts = len(compared.differences), []
    if count:
        parts.append(f"{count} cell{'s differ' if count > 1 else ' differs'}")
    if compared.missing_sheets:
        parts.append(f"the sheets {', '.join(compared.missing_sheets)} are missing")
    return f"{file} does not say what the ledger says at position {compared.origin.position}: {' and '.join(parts)}."
