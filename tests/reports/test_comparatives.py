"""Comparatives: with which quarter a headline compares, in what words, and that it never contradicts the table below it."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.views.quarter import QuarterView
from reports.charts import debt_and_neglect, dimensions, interest_incurred, waterfall
from reports.comparatives import Comparative, comparative, relative_change
from reports.content import recorded
from reports.pack.pack import described
from reports.sheet import Formula, Row, Sheet
from tests.helpers.quarter_books import Books, typical

VIEW = typical().view()


def moved(now: int, before: int) -> Comparative:
    return Comparative(now, before, "2026Q2", last=True)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (108, 100, "rose 8%"),
        (88, 100, "fell 12%"),
        (100, 100, "stayed"),
        (5, 0, "rose from zero"),
        (1004, 1000, "rose 0.4%"),
        (1_000_001, 1_000_000, "rose less than 0.1%"),
        (0, 100, "fell 100%"),
        (2500, 100, "rose 2,400%"),
        (5, -100, "rose"),
        (-5, 100, "fell"),
    ],
)
def test_a_change_in_words(now: int, before: int, words: str) -> None:
    assert moved(now, before).words == words


@pytest.mark.parametrize(
    ("now", "before", "relative"),
    [
        (-91, -100, Fraction(-9, 100)),
        (-109, -100, Fraction(9, 100)),
        (0, -100, Fraction(-1)),
        (91, 100, Fraction(-9, 100)),
        (5, 0, None),
        (5, -5, None),
        (-5, 5, None),
    ],
)
def test_less_repaid_is_less(now: int, before: int, relative: Fraction | None) -> None:
    """Repayments are negative; that they fell by 9 % is no rise."""
    assert relative_change(now, before) == relative


def test_last_quarter_is_compared_with_and_only_where_it_has_no_figure_the_year_before() -> None:
    of = dict.fromkeys(VIEW.quarters, Fraction(1, 5))
    with_gap: dict[str, Fraction | None] = {**of, "2026Q2": None, "2025Q3": Fraction(3, 10)}
    last, year_ago = comparative(VIEW, of.get), comparative(VIEW, with_gap.get)
    assert (last and last.quarter, last and last.since) == ("2026Q2", "")
    assert (year_ago and year_ago.quarter, year_ago and year_ago.since) == ("2025Q3", " since 2025Q3")
    assert comparative(VIEW, {"2026Q3": 5}.get) is None
    assert comparative(VIEW, {"2026Q2": 5}.get) is None


# --- a counter-example per headline: what it said of other quarters, or of the wrong cause ---------------------------


def neglect_of(*shares: int) -> QuarterView:
    """Neglect as a per cent of a delta of 100 in the last quarters, this one last."""
    books = Books(earlier=[((100 - share) * 1_00, share * 1_00) for share in shares[:-1]])
    books.item(opening=(100 - shares[-2]) * 1_00, moves=(("revised", (shares[-2] - shares[-1]) * 1_00, 0),))
    moves = (("revised", (shares[-1] - shares[-2]) * 1_00, 0),)
    return books.item("CHURN", nature="neglect", opening=shares[-2] * 1_00, moves=moves).view()


def test_neglect_is_compared_with_last_quarter_and_not_with_the_first_one_shown() -> None:
    """14 % now, 16 % last quarter, 30 % a year ago, 11 % at first."""
    view = neglect_of(11, 20, 20, 30, 20, 18, 16, 14)
    assert debt_and_neglect.draw(view).title == "Neglect is 14% of the delta, down from 16% in 2026Q2"


def test_the_title_of_dimensions_is_of_this_quarter() -> None:
    view = neglect_of(11, 20, 20, 30, 20, 18, 16, 14)
    assert dimensions.draw(view).title == "No dimension changed in 2026Q3"


def test_a_fall_by_write_offs_is_called_one() -> None:
    books = Books(earlier=[(100_000_00, 0)] * 7).item(opening=90_000_00, moves=(("written-off", -45_000_00, 0),))
    books.item("CHURN", opening=10_000_00, moves=(("repaid", -4_000_00, 4_000_00),))
    books.item("CHURN", nature="neglect", status="unestimated")
    view = books.view()
    summary = sheet(view, "Summary")
    assert summary.headline == (
        "Technical delta fell 49% to EUR 51,000 in 2026Q3, driven by write-offs (EUR −45,000); 1 item without an estimate"
    )
    assert sheet(view, "Roll-forward").headline.endswith("driven by write-offs")
    assert waterfall.draw(view).title == "Delta fell 49% to EUR 51k, driven by write-offs"
    found = rows(summary)
    assert [value(found[key], "now") for key in ("written_off", "repaid", "unestimated")] == [-45_000_00, -4_000_00, 1]
    assert list(found)[:2] == ["delta", "unestimated"], "beside the delta"


def test_repayments_that_fell_by_nine_per_cent_are_minus_nine() -> None:
    books = Books(earlier=[(1_200_00, 0)] * 7).item(opening=1_200_00, moves=(("repaid", -91_00, 91_00),))
    repaid = rows(sheet(books.view(), "Summary"))["repaid"]
    assert (value(repaid, "before"), value(repaid, "change"), value(repaid, "relative")) == (
        -100_00,
        9_00,
        Fraction(-9, 100),
    )


def test_a_change_of_shares_is_in_points() -> None:
    change = rows(sheet(neglect_of(*[16] * 7, 14), "Summary"))["share"]
    assert value(change, "change") == -2


# --- no headline contradicts its table -------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 9_999_99)


@st.composite
def histories(draw: st.DrawFn) -> QuarterView:
    """Random closings of eight quarters, and random movements that lead from the last but one to the last."""
    earlier = [(draw(AMOUNTS), draw(AMOUNTS)) for _ in range(7)]
    books = Books(earlier=earlier)
    for nature, opening in zip(("debt", "neglect"), earlier[-1], strict=True):
        gone = draw(st.integers(0, opening))
        repaid = draw(st.integers(0, gone))
        moves = (("repaid", -repaid, repaid), ("written-off", repaid - gone, 0), ("revised", draw(AMOUNTS), 0))
        books.item(nature=nature, opening=opening, moves=moves, per_year=draw(AMOUNTS))
    return books.view()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_no_headline_says_another_direction_than_the_table_below_it(view: QuarterView) -> None:
    summary = rows(sheet(view, "Summary"))
    before = recorded(view, "2026Q2", "interest")
    said = {
        sheet(view, "Summary").headline: value(summary["delta"], "change"),
        sheet(view, "Roll-forward").headline: value(summary["delta"], "change"),
        sheet(view, "Interest").headline: value(summary["interest"], "change"),
        waterfall.draw(view).title: value(summary["delta"], "change"),
    }
    if min(before, value(summary["interest"], "now")) >= 0:
        said[interest_incurred.draw(view).title] = value(summary["interest"], "change")
    points = value(summary["share"], "change")
    if points != "n/a":
        said[debt_and_neglect.draw(view).title] = points
    for headline, change in said.items():
        verbs = re.findall(r"\b(?:rose|up)\b", headline), re.findall(r"\b(?:fell|down)\b", headline)
        if any(verbs):
            assert (bool(verbs[0]), bool(verbs[1])) == (change > 0, change < 0), (headline, change)


def sheet(view: QuarterView, title: str) -> Sheet:
    return next(each for each in described(view) if each.title == title)


def rows(found: Sheet) -> dict[str, Row]:
    return {row.key: row for row in found.blocks[1].rows}


def value(row: Row, column: str) -> int | Fraction:
    content = row.cells[column]
    assert isinstance(content, Formula)
    return content.cached  # type: ignore[return-value]
