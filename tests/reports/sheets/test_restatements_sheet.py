"""Restatements in the workbook: what changed since the last issue, explained to the cent, or ERROR."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ledger.store.engine import open_engine
from ledger.views.quarter import QuarterView
from reports.charts import restatement as restatement_chart
from reports.charts.render import look
from reports.content import Content
from reports.pack.pack import Pack, check_lines, write_pack
from reports.registry import SHEETS
from reports.sheets import restatements
from tests.helpers.quarter_books import CASES, typical
from tests.helpers.recalculation import cached_formulas, named, recalculated, same
from tests.helpers.restated_books import first_issue, leg, reissued, restated, unchanged
from tests.helpers.restated_ledger import Office
from tests.helpers.restated_ledger import restated as changed_after_their_issues
from tests.helpers.written import written

pytestmark = pytest.mark.reliability

Rows = dict[tuple[Any, ...], tuple[Any, ...]]


@pytest.fixture(scope="module")
def told(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The pack of 2026Q2, issued before and then changed, from recorded events."""
    folder = tmp_path_factory.mktemp("restated")
    path = folder / "ledger.db"
    path.write_bytes(_sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    view = changed_after_their_issues(Office(engine)).view("2026Q2")
    engine.dispose()
    return write_pack(view, folder / "2026Q2")


@pytest.fixture(scope="module")
def values(told: Pack) -> list[tuple[Any, ...]]:
    """Every row of the sheet as a reader of cached values finds it."""
    return list(openpyxl.load_workbook(told.workbook, data_only=True)["Restatements"].iter_rows(values_only=True))


def rows_under(values: list[tuple[Any, ...]], title: str) -> list[tuple[Any, ...]]:
    """The rows of a block below its title and heading, up to the first empty one."""
    start = next(number for number, row in enumerate(values) if str(row[0]).startswith(title)) + 2
    end = next(number for number in range(start, len(values)) if not any(values[number]))
    return [tuple(cell for cell in row if cell is not None) for row in values[start:end]]


def by_figure(values: list[tuple[Any, ...]]) -> Rows:
    """As issued, later events, now, unexplained, by nature and figure."""
    figures = {"opening", "commissioned", "observed", "repaid", "adopted", "corrected", "closing", "spent", "interest"}
    end = next(number for number, row in enumerate(values) if str(row[0]).startswith("Events since"))
    return {row[:2]: row[2:6] for row in values[:end] if row[1] in figures}


@pytest.mark.reliability
def test_the_title_is_the_answer(values: list[tuple[Any, ...]]) -> None:
    assert values[0][0] == "Since 2026Q2 was issued on 2026-07-05, its closing rose by EUR 7,000: 5 events"


def test_the_issues_are_named_by_position(values: list[tuple[Any, ...]]) -> None:
    rows = rows_under(values, "Issues that this pack is compared with")
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [("2026Q2", 10, 9, 5), ("2026Q1", 7, 6, 1)]


def test_every_figure_as_issued_and_later_events_make_what_it_is_now(values: list[tuple[Any, ...]]) -> None:
    rows = by_figure(values)
    assert rows["debt", "opening"] == (10800, 1200, 12000, 0)
    assert rows["debt", "commissioned"] == (0, 4000, 4000, 0)
    assert rows["debt", "repaid"] == (-2400, 0, -2400, 0)
    assert rows["debt", "corrected"] == (0, 2400, 2400, 0)
    assert rows["debt", "closing"] == (8400, 10000, 18400, 0)
    assert rows["debt", "spent"] == (2500, -2500, 0, 0)
    assert rows["debt", "interest"] == (699, 285, 984, 0)
    assert rows["neglect", "adopted"] == (0, -2400, -2400, 0)
    assert rows["neglect", "interest"] == (91, pytest.approx(-24.2), pytest.approx(66.8), 0)
    assert rows["total", "adopted"] == (0, 0, 0, 0)
    assert rows["total", "closing"] == (11900, 7000, 18900, 0)
    assert {row[3] for row in rows.values()} == {0}


def test_every_later_event_is_listed_with_who_recorded_it(values: list[tuple[Any, ...]]) -> None:
    *events, total = rows_under(values, "Events since, in 2026Q2")
    assert [(row[0], row[3], row[5], row[8], *row[9:]) for row in events] == [
        (11, "CHURN-2", "debt", "lead@example.org", "commissioned", 4000, 0),
        (12, "CHURN-1", "neglect", "lead@example.org", "repaid", -600, 800),
        (13, "FRAUD-1", "debt", "lead@example.org", "corrected", 2400, -2500),
        (14, "FRAUD-1", "debt", "lead@example.org", "opening", 1200, 0),
        (15, "CHURN-1", "neglect", "lead@example.org", "adopted", -2400, 0),
        (15, "CHURN-1", "debt", "lead@example.org", "adopted", 2400, 0),
    ]
    assert total == ("all events", 7000, -1700)


def test_interest_is_listed_where_it_changed(values: list[tuple[Any, ...]]) -> None:
    *items, total = rows_under(values, "Interest incurred in 2026Q2")
    assert items[1] == ("neglect", "CHURN-1", 91, pytest.approx(-24.2), pytest.approx(66.8))
    assert [row[1] for row in items] == ["CHURN-1", "CHURN-1", "CHURN-2", "FRAUD-1"]
    assert total[2:] == (790, pytest.approx(260.8), pytest.approx(1050.8))


def test_the_quarter_before_leads_to_the_opening(values: list[tuple[Any, ...]]) -> None:
    rows = rows_under(values, "2026Q1 since its issue at position 7")
    assert rows == [
        ("debt", "closing", 10800, 1200, 12000, 0, 1200, 0),
        ("neglect", "closing", 3000, 0, 3000, 0, 0, 0),
        ("total", "closing", 13800, 1200, 15000, 0, 1200, 0),
    ]
    assert rows_under(values, "Events since, in 2026Q1")[0][-3:] == ("corrected", 1200, -1200)


def test_another_evaluator_finds_the_cached_values_of_a_real_restatement(told: Pack, tmp_path: Path) -> None:
    cached, live = cached_formulas(told.workbook), recalculated(told.workbook, tmp_path)
    assert told.ok
    assert {key: (cached[key], live[key]) for key in cached if not same(cached[key], live[key])} == {}
    assert named(live, told.workbook, "all_checks") == "OK"


# --- the checks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (CASES["typical"], []),
        (first_issue(typical().view()), ["opening = closing issued for 2026Q2 + events since"]),
        (
            restated(typical().view()),
            [
                "closing issued for 2026Q3 + events since = closing",
                "figures of 2026Q3 explained by issue and later events = all",
            ],
        ),
    ],
    ids=["no earlier issue", "the quarter before", "this quarter"],
)
def test_there_is_a_check_where_there_is_an_issue_to_hold_the_pack_against(
    view: QuarterView, expected: list[str]
) -> None:
    names = [line.name for line in restatements.checks(view)]
    plans = [
        f"Plans and spending of {found.quarter} explained by issue and later events = all"
        for found in view.restatements
    ]
    assert names == [*(f"{nature}: {words}" for nature in ("Debt", "Neglect") for words in expected), *plans]


@pytest.mark.parametrize("place", [0, 1], ids=["this quarter", "the quarter before"])
@pytest.mark.parametrize("change", [1, -1])
def test_a_later_event_that_is_off_by_a_cent_fails_the_pack(place: int, change: int) -> None:
    view = reissued(typical().view())
    found = view.restatements[place]
    legs = (replace(found.legs[0], amount=found.legs[0].amount + change), *found.legs[1:])
    both = [*view.restatements]
    both[place] = replace(found, legs=legs)
    failed = [line for line in check_lines(replace(view, restatements=tuple(both))) if not line.ok]
    assert {line.name.split(": ")[1].split(" issued")[0] for line in failed} == (
        {"opening = closing"} if place else {"closing", "figures of 2026Q3 explained by issue and later events = all"}
    )
    assert all(line.ok for line in check_lines(view))


def _cell(book: Any, title: str, row: int, column: int) -> Any:
    """A cell of the block with this title. row: counted from the heading."""
    sheet = book["Restatements"]
    start = next(cell.row for cell in sheet["A"] if str(cell.value).startswith(title))
    return sheet.cell(start + 1 + row, column)


def _add(title: str, row: int, column: int, more: float) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        cell = _cell(book, title, row, column)
        cell.value = cell.value + more

    return change


def _put(title: str, row: int, column: int, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        cell = _cell(book, title, row, column)
        assert cell.value != value
        cell.value = value

    return change


_THIS, _BEFORE = "Events since, in 2026Q2", "Events since, in 2026Q1"
CHANGES = {
    "the amount of an event": _add(_THIS, 2, 11, 0.01),
    "an amount that is text": _put(_THIS, 2, 11, "six hundred"),
    "an amount that is an error": _put(_THIS, 2, 11, "#N/A"),
    "an event cleared": _put(_THIS, 4, 11, None),
    "what an event spent": _add(_THIS, 2, 12, -0.01),
    "the column of an event": _put(_THIS, 2, 10, "revised"),
    "a column that no row shows": _put(_THIS, 2, 10, "mislaid"),
    "the nature of an event": _put(_THIS, 2, 6, "debt"),
    "a figure as issued": _add("2026Q2 since its issue", 2, 3, 0.01),
    "the closing as issued": _add("2026Q2 since its issue", 10, 3, 1),
    "interest as issued": _add("2026Q2 since its issue", 12, 3, 0.01),
    "an item's interest": _add("Interest incurred in 2026Q2", 1, 5, 0.01),
    "the nature of an item's interest": _put("Interest incurred in 2026Q2", 1, 1, "neglect"),
    "the quarter before as issued": _add("2026Q1 since its issue", 1, 3, 0.01),
    "an event of the quarter before": _add(_BEFORE, 1, 11, 0.01),
    "the nature of an event of the quarter before": _put(_BEFORE, 1, 6, "neglect"),
}


@pytest.mark.reliability
@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_restatement_reads_error_when_recalculated(name: str, told: Pack, tmp_path: Path) -> None:
    live = recalculated(told.workbook, tmp_path, CHANGES[name])
    assert named(live, told.workbook, "all_checks") == "ERROR"


# --- the words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "headline"),
    [
        (CASES["typical"], "2026Q3 has not been issued before"),
        (CASES["provisional"], "2026Q3 as of 2026-09-25 is compared with no earlier issue"),
        (first_issue(typical().view()), "2026Q3 has not been issued before; 2026Q2 closed as it was issued"),
        (
            first_issue(typical().view(), leg(950, "corrected", -1_200_00)),
            "2026Q3 has not been issued before; the closing of 2026Q2 fell by EUR 1,200 since its issue",
        ),
        (unchanged(typical().view()), "Nothing in 2026Q3 has changed since it was issued on 2026-10-01"),
        (
            restated(typical().view(), leg(1200, "revised", 1_50)),
            "Since 2026Q3 was issued on 2026-10-01, its closing rose by EUR 1.50: 1 event",
        ),
        (
            restated(typical().view(), leg(1200, "repaid", -5_00), leg(1201, "corrected", 5_00)),
            "Since 2026Q3 was issued on 2026-10-01, 2 events left its closing at EUR 370,252",
        ),
        (
            restated(typical().view(), leg(1200, "adopted", -5_00, nature="neglect"), leg(1200, "adopted", 5_00)),
            "Since 2026Q3 was issued on 2026-10-01, 1 event left its closing at EUR 370,252",
        ),
    ],
    ids=range(8),
)
def test_the_headline_says_what_changed(view: QuarterView, headline: str) -> None:
    assert restatements.build(Content(view)).headline == headline


@pytest.mark.reliability
@pytest.mark.parametrize(
    "view",
    [unchanged(typical().view()), first_issue(CASES["provisional"], leg(950, "corrected", 40_00))],
    ids=["unchanged", "provisional"],
)
def test_a_pack_with_little_to_restate_ties_too(view: QuarterView, tmp_path: Path) -> None:
    """Without an event the blocks are empty and every formula still has its value."""
    pack = written(view, tmp_path / "pack")
    cached, live = cached_formulas(pack.workbook), recalculated(pack.workbook, tmp_path)
    assert pack.ok
    assert [key for key in cached if not same(cached[key], live[key])] == []


@pytest.mark.parametrize(
    ("legs", "labels", "cut"),
    [
        ((leg(1200, "commissioned", 4_000_00), leg(1201, "repaid", -900_00)),
         ["367,152", "+4,000", "−900", "370,252"], True),
        ((leg(1200, "revised", -1),), ["370,252", "−EUR 0.01", "370,252"], True),
        ((leg(1200, "opening", 90_000_00), leg(1201, "revised", 4)), ["280.3", "+90.0", "+EUR 0.04", "370.3"], False),
        ((leg(1200, "adopted", 5_00), leg(1200, "adopted", -5_00, nature="neglect")), ["370.3", "370.3"], False),
    ],
    ids=["small beside the closing", "a cent", "much and next to nothing", "in one nature"],
)  # fmt: skip
def test_the_bridge_shows_small_changes_on_bars_that_say_they_are_cut(
    legs: tuple[Any, ...], labels: list[str], cut: bool
) -> None:
    with look():
        figure = restatement_chart.draw(restated(typical().view(), *legs)).figure
    (axes,) = figure.axes
    assert [text.get_text() for text in axes.texts] == labels
    assert bool(axes.get_ylim()[0] > 0) is cut
    assert any("dark bars are cut" in text.get_text() for text in figure.texts) is cut


def test_no_heading_of_one_block_stays_above_the_others(told: Pack) -> None:
    """Each block has its own; what stays in view and is printed on every page is the title."""
    sheet = openpyxl.load_workbook(told.workbook)["Restatements"]
    assert sheet.freeze_panes == "A3"
    assert sheet.print_title_rows == "$2:$2"
    assert [entry.build for entry in SHEETS].index(restatements.build) == len(SHEETS) - 3


def test_no_formula_reads_what_people_typed(told: Pack) -> None:
    """An actor may be called `=1` or `a*`: as a criterion it would find other rows."""
    sheet = openpyxl.load_workbook(told.workbook)["Restatements"]
    column = next(cell.column_letter for row in sheet for cell in row if cell.value == "Actor")
    formulas = [cell.value for row in sheet for cell in row if cell.data_type == "f"]
    assert len(formulas) > 100
    assert [text for text in formulas if f"${column}$" in text and "SUMIFS" in text] == []
