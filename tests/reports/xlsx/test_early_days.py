"""Days before 1900-03-01, which spreadsheet programs number differently: text, that no formula reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.accounts.interest import day_number
from ledger.views.quarter import QuarterView
from reports.returned.comparison import differences
from reports.returned.values import canonical
from reports.sheet import Kind
from reports.xlsx.formats import stored
from tests.helpers.quarter_books import Books
from tests.helpers.recalculation import cached_formulas, recalculated, same
from tests.helpers.written import written

EARLY = date(1899, 12, 31)


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(1900, 3, 1), date(1900, 3, 1)), (date(1900, 2, 28), "1900-02-28"), (date(1815, 6, 18), "1815-06-18")],
)
def test_a_day_is_text_where_programs_number_it_differently(day: date, held: Any) -> None:
    assert stored(day, Kind.DATE, 2) == held


def test_a_workbook_that_held_the_number_says_the_same() -> None:
    assert canonical(EARLY, "d", Kind.DATE) == canonical("1899-12-31", "s", Kind.DATE)


def _old_book() -> QuarterView:
    books = Books().item(opening=500_00, per_year=10_00, opened_on=EARLY)
    books.item(moves=(("commissioned", 700_00, 0),))
    view = books.view()
    late = replace(view.postings[-1], accrues_from=EARLY, carry=1_00, carry_day=1_00 * day_number(EARLY))
    days = (view.provenance.as_of - EARLY).days
    item = replace(view.items[-1], interest_per_year=1_00, interest_in_quarter=round(1_00 * days / 365))
    history = tuple(
        replace(row, amount=row.amount + {"interest": item.interest_in_quarter, "interest_per_year": 1_00}[row.measure])
        if (row.quarter, row.measure) in {("2026Q3", "interest"), ("2026Q3", "interest_per_year")} and not row.amount
        else row
        for row in view.history
    )
    return replace(view, postings=(*view.postings[:-1], late), items=(*view.items[:-1], item), history=history)


def test_an_old_book_ties_and_no_formula_reads_such_a_day(tmp_path: Path) -> None:
    view = _old_book()
    pack = written(view, tmp_path / "pack")
    assert pack.ok, [check.name for check in pack.checks if not check.ok]
    cells = openpyxl.load_workbook(pack.workbook)
    assert "1899-12-31" in {cell.value for cell in cells["Items"]["I"]}
    assert "1899-12-31" in {cell.value for cell in cells["Postings"]["Q"]}
    cached, live = cached_formulas(pack.workbook), recalculated(pack.workbook, tmp_path)
    assert {key: (value, live[key]) for key, value in cached.items() if not same(value, live[key])} == {}
    assert differences(pack.workbook, view).differences == ()
