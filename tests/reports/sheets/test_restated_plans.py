"""What an issue said of plans, spending and last quarter: explained by team to the cent, and marked where it has changed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from ledger.views.quarter import QuarterView
from reports.charts import debt_and_neglect, interest_incurred, restatement, waterfall
from reports.pack.pack import check_lines, described
from reports.sheet import Block, Formula, Row, Sheet
from tests.helpers.quarter_books import CASES, typical
from tests.helpers.restated_books import first_issue, leg, replanned, since_issue, since_previous_issue

VIEW = typical().view()


def sheet(view: QuarterView, title: str) -> Sheet:
    return next(each for each in described(view) if each.title == title)


def block(view: QuarterView, key: str) -> Block:
    return next(each for each in sheet(view, "Restatements").blocks if each.key == key)


def value(row: Row, column: str) -> object:
    content = row.cells[column]
    return content.cached if isinstance(content, Formula) else content


def only_plans(view: QuarterView) -> QuarterView:
    """The quarter was issued, and since then only a budget has been set anew."""
    return replace(view, restatements=(since_issue(view, plans=[replanned(1116, "red", "budget", 10_000_00)]),))


def test_a_budget_that_is_changed_after_the_issue_is_not_silent() -> None:
    """In the headline, in the chart, and with who did it."""
    view = only_plans(VIEW)
    assert sheet(view, "Restatements").headline.endswith("; 1 budget or forecast set since")
    assert restatement.draw(view).title == "2026Q3's closing stands; 1 budget or forecast set since"
    (change,) = block(view, "restated.plans.changes").rows
    assert [value(change, column) for column in ("team", "figure", "change", "actor")] == [
        "red", "budget", 10_000_00, "B. Clerk",
    ]  # fmt: skip
    row = next(row for row in block(view, "restated.plans").rows if row.key == "red budget")
    assert [value(row, column) for column in ("issued", "later", "now", "unexplained")] == [
        60_000_00, 10_000_00, 70_000_00, 0,
    ]  # fmt: skip


def test_plans_and_spending_of_every_team_are_explained_to_the_cent() -> None:
    lines = [line for line in check_lines(CASES["restated"]) if line.name.startswith("Plans and spending of")]
    assert [line.ok for line in lines] == [True, True]
    rows = block(CASES["restated"], "restated.plans").rows
    assert {value(row, "figure") for row in rows} == {"budget", "forecast", "spent"}
    assert {value(row, "unexplained") for row in rows} == {0}


@pytest.mark.parametrize("figure", ["budget", "forecast", "removed_spent"])
def test_a_cent_that_no_event_explains_fails_the_check(figure: str) -> None:
    history = list(VIEW.history)
    place = next(n for n, row in enumerate(history) if (row.quarter, row.measure) == ("2026Q3", figure) and row.amount)
    history[place] = replace(history[place], amount=history[place].amount + 1)
    issued = only_plans(VIEW).restatements
    changed = replace(VIEW, history=tuple(history), restatements=issued)
    assert [line.ok for line in check_lines(changed) if line.name.startswith("Plans and spending of")] == [False]


def test_last_quarter_is_marked_where_it_is_another_than_was_issued() -> None:
    """The issued figure stands beside it, and the titles that rest on it say so."""
    view = first_issue(VIEW, leg(1001, "commissioned", 50_000_00, spent=400_00))
    rows = {row.key: row for row in sheet(view, "Summary").blocks[1].rows}
    before, issued = (value(rows["delta"], column) for column in ("before", "issued"))
    assert (before, issued, value(rows["delta"], "restated")) == (320_251_00, 270_251_00, "restated")
    assert value(rows["spent"], "restated") == "restated"
    assert value(rows["neglect"], "restated") == "as issued"
    assert "2026Q2 restated: delta EUR 320,251, issued as EUR 270,251" in sheet(view, "Summary").headline
    assert debt_and_neglect.draw(view).title.endswith("(restated)")
    assert "opening restated" in {
        part for text in waterfall.draw(view).figure.texts for part in text.get_text().split(" · ")
    }
    assert sheet(view, "Budget vs actual").notes[0].startswith("2026Q2 restated: spent EUR ")
    assert sheet(view, "Roll-forward").notes[0].startswith("2026Q2 restated: closing EUR ")


def test_interest_of_last_quarter_that_was_restated_is_marked_in_its_title() -> None:
    issued = since_previous_issue(VIEW)
    figures = tuple(
        replace(each, amount=each.amount * 2) if each.measure == "interest" else each for each in issued.figures
    )
    view = replace(VIEW, restatements=(replace(issued, figures=figures),))
    assert interest_incurred.draw(view).title.endswith("; 2026Q2 restated")
    assert "; 2026Q2 restated: interest EUR 8,006, issued as EUR 16,013" in sheet(view, "Interest").headline
    rows = {row.key: row for row in sheet(view, "Summary").blocks[1].rows}
    assert value(rows["interest"], "issued") == 2 * int(str(value(rows["interest"], "before")))


def test_a_quarter_that_was_not_issued_has_nothing_beside_it() -> None:
    rows = sheet(VIEW, "Summary").blocks[1].rows
    assert {column for row in rows for column in row.cells if column in ("issued", "restated")} == set()


def test_shares_are_not_marked() -> None:
    view = first_issue(VIEW, leg(1001, "commissioned", 50_000_00))
    (row,) = [row for row in sheet(view, "Summary").blocks[1].rows if row.key == "share"]
    assert isinstance(value(row, "before"), Fraction)
    assert "restated" not in row.cells
