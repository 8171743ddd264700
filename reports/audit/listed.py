"""A sheet per test: the entries that it lists, the most remarkable first."""

from __future__ import annotations

from ledger.journal_tests.examination import Examination, Tested
from ledger.journal_tests.listing import Finding
from reports.audit.columns import counted, entry_cells, entry_columns
from reports.sheet import Block, CellContent, Column, Formula, Kind, Row, Sheet

#: How a sheet computes a measure in days from its own dates.
_DAYS = {"backdated": "INT({local})-{effective}", "late": "{effective}-{happened}"}
_NOTES = (
    "An entry that is listed deserves a question; it is no proof of anything. Imported entries come last.",
    "Earlier: not effective in the quarter, but recorded in it for a day before it.",
)


def block_of(name: str) -> str:
    """The block that lists a test's entries, for the formulas of other sheets."""
    return f"listed.{name}"


def build(found: Examination, tested: Tested, most: int | None) -> Sheet:
    """Facts as values, days as formulas over them."""
    test = tested.test
    rows = tuple(_row(found, tested, finding) for finding in tested.findings[:most])
    cut = f", the first {len(rows):,} of them here" if len(rows) < tested.count else ""
    words = "".join(word.capitalize() for word in test.name.split("-"))
    return Sheet(
        title=test.title,
        headline=f"{test.title}: {counted(tested.count)}{cut}",
        subtitle=f"Lists an entry that {test.description} · {found.subject.title}",
        blocks=(Block(block_of(test.name), _columns(found, tested), rows, table=f"tbl{words}"),),
        notes=_NOTES if found.subject.quarter else _NOTES[:1],
        frozen_columns=1,
    )


def _columns(found: Examination, tested: Tested) -> tuple[Column, ...]:
    columns = [column for column in entry_columns(found) if column.key != "happened" or tested.test.name == "late"]
    if tested.test.name in _DAYS:
        columns.append(Column("days", "Days", Kind.COUNT))
    if tested.test.measured == "amount":
        columns.append(Column("listed", "Amount listed", Kind.EXACT))
    if any(finding.note for finding in tested.findings):
        columns.append(Column("note", "Note", Kind.TEXT, 44))
    return tuple(columns)


def _row(found: Examination, tested: Tested, finding: Finding) -> Row:
    cells: dict[str, CellContent] = entry_cells(finding.entry, found)
    if tested.test.name != "late":
        del cells["happened"]
    if finding.note:
        cells["note"] = finding.note
    if tested.test.name in _DAYS:
        cells["days"] = Formula(_DAYS[tested.test.name], finding.measure)
    if tested.test.measured == "amount":
        cells["listed"] = finding.measure
    return Row(str(finding.entry.position), cells)
