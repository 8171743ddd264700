"""What was given out, held against the ledger: a pack built again, a workbook that came back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledger.cli.kit.output import Record, format_option, print_json, print_lines, print_records, say
from ledger.cli.kit.progress import steps
from ledger.cli.kit.session import Session
from ledger.services.reproduce import Reproduction, given_out
from ledger.services.reproduce import reproduce as reproduce_pack
from ledger.services.verify_workbook import CameBack, came_back
from ledger.services.verify_workbook import verify_workbook as compared_with_ledger
from ledger.vocabulary.errors import StoreError

if TYPE_CHECKING:
    from ledger.services.reproduce import PackValues
    from ledger.services.verify_workbook import WorkbookComparison, WorkbookValues

_FILE_COLUMNS = ("file", "in_folder", "rebuilt")
_VALUE_COLUMNS = ("place", "table", "row", "column", "cell", "expected", "found")
#: Differences that a table shows; JSON and CSV have all.
_MOST_SHOWN = 40


@click.command()
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@format_option
@click.pass_obj
def reproduce(session: Session, pack: Path, form: str) -> None:
    """Build the PACK in a folder again, from the ledger alone, and compare every file with its manifest.

    Of a pack that another release made, the values are compared, by table and column.
    """
    given = given_out(pack)
    manifest = given.manifest
    session.prefer_book(manifest.book)
    with steps("Reproducing", shown=form == "table") as told:
        found = reproduce_pack(session.opened, given, told, session.config.charts.fonts)
    records: list[Record] = [{name: getattr(file, name) for name in _FILE_COLUMNS} for file in found.files]
    if form == "json":
        said = {"ok": found.ok, "position": manifest.position, "issued_at": found.issued_at, "files": records}
        print_json(said | (_across_record(manifest.origin.release, found.across) if found.across else {}))
    else:
        print_records(form, records, _FILE_COLUMNS, title=f"{pack}, compared with its manifest")
    if found.fonts:
        say(
            f"The charts were drawn with fonts that this machine has not: {', '.join(found.fonts)}. So the values are "
            "compared, and not the bytes. [charts] fonts in config.toml names the files of fonts."
        )
    if form == "table":
        if found.across:
            _show_values(found.across, found.release)
        say(_kept(found.issued_at, provisional=manifest.provisional))
    if not found.ok:
        differing = ", ".join(file.file for file in found.files if not file.ok)
        raise StoreError(f"The pack is not what the ledger gives at position {manifest.position}: {differing}.")
    if form == "table":
        print_lines(_agreed(found))


def _across_record(release: str, across: PackValues) -> Record:
    differences: list[Record] = [each._asdict() for each in across.differences]
    return {
        "release": release,
        "tables": across.tables,
        "differences": differences,
        "new": across.new,
        "unknown": across.unknown,
        "otherwise": across.otherwise,
    }


def _show_values(across: PackValues, release: str) -> None:
    """What a comparison by value found: values that differ, and what it could not compare."""
    if across.differences:
        records: list[Record] = [each._asdict() for each in across.differences[:_MOST_SHOWN]]
        print_records("table", records, _VALUE_COLUMNS, title=f"Values of {release}, compared with the ledger's")
    if len(across.differences) > _MOST_SHOWN:
        say(f"… and {len(across.differences) - _MOST_SHOWN} more; --format json lists all.")
    if across.new:
        say(f"New in this release: {', '.join(across.new)}.")
    if across.unknown:
        say(f"Not in this release, and not compared: {', '.join(across.unknown)}.")
    _say_otherwise(across.otherwise)


def _of_another(release: str, missing: Sequence[str], across: WorkbookValues) -> dict[str, object]:
    return {"release": release, "missing": missing, "otherwise": across.otherwise}


def _say_otherwise(columns: Sequence[str]) -> None:
    if columns:
        say(f"Counted otherwise since, and not compared: {', '.join(columns)}. See CHANGELOG.md.")


def _agreed(found: Reproduction) -> str:
    if found.across is None:
        return f"OK: every file is what the ledger gives at position {found.position}."
    return (
        f"OK: made by {found.release}: other bytes, the same values in {found.across.tables} tables: what the ledger gives at"
        f" position {found.position}." + " Charts are pictures, and not compared across releases." * found.pictures
    )


def _kept(issued_at: int | None, *, provisional: bool) -> str:
    if issued_at is not None:
        return f"The ledger keeps this manifest's hash at position {issued_at}."
    if provisional:
        return "A provisional pack: the ledger keeps no hash of it."
    return "The ledger keeps no hash of this manifest: it was not recorded as issued, or was altered since."


# --- a workbook that came back ------------------------------------------------------------------------

_CELL_COLUMNS = ("sheet", "cell", "what", "expected", "found")


@click.command("verify-workbook")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
@click.pass_obj
def verify_workbook(session: Session, file: Path, form: str) -> None:
    """Hold every cell of a workbook that came back against the ledger; its own sheet About says at which position."""
    workbook = came_back(file)
    session.prefer_book(workbook.origin.book)
    with steps("Verifying", shown=form == "table") as told:
        compared = compared_with_ledger(session.opened, workbook, told)
    origin = workbook.origin
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
            | (_of_another(origin.release, compared.missing, compared.across) if compared.across else {})
        )
    elif form == "csv" or records:
        shown = records if form == "csv" else records[:_MOST_SHOWN]
        print_records(form, shown, _CELL_COLUMNS, title=f"{file}, compared with the ledger at {origin.position}")
    if form == "table":
        _say_what_was_compared(workbook, compared)
    if not compared.same:
        raise StoreError(_verdict(file, compared))


def _say_what_was_compared(workbook: CameBack, compared: WorkbookComparison) -> None:
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
    if compared.across:
        _say_across(workbook, compared, compared.across)
    if compared.same:
        print_lines(
            f"OK: {compared.values_checked} values and {compared.formulas_checked} formulas are what the ledger gives"
            f" at position {compared.origin.position}."
        )


def _say_across(workbook: CameBack, compared: WorkbookComparison, across: WorkbookValues) -> None:
    say(
        f"Made by {workbook.release}, so that {across.tables} tables were compared by their headings:"
        " what other words say, and how formulas are spelled, is that release's."
    )
    lacking = (*across.missing_sheets, *across.missing)
    new = [each for each in lacking if each not in (*compared.missing_sheets, *compared.missing)]
    if new:
        say(f"New in this release: {', '.join(new)}.")
    if across.additional:
        say(f"Not in this release, and not compared: {', '.join(across.additional)}.")
    _say_otherwise(across.otherwise)


def _verdict(file: Path, compared: WorkbookComparison) -> str:
    count, parts = len(compared.differences), []
    if count:
        parts.append(f"{count} cell{'s differ' if count > 1 else ' differs'}")
    if compared.missing_sheets:
        parts.append(f"the sheets {', '.join(compared.missing_sheets)} are missing")
    if compared.missing:
        parts.append(f"it lacks {', '.join(compared.missing)}")
    return f"{file} does not say what the ledger says at position {compared.origin.position}: {' and '.join(parts)}."
