"""Scenarios: every mark in a pack is one that About explains, and the words without it are those of other releases."""

from __future__ import annotations

import re

import pytest

from reports.charts.render import look
from reports.content import Content
from reports.registry import CHARTS, SHEETS
from reports.releases import todays_words
from reports.scenarios import MEANINGS, marked, off, unmarked
from reports.sheets import about
from tests.helpers.drawn_texts import visible_texts
from tests.helpers.quarter_books import CASES

#: By sheet the headings that have a mark, and which.
HEADINGS = {
    "Management summary": {"Last quarter": "PP", "Change": "ΔPP"},
    "Summary": {
        "This quarter 2026Q3": "AC",
        "Last quarter 2026Q2": "PP",
        "Change": "ΔPP",
        "Change in %": "ΔPP%",
        "Year before 2025Q3": "PY",
    },
    "Budget vs actual": {
        "Original budget": "BU",
        "Budget": "PL",
        "Actual spent": "AC",
        "Difference": "ΔPL",
        "Difference in % of budget": "ΔPL%",
        "Forecast": "FC",
        "Difference from forecast": "ΔFC",
    },
}


def test_headings_have_the_mark_of_their_scenario_and_no_others_have_one() -> None:
    found = {}
    for sheet in (entry.build(Content(CASES["typical"])) for entry in SHEETS):
        marks = {column.title: column.mark for block in sheet.blocks for column in block.columns if column.mark}
        assert not any(column.mark for block in sheet.blocks if block.table for column in block.columns)
        if marks:
            found[sheet.title] = marks
    assert found == HEADINGS


@pytest.mark.parametrize("mark", [*MEANINGS, *map(off, MEANINGS), *(f"{off(each)}%" for each in MEANINGS)])
def test_a_mark_comes_off_again(mark: str) -> None:
    assert unmarked(marked("Budget", mark)) == todays_words(marked("Budget", mark)) == "Budget"


@pytest.mark.parametrize(
    "words", ["Budget", "Head (AC) of it", "Known at (UTC)", "Budget (PLAN)", "Budget (ΔXX)", "(PL)"]
)
def test_what_is_no_mark_stays(words: str) -> None:
    assert unmarked(words) == words == marked(words, "")


def test_about_explains_every_mark() -> None:
    sheet = about.build(Content(CASES["typical"]))
    (legend,) = (block for block in sheet.blocks if block.key == "scenarios")
    assert {row.cells["name"] for row in legend.rows} >= set(MEANINGS)
    marks = {mark for marks in HEADINGS.values() for mark in marks.values()}
    assert {re.sub("[Δ%]", "", mark) for mark in marks} <= set(MEANINGS)


def test_the_chart_of_the_budget_names_its_scenarios_and_the_original_budget_where_it_is_another() -> None:
    entry = next(each for each in CHARTS if each.name == "4-budget")
    with look():
        said = {text.get_text() for text in visible_texts(entry.draw(CASES["typical"]).figure)}
    assert {"PL budget", "AC actual", "FC forecast"} <= said


def test_a_year_ago_is_lighter_than_today() -> None:
    entry = next(each for each in CHARTS if each.name == "8-interest-incurred")
    with look():
        (axes,) = entry.draw(CASES["typical"]).figure.axes
    light = [sum(bar.get_facecolor()[:3]) for bar in axes.patches]
    assert len(light) == 8
    assert max(light[4:]) < min(light[:4])
