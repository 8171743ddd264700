"""What a headline says stands in the table below it: properties of random packs, issued before and restated since.

Its direction, its cause, its variance, what is apart, and that a comparative which was issued otherwise is marked, with what
was issued beside it, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.views.quarter import SPENT_EARLIER, HistoryView, QuarterView
from ledger.views.restatements import IssuedFigureView, IssuedQuarterView, IssueView
from ledger.views.rollforward import MOVEMENTS
from ledger.vocabulary.kinds import NATURES
from reports.causes import WORDS
from reports.charts import budget as budget_chart
from reports.charts import debt_and_neglect, dimensions, interest_incurred, waterfall
from reports.content import recorded
from reports.pack.pack import described
from reports.restated import figure_issued, issue_of, variance_issued
from reports.sheet import Formula, Row, Sheet
from tests.helpers.quarter_books import Books
from tests.helpers.quarter_plans import budget_views, unbudgeted_figures
from tests.helpers.restated_books import since_previous_issue

pytestmark = pytest.mark.reliability

AMOUNTS = st.integers(0, 9_999_99)
SHIFTS = st.one_of(st.just(0), st.integers(-5_000_00, 5_000_00))
PROPERTY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: Of the Summary's rows, what an issue knows them by.
MEASURES = {
    "interest": "interest", "per_year": "interest_per_year", "repaid": "repaid", "written_off": "written_off",
    "revised": "revised", "spent": "removed_spent", "earlier": SPENT_EARLIER, "budget": "budget",
}  # fmt: skip
YEAR_AGO, LAST = "2025Q3", "2026Q2"


@st.composite
def packs(draw: st.DrawFn) -> QuarterView:
    """Eight quarters, random movements and plans, corrections of earlier quarters, and issues that said something else."""
    books = Books(earlier=[(draw(AMOUNTS), draw(AMOUNTS)) for _ in range(7)])
    for nature, opening in zip(("debt", "neglect"), books.earlier[-1], strict=True):
        gone = draw(st.integers(0, opening))
        repaid = draw(st.integers(0, gone))
        moves = (
            ("repaid", -repaid, draw(AMOUNTS)),
            ("written-off", repaid - gone, 0),
            ("revised", draw(AMOUNTS), 0),
            ("commissioned" if nature == "debt" else "observed", draw(AMOUNTS), 0),
        )
        books.item(nature=nature, opening=opening, moves=moves, per_year=draw(AMOUNTS), team=f"team of {nature}")
    for team in ("team of debt", "team of neglect"):
        for quarter in ("2025Q3", "2026Q1", "2026Q2", "2026Q3"):
            books.plan(team, quarter, draw(st.none() | AMOUNTS), draw(st.none() | AMOUNTS))
    return issued(draw, corrected(draw, books))


def corrected(draw: st.DrawFn, books: Books) -> QuarterView:
    """Some of what was spent in this quarter is for the work of earlier ones."""
    view = books.view()
    apart = [
        HistoryView("2026Q3", "FRAUD", team, nature, SPENT_EARLIER, amount)
        for team, nature in (("team of debt", "debt"), ("team of neglect", "neglect"))
        if (amount := draw(SHIFTS))
    ]
    history = [row for row in view.history if row.measure != "spent_unbudgeted"] + apart
    history += unbudgeted_figures(books.plans, history)
    budgets = budget_views(books.plans, books.centres, history, {row.team for row in view.items}, view.quarters[-4:])
    return replace(view, history=tuple(history), budgets=budgets)


def issued(draw: st.DrawFn, view: QuarterView) -> QuarterView:
    """Each earlier quarter may have been issued, with each of its figures as it is now or otherwise."""
    found = []
    for number, quarter in enumerate(reversed(view.quarters[:-1]), start=1):
        if draw(st.booleans()):
            issue = IssueView(1000 - number, quarter, date(2026, 6, 30), 900 - number, "2026-07-04T07:00:00.000001Z")
            figures = tuple(
                IssuedFigureView(row.team, row.nature, row.measure, row.amount + draw(SHIFTS))
                for row in view.history
                if row.quarter == quarter
            )
            found.append(IssuedQuarterView(quarter, issue, figures))
    last = [each for each in found if each.quarter == LAST]
    previous = [replace(since_previous_issue(view), issue=each.issue, figures=each.figures) for each in last]
    return replace(view, restatements=tuple(previous), issued=tuple(each for each in found if each.quarter != LAST))


def sheet_of(view: QuarterView, title: str) -> Sheet:
    return next(each for each in described(view) if each.title == title)


def table(found: Sheet) -> Mapping[str, Row]:
    return {row.key: row for block in found.blocks for row in block.rows}


def value(row: Row, column: str) -> int | Fraction | str | None:
    content = row.cells.get(column)
    return content.cached if isinstance(content, Formula) else content  # type: ignore[return-value]


def directions(words: str) -> Iterator[int]:
    """What a sentence says a figure did: 1 more, -1 less."""
    for found in re.findall(r"\b(rose|up|fell|down)\b", words.partition(";")[0]):
        yield 1 if found in ("rose", "up") else -1


@PROPERTY
@given(packs())
def test_what_moved_most_that_way_is_the_cause_that_every_title_names(view: QuarterView) -> None:
    sheets = {title: sheet_of(view, title) for title in ("Management summary", "Summary", "Roll-forward")}
    total = table(sheets["Roll-forward"])
    moved = {
        column: sum(row.amount for row in view.postings if row.movement == column.replace("_", "-"))
        for column in MOVEMENTS
    }
    assert total
    change = sum(moved.values())
    same_way = {column: amount for column, amount in moved.items() if amount * change > 0}
    for said in (*(each.headline for each in sheets.values()), waterfall.draw(view).title):
        assert all(way * change > 0 for way in directions(said)), said
        named = [column for column, words in WORDS.items() if re.search(rf"driven by {words}\b", said)]
        assert all(abs(same_way[column]) == max(map(abs, same_way.values())) for column in named), (said, moved)
    if same_way:
        assert "driven by" in sheets["Summary"].headline


@PROPERTY
@given(packs())
def test_a_comparative_is_marked_exactly_where_it_was_issued_otherwise(view: QuarterView) -> None:
    rows = table(sheet_of(view, "Summary"))
    for column, quarter, beside, mark in (
        ("before", LAST, "issued", "restated"),
        ("year_ago", YEAR_AGO, "year_ago_issued", "year_ago_restated"),
    ):
        issue = issue_of(view, quarter)
        for key, measure in MEASURES.items():
            was, known = (None if issue is None else figure_issued(issue, measure)), value(rows[key], column)
            wanted = (None, None)
            if issue is not None:
                as_shown = "n/a" if was is None else was
                wanted = as_shown, "as issued" if as_shown == known else "restated"  # type: ignore[assignment]
            assert (value(rows[key], beside), value(rows[key], mark)) == wanted, (key, quarter)
        if issue is not None:
            over = variance_issued(issue, "budget")
            assert value(rows["over.budget"], beside) == ("n/a" if over is None else over)


@PROPERTY
@given(packs())
def test_every_sentence_and_chart_that_shows_a_restated_quarter_says_so(view: QuarterView) -> None:
    def restated(measure: str, quarter: str) -> bool:
        issue = issue_of(view, quarter)
        return issue is not None and (figure_issued(issue, measure) or 0) != recorded(view, quarter, measure)

    interest, closing = interest_incurred.draw(view), debt_and_neglect.draw(view)
    money, panels = budget_chart.draw(view), dimensions.draw(view)
    spans = " ".join(text.get_text() for text in panels.figure.texts)
    for quarter in view.quarters[:-1]:
        assert (f"{quarter} restated" in interest.alternative) is restated("interest", quarter)
        assert (f"{quarter} restated" in closing.alternative) is restated("closing", quarter)
        assert (quarter in spans.partition("restated since issue:")[2]) is restated("closing", quarter)
        for chart, measure in ((interest, "interest"), (closing, "closing")):
            labels = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
            named = [label for label in labels if label.startswith(quarter)]  # none where there is nothing to draw
            assert all(("issued" in label) is restated(measure, quarter) for label in named)
    for quarter in view.quarters[-4:-1]:
        measures = ("removed_spent", "budget", "forecast")
        if money.figure.axes[0].patches:
            words = [text.get_text() for text in money.figure.texts]
            assert (f"{quarter}\nrestated" in words) is any(restated(each, quarter) for each in measures)
    for title in ("Summary", "Management summary"):
        assert (f"{LAST} restated" in sheet_of(view, title).headline) is restated("closing", LAST)


@PROPERTY
@given(packs())
def test_the_first_page_marks_what_last_quarter_was_issued_as(view: QuarterView) -> None:
    first, summary = (table(sheet_of(view, title)) for title in ("Management summary", "Summary"))
    for key in ("delta", "per_year", "over.original", "over.budget"):
        assert value(first[key], "before") == value(summary[key], "before")
        assert bool(value(first[key], "restated")) is (value(summary[key], "restated") == "restated"), key


@PROPERTY
@given(packs())
def test_the_verdict_on_the_budget_is_the_tables_and_names_what_is_apart(view: QuarterView) -> None:
    """Own work of the teams with a budget less their budget: corrections of earlier quarters are no saving of this one."""
    found = sheet_of(view, "Budget vs actual")
    row = next(row for row in found.blocks[0].rows if row.key == view.provenance.quarter)
    difference, earlier = value(row, "difference"), value(row, "earlier")
    ways = re.findall(r"\b(above|below) budget", found.headline)
    if ways:
        assert isinstance(difference, int)
        assert [(way == "above") for way in ways] == [difference > 0]
    assert ("for earlier quarters" in found.headline) is bool(earlier)
    own = sum(
        posting.spent
        for posting in view.postings
        if any(row.budget is not None for row in view.budgets if (row.team, row.quarter) == (posting.team, "2026Q3"))
    ) - sum(row.spent_earlier for row in view.budgets if row.quarter == "2026Q3" and row.budget is not None)
    if difference != "n/a":
        budget = sum(row.budget or 0 for row in view.budgets if row.quarter == "2026Q3")
        assert difference == own - budget


@PROPERTY
@given(packs())
def test_a_per_cent_is_of_the_figures_size_and_shares_change_in_points(view: QuarterView) -> None:
    rows = table(sheet_of(view, "Summary"))
    for key, row in rows.items():
        relative, now, before = (value(row, column) for column in ("relative", "now", "before"))
        if isinstance(relative, Fraction) and isinstance(now, int) and isinstance(before, int):
            assert (relative > 0) - (relative < 0) == (abs(now) > abs(before)) - (abs(now) < abs(before)), key
    share = rows["share"]
    if isinstance(change := value(share, "change"), Fraction):
        assert change == 100 * (Fraction(value(share, "now") or 0) - Fraction(value(share, "before") or 0))
    assert all(recorded(view, LAST, "closing", nature) == value(rows[nature], "before") for nature in NATURES)
