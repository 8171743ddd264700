"""The workbook's figures, recomputed by evaluators that are not ours."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.pack.pack import Pack
from tests.helpers.optional import needs
from tests.helpers.quarter_books import CASES, many_systems, typical, with_posting_amount
from tests.helpers.recalculation import cached_formulas, libreoffice, named, recalculated, same
from tests.helpers.written import Written, written

needs_libreoffice = needs("soffice")


def assert_agreement(cached: dict[tuple[str, str], Any], live: dict[tuple[str, str], Any]) -> None:
    """Every formula cell has a cached value and it is what the evaluator finds."""
    assert cached
    assert not [key for key, value in cached.items() if value is None]
    assert {key: (cached[key], live.get(key)) for key in cached if not same(cached[key], live.get(key))} == {}


def test_every_cached_value_is_what_another_evaluator_finds(any_workbook: tuple[str, Written], tmp_path: Path) -> None:
    _, pack = any_workbook
    assert_agreement(cached_formulas(pack.workbook), recalculated(pack.workbook, tmp_path))


@pytest.mark.reliability
def test_sixty_systems_recalculate_too(tmp_path: Path) -> None:
    pack = written(many_systems(60).view(), tmp_path / "pack")
    assert pack.ok
    assert_agreement(cached_formulas(pack.workbook), recalculated(pack.workbook, tmp_path))


def test_only_tampered_packs_fail_their_checks(any_workbook: tuple[str, Written]) -> None:
    name, pack = any_workbook
    cached = cached_formulas(pack.workbook)
    tampered = name.startswith("tampered")
    assert pack.ok is not tampered
    assert named(cached, pack.workbook, "all_checks") == ("ERROR" if tampered else "OK")
    assert [check.ok for check in pack.checks] == [check.difference == 0 for check in pack.checks]


@pytest.mark.parametrize("index", range(0, len(CASES["typical"].postings), 3))
def test_a_stored_posting_that_is_off_by_a_cent_fails_the_pack(index: int, tmp_path: Path) -> None:
    pack = written(with_posting_amount(CASES["typical"], index, -1), tmp_path)
    failed = [check.name for check in pack.checks if not check.ok]
    assert any("replay" in name for name in failed)
    assert {abs(check.difference) for check in pack.checks if not check.ok} == {Decimal("0.01")}


def _change_amount(book: Any) -> None:
    book["Postings"]["N9"] = book["Postings"]["N9"].value + 0.01


def _clear_a_row(book: Any) -> None:
    for cell in book["Postings"][9]:
        cell.value = None


def _put_an_error(book: Any) -> None:
    book["Postings"]["N9"] = "#N/A"


def _put_text(book: Any) -> None:
    book["Postings"]["N9"] = "31000"


def _change_movement(book: Any) -> None:
    cell = next(cell for cell in book["Postings"]["M"] if cell.value == "commissioned")
    cell.value = "revised"


def _change_item(book: Any) -> None:
    book["Postings"]["C9"] = "FRAUD-99"


def _change_date(book: Any) -> None:
    book["Postings"]["K9"] = book["Postings"]["K9"].value.replace(year=2027)


def _change_register(book: Any) -> None:
    book["Items"]["L6"] = book["Items"]["L6"].value + 1


def _change_history(book: Any) -> None:
    cell = next(
        row[5]
        for row in book["Past quarters"].iter_rows(min_row=5)
        if row[4].value == "interest" and row[0].value == "2026Q3"
    )
    cell.value = cell.value + 1


def _change_replay(book: Any) -> None:
    book["Roll-forward"]["M5"] = book["Roll-forward"]["M5"].value + 1


def _change_bucket(book: Any) -> None:
    """Boundaries that do not rise give no bucket to what is young."""
    cell = next(row[1] for row in book["Ageing"].iter_rows() if row[0].value == "0–90 days")
    cell.value = 1000


def _change_dimension(book: Any) -> None:
    book["Items"]["G6"] = "nowhere"


def _change_owner(book: Any) -> None:
    book["Items"]["W6"] = "T99"


def _change_avoided(book: Any) -> None:
    """A spared amount moves to a system that the sheet Interest does not list."""
    rows = (
        row
        for row in book["Past quarters"].iter_rows(min_row=5)
        if row[0].value == "2026Q3" and row[4].value == "interest_avoided" and row[5].value
    )
    next(rows)[1].value = "NOBODY"


def _change_budget(book: Any) -> None:
    """The budget of a quarter in Past quarters is another one than the team's."""
    cell = next(
        row[5]
        for row in book["Past quarters"].iter_rows(min_row=5)
        if (row[0].value, row[4].value) == ("2026Q3", "budget") and row[5].value
    )
    cell.value = cell.value - 1


def _change_team(book: Any) -> None:
    """What was spent is a team's that Budget vs actual does not list."""
    cell = next(
        row[6]
        for row in book["Past quarters"].iter_rows(min_row=5)
        if row[4].value == "removed_spent" and row[0].value == "2026Q2"
    )
    cell.value = "team-99"


def _change_cost_centre(book: Any) -> None:
    next(row[19] for row in book["Budget vs actual"].iter_rows(min_row=16) if row[1].value == "red").value = "centre-99"


def _plan_twice(book: Any) -> None:
    """Two rows of the form are for one quarter and team."""
    book["Budget"]["C14"] = book["Budget"]["C13"].value


CHANGES = (
    _change_amount, _clear_a_row, _put_an_error, _put_text, _change_movement, _change_item, _change_date,
    _change_register, _change_history, _change_replay,
    _change_bucket, _change_dimension, _change_owner, _change_avoided,
    _change_budget, _change_team, _change_cost_centre, _plan_twice,
)  # fmt: skip


@pytest.mark.reliability
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_a_changed_workbook_reads_error_when_recalculated(change: Any, pack: Pack, tmp_path: Path) -> None:
    live = recalculated(pack.workbook, tmp_path, change)
    assert named(live, pack.workbook, "all_checks") == "ERROR"
    assert live["Summary", "B4"] == "ERROR"
    column = [value for (sheet, address), value in live.items() if sheet == "Checks" and address.startswith("E")]
    assert set(column) == {"OK", "ERROR"}, "an error value must read ERROR, and nothing else"


@pytest.mark.reliability
@needs_libreoffice
def test_libreoffice_finds_the_cached_values(pack: Pack, tmp_path: Path) -> None:
    assert_agreement(cached_formulas(pack.workbook), cached_formulas(libreoffice(pack.workbook, tmp_path)))


@pytest.mark.reliability
@needs_libreoffice
def test_libreoffice_does_not_believe_the_cached_values(tmp_path: Path) -> None:
    """The profile of the tests really recalculates: an amount changed in the file's XML turns OK into ERROR."""
    pack = written(typical().view(), tmp_path / "pack")
    changed = tmp_path / "changed.xlsx"
    postings = f"xl/worksheets/sheet{openpyxl.load_workbook(pack.workbook).sheetnames.index('Postings') + 1}.xml"
    with zipfile.ZipFile(pack.workbook) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == postings:
                assert data.count(b"<v>-50000</v>") == 1
                data = data.replace(b"<v>-50000</v>", b"<v>-50001</v>")
            target.writestr(name, data)
    assert named(cached_formulas(changed), changed, "all_checks") == "OK"
    live = cached_formulas(libreoffice(changed, tmp_path))
    assert named(live, changed, "all_checks") == "ERROR"
