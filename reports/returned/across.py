"""Holds the values of a workbook of another release against the ledger, table by table and column by column.

Its bytes, its words and the places of its cells are those of the release that made it. What this release alone has, or
the file alone, is told and is no difference in itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ledger.views.quarter import PROGRAM, QuarterView
from reports.pack.pack import check_lines, described
from reports.releases import todays_words
from reports.returned.cells import FoundRow, ReturnedWorkbook
from reports.returned.entries import fed_by_entries
from reports.returned.headings import ValueTable, headings_of, value_tables
from reports.returned.tables import TableComparison, Terms, ValueDifference
from reports.returned.values import noise_of
from reports.sheet import CheckLine
from reports.sheets.checks import TITLE as CHECKS
from reports.xlsx.layout import Layout


@dataclass(frozen=True, slots=True)
class WorkbookValues:
    """What a workbook of another release says, beside the ledger.

    differences: from the first sheet to the last. tables: that both have and that hold rows. values, formulas: that
    were compared; formulas_without_value: of which no program stored what they give. missing_sheets, missing: sheets,
    and then tables, columns and checks, that this release has and the file has not; additional_sheets, additional:
    the other way round. otherwise: columns that the file's release counted otherwise, which were not compared.
    """

    differences: tuple[ValueDifference, ...]
    tables: int
    values: int
    formulas: int
    formulas_without_value: int
    missing_sheets: tuple[str, ...]
    missing: tuple[str, ...]
    additional_sheets: tuple[str, ...]
    additional: tuple[str, ...]
    otherwise: tuple[str, ...]


def values_compared(book: ReturnedWorkbook, view: QuarterView) -> WorkbookValues:
    """Compare an open workbook. view: as the ledger gives it, with the versions that the file names.

    Raises UnreadableWorkbookError if the file cannot be read to its end.
    """
    titles = {todays_words(title): title for title in book.sheets} | {title: title for title in book.sheets}
    lines, unlisted = _listed(check_lines(view), book, titles.get(CHECKS))
    sheets = described(view, (), lines)
    layout, fed = Layout(sheets), fed_by_entries(sheets)
    release = dict(view.provenance.versions).get(PROGRAM, "")
    terms = Terms(view.provenance.exponent, noise_of(view), release)
    there = {sheet.title: titles[sheet.title] for sheet in sheets if sheet.title in titles}
    compared = [
        table
        for sheet in sheets
        if sheet.title in there
        for table in _compared(value_tables(sheet, layout, fed, terms.exponent), book, there[sheet.title], terms)
    ]
    entered = any(table.entered for table in compared)
    of_fed = () if entered else tuple(each for table in compared for each in table.differences_of_fed)
    return WorkbookValues(
        differences=tuple(each for table in compared for each in table.differences) + of_fed,
        tables=sum(1 for table in compared if table.is_there and table.expected.rows),
        values=sum(table.values for table in compared),
        formulas=sum(table.formulas for table in compared),
        formulas_without_value=sum(table.formulas_without_value for table in compared),
        missing_sheets=tuple(sheet.title for sheet in sheets if sheet.title not in there),
        missing=(*_missing(compared), *(f"the check '{line.name}'" for line in unlisted)),
        additional_sheets=tuple(title for title in book.sheets if title not in there.values()),
        additional=tuple(table.told(heading) for table in compared for heading in table.unknown),
        otherwise=tuple(
            name for table in compared for name in (*map(table.told, table.otherwise), *table.rows_otherwise)
        ),
    )


def _listed(
    lines: Sequence[CheckLine], book: ReturnedWorkbook, title: str | None
) -> tuple[list[CheckLine], list[CheckLine]]:
    """The checks that the file lists, and those that only this release has. title: of its sheet, None without one."""
    if title is None:
        return list(lines), []
    names = {text for _, row in book.rows(title) for text in headings_of(row).values()}
    return [line for line in lines if line.name in names], [line for line in lines if line.name not in names]


def _compared(tables: Sequence[ValueTable], book: ReturnedWorkbook, title: str, terms: Terms) -> list[TableComparison]:
    """The tables of a sheet, each compared with the rows under its headings. What stands above all is the first one's."""
    compared = [TableComparison(table, title, terms) for table in tables]
    at, above = 0, ""
    for number, row in book.rows(title):
        start = 0 if not compared[0].is_there else at + 1
        found = _heading(compared[start:], row, above)
        if found is None:
            compared[at].take(number, row)
        else:
            at = start + found[0]
            compared[at].begin(number, row, found[1])
        above = headings_of(row).get(1, "")
    for table in compared:
        table.finish()
    return compared


def _heading(tables: Sequence[TableComparison], row: FoundRow, above: str) -> tuple[int, Mapping[str, int]] | None:
    """Which table's heading a row is, and its columns: of those alike the one whose title stands above, or the first."""
    fitting = [(index, places) for index, table in enumerate(tables) if (places := table.expected.places(row))]
    titled = (fit for fit in fitting if above and tables[fit[0]].expected.title == above)
    return next(titled, fitting[0] if fitting else None)


def _missing(compared: Sequence[TableComparison]) -> Iterator[str]:
    for table in compared:
        if table.is_there:
            yield from map(table.told, table.lacks)
        elif table.expected.rows:
            yield table.told()
