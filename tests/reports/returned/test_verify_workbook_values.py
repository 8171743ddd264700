"""What a cell that came back may hold instead of what it held, and which formulas follow what was filled in."""

from __future__ import annotations

from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

import pytest

from reports.returned.cells import Found
from reports.returned.entries import fed_by_entries
from reports.returned.values import (
    canonical_expected,
    canonical_found,
    computed_alike,
    excerpts,
    told_expected,
    told_found,
)
from reports.sheet import Block, CellOf, Column, Formula, Kind, Row, RowsOf, Sheet, Span

#: What the ledger holds, and how it came back from a program.
ALIKE: list[tuple[Kind, Any, Found | None]] = [
    (Kind.TEXT, "_x0041_", Found("A", "s")),
    (Kind.TEXT, "_x000D_", Found("\n", "s")),
    (Kind.TEXT, "_x005F_x0041_", Found("_x0041_", "s")),
    (Kind.TEXT, "bell _x0007_", Found("bell ", "s")),
    (Kind.TEXT, "bell \x07", Found("bell \ufffd", "s")),
    (Kind.TEXT, "two\r\nlines", Found("two\nlines", "s")),
    (Kind.TEXT, "two\rlines", Found("two\nlines", "s")),
    (Kind.TEXT, "a\ttab", Found("atab", "s")),
    (Kind.TEXT, "#N/A", Found("#N/A", "s")),
    (Kind.TEXT, "", None),
    (Kind.TEXT, None, None),
    (Kind.EXACT, 3_100_000, Found(31000, "n")),
    (Kind.EXACT, 3_100_001, Found(31000.010000000002, "n")),
    (Kind.EXACT, 0, Found(-0.0, "n")),
    (Kind.EXACT, 123_456_789_012_345, Found(1234567890123.45, "n")),
    (Kind.COUNT, 54, Found(datetime(1900, 2, 23), "d")),  # somebody made a date of it
    (Kind.NUMBER, Fraction(1, 200), Found(0.005, "n")),
    (Kind.DATE, date(2026, 9, 30), Found(datetime(2026, 9, 30), "d")),
    (Kind.DATE, date(2026, 9, 30), Found(46295, "n")),  # somebody made a number of it
    (Kind.STAMP, datetime(2026, 9, 1, 8, 30, 15), Found(datetime(2026, 9, 1, 8, 30, 15, 400), "d")),
    (Kind.STAMP, datetime(2026, 9, 1, 8, 30, 15), Found(46266.3543402778, "n")),
]

NOT_ALIKE: list[tuple[Kind, Any, Found | None]] = [
    (Kind.TEXT, "a", Found("a ", "s")),
    (Kind.TEXT, "a", Found("A", "s")),
    (Kind.TEXT, "1", Found(1, "n")),
    (Kind.TEXT, "TRUE", Found(True, "b")),
    (Kind.TEXT, "#N/A", Found("#N/A", "e")),
    (Kind.TEXT, None, Found(" ", "s")),
    (Kind.TEXT, "a", None),
    (Kind.TEXT, "_x00zz_", Found("z", "s")),
    (Kind.EXACT, 3_100_000, Found("31000", "s")),
    (Kind.EXACT, 3_100_000, Found(31000.004, "n")),
    (Kind.EXACT, 3_100_000, Found(-31000, "n")),
    (Kind.EXACT, 100, Found(True, "b")),
    (Kind.EXACT, 0, None),
    (Kind.EXACT, 3_100_000, Found(float("inf"), "n")),
    (Kind.EXACT, 3_100_000, Found(float("nan"), "n")),
    (Kind.EXACT, 3_100_000, Found(10**400, "n")),
    (Kind.EXACT, 123_456_789_012_345, Found(1234567890123.46, "n")),
    (Kind.DATE, date(2026, 9, 30), Found("2026-09-30", "s")),
    (Kind.DATE, date(2026, 9, 30), Found(datetime(2026, 9, 30, 0, 0, 1), "d")),
    (Kind.DATE, date(2026, 9, 30), Found(time(12), "d")),
    (Kind.STAMP, datetime(2026, 9, 1, 8, 30, 15), Found(datetime(2026, 9, 1, 8, 30, 16), "d")),
    (Kind.STAMP, datetime(2026, 9, 1, 8, 30, 15), Found(datetime(2026, 9, 1), "d")),
]


@pytest.mark.parametrize(("kind", "ledger", "found"), ALIKE)
def test_programs_may_spell_it_so(kind: Kind, ledger: Any, found: Found | None) -> None:
    assert canonical_expected(ledger, kind, 2) == canonical_found(found, kind)


@pytest.mark.parametrize(("kind", "ledger", "found"), NOT_ALIKE)
def test_this_is_something_else_and_reads_so(kind: Kind, ledger: Any, found: Found | None) -> None:
    assert canonical_expected(ledger, kind, 2) != canonical_found(found, kind)
    expected = told_expected(ledger, kind, 2)
    told = told_found(found, kind, 2, expected)
    assert expected != told
    assert "\n" not in "".join(excerpts(expected, told))


@pytest.mark.parametrize(
    ("kind", "computed", "found", "alike"),
    [
        (Kind.AMOUNT, 3_100_001, Found(31000.010000001, "n"), True),
        (Kind.AMOUNT, 3_100_001, Found(31000.02, "n"), False),
        (Kind.AMOUNT, 3_100_001, Found("31000.01", "s"), False),
        (Kind.AMOUNT, 100, Found(True, "b"), False),
        (Kind.AMOUNT, 100, Found("#REF!", "e"), False),
        (Kind.SHARE, Fraction(1, 3), Found(0.333333333333333, "n"), True),
        (Kind.SHARE, Fraction(1, 3), Found(0.3333, "n"), False),
        (Kind.SHARE, "n/a", Found("n/a", "s"), True),
        (Kind.SHARE, "n/a", Found(0, "n"), False),
        (Kind.CODE, "#N/A", Found("#N/A", "e"), True),
        (Kind.CODE, "#N/A", Found("#REF!", "e"), False),
        (Kind.RESULT, "ERROR", Found("OK", "s"), False),
        (Kind.COUNT, 54, Found(datetime(1900, 2, 23), "d"), True),
        (Kind.COUNT, 54, Found(55, "n"), False),
    ],
)
def test_a_formula_gives_what_python_computed_but_for_the_noise_of_doubles(
    kind: Kind, computed: Any, found: Found, alike: bool
) -> None:
    assert computed_alike(computed, found, kind, 2, noise=1e-6) is alike


def test_long_texts_are_told_where_they_begin_to_differ() -> None:
    expected, found = excerpts("a" * 1000 + "right" + "b" * 1000, "a" * 1000 + "wrong" + "b" * 1000)
    assert "aaaright" in expected
    assert "aaawrong" in found
    assert len(expected) == len(found) < 150


def test_formulas_that_read_an_entry_follow_it_and_so_do_those_that_read_them() -> None:
    columns = (Column("team", "Team", Kind.TEXT), Column("budget", "Budget", Kind.EXACT, entry=True))
    form = Block("form", columns, (Row("red", {"team": "red"}),), table="tblForm")
    figures = (Column("name", "Name", Kind.LABEL), Column("one", "One", Kind.EXACT), Column("two", "Two", Kind.EXACT))
    rows = {
        "sum": ({}, "SUM({form.budget})"),
        "cell": ({"it": CellOf("form", "red", "budget")}, "{it}"),
        "span": ({"it": Span("form", "red", "red", "budget")}, "SUM({it})"),
        "own": ({}, "{two}"),
        "name": ({}, "total+0"),
        "label": ({}, '"total"&{name}'),
        "other": ({"it": RowsOf("form", "team")}, "COUNTA({it})"),
        "over all": ({}, "SUM({form.team})+SUM({last.two})"),
    }
    cells = {
        key: {"one": Formula(text, 0, refs), "two": Formula("SUM({form.budget})", 0) if key == "own" else 0}
        for key, (refs, text) in rows.items()
    }
    own = Block("figures", figures, tuple(Row(key, each) for key, each in cells.items()))
    last = Block("last", figures, (Row("range", {"one": 0, "two": Formula("SUM({figures.one})", 0)}),))
    sheet = Sheet("Form", "", "", (form, own, last), names={"total": CellOf("figures", "sum", "one")})
    fed = {(block, row) for block, row, _ in fed_by_entries([sheet])}
    assert fed == {
        *(("figures", row) for row in ("sum", "cell", "span", "own", "name", "over all")),
        ("last", "range"),
    }
    assert fed_by_entries([Sheet("Form", "", "", (own, last))]) == frozenset()
