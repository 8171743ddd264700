"""Holds every cell of a workbook that came back against the ledger and names those that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.views.quarter import QuarterView
from reports.origin import PackOrigin, as_made
from reports.pack.pack import described
from reports.releases import is_this, may_lack
from reports.returned.across import WorkbookValues, values_compared
from reports.returned.cells import opened
from reports.returned.entries import fed_by_entries
from reports.returned.expected import ExpectedSheet, expected_sheet
from reports.returned.findings import Difference, Verdict
from reports.returned.formulas import Formulas
from reports.returned.origin import origin_of
from reports.returned.sheets import SheetComparison
from reports.returned.values import noise_of
from reports.sheet import Formula


@dataclass(frozen=True, slots=True)
class WorkbookComparison:
    """What a workbook that came back says, beside the ledger.

    differences: from the first sheet to the last, each from top to bottom. values_checked, formulas_checked: cells
    of the pack that were looked for. formulas_without_value: of the file; a program that computes nothing has saved
    it. formulas_respelled: that the program which saved the file wrote so differently that only their values could
    be compared. additional_sheets: of which the pack knows nothing; they were not read. missing: tables, columns and
    checks that the file lacks. across: the comparison by value, if another release made the workbook.
    """

    origin: PackOrigin
    differences: tuple[Difference, ...]
    values_checked: int
    formulas_checked: int
    formulas_without_value: int
    formulas_respelled: int
    missing_sheets: tuple[str, ...]
    additional_sheets: tuple[str, ...]
    missing: tuple[str, ...] = ()
    across: WorkbookValues | None = None

    @property
    def same(self) -> bool:
        """Whether the file says what the ledger says."""
        return not self.differences and not self.missing_sheets and not self.missing


def differences(path: Path, view: QuarterView) -> WorkbookComparison:
    """Compare a workbook with the quarter as the ledger has it at the workbook's position.

    What About says of the versions of the tools and of the schema is taken from the file: the ledger does not
    know with what a pack was made. Rows of tables may stand in any order; what stands in the columns that the
    reader fills in is not compared. Raises UnreadableWorkbookError if the file cannot be read to its end.
    """
    with opened(path) as book:
        origin = origin_of(book)
        view = as_made(view, origin)
        if not is_this(origin.release):
            return _by_value(origin, values_compared(book, view))
        sheets = described(view)
        formulas = Formulas(sheets)
        wanted = [expected_sheet(sheet, formulas.layout, view.provenance) for sheet in sheets]
        fed = fed_by_entries(sheets)
        compared = [
            SheetComparison(expected, view.provenance.exponent, noise_of(view), fed, formulas)
            for expected in wanted
            if expected.title in book.sheets
        ]
        for each in compared:
            each.compare(book.rows(each.title))
        titles = book.sheets
    formulas.move({key: place for each in compared for key, place in each.moved.items()})
    verdict = _verdict(compared, formulas)
    values, of_formulas = _counted(wanted)
    return WorkbookComparison(
        origin=origin,
        differences=tuple(_differences(compared, verdict, view.provenance.exponent)),
        values_checked=values,
        formulas_checked=of_formulas,
        formulas_without_value=sum(each.formulas_without_value for each in compared),
        formulas_respelled=verdict.respelled,
        missing_sheets=tuple(sheet.title for sheet in sheets if sheet.title not in titles),
        additional_sheets=tuple(title for title in titles if title not in {sheet.title for sheet in sheets}),
    )


def _by_value(origin: PackOrigin, found: WorkbookValues) -> WorkbookComparison:
    """The comparison of a workbook of another release, in the words of one by cell."""
    return WorkbookComparison(
        origin=origin,
        differences=tuple(
            Difference(
                each.place, each.cell, ", ".join(filter(None, (each.column, each.row))), each.expected, each.found
            )
            for each in found.differences
        ),
        values_checked=found.values,
        formulas_checked=found.formulas,
        formulas_without_value=found.formulas_without_value,
        formulas_respelled=0,
        missing_sheets=tuple(each for each in found.missing_sheets if not may_lack(origin.release, each)),
        additional_sheets=found.additional_sheets,
        missing=tuple(each for each in found.missing if not may_lack(origin.release, each)),
        across=found,
    )


def _verdict(compared: Sequence[SheetComparison], formulas: Formulas) -> Verdict:
    spelled: Counter[bool] = Counter()
    for each in compared:
        spelled.update(each.spelled)
    doubts = [doubt for each in compared for doubt in each.doubts]
    return Verdict(doubts, spelled, formulas, entered=any(each.entered for each in compared))


def _differences(compared: Sequence[SheetComparison], verdict: Verdict, exponent: int) -> Iterator[Difference]:
    for each in compared:
        findings = [*each.findings, *verdict.findings(each.doubts, exponent)]
        for finding in sorted(findings, key=lambda finding: (finding.row, finding.column)):
            yield finding.difference


def _counted(wanted: Sequence[ExpectedSheet]) -> tuple[int, int]:
    """How many values and how many formulas the pack has."""
    values = formulas = 0
    for sheet in wanted:
        for cell in sheet.contents:
            values += cell.is_value
            formulas += isinstance(cell.content, Formula)
    return values, formulas
