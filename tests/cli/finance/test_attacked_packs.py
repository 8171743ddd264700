"""Packs of books that were made to break them: every check holds, every formula recalculates, each pack is built again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers.printed_sizes import printed_texts
from tests.helpers.quarter_books import HOSTILE
from tests.helpers.recalculation import cached_formulas, named, recalculated, same
from tests.helpers.teller import Teller

pytestmark = [pytest.mark.reliability, pytest.mark.usefixtures("first_chart_alone")]

GATE = "--decided-by cto --because launch --benefit 'two months'"
SYSTEM = "system add FRAUD 'Fraud scoring' --team red --cost-centre CC-1"


def observed(title: str, amount: str, on: str, system: str = "FRAUD") -> str:
    """An item of neglect."""
    words = f"--category code-quality --cause coding-error --principal {amount} --on {on}"
    return f"observe {words} -- {system} {shlex.quote(title)}"


#: Of what breaks programs, what the ledger takes as a title.
TITLES = [title for title in HOSTILE if title.isprintable() and 0 < len(title.strip()) <= 500]
#: What is typed into a book after `init`, and the quarter that is reported in the end.
BOOKS: dict[str, tuple[str, Sequence[str], str]] = {
    "hostile titles": (
        "--currency EUR",
        [SYSTEM, *(observed(title, "100", "2026-05-02") for title in TITLES)],
        "2026Q2",
    ),
    "one team with two cost centres": (
        "--currency EUR",
        [
            SYSTEM,
            "system add CHURN Churn --team red --cost-centre CC-2",
            observed("One", "100", "2026-05-02"),
            observed("Two", "50", "2026-05-02", "CHURN"),
            "budget set 2026Q2 70 --team red --on 2026-05-01",
            "repay FRAUD-1 40 --spent 45 --on 2026-05-03",
            "repay CHURN-1 10 --spent 30 --on 2026-05-04",
        ],
        "2026Q2",
    ),
    "no decimals": ("--currency JPY", [SYSTEM, observed("Yen", "1234567", "2026-05-02")], "2026Q2"),
    "three decimals": ("--currency KWD", [SYSTEM, observed("Dinar", "12.345", "2026-05-02")], "2026Q2"),
    "forty quarters": (
        "--currency EUR",
        [SYSTEM, *(observed(f"Of {year}", str(year), f"{year}-0{month}-15") for year in range(2016, 2026) for month in (2, 5, 8))],
        "2026Q2",
    ),
    "a fiscal year from April": (
        "--currency EUR --fiscal-year-start 4",
        [
            SYSTEM,
            f"commission FRAUD Late --category glue-code --principal 900 --repay-by 2026Q4 {GATE} --on 2025-05-02",
            observed("In the first quarter of 2027", "70", "2026-05-02"),
            "plan FRAUD-1 2027Q2",
        ],
        "2027Q1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_pack_ties_recalculates_can_be_read_and_is_built_again(name: str, tmp_path: Path) -> None:
    options, lines, quarter = BOOKS[name]
    teller = Teller(tmp_path / "ledger.db")
    teller.do(f"init --book main {options}", *lines, f"report {quarter} --into '{tmp_path}/packs'")
    workbook = tmp_path / "packs" / quarter / f"debt-{quarter}.xlsx"
    cached, live = cached_formulas(workbook), recalculated(workbook, tmp_path)
    assert named(live, workbook, "all_checks") == "OK"
    assert [key for key, value in cached.items() if not same(value, live[key])] == []
    assert all(size >= 7 for sheet in load_workbook(workbook) for _, size in printed_texts(sheet))
    assert teller.type(f"reproduce '{workbook.parent}'").exit_code == 0
    assert teller.type(f"verify-workbook '{workbook}'").exit_code == 0


def test_a_quarter_that_was_issued_three_times_is_built_again_each_time_as_it_was(tmp_path: Path) -> None:
    """Each names the issue before it, and the pack a year later the last of them."""
    teller = Teller(tmp_path / "ledger.db")
    teller.do("init --book main --currency EUR", SYSTEM, observed("First", "100", "2025-05-02"))
    for number in range(3):
        teller.do(
            f"report 2025Q2 --into '{tmp_path}/{number}'", observed(f"Late {number}", f"{number + 1}", "2025-06-01")
        )
    teller.do(f"report 2026Q2 --into '{tmp_path}/later'")
    for number in range(3):
        assert teller.type(f"reproduce '{tmp_path}/{number}/2025Q2'").exit_code == 0
    workbook = tmp_path / "later" / "2026Q2" / "debt-2026Q2.xlsx"
    assert teller.type(f"reproduce '{workbook.parent}'").exit_code == 0
    summary = load_workbook(workbook, data_only=True)["Summary"]
    headings, *rows = [[cell.value for cell in row] for row in summary.iter_rows(min_row=6, max_row=9)]
    delta = dict(zip(headings, next(row for row in rows if row[0] == "Technical delta"), strict=True))
    assert delta["Year before 2025Q2 (PY)"] == 106
    assert delta["Year before 2025Q2 as issued"] == 103, "the third issue knew two of the late entries"
    assert delta["Year before restated"] == "restated"
