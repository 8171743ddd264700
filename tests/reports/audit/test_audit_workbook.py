"""The workbook of the journal-entry tests: facts as values, live counts, hostile text, room for the auditor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.journal_tests.entries import Counterpart, JournalEntry
from ledger.journal_tests.examination import Examination, Subject, examine
from ledger.journal_tests.logins import Logins
from ledger.journal_tests.marks import Closing, Closings
from ledger.journal_tests.parameters import Hours, Parameters
from ledger.journal_tests.standstills import Standstill
from ledger.vocabulary.quarters import FiscalCalendar
from ledger.vocabulary.spreadsheet_text import printable
from reports.audit.about import command_of
from reports.audit.workbook import audit_workbook
from tests.helpers.optional import needs
from tests.helpers.quarter_books import HOSTILE
from tests.helpers.recalculation import cached_formulas, libreoffice, recalculated, same

needs_libreoffice = needs("soffice")

SUBJECT = Subject(
    "main", "Europe/Berlin", "EUR", 2, "2026Q1", date(2026, 1, 1), date(2026, 3, 31), 400, "2026-07-01T00:00:00.000000Z",
    "ab" * 32,
)  # fmt: skip
ASKED = Parameters(100_000, 5, Hours.parse("08-18"), 3, 500_000, 10, 12, "entries", "year-end")
CLOSINGS = Closings(FiscalCalendar(1), [Closing(380, date(2026, 3, 31), date(2026, 4, 8))])

STOOD = (
    Standstill(3, 9, 7, 5, "2026-01-06T12:00:00.000000Z", "2026-01-06T13:30:00.000000Z"),
    Standstill(398, 400, 3, 3, "2099-01-01T00:00:00.000000Z", None),
)


def entries(amounts: int, actors: tuple[str, ...] = ("ada", "bea")) -> Iterator[JournalEntry]:
    """Entries that every test lists some of; every amount but a few begins as Benford expects."""
    other = Counterpart(1, "repayment-recorded/1", actors[0], "2026-01-01T00:00:00.000000Z")
    for position in range(1, amounts + 1):
        local = datetime(2026, 1, 2, 7) + timedelta(hours=7 * position)
        yield JournalEntry(
            position=position,
            stored_as="repayment-recorded/1" if position % 3 else "note-added/1",
            stream=f"FRAUD-{position}",
            actor=actors[position % len(actors)] if position > 2 else "=once()",
            session_user="service" if position % 50 else "=cmd()",
            effective_on=local.date() - timedelta(days=position % 11 - 1),
            occurred_on=local.date() - timedelta(days=40) if position % 13 == 0 else None,
            recorded_at=f"{local.isoformat()}.000000Z",
            recorded_local=local,
            amount_minor=int(100_000 * 1.0174**position) if position % 17 else 100_000 * position,
            spent_minor=480_000 if position % 29 == 0 else None,
            imported=position % 7 == 0,
            earlier=position % 31 == 0,
            reversed_by=other if position % 37 == 0 else None,
            reverses=other if position % 41 == 0 else None,
        )


def examination(amounts: int = 320, *, users: bool = True, **changed: Any) -> Examination:
    """An examination of so many entries."""
    rows = list(entries(amounts, **changed))
    pairs: dict[tuple[str, str | None], int] = {}
    for row in rows:
        pairs[row.actor, row.session_user] = pairs.get((row.actor, row.session_user), 0) + 1
    return examine(SUBJECT, lambda: rows, ASKED, CLOSINGS, Logins(pairs) if users else None, standstills=STOOD)


@pytest.fixture(scope="module")
def found() -> Examination:
    return examination()


@pytest.fixture(scope="module")
def workbook(found: Examination, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of that examination."""
    path = tmp_path_factory.mktemp("audit") / "audit.xlsx"
    path.write_bytes(audit_workbook(found))
    return path


def column(sheet: Any, title: str) -> list[Any]:
    """The cells under a heading, down to the first row without a position or a draw."""
    headings = [cell.value for cell in sheet[4]]
    index = headings.index(title)
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    end = next((number for number, row in enumerate(rows) if not isinstance(row[0], int)), len(rows))
    return [row[index] for row in rows[:end]]


@pytest.mark.reliability
def test_there_is_a_sheet_per_test_made_between_summary_and_about(workbook: Path, found: Examination) -> None:
    """In the order of the tests; each lists what the test found, in its order."""
    book = openpyxl.load_workbook(workbook, data_only=True)
    titles = [tested.test.title for tested in found.tested]
    assert book.sheetnames == [
        "Summary",
        *titles,
        "Actors",
        "Logins",
        "Gaps",
        "Standstills",
        "Benford",
        "Sample",
        "About",
    ]
    assert all(tested.count for tested in found.tested), "every test lists something here"
    for tested in found.tested:
        sheet = book[tested.test.title]
        assert column(sheet, "Position") == [finding.entry.position for finding in tested.findings]
        assert column(sheet, "Amount EUR") == [
            None if finding.entry.amount_minor is None else finding.entry.amount_minor / 100
            for finding in tested.findings
        ]
        assert column(sheet, "Recorded, Europe/Berlin") == [finding.entry.recorded_local for finding in tested.findings]


def test_a_test_that_was_not_made_has_no_sheet_and_no_count(tmp_path: Path) -> None:
    """Its line in the summary says why."""
    path = tmp_path / "audit.xlsx"
    path.write_bytes(audit_workbook(examination(40, users=False)))
    book = openpyxl.load_workbook(path, data_only=True)
    assert "Unusual logins" not in book.sheetnames
    assert "Logins" not in book.sheetnames
    rows = {row[0]: row for row in book["Summary"].iter_rows(values_only=True)}
    assert rows["Unusual logins"][1] == "–"
    assert rows["Unusual logins"][4].startswith("Not tested: SQLite knows no users")
    assert book["Benford"]["A1"].value.startswith("Not tested: ")


def test_the_summary_counts_what_the_sheets_list(workbook: Path, found: Examination) -> None:
    """Live formulas with the counts that Python found; a click on one leads to its sheet."""
    live, cached = (
        openpyxl.load_workbook(workbook)["Summary"],
        openpyxl.load_workbook(workbook, data_only=True)["Summary"],
    )
    for number, tested in enumerate(found.tested, start=5):
        assert [cached.cell(number, index).value for index in range(1, 5)] == [
            tested.test.title, tested.count, tested.imported, tested.earlier]  # fmt: skip
        assert all(str(live.cell(number, index).value).startswith("=COUNT") for index in range(2, 5))
        assert live.cell(number, 2).hyperlink.location.strip("'").startswith(tested.test.title)


def test_every_formula_is_what_another_evaluator_finds(workbook: Path, tmp_path: Path) -> None:
    """Counts, days, shares, expected digits, the conformity."""
    cached, live = cached_formulas(workbook), recalculated(workbook, tmp_path)
    assert {key[0] for key in cached} >= {"Summary", "Backdated", "Late", "Gaps", "Benford"}
    assert {key: (cached[key], live.get(key)) for key in cached if not same(cached[key], live.get(key))} == {}


@needs_libreoffice
@pytest.mark.reliability
def test_libreoffice_finds_the_same(workbook: Path, tmp_path: Path) -> None:
    """Every formula, recalculated on loading."""
    cached, live = cached_formulas(workbook), cached_formulas(libreoffice(workbook, tmp_path))
    assert {key: (cached[key], live.get(key)) for key in cached if not same(cached[key], live.get(key))} == {}


@pytest.mark.reliability
def test_counts_follow_when_an_entry_is_taken_out(workbook: Path, tmp_path: Path) -> None:
    """They are no values."""

    def clear(book: Any) -> None:
        for row in (5, 6):
            book["Backdated"].cell(row, 1).value = None

    before, after = cached_formulas(workbook), recalculated(workbook, tmp_path, clear)
    assert after["Summary", "B5"] == before["Summary", "B5"] - 2


def test_what_is_cut_is_counted_all_the_same(found: Examination, tmp_path: Path) -> None:
    """A sheet says that it holds the first ones only, and the summary counts all, as a value."""
    path = tmp_path / "audit.xlsx"
    path.write_bytes(audit_workbook(found, most=3))
    book = openpyxl.load_workbook(path)
    first = found.tested[0]
    assert book["Summary"]["B5"].value == first.count
    assert book["Backdated"]["A1"].value == f"Backdated: {first.count:,} entries, the first 3 of them here"
    assert column(book["Backdated"], "Position") == [finding.entry.position for finding in first.findings[:3]]
    assert str(book["Summary"]["B12"].value).startswith("=COUNT"), "two rare actors' entries fit"


def test_the_sample_has_room_for_the_auditor_and_nothing_else_can_be_changed(
    workbook: Path, found: Examination
) -> None:
    """Three unlocked cells a row, empty; every other cell of the workbook is locked."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Sample"]
    headings = [cell.value for cell in sheet[4]]
    assert headings[-3:] == ["Vouched by", "Evidence seen", "Conclusion"]
    assert column(sheet, "Draw") == list(range(1, 13))
    assert column(sheet, "Position") == [drawn.entry.position for drawn in found.sample]
    unlocked = [
        (each.title, cell) for each in book for row in each.iter_rows() for cell in row if not cell.protection.locked
    ]
    assert {title for title, _ in unlocked} == {"Sample"}
    assert {cell.column for _, cell in unlocked} == {len(headings) - 2, len(headings) - 1, len(headings)}
    assert len(unlocked) == 3 * len(found.sample)
    assert all(cell.value is None for _, cell in unlocked)
    assert all(each.protection.sheet for each in book)


def test_what_people_typed_stays_text(tmp_path: Path) -> None:
    """Actors and database users that look like formulas, and worse."""
    actors = tuple(HOSTILE)
    assert any(actor.startswith("=") for actor in actors)
    path = tmp_path / "audit.xlsx"
    path.write_bytes(audit_workbook(examination(4 * len(actors), actors=actors)))
    book = openpyxl.load_workbook(path)
    typed = {printable(actor) for actor in actors if len(actor) < 100} | {"=once()"}
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in typed or cell.value == "=cmd()":
                    seen.add(cell.value)
                    assert cell.data_type in ("s", "inlineStr"), (sheet.title, cell.coordinate)
                    assert cell.quotePrefix or not str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert seen >= {text for text in typed if text.startswith("=")} | {"=cmd()"}


def test_about_says_how_to_make_it_again(workbook: Path, found: Examination) -> None:
    """The command with every parameter, the seed and the time among them."""
    values = {row[0]: row[1] for row in openpyxl.load_workbook(workbook)["About"].iter_rows(values_only=True)}
    assert values["Made by"] == command_of(found) == (
        "debt --book main audit-report 2026Q1 --known-at 2026-07-01T00:00:00.000000Z --round 1000.00 --closing-days 5"
        " --hours 08:00-18:00 --rare 3 --threshold 5000.00 --margin 10 --sample 12 --sample-by entries --seed year-end"
    )  # fmt: skip
    assert (values["Threshold"], values["Head hash"], values["Last event known, position"]) == (5000, "ab" * 32, 400)


def test_the_same_examination_gives_the_same_bytes(found: Examination) -> None:
    """No clock gets in."""
    assert audit_workbook(found) == audit_workbook(examination())
