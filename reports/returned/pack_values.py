"""The values of a pack that another release made, beside those of the same pack built again by this one.

The workbook is compared by sheet, table and column, the postings by column, the manifest by field. Charts are pictures:
what they show stands in the workbook, and how it is drawn is the release's.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import msgspec

from ledger.events import PackFile
from ledger.views.quarter import QuarterView
from reports.origin import PackOrigin
from reports.pack.manifest import NAME as MANIFEST
from reports.pack.manifest import Manifest, PackFolder
from reports.pack.pack import BuiltPack
from reports.pack.reproduction import (
    MISSING,
    NEW,
    OTHER_VALUES,
    PICTURE,
    SAME,
    SAME_CONTENT,
    SAME_VALUES,
    UNKNOWN,
    UNLISTED,
    Reproduced,
    compared,
    in_folder,
)
from reports.releases import may_lack
from reports.returned.across import values_compared
from reports.returned.alignment import paired
from reports.returned.cells import UnreadableWorkbookError, opened
from reports.returned.findings import EMPTY_ROW
from reports.returned.origin import origin_of
from reports.returned.tables import ValueDifference
from reports.returned.values import excerpts

_ALIKE = frozenset({SAME, SAME_CONTENT})
#: What the file of postings is called among what is younger than a release, in any quarter.
_POSTINGS = "postings.csv"
#: What a release says of itself in a manifest, and of the bytes that it wrote.
_OF_THE_RELEASE = frozenset({"format", "files"})


@dataclass(frozen=True, slots=True)
class FileValues:
    """The values of one file. tables: how many were compared. new, unknown: what only this release has, only the file.

    otherwise: what its release counted otherwise, which was not compared.
    """

    differences: tuple[ValueDifference, ...]
    tables: int = 0
    new: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackValues:
    """files: all of the manifest, and those of the pack built again. The rest as of one file."""

    files: tuple[Reproduced, ...]
    differences: tuple[ValueDifference, ...]
    tables: int
    new: tuple[str, ...]
    unknown: tuple[str, ...]
    otherwise: tuple[str, ...]


def pack_values(built: BuiltPack, view: QuarterView, pack: PackFolder, *, issued: bool) -> PackValues:
    """Compare the files in a folder with a pack that was built again from the view, with the versions that it names.

    issued: whether the ledger keeps the hash of the manifest. What a file lacks that is as it was issued, its release
    did not have; what another lacks may have been taken out of it.
    """
    files: list[Reproduced] = []
    found: list[FileValues] = []
    for record in pack.manifest.files:
        kept = in_folder(pack, record)
        as_issued = issued and kept in _ALIKE
        status, values = _of_file(record, built.files.get(record.name), view, pack, as_issued=as_issued)
        files.append(Reproduced(record.name, kept, status))
        found += [values] if values else []
    listed = {record.name for record in pack.manifest.files} | {MANIFEST}
    for name in built.files:
        if name not in listed:
            young = issued or may_lack(pack.manifest.origin.release, name.rpartition("-")[2])
            status = NEW if young else UNLISTED
            files.append(Reproduced(name, status, status))
    of_manifest = tuple(_manifest_differences(built.manifest, pack.manifest))
    files.append(Reproduced(MANIFEST, SAME, OTHER_VALUES if of_manifest else SAME_VALUES))
    return PackValues(
        files=tuple(files),
        differences=(*(each for values in found for each in values.differences), *of_manifest),
        tables=sum(values.tables for values in found),
        new=tuple(each for values in found for each in values.new),
        unknown=tuple(each for values in found for each in values.unknown),
        otherwise=tuple(each for values in found for each in values.otherwise),
    )


def _of_file(
    record: PackFile, again: bytes | None, view: QuarterView, pack: PackFolder, *, as_issued: bool
) -> tuple[str, FileValues | None]:
    """How the file, as built again, compares with the one in the folder; its values, if they were compared."""
    if again is None:
        return (UNKNOWN if as_issued else MISSING), None
    alike = compared(again, record)
    path = pack.path_of(record.name)
    if not record.name.endswith((".xlsx", ".csv")):
        return (alike if alike in _ALIKE else PICTURE), None
    if path is None:
        return MISSING, None
    if record.name.endswith(".xlsx"):
        values = _workbook_values(record.name, path, view, pack.manifest.origin, as_issued=as_issued)
    else:
        release = pack.manifest.origin.release
        values = _csv_values(record.name, again, path.read_bytes(), release, as_issued=as_issued)
    if values.differences:
        return OTHER_VALUES, values
    return (alike if alike in _ALIKE else SAME_VALUES), values


def _workbook_values(file: str, path: Path, view: QuarterView, origin: PackOrigin, *, as_issued: bool) -> FileValues:
    try:
        with opened(path) as book:
            found, said = values_compared(book, view), origin_of(book)
    except UnreadableWorkbookError as error:
        return _unreadable(file, str(error))
    named = {sheet: f"the sheet {sheet}" for sheet in found.missing_sheets} | {each: each for each in found.missing}
    young = [name for name in named if as_issued or may_lack(origin.release, name)]
    return FileValues(
        differences=(
            *found.differences,
            *_field_differences(file, asdict(origin), asdict(said)),
            *(_taken_out(file, told) for name, told in named.items() if name not in young),
        ),
        tables=found.tables,
        new=tuple(named[name] for name in young),
        unknown=(*(f"the sheet {sheet}" for sheet in found.additional_sheets), *found.additional),
        otherwise=found.otherwise,
    )


def _unreadable(name: str, why: str) -> FileValues:
    return FileValues((ValueDifference(name, "", "", "", "", *excerpts("what can be compared", why)),))


def _taken_out(name: str, what: str) -> ValueDifference:
    return ValueDifference(name, "", "", "", "", *excerpts(what, "nothing of it"))


# --- the postings ---------------------------------------------------------------------------------------


def _csv_values(name: str, expected: bytes, found: bytes, release: str, *, as_issued: bool) -> FileValues:
    """Rows may stand in any order; columns are compared by heading."""
    try:
        (ours, rows), (theirs, others) = _csv(expected), _csv(found)
    except (ValueError, csv.Error) as error:
        return _unreadable(name, str(error))
    shared = [heading for heading in ours if heading in theirs]
    young = [each for each in ours if each not in theirs and (as_issued or may_lack(release, f"{_POSTINGS} {each}"))]
    taken = [each for each in ours if each not in theirs and each not in young]
    differences = list(_row_differences(name, shared, _cut(rows, shared), _cut(others, shared)))
    differences += [_taken_out(name, f"{name} {each}") for each in taken]
    return FileValues(
        tuple(differences),
        tables=1,
        new=tuple(f"{name} {heading}" for heading in young),
        unknown=tuple(f"{name} {heading}" for heading in theirs if heading not in ours),
    )


def _csv(data: bytes) -> tuple[list[str], list[dict[str, str]]]:
    """The headings and the rows by heading. Raises ValueError, csv.Error for what has no such form."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restval="", strict=True)
    rows, headings = list(reader), list(reader.fieldnames or ())
    if len(set(headings)) < len(headings) or any(None in row for row in rows):
        raise ValueError("a heading that stands twice, or a cell without one")
    return headings, rows


def _cut(rows: Sequence[Mapping[str, str]], headings: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Rows by their line in the file, counted without breaks within texts, with what they hold under the headings."""
    return {line: tuple(row[heading] for heading in headings) for line, row in enumerate(rows, start=2)}


def _row_differences(
    name: str, headings: Sequence[str], expected: dict[int, tuple[str, ...]], found: dict[int, tuple[str, ...]]
) -> Iterator[ValueDifference]:
    waiting: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for line, row in expected.items():
        waiting[row].append(line)
    unknown = {line: row for line, row in found.items() if not _popped(waiting.get(row))}
    missing = {line: expected[line] for lines in waiting.values() for line in lines}
    pairs = paired(missing, unknown, 0)
    for line, row in missing.items():
        if line not in pairs:
            yield ValueDifference(name, "", f"line {line}", "", "", *excerpts(" · ".join(filter(None, row)), EMPTY_ROW))
            continue
        other = unknown.pop(pairs[line])
        for heading, one, two in zip(headings, row, other, strict=True):
            if one != two:
                yield ValueDifference(name, "", f"line {pairs[line]}", heading, "", *excerpts(one, two))
    for line, row in unknown.items():
        yield ValueDifference(name, "", f"line {line}", "", "", *excerpts(EMPTY_ROW, " · ".join(filter(None, row))))


def _popped(lines: deque[int] | None) -> bool:
    """Whether a line was left, which is taken."""
    if not lines:
        return False
    lines.popleft()
    return True


# --- the manifest ---------------------------------------------------------------------------------------


def _manifest_differences(again: Manifest, given: Manifest) -> Iterator[ValueDifference]:
    ours, theirs = (msgspec.to_builtins(manifest) for manifest in (again, given))
    kept = [field for field in ours if field not in _OF_THE_RELEASE]
    return _field_differences(MANIFEST, {field: ours[field] for field in kept}, theirs)


def _field_differences(name: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[ValueDifference]:
    for field, value in ours.items():
        if value != theirs[field]:
            yield ValueDifference(name, "", "", field, "", *excerpts(str(value), str(theirs[field])))
