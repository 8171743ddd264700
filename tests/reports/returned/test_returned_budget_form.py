"""The budget form, read back: where its table is found, what an amount in a cell means, what cannot be read."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger.services.budget_import import key_of
from ledger.vocabulary.budget_form import BUDGET, BUDGET_EXPORTED, QUARTER, TEAM, BudgetForm
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.money import MAX_MINOR, Currency
from ledger.vocabulary.text import MAX_NAME
from reports.returned.budget_form import read_form
from tests.helpers.budget_forms import COLUMNS, edit_xml, put_raw, row, write_form
from tests.helpers.optional import needs
from tests.helpers.recalculation import libreoffice

EUR, JPY, KWD = Currency("EUR", 2), Currency("JPY", 0), Currency("KWD", 3)


def budgets(form: BudgetForm) -> list[tuple[Any, ...]]:
    """Quarter, team, entered and exported budget of every row."""
    return [
        (each.quarter, each.team, entry.entered_minor, entry.exported_minor)
        for each in form.rows
        for entry in each.entries
        if entry.what == "budget"
    ]


def problems(form: BudgetForm) -> list[tuple[str, str]]:
    """Cell and reason of everything that cannot be read, in the order of the file."""
    return [(bad.place, bad.why) for each in form.rows for bad in each.problems] + [
        (bad.place, bad.why) for bad in form.problems
    ]


# --- amounts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (None, EUR, None),
        ("  ", EUR, None),
        (0, EUR, 0),
        (-0.0, EUR, 0),
        (1200, EUR, 120000),
        (12.34, EUR, 1234),
        (0.1 + 0.2, EUR, 30),
        (100.1 - 100 - 0.1, EUR, 0),
        (sum([0.1] * 10_000), EUR, 100000),
        (1.005 * 1000, EUR, 100500),
        (9999999999999.99, EUR, MAX_MINOR),
        (123456789012.34 + 0.01, EUR, 12345678901235),
        (1500, JPY, 1500),
        (999999999999999, JPY, MAX_MINOR),
        (12.345, KWD, 12345),
    ],
)
def test_a_number_is_an_amount_in_major_units(
    tmp_path: Path, value: Any, currency: Currency, minor: int | None
) -> None:
    """The noise of doubles is no decimal; a cell of blanks is empty."""
    form = read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", value)]), currency)
    assert problems(form) == []
    assert budgets(form) == [("2026Q4", "red", minor, None)]


@pytest.mark.parametrize(
    ("inside", "kind", "minor"),
    [
        ("<v>1.5E5</v>", "n", 15000000),
        ("<f>0.1+0.2</f><v>0.30000000000000004</v>", "n", 30),
        ("<f>5*100</f><v>500</v>", "n", 50000),
        ('<f t="shared" si="0"/><v>7</v>', "n", 700),
        ('<f t="array" ref="C5">5</f><v>8</v>', "n", 800),
    ],
)
def test_a_formula_counts_by_its_saved_value(tmp_path: Path, inside: str, kind: str, minor: int) -> None:
    """And a number as some programs write it."""
    path = put_raw(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 1)]), "C5", inside, kind)
    form = read_form(path, EUR)
    assert (problems(form), budgets(form)) == ([], [("2026Q4", "red", minor, None)])


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("5000", EUR, 500000),
        (" 5000 ", EUR, 500000),
        ("12,5", EUR, 1250),
        ("12.50", EUR, 1250),
        ("0", EUR, 0),
        ("1200", JPY, 1200),
        ("1,25", KWD, 1250),
    ],
)
def test_a_text_that_can_be_one_number_only_is_read_and_said(
    tmp_path: Path, text: str, currency: Currency, minor: int
) -> None:
    form = read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", text)]), currency)
    assert (problems(form), budgets(form)) == ([], [("2026Q4", "red", minor, None)])
    assert [entry.as_text for entry in form.entries if entry.what == "budget"] == [True]


def test_a_formula_that_gives_too_many_decimals_is_named_with_its_value(tmp_path: Path) -> None:
    inside = "<f>1000/3</f><v>333.33333333333331</v>"
    path = put_raw(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 1)]), "C5", inside, "n")
    ((place, why),) = problems(read_form(path, EUR))
    assert place == "Budget!C5"
    assert why == (
        "the formula =1000/3 gives a value that cannot stand: 333.333333333333 has more decimals than EUR, which has 2:"
        " round it, with ROUND(…, 2) in a formula."
    )


@pytest.mark.parametrize(
    ("value", "currency", "words"),
    [
        ("12.000,50", EUR, "'12.000,50' is text: type a number, without separators"),
        ("1.200", EUR, "'1.200' is text"),
        ("1,500", KWD, "'1,500' is text"),
        ("1,5", JPY, "'1,5' is text"),
        ("1 200", EUR, "'1 200' is text"),
        ("-5", EUR, "'-5' is text"),
        ("1e3", EUR, "'1e3' is text"),
        ("٣", EUR, "'٣' is text"),
        ("5000 EUR", EUR, "'5000 EUR' is text"),
        ("9" * 15, EUR, "has more than 15 digits"),
        ("9" * 16, EUR, "is text"),
        ("tbd" + "x" * 99, EUR, "xxx…' is text"),
        ("'=1+1", EUR, "''=1+1' is text"),
        (True, EUR, "TRUE is no amount"),
        (date(2026, 3, 1), EUR, "2026-03-01 00:00:00 is a date or a time: type a number"),
        (datetime(2026, 3, 1, 12), EUR, "is a date"),
        (time(12), EUR, "12:00:00 is a date or a time"),
        ("#DIV/0!", EUR, "#DIV/0! is an error: mend the formula"),
        (-5, EUR, "-5 is negative: type 0 or more"),
        (-0.01, EUR, "-0.01 is negative"),
        (12.345, EUR, "12.345 has more decimals than EUR, which has 2"),
        (5000000000.005, EUR, "5000000000.005 has more decimals"),
        (100000.001, EUR, "100000.001 has more decimals"),
        (1e-7, EUR, "0.0000001 has more decimals"),
        (12.5, JPY, "12.5 has more decimals than JPY, which has 0"),
        (12.3456, KWD, "12.3456 has more decimals than KWD, which has 3"),
        (10_000_000_000_000, EUR, "10000000000000 has more than 15 digits: at most EUR 9,999,999,999,999.99"),
        (1e300, EUR, "1e+300 has more than 15 digits"),
        ("=C4*2", EUR, "the formula has no saved value: open the file in a spreadsheet program and save it"),
    ],
)
def test_what_is_no_amount_is_named_with_its_cell(tmp_path: Path, value: Any, currency: Currency, words: str) -> None:
    """And says what to type instead."""
    form = read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", value)]), currency)
    ((place, why),) = problems(form)
    assert place == "Budget!C5"
    assert words in why
    assert budgets(form) == []


@pytest.mark.parametrize(
    ("inside", "kind", "words"),
    [
        ("<f>1/0</f><v>#DIV/0!</v>", "e", "#DIV/0! is an error"),
        ("<v>#N/A</v>", "e", "#N/A is an error"),
        ('<f>""</f><v></v>', "str", "'' is text"),
        ('<f>"a"</f><v>a</v>', "str", "'a' is text"),
        ("<f>1=1</f><v>1</v>", "b", "TRUE is no amount"),
        ("<v>1E400</v>", "n", "inf has more than 15 digits"),
        (f"<v>1{'0' * 400}</v>", "n", "000… has more than 15 digits"),
    ],
)
def test_a_formula_that_gives_no_amount_is_named(tmp_path: Path, inside: str, kind: str, words: str) -> None:
    """Nothing is read as zero that is not."""
    path = put_raw(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 1)]), "C5", inside, kind)
    ((place, why),) = problems(read_form(path, EUR))
    assert (place, words in why) == ("Budget!C5", True), why


def test_a_per_cent_is_no_amount(tmp_path: Path) -> None:
    """50% typed into a cell is saved as 0.5, and shown as 50%."""
    path = write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 0.5)])
    book = load_workbook(path)
    book["Budget"]["C5"].number_format = "0%"
    book.save(path)
    ((_, why),) = problems(read_form(path, EUR))
    assert "a per cent is no amount" in why


# --- rows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quarter", "team", "place", "words"),
    [
        ("2026Q7", "red", "Budget!A5", "'2026Q7' is not a quarter: write it like 2026Q3."),
        (None, "red", "Budget!A5", "'' is not a quarter"),
        (date(2026, 10, 1), "red", "Budget!A5", "is not a quarter"),
        ("=A4", "red", "Budget!A5", "no saved value"),
        ("2026Q4", None, "Budget!B5", "no team is named"),
        ("2026Q4", "  ", "Budget!B5", "no team is named"),
        ("2026Q4", "=B4", "Budget!B5", "no saved value"),
    ],
)
def test_a_row_of_nobody_or_of_no_quarter_is_named(
    tmp_path: Path, quarter: Any, team: Any, place: str, words: str
) -> None:
    """Whatever else it says; an amount that cannot be read is told as well."""
    form = read_form(write_form(tmp_path / "f.xlsx", [row(quarter, team, "much")]), EUR)
    (first, second) = problems(form)
    assert first[0] == place
    assert words in first[1]
    assert second[0] == "Budget!C5"


def test_names_are_read_as_they_are_kept(tmp_path: Path) -> None:
    """Without the blanks around them; a quarter in small letters is one, a number may be a team's name."""
    rows = [row(" 2026q4 ", " red\u00a0", 1, note=" ok "), row("2026-Q4", 42, 2, note=7.0), row("2026Q4", 1.0, 3)]
    form = read_form(write_form(tmp_path / "f.xlsx", rows), EUR)
    assert problems(form) == []
    assert [(each.quarter, each.team, each.note) for each in form.rows] == [
        ("2026Q4", "red", "ok"),
        ("2026Q4", "42", "7"),
        ("2026Q4", "1", None),
    ]


def test_empty_rows_are_left_out(tmp_path: Path) -> None:
    """But not one of which only the exported copy is left."""
    rows = [row("2026Q4", "red", 1), {}, {QUARTER: " "}, {BUDGET_EXPORTED: 5}]
    form = read_form(write_form(tmp_path / "f.xlsx", rows), EUR)
    assert len(form.rows) == 2
    assert [place for place, _ in problems(form)] == ["Budget!A8", "Budget!B8"]


@pytest.mark.parametrize("copy", ["old", True, -1, 1.234])
def test_an_exported_copy_that_is_no_amount_was_edited(tmp_path: Path, copy: Any) -> None:
    """Nobody is asked to type there."""
    ((place, why),) = problems(read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 1, copy)]), EUR))
    assert place == "Budget!G5"
    assert f"'{copy}' is no copy of an amount as it was exported: the cell was edited. `debt report QUARTER`" in why


def test_a_row_below_the_table_is_not_lost_without_a_word(tmp_path: Path) -> None:
    """It was meant to be read; a total, a remark and a row without amounts were not."""
    below = [row("Total", "", 5), row("2026Q4", None, 6), row("2026Q4", "blue"), row("2027Q1", "red", 7)]
    form = read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 5)], below=below), EUR)
    ((place, why),) = problems(form)
    assert place == "Budget!A9"
    assert "stands below the table tblBudget, where it is not read" in why


# --- the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "layout",
    [
        {"columns": tuple(reversed(COLUMNS))},
        {"columns": ("Cost centre", *COLUMNS, "Rows"), "left": 4},
        {"columns": tuple(f" {name.upper()} " for name in COLUMNS)},
        {"sheet": "Finance's plan"},
        {"table": "TBLBUDGET"},
        {"totals": True},
    ],
    ids=["another order", "elsewhere, with more columns", "capitals and blanks", "another sheet", "name", "totals"],
)
def test_the_table_is_found_by_its_name_and_its_columns_by_their_header(tmp_path: Path, layout: dict[str, Any]) -> None:
    """Wherever they were moved; a row of totals is none of its rows."""
    rows = [row("2026Q4", "red", 5, 4), row("2027Q1", "blue", 7), *([row("Total", "", 12)] * ("totals" in layout))]
    form = read_form(write_form(tmp_path / "f.xlsx", rows, **layout), EUR)
    assert problems(form) == []
    assert budgets(form) == [("2026Q4", "red", 500, 400), ("2027Q1", "blue", 700, None)]


def test_a_cell_is_named_with_its_sheet_in_quotes_where_it_needs_them(tmp_path: Path) -> None:
    """As a formula would name it; the key of its request stays within the limit of keys."""
    path = write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 5)], sheet="It's the plan of next year ..", left=190)
    form = read_form(path, EUR)
    entry = next(form.entries)
    assert entry.place == "'It''s the plan of next year ..'!GJ5"
    assert len(key_of(form, entry)) - len("GJ5") + len("XFD1048576") <= MAX_NAME


@pytest.mark.parametrize(
    ("about", "origin"),
    [
        ((), None),
        ((("Book", "main"), ("Events", 9)), ("main", None, None)),
        ((("Hash of that event", "ab"), ("Position of the last event known", 7.0)), (None, 7, "ab")),
        ((("Book", "main"), ("Book", "second"), ("Position of the last event known", "seven")), ("main", None, None)),
    ],
)
def test_where_it_is_from_is_read_as_far_as_it_says(tmp_path: Path, about: Any, origin: Any) -> None:
    """The first of two labels counts: the glossary below might hold the same word."""
    found = read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 5)], about=about), EUR).origin
    assert (found and (found.book, found.position, found.head_hash)) == origin


def test_what_a_file_says_of_the_size_of_its_sheets_is_not_believed(tmp_path: Path) -> None:
    """Some programs leave an older size there."""
    rows = [row("2026Q4", "red", 5), row("2027Q1", "red", 6)]
    path = write_form(tmp_path / "f.xlsx", rows, about=(("Legend", "black"), ("Book", "main")))
    for sheet in (2, 3):
        edit_xml(path, sheet, '<dimension ref="[A-Z0-9:]+"', '<dimension ref="A1:B1"')
    form = read_form(path, EUR)
    assert len(form.rows) == 2
    assert form.origin is not None
    assert form.origin.book == "main"


@pytest.mark.reliability
@needs("soffice")
def test_a_form_saved_again_by_libreoffice_says_the_same(tmp_path: Path) -> None:
    """Table, formulas with their values, sheet About."""
    about = (("Book", "main"), ("Position of the last event known", 17), ("Hash of that event", "ab" * 32))
    rows = [row("2026Q4", "red", "=0.1+0.2", 5), row("2027Q1", "red", 1234.56, forecast='=""', note="minutes, p. 3")]
    (tmp_path / "lo").mkdir()
    saved = libreoffice(write_form(tmp_path / "f.xlsx", rows, about=about), tmp_path / "lo")
    form = read_form(saved, EUR)
    assert budgets(form) == [("2026Q4", "red", 30, 500), ("2027Q1", "red", 123456, None)]
    assert form.rows[1].note == "minutes, p. 3"
    assert problems(form) == [
        ("Budget!E6", "'' is text: type a number, without separators of thousands or a currency.")
    ]
    assert form.origin is not None
    assert (form.origin.book, form.origin.position, form.origin.head_hash) == ("main", 17, "ab" * 32)


def test_a_formula_loses_its_value_when_openpyxl_saves_the_file(tmp_path: Path) -> None:
    """Which matters in a cell for an entry, and nowhere else."""
    path = write_form(
        tmp_path / "f.xlsx", [row("2026Q4", "red", 5) | {"Spent so far": "=1+1"}, row("2027Q1", "red", 6)]
    )
    put_raw(path, "C6", "<f>3+3</f><v>6</v>")
    assert problems(read_form(path, EUR)) == []
    load_workbook(path).save(path)
    ((place, why),) = problems(read_form(path, EUR))
    assert (place, "no saved value" in why) == ("Budget!C6", True)


def broken(path: Path, name: str) -> Path:
    """A file that is no form, one way or another."""
    write_form(path, [row("2026Q4", "red", 5)])
    if name == "text":
        path.write_text("quarter;team;budget\n")
    elif name == "half of it":
        path.write_bytes(path.read_bytes()[:2000])
    elif name == "empty":
        path.write_bytes(b"")
    elif name == "another zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("content.xml", "<office/>")
    elif name == "a protected one":
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))
    elif name == "bad xml":
        put_raw(path, "C5", "<v>1</w>")
    elif name == "a folder":
        path.unlink()
        path.mkdir()
    else:
        path.unlink()
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text", "it is not a file of type .xlsx. Save it as .xlsx without a password"),
        ("half of it", "it is not a file of type .xlsx"),
        ("empty", "f.xlsx is empty"),
        ("another zip", "is no workbook of type .xlsx. Save it as .xlsx without a password"),
        ("a protected one", "is an old .xls workbook. Save it as .xlsx without a password"),
        ("bad xml", "is damaged and cannot be read"),
    ],
)
def test_what_is_no_workbook_is_named(tmp_path: Path, name: str, words: str) -> None:
    """With what to save it as."""
    path = broken(tmp_path / "f.xlsx", name)
    with pytest.raises(Unreadable) as told:
        read_form(path, EUR)
    assert path.name in str(told.value)
    assert words in str(told.value)


@pytest.mark.parametrize(("name", "words"), [("a folder", "is a folder and no file"), ("nothing", "cannot be read: ")])
def test_what_is_no_file_is_named(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read_form(broken(tmp_path / "f.xlsx", name), EUR)


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        ({"table": "tblItems"}, "holds no table tblBudget: is this the workbook of `debt report`?"),
        (
            {"columns": (QUARTER, TEAM, BUDGET)},
            "as exported; its header in Budget!A4 says Quarter, Team, Budget. `debt report QUARTER` writes the form anew.",
        ),
        ({"columns": COLUMNS[:-1]}, "lacks the column Forecast as exported;"),
        ({"columns": (*COLUMNS, "budget")}, "has the column Budget twice"),
    ],
)
def test_a_workbook_without_the_form_is_named(tmp_path: Path, layout: dict[str, Any], words: str) -> None:
    """The table, or the column, that is missing."""
    with pytest.raises(Unreadable) as told:
        read_form(write_form(tmp_path / "f.xlsx", [row("2026Q4", "red", 5)], **layout), EUR)
    assert words in str(told.value)
