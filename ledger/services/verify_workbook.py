"""Verifying a workbook that came back: every cell, held against the ledger at the position that it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, within
from ledger.services.report import READ
from ledger.services.reproduce import PackOrigin, view_of
from ledger.vocabulary.errors import Unreadable

if TYPE_CHECKING:
    from reports.returned.comparison import Comparison as Comparison


@dataclass(frozen=True, slots=True)
class CameBack:
    """A workbook that came back, and where its own sheet About says that it comes from."""

    file: Path
    origin: PackOrigin


def came_back(file: Path) -> CameBack:
    """The workbook in a file. Raises Unreadable."""
    from reports.returned.cells import UnreadableWorkbookError
    from reports.returned.origin import read_origin

    try:
        said = read_origin(file)
    except UnreadableWorkbookError as error:
        raise Unreadable(str(error)) from error
    origin = PackOrigin(
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
    return CameBack(file, origin)


def verify_workbook(books: OpenedLedger, workbook: CameBack, told: Steps | None = None) -> Comparison:
    """Hold a workbook against the ledger. Raises Unreadable, and what `ledger.services.reproduce.view_of` raises."""
    from reports.returned.cells import UnreadableWorkbookError
    from reports.returned.comparison import differences

    view = view_of(books, workbook.origin, within(told, 0, READ))
    try:
        return differences(workbook.file, view)
    except UnreadableWorkbookError as error:
        raise Unreadable(str(error)) from error
