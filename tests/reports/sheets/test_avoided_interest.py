"""Interest avoided, from recorded repayments to the workbook: worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.helpers.teller import ADD_FRAUD, INIT, NOON, Clock, Teller

pytestmark = pytest.mark.usefixtures("first_chart_alone")

COMMISSION = (
    "commission FRAUD 'One threshold' --category fixed-threshold --principal 12000 --interest 3650/year "
    "--decided-by cto --because launch --benefit 'two months' --repay-by 2026Q4 --on 2026-01-01"
)


def avoided(teller: Teller, quarter: str, packs: Path) -> list[float]:
    """FRAUD's row of the block 'Avoided': four quarters and their sum."""
    teller.do(f"report {quarter} --into '{packs}'")
    sheet = load_workbook(packs / quarter / f"debt-{quarter}.xlsx", data_only=True)["Interest"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] == "FRAUD"]
    return [float(str(value)) for value in rows[1][1:6]] if len(rows) > 1 else []


def ledger(tmp_path: Path) -> Teller:
    teller = Teller(tmp_path / "ledger.db", Clock(NOON.replace(year=2025, month=1, day=1)))
    teller.do(INIT, ADD_FRAUD)
    teller.clock.now = NOON
    teller.do(COMMISSION)
    return teller


def test_a_repayment_spares_its_carry_from_its_day_to_the_quarters_end(tmp_path: Path) -> None:
    """Half of 10.00 a day: 5.00 a day after 21 March, ten days to the 31st, then 91 days of the next quarter."""
    teller = ledger(tmp_path)
    teller.do("repay FRAUD-1 6000 --on 2026-03-21")
    assert avoided(teller, "2026Q1", tmp_path) == [0, 0, 0, 50, 50]
    assert avoided(teller, "2026Q2", tmp_path) == [0, 0, 50, 455, 505]


@pytest.mark.reliability
def test_an_item_repaid_in_full_goes_on_sparing_interest_without_a_row_in_items(tmp_path: Path) -> None:
    teller = ledger(tmp_path)
    teller.do("repay FRAUD-1 --all --on 2026-03-31")
    assert avoided(teller, "2026Q2", tmp_path) == [0, 0, 0, 910, 910]


@pytest.mark.reliability
def test_a_reversed_repayment_spares_nothing(tmp_path: Path) -> None:
    teller = ledger(tmp_path)
    teller.do("repay FRAUD-1 6000 --on 2026-03-21", "reverse 4 --because 'the wrong item'")
    assert avoided(teller, "2026Q2", tmp_path) == []
