"""The comparison itself: whatever figure is changed is noticed, what nobody computes twice is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.three_ways.comparison import Lines, Part, differences
from tests.three_ways.expected import expected
from tests.three_ways.expected.headlines import expected_in_words, figures_in_words, without_names
from tests.three_ways.ledgers import random_ledger
from tests.three_ways.play import Played, played_by_the_model
from tests.three_ways.workbook import Cell, Line, Sheet, read

#: Headings and, where every line is a figure of its own, lines that are zero in every pack that ties.
ALWAYS_ZERO = {
    ("Roll-forward", "Difference", ""),
    ("Roll-forward", "Transferred", ""),  # teams pass systems on; between systems nothing moves
    ("Ageing", "Difference", ""),
    ("Postings", "Orphan", ""),
    ("Items", "Incurred otherwise", ""),
    *(("Restatements", heading, "transferred") for heading in ("As issued", "Later events", "Now")),
}
LEDGERS = 6
#: What none of them happens to show; the tests of the sheets do, in tests/reports/sheets.
NOT_SHOWN = {
    ("Summary", "Year before Q", "Of which for earlier quarters"),
    ("Summary", "Year before Q", "Revised"),
    ("Restatements", "Later events", "written-off"),
}
#: What heads the words that say which figure a line is, where every line is one of its own.
FIGURE_OF_A_LINE = ("Measure", "Figure")
OPPOSITES = {"rose": "fell", "fell": "rose", "above": "below", "below": "above"}


@pytest.mark.reliability
def test_whatever_figure_of_a_pack_is_changed_is_noticed(restated: Played) -> None:
    """Column by column, so that no change hides behind another."""
    workbook, wanted = read(restated.workbook), expected(restated)
    assert differences(workbook, wanted) == []
    noticed = 0
    for name, sheet in workbook.items():
        for heading in {heading for line in sheet.lines for heading in line.cells}:
            lines = [_with_another(heading, line) for line in sheet.lines]
            addresses = {new.cells[heading].address for new, old in zip(lines, sheet.lines, strict=True) if new != old}
            words = " ".join(differences({name: replace(sheet, lines=lines)}, {name: wanted[name]}))
            assert addresses <= set(re.findall(r"\b[A-Z]+\d+\b", words)), (name, heading)
            noticed += len(addresses)
    assert noticed > 1000


def _with_another(heading: str, line: Line) -> Line:
    """The line with a cent more, a day later or another word under the heading."""
    cell = line.cells.get(heading)
    if cell is None or not cell.is_figure:
        return line
    value: Any = cell.value
    if isinstance(value, date):
        value += timedelta(days=1)
    else:
        value = value + 0.01 if isinstance(value, int | float) else f"{value}?"
    return replace(line, cells={**line.cells, heading: replace(cell, value=value)})


@pytest.mark.reliability
def test_whatever_figure_in_the_words_of_a_sheet_is_changed_is_noticed(restated: Played) -> None:
    workbook, wanted = read(restated.workbook), expected_in_words(restated)
    assert figures_in_words(workbook) == wanted
    said = [(name, figure) for name in workbook for figure in wanted[name]]
    assert len(said) > 10
    for name, figure in said:
        another = OPPOSITES.get(figure) or re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), figure, count=1)
        headline = without_names(workbook[name].headline).replace(figure, another, 1)
        altered = {**workbook, name: replace(workbook[name], words=[headline, *workbook[name].words[1:]])}
        assert figures_in_words(altered)[name] != wanted[name], (name, figure)


@pytest.mark.reliability
def test_a_few_ledgers_show_every_figure_as_something_other_than_zero() -> None:
    """What is zero in every ledger is compared with nothing."""
    shown: dict[tuple[str, str, str], bool] = {}
    for seed in range(LEDGERS):
        for played in played_by_the_model(random_ledger(seed)):
            for figure, value in _figures(played):
                shown[figure] = shown.get(figure, False) or value != 0
    zero = {figure for figure, seen in shown.items() if not seen}
    assert zero == ALWAYS_ZERO | NOT_SHOWN | {figure for figure in zero if figure[1] == "Unexplained"}
    assert len(shown) > 100


def _figures(played: Played) -> Iterator[tuple[tuple[str, str, str], Fraction | int]]:
    """What each sheet but Checks shows, by sheet, heading and line; quarters are all one."""
    for sheet, parts in expected(played).items():
        for part in parts if sheet != "Checks" else ():
            for name, row in part.lines.items():
                named = dict(zip(part.named_by, name, strict=True))
                line = next((named[heading] for heading in FIGURE_OF_A_LINE if heading in named), "")
                for heading, value in row.items():
                    if isinstance(value, Fraction | int):
                        yield (sheet, re.sub(r"\d{4}Q\d", "Q", heading), line), value


# ---------------------------------------------------------------------- what nobody computes twice

LINE = Line("", 5, {"System": Cell("A5", "FRAUD", live=False), "Closing": Cell("B5", 12, live=True)})
KNOWN: Lines = {("FRAUD",): {"Closing": Fraction(12)}}


def found(line: Line, **part: Any) -> list[str]:
    """What differs between a sheet of one line and a part."""
    return differences({"S": Sheet(["S"], [line])}, {"S": [Part(**{"named_by": ("System",), "lines": KNOWN, **part})]})


@pytest.mark.parametrize("value", [7, 7.5, date(2026, 3, 31)])
def test_a_new_column_is_named(value: Any) -> None:
    """Whatever it holds, unless it is words."""
    line = replace(LINE, cells={**LINE.cells, "Novel": Cell("C5", value, live=False)})
    assert found(LINE) == []
    assert found(line) == [f"S C5 (Novel): {value!r}, no second computation"]
    assert found(replace(line, cells={**LINE.cells, "Novel": Cell("C5", "words", live=False)})) == []


def test_a_new_formula_is_named_even_if_it_gives_words() -> None:
    line = replace(LINE, cells={**LINE.cells, "Novel": Cell("C5", "words", live=True)})
    assert found(line) == ["S C5 (Novel): 'words', no second computation"]


def test_a_new_line_is_named() -> None:
    assert found(LINE, lines={}) == ["S B5 (Closing): 12, the model has no line ('FRAUD',)"]


def test_a_new_sheet_is_named() -> None:
    assert differences({"S": Sheet(["S"], [LINE])}, {}) == ["S B5 (Closing): 12, no second computation"]


def test_a_line_a_column_and_a_sheet_that_are_missing_are_named() -> None:
    two: Lines = {**KNOWN, ("RANK",): {"Closing": Fraction(0)}}
    assert found(LINE, lines=two) == ["S has no line ('RANK',) under None, which the model has"]
    assert found(LINE, lines={("FRAUD",): {"Opening": Fraction(1)}})[0] == "S row 5 has no column 'Opening'"
    assert differences({}, {"S": []}) == ["S: the workbook has no such sheet"]


def test_a_line_that_stands_twice_is_named() -> None:
    sheet = Sheet(["S"], [LINE, replace(LINE, number=6)])
    assert differences({"S": sheet}, {"S": [Part(("System",), KNOWN)]}) == ["S row 6: ('FRAUD',) stands there twice"]


def test_a_line_that_may_be_left_out_holds_what_it_says() -> None:
    """It may be missing on either side, if its figures are those of an absent line."""
    absent = {"Closing": 0}
    assert found(LINE, lines={}, absent=absent) == ["S B5 (Closing): 12, the model has 0"]
    assert found(LINE, lines={**KNOWN, ("RANK",): {"Closing": Fraction(0)}}, absent=absent) == []
    rank = {**KNOWN, ("RANK",): {"Closing": Fraction(3)}}
    assert found(LINE, lines=rank, absent=absent) == ["S has no line ('RANK',); the model has 3 for its 'Closing'"]
