"""Verifying a workbook that came back: every cell, held against the ledger at the position that it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, within
from ledger.services.report import READ
from ledger.services.reproduce import view_as_given

if TYPE_CHECKING:
    from reports.origin import PackOrigin
    from reports.returned.across import WorkbookValues as WorkbookValues
    from reports.returned.comparison import WorkbookComparison as WorkbookComparison


@dataclass(frozen=True, slots=True)
class CameBack:
    """A workbook that came back. origin: as its own sheet About says; release: in words, the one that made it."""

    file: Path
    origin: PackOrigin
    release: str


def came_back(file: Path) -> CameBack:
    """The workbook in a file. Raises Unreadable."""
    from reports.releases import named
    from reports.returned.origin import read_origin

    origin = read_origin(file)
    return CameBack(file, origin, named(origin.release))


def verify_workbook(books: OpenedLedger, workbook: CameBack, told: Steps | None = None) -> WorkbookComparison:
    """Hold every cell of a workbook against the ledger; of another release, every value.

    Raises Unreadable for a damaged file, and what `ledger.services.reproduce.view_as_given` raises.
    """
    from reports.returned.comparison import differences

    what = f"The workbook {workbook.file}"
    return differences(workbook.file, view_as_given(books, workbook.origin, what, within(told, 0, READ)))
