"""Interest inside the file: the rows of Postings alone give what the ledger gives, to the cent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from ledger.accounts.interest import DAYS_PER_YEAR, incurred
from ledger.decide.commission import Commission
from ledger.decide.observe import Observe
from ledger.decide.repay import Repay
from ledger.decide.revise import Revise
from ledger.store.engine import open_engine
from ledger.views.quarter import BROUGHT_FORWARD, QuarterView
from reports.accruals import Accrual, interest_of
from tests.helpers.quarter_books import CASES
from tests.helpers.recalculation import cached_formulas, recalculated, same
from tests.helpers.restated_ledger import GATE, Office, a_year, major, restated
from tests.helpers.written import written


@pytest.fixture
def view(sqlite_url: str) -> Iterator[QuarterView]:
    """A third quarter in which an item that was repaid comes back, and others were reversed, adopted, handed over."""
    engine: Engine = open_engine(sqlite_url)
    office = restated(Office(engine))
    office.now = office.now.replace(month=10)
    office.do(
        Commission(system="CHURN", title="Gone", category="abstraction", principal=major(700), interest=a_year(101),
                   on=date(2026, 4, 7), **GATE),
        Repay(item="CHURN-3", amount=major(700), on=date(2026, 6, 11)),
        Revise(item="CHURN-3", principal=major(50), interest=a_year(33), because="it was not all", on=date(2026, 8, 3)),
        Observe(system="FRAUD", title="Late", category="staleness", cause="untracked", principal=major(10),
                interest=a_year(7), on=date(2026, 7, 9)),
    )  # fmt: skip
    yield office.view("2026Q3")
    engine.dispose()


def test_the_postings_alone_give_every_items_interest(view: QuarterView) -> None:
    found = {(row.item, row.nature): each for row, each in zip(view.items, interest_of(view, view.items), strict=True)}
    assert len(found) > 4
    for row in view.items:
        interest = found[row.item, row.nature]
        assert interest.live
        assert not interest.unlike
        assert (interest.before, interest.in_quarter) == (row.interest_before, row.interest_in_quarter)
        assert interest.accrual.carry == row.interest_per_year
    assert sum(each.in_quarter for each in found.values()) > 0


def test_an_item_that_owed_nothing_brings_its_interest_forward(view: QuarterView) -> None:
    (row,) = (row for row in view.postings if row.item == "CHURN-3" and row.movement == BROUGHT_FORWARD)
    assert (row.amount, row.carry) == (0, 0)
    assert incurred(-row.carry_day) == incurred(101_00 * (date(2026, 6, 11) - date(2026, 4, 7)).days)


def test_the_file_computes_it_and_another_evaluator_agrees(view: QuarterView, tmp_path: Path) -> None:
    pack = written(view, tmp_path / "pack")
    assert pack.ok
    cached, live = cached_formulas(pack.workbook), recalculated(pack.workbook, tmp_path)
    assert {key: live[key] for key, value in cached.items() if not same(value, live[key])} == {}


def test_a_posting_whose_interest_was_altered_fails_a_check(view: QuarterView, tmp_path: Path) -> None:
    rows = list(view.postings)
    rows[-1] = replace(rows[-1], carry=rows[-1].carry + 365, carry_day=rows[-1].carry_day + 365)
    pack = written(replace(view, postings=tuple(rows)), tmp_path / "pack")
    failed = [check.name for check in pack.checks if not check.ok]
    assert "Items whose interest from Postings is not the ledger's = none" in failed


def test_a_click_on_an_item_leads_to_a_row_of_it(view: QuarterView, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(view, tmp_path / "pack").workbook)
    items = [cell for cell in book["Items"]["A"][4:] if cell.hyperlink]
    assert len(items) == len(view.items)
    for cell in items:
        sheet, _, address = cell.hyperlink.location.partition("!")
        assert book[sheet][address].value == cell.value


def test_what_no_spreadsheet_can_compute_is_a_value_and_says_so(tmp_path: Path) -> None:
    large = CASES["large"]
    interest = interest_of(large, large.items)
    assert [each.live for each in interest] == [False, False, True, True]
    book = openpyxl.load_workbook(written(large, tmp_path / "pack").workbook)
    words = " ".join(str(row[0].value) for row in book["Items"].iter_rows(min_row=9) if row[0].value)
    assert "keeps the digits of interest per year × days of FRAUD-1, FRAUD-2" in words


@given(st.integers(-(10**13) + 1, 10**13 - 1))
@example(182)
@example(183)
@example(-183)
@example(10**13 - 1)
def test_no_sum_that_is_live_lies_where_doubles_round_otherwise(days: int) -> None:
    """Also in a program that looks at fifteen digits, and rounds halves up."""
    quotient = days / DAYS_PER_YEAR
    for seen in (quotient, float(f"{quotient:.15g}")):
        assert int(abs(seen) + 0.5) * (1 if days >= 0 else -1) == incurred(days)


@given(st.integers(0, 10**12), st.integers(0, 40_000), st.integers(0, 92))
def test_what_is_live_is_within_what_doubles_hold(carry: int, day: int, later: int) -> None:
    accrual = Accrual(carry=carry, carry_day=carry * day, gross=carry * day)
    first_day = date.fromordinal(date(1899, 12, 30).toordinal() + day + 1)
    as_of = date.fromordinal(first_day.toordinal() + later)
    if accrual.live(first_day, as_of):
        assert int(float(carry) * float(day)) == carry * day
        assert accrual.to_date(as_of) == incurred(carry * (later + 1))
