"""The workbook of a quarter without its charts, which take most of a pack's time and which few tests look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.views.quarter import QuarterView
from reports.pack.pack import Check, check_lines, checked, workbook_of


@dataclass(frozen=True)
class Written:
    """A workbook in a folder, and its checks as Python computed them."""

    workbook: Path
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)


def written(view: QuarterView, folder: Path) -> Written:
    """Write the workbook alone; its cells are those of the pack's."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"debt-{view.provenance.quarter}.xlsx"
    path.write_bytes(workbook_of(view))
    return Written(path, checked(view, check_lines(view)))
