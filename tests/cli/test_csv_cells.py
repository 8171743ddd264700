"""Cells of CSV that a spreadsheet would take for a formula stay text, whatever they begin with."""

from __future__ import annotations

import pytest

from ledger.cli.kit.output import print_csv
from tests.helpers.teller import Teller

#: What a cell begins with that Excel or LibreOffice evaluates.
STARTS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("start", STARTS, ids=ascii)
def test_a_cell_that_begins_like_a_formula_is_quoted(start: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_csv([{"title": f"{start}SUM(A1)"}], ["title"])
    assert capsys.readouterr().out == f"title\n'{start}SUM(A1)\n"


@pytest.mark.parametrize("text", ["SUM(A1)", "a=b", "x@y", "-5", "-5.25", "12", ""])
def test_other_cells_are_left_as_they_are(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An amount below zero is no formula."""
    print_csv([{"title": text, "amount": None}], ["title", "amount"])
    assert capsys.readouterr().out.splitlines() == ["title,amount", f"{text},"]


def test_titles_that_begin_like_formulas_are_quoted_in_the_register(teller: Teller) -> None:
    titles = [f"{start}SUM(A1)" for start in STARTS if start.isprintable()]
    for title in titles:
        teller.do(f"observe FRAUD --category glue-code --cause untracked -- '{title}'")
    assert [row["title"] for row in teller.do("list --format csv").csv] == [f"'{title}" for title in titles]
