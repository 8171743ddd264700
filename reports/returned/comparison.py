"""Holds every cell of a workbook that came back against the ledger and names those that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.views.quarter import QuarterView
from reports.pack import described
from reports.returned.cells import opened
from reports.returned.entries import fed_by_entries
from reports.returned.expected import ExpectedSheet, expected_sheet
from reports.returned.findings import Difference, Verdict
from reports.returned.formulas import Formulas
from reports.returned.origin import Origin, origin_of
from reports.returned.sheets import SheetComparison
from reports.workbook.description import Formula

#: Adding doubles is off by less than this part of the amounts that are added.
_NOISE = 1e-12


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a workbook that came back says, beside the ledger.

    differences: from the first sheet to the last, each from top to bottom. values_checked, formulas_checked: cells
    of the pack that were looked for. formulas_without_value: of the file; a program that computes nothing has saved
    it. formulas_respelled: that the program which saved the file wrote so differently that only their values could
    be compared. additional_sheets: of which the pack knows nothing; they were not read.
    """

    origin: Origin
    differences: tuple[Difference, ...]
    values_checked: int
    formulas_checked: int
    formulas_without_value: int
    formulas_respelled: int
    missing_sheets: tuple[str, ...]
    additional_sheets: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the file says what the ledger says."""
        return not self.differences and not self.missing_sheets


def differences(path: Path, view: QuarterView) -> Comparison:
    """Compare a workbook with the quarter as the ledger has it at the workbook's position.

    What About says of the versions of the tools and of the schema is taken from the file: the ledger does not
    know with what a pack was made. Rows of tables may stand in any order; what stands in the columns that the
    reader fills in is not compared. Raises UnreadableWorkbookError if the file cannot be read to its end.
    """
    with opened(path) as book:
        origin = origin_of(book)
        view = _as_made(view, origin)
        sheets = described(view)
        formulas = Formulas(sheets)
        wanted = [expected_sheet(sheet, formulas.layout, view.provenance) for sheet in sheets]
        fed = fed_by_entries(sheets)
        compared = [
            SheetComparison(expected, view.provenance.exponent, _noise(view), fed, formulas)
            for expected in wanted
            if expected.title in book.sheets
        ]
        for each in compared:
            each.compare(book.rows(each.title))
        titles = book.sheets
    formulas.move({key: place for each in compared for key, place in each.moved.items()})
    verdict = _verdict(compared, formulas)
    values, of_formulas = _counted(wanted)
    return Comparison(
        origin=origin,
        differences=tuple(_differences(compared, verdict, view.provenance.exponent)),
        values_checked=values,
        formulas_checked=of_formulas,
        formulas_without_value=sum(each.formulas_without_value for each in compared),
        formulas_respelled=verdict.respelled,
        missing_sheets=tuple(sheet.title for sheet in sheets if sheet.title not in titles),
        additional_sheets=tuple(title for title in titles if title not in {sheet.title for sheet in sheets}),
    )


def _as_made(view: QuarterView, origin: Origin) -> QuarterView:
    made = replace(view.provenance, versions=tuple(origin.versions.items()), schema_version=origin.schema_version)
    return replace(view, provenance=made)


def _noise(view: QuarterView) -> float:
    """What adding doubles may cost an amount, in major units; never so much that a minor unit could change."""
    added = sum(abs(row.amount) for row in view.postings) + sum(abs(row.amount) for row in view.history)
    added += sum(abs(row.outstanding) + row.interest_before + row.interest_per_year for row in view.items)
    unit = 10.0**-view.provenance.exponent
    return float(min(unit / 2, _NOISE * max(1.0, added * unit)))


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
