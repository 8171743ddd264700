"""Charts: the message as title, text that never overlaps, files that say the same everywhere."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from matplotlib.colors import to_rgb
from pypdf import PdfReader

from ledger.views.quarter import QuarterView
from reports.charts import frame
from reports.charts.render import look, rendered
from reports.pack.pack import Pack
from reports.registry import CHARTS, ChartEntry
from tests.helpers.drawn_texts import misplaced, visible_texts
from tests.helpers.quarter_books import (
    CASES,
    HOSTILE,
    QUARTERS,
    Books,
    first_item,
    many_systems,
    typical,
    with_posting_amount,
)
from tests.helpers.quarter_plans import COMING
from tests.helpers.restated_books import first_issue, leg, reissued, restated, unchanged


def _thin() -> QuarterView:
    """Neglect so small beside the debt that the labels of the bands would meet."""
    books = Books().item(opening=900_000_00, moves=(("repaid", -1_00, 1_00),))
    return books.item("CHURN", nature="neglect", opening=10_00, decided="untracked").view()


def _negative() -> QuarterView:
    """A closing below zero, which only an altered ledger can have."""
    return with_posting_amount(first_item().view(), 0, -9_000_00)


def _every_movement() -> QuarterView:
    moves = ("commissioned", "observed", "adopted", "revised", "repaid", "written-off", "corrected", "transferred")
    signs = tuple((name, 1_234_567_89 * (-1) ** index, 0) for index, name in enumerate(moves))
    return Books().item(opening=99_999_999_99, moves=signs).view()


def _falling() -> QuarterView:
    books = Books(earlier=[(0, 0), (900_00, 0), (800_00, 1_00), (5_00, 5_00), (2_00, 0), (0, 0), (1_000_000_00, 0)])
    return books.item(opening=1_000_000_00, moves=(("repaid", -999_000_00, 1),)).view()


def _costly() -> QuarterView:
    """Twelve digits, hostile titles of 300 characters, more items than the chart shows, all dimensions."""
    books = Books(earlier=[(99_999_999_999_99, 0)] * 7)
    for number in range(30):
        text = HOSTILE[number % len(HOSTILE)][:300] or "x"
        dimension = ("input", "system", "output", "time")[number % 4]
        opening, nature = 123_456_789_012_34 // (number + 1), "neglect" if number % 3 else "debt"
        status = ("open", "lapsed", "overdue")[number % 3]
        books.item(
            f"SYSTEM-WITH-A-LONG-NAME-{number:02}",
            title=text,
            opening=opening,
            per_year=opening // 9,
            nature=nature,
            dimension=dimension,
            status=status,
            opened_on=date(2026, 9, 1) - timedelta(days=number * 30),
        )
    return books.view()


def _fallen_interest() -> QuarterView:
    """A late correction made the interest of a quarter negative, and an item's figures too."""
    books = Books(earlier=[(-900_000_00, 0), (0, 5_00), (0, 0), (800_00, -1_00), (5_00, 5_00), (2_00, 0), (1_00, 0)])
    books.item(opening=-800_000_00, per_year=-9_000_00, dimension="time")
    return books.item("CHURN", opening=700_000_00, per_year=400_00, dimension="input", nature="neglect").view()


def _restated_all_over() -> QuarterView:
    """Twelve digits, and every column changed, up and down."""
    view = _every_movement()
    columns = ("opening", "commissioned", "observed", "adopted", "revised", "repaid", "written_off", "corrected")
    legs = [leg(2000 + n, name, 123_456_789_012_34 * (-1) ** n) for n, name in enumerate(columns)]
    return restated(view, *legs, leg(2009, "transferred", 99_999_999_999_99))


def _planned(spent: int, *plans: tuple[str, int | None, int | None]) -> QuarterView:
    """A book whose first spending is of the reported quarter. plans: quarter, budget, forecast."""
    books = Books(earlier=[(0, 0)] * 7).item(moves=(("commissioned", 900_000_00, 0), ("repaid", -1_00, spent)))
    for quarter, budget, forecast in plans:
        books.plan("red", quarter, budget, forecast)
    return books.view()


def _planned_long() -> QuarterView:
    """Twelve digits in every quarter, to come and past, up and down."""
    big = 999_999_999_999_99
    books = Books(earlier=[(big, 0)] * 7).item(opening=big, moves=(("repaid", -1_00, big),))
    for number, quarter in enumerate((*QUARTERS[-4:], *COMING)):
        books.plan("red", quarter, big // (number + 1), big // (8 - number))
    return books.view()


def _running(view: QuarterView) -> QuarterView:
    return replace(view, provenance=replace(view.provenance, as_of=date(2026, 9, 25), provisional=True))


VIEWS = {
    **CASES,
    "over budget": _planned(1_250_000_00, ("2026Q3", 1_000_000_00, None)),
    "over budget by a cent": _planned(1_000_01, ("2026Q3", 1_000_00, 900_00)),
    "on budget": _planned(1_000_00, ("2026Q3", 1_000_00, None)),
    "a budget of nothing": _planned(0, ("2026Q3", 0, 0)),
    "nothing spent of the budget": _planned(0, ("2026Q3", 999_999_00, None)),
    "nothing spent so far": _running(_planned(0, ("2026Q3", 999_999_00, None))),
    "no budget so far": _running(_planned(0, ("2026Q4", 1_00, None))),
    "under budget so far": _running(_planned(-1, ("2026Q3", 99_899_999_999_99, None))),
    "a reversal gave back": _planned(-800_000_00, ("2026Q3", 50_000_00, 40_000_00), ("2026Q4", 90_000_00, 5_00)),
    "forecast alone": _planned(0, ("2027Q3", None, 5_000_00)),
    "planned long": _planned_long(),
    "unchanged since its issue": unchanged(typical().view()),
    "restated by little": restated(typical().view(), leg(1200, "commissioned", 4_000_00), leg(1201, "repaid", -900_00)),
    "restated by next to nothing": restated(typical().view(), leg(1200, "revised", -1)),
    "restated by much": restated(CASES["first item"], leg(1200, "commissioned", 3_999_00)),
    "restated in one nature": restated(
        typical().view(), leg(1200, "adopted", 500_00), leg(1200, "adopted", -500_00, nature="neglect")
    ),
    "restated to and fro": restated(
        typical().view(), leg(1200, "commissioned", 900_00), leg(1201, "corrected", -900_00)
    ),
    "restated and nothing stands": restated(CASES["empty"], leg(1200, "revised", 0)),
    "restated all over": _restated_all_over(),
    "restated from below zero": restated(CASES["first item"], leg(1200, "opening", 9_000_00)),
    "restated by much and by next to nothing": restated(
        typical().view(), leg(1200, "commissioned", 90_000_00), leg(1201, "repaid", -1), leg(1202, "opening", 4)
    ),
    "the quarter before restated": first_issue(typical().view(), leg(950, "corrected", -4_200_00)),
    "the quarter before as issued": first_issue(typical().view()),
    "provisional, the quarter before restated": first_issue(CASES["provisional"], leg(950, "corrected", 40_00)),
    "dinar restated": reissued(CASES["dinar"]),
    "costly": _costly(),
    "fallen interest": _fallen_interest(),
    "two hundred systems": many_systems().view(),
    "thin": _thin(),
    "negative": _negative(),
    "every movement": _every_movement(),
    "falling": _falling(),
}
EVERY = pytest.mark.parametrize("entry", CHARTS, ids=lambda entry: entry.name)
EVERY_VIEW = pytest.mark.parametrize("case", VIEWS)


@EVERY
@pytest.mark.parametrize(
    # Every eighth state in every run, the rest by `make check`.
    "case",
    [pytest.param(view, marks=[pytest.mark.reliability] if number % 8 else []) for number, view in enumerate(VIEWS)],
)
def test_the_title_is_a_short_message_and_no_text_leaves_the_figure_or_meets_another(
    entry: ChartEntry, case: str
) -> None:
    with look():
        drawing = entry.draw(VIEWS[case])
        assert list(misplaced(drawing.figure)) == []
        assert len(visible_texts(drawing.figure)) >= 3
    assert 10 <= len(drawing.title) <= 60
    assert drawing.title.startswith("PROVISIONAL") is VIEWS[case].provenance.provisional
    assert drawing.alternative.startswith(drawing.title)


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("typical", "Delta rose 16% to EUR 370k, driven by new debt"),
        ("empty", "No technical delta stands"),
        ("still", "Delta stayed at EUR 12k: nothing moved"),
        ("first item", "Delta rose from zero to EUR 4,000, driven by new debt"),
        ("repaid in full", "Delta fell 100% to EUR 0, driven by repayments"),
        ("large", "Delta fell 0.4% to EUR 184bn, driven by repayments"),
        ("provisional", "PROVISIONAL · Delta rose 18% to EUR 59k, driven by new debt"),
    ],
)
def test_the_waterfall_says_what_moved_the_delta(case: str, title: str) -> None:
    with look():
        assert CHARTS[0].draw(CASES[case]).title == title


def test_the_areas_say_how_much_nobody_decided() -> None:
    with look():
        assert CHARTS[1].draw(CASES["typical"]).title == "Neglect is 20% of the delta, down from 33% in 2026Q2"
        assert CHARTS[1].draw(CASES["first item"]).title == "None of the delta is neglect"


@pytest.mark.parametrize(
    ("chart", "case", "title"),
    [
        ("3-principal-by-system", "typical", "FRAUD holds 45% of the technical delta, 3 systems in all"),
        ("3-principal-by-system", "two hundred systems", "The largest 11 of 200 systems hold 9% of the delta"),
        ("3-principal-by-system", "empty", "No system owes technical delta"),
        ("4-budget", "typical", "Spending was EUR 13k below budget in 2026Q3"),
        ("4-budget", "over budget", "Spending was EUR 250k above budget in 2026Q3"),
        ("4-budget", "over budget by a cent", "Spending was EUR 0.01 above budget in 2026Q3"),
        ("4-budget", "on budget", "Spending was on budget, at EUR 1,000 in 2026Q3"),
        ("4-budget", "nothing spent of the budget", "Nothing was spent of EUR 1,000k budgeted in 2026Q3"),
        ("4-budget", "nothing spent so far", "PROVISIONAL · Nothing has been spent of EUR 1,000k budgeted"),
        ("4-budget", "no budget so far", "PROVISIONAL · Nothing budgeted, nothing spent"),
        ("4-budget", "under budget so far", "PROVISIONAL · Spending has been EUR 99.9bn below budget"),
        ("4-budget", "forecast alone", "No budget was set for 2026Q3, and nothing was spent"),
        ("4-budget", "repaid in full", "EUR 18k was spent without a budget in 2026Q3"),
        ("4-budget", "empty", "No budget was set for 2026Q3, and nothing was spent"),
        ("5-ageing", "typical", "None of the technical delta is older than a year"),
        ("5-ageing", "costly", "22% of the technical delta is older than a year"),
        ("6-largest-interest", "typical", "FRAUD-2 bears 35% of EUR 34k interest a year"),
        ("6-largest-interest", "costly", "Ten of 30 items bear 73% of EUR 54.8bn interest a year"),
        ("6-largest-interest", "still", "1 item bears interest of EUR 1,000 a year"),
        ("7-restatements", "typical", "2026Q3 is issued for the first time"),
        ("7-restatements", "provisional", "PROVISIONAL · 2026Q3 is compared with no earlier issue"),
        ("7-restatements", "unchanged since its issue", "Nothing in 2026Q3 has changed since it was issued"),
        ("7-restatements", "restated by little", "Later events raised 2026Q3's closing by EUR 3,100"),
        ("7-restatements", "restated by next to nothing", "Later events lowered 2026Q3's closing by EUR 0.01"),
        ("7-restatements", "restated in one nature", "1 later event left 2026Q3's closing as it was issued"),
        ("7-restatements", "restated to and fro", "2 later events left 2026Q3's closing as it was issued"),
        ("7-restatements", "restated", "Later events raised 2026Q3's closing by EUR 3,600"),
        ("7-restatements", "the quarter before restated", "Later events lowered 2026Q2's closing by EUR 4,200"),
        ("7-restatements", "the quarter before as issued", "2026Q3 is issued for the first time"),
        ("8-interest-incurred", "typical", "Interest rose 3% to EUR 8,246 in 2026Q3"),
        ("8-interest-incurred", "fallen interest", "Interest was EUR −2,168 in 2026Q3, corrections among it"),
        ("9-dimensions", "typical", "Dimension system grew most in 2026Q3, by EUR 50k"),
    ],
)
def test_the_other_charts_say_what_they_show(chart: str, case: str, title: str) -> None:
    entry = next(each for each in CHARTS if each.name == chart)
    with look():
        assert entry.draw(VIEWS[case]).title == title


def test_the_chart_of_the_budget_says_all_its_figures_in_words() -> None:
    entry = next(each for each in CHARTS if each.name == "4-budget")
    with look():
        words = entry.draw(CASES["typical"]).alternative
    assert "2026Q1 budget EUR 24,000, actual EUR 26,773, forecast not set, difference EUR 2,773;" in words
    assert "2026Q3 budget EUR 75,000, actual EUR 62,000, forecast EUR 69,000, difference EUR −13,000;" in words
    assert "2027Q1 budget EUR 45,000, forecast EUR 60,000, 1 of 2 teams with a budget;" in words
    assert words.endswith("2027Q3 budget not set, forecast not set.")


@pytest.mark.parametrize(
    ("case", "labels"),
    [
        ("typical", {"−1.4": frame.DECREASE, "+2.8": frame.INCREASE, "−0.4": frame.DECREASE, "−13.0": frame.DECREASE}),
        ("over budget", {"+250.0": frame.INCREASE}),
        ("on budget", {}),
        ("repaid in full", {}),
    ],
)
def test_differences_carry_their_sign_and_colour(case: str, labels: dict[str, str]) -> None:
    entry = next(each for each in CHARTS if each.name == "4-budget")
    with look():
        texts = visible_texts(entry.draw(VIEWS[case]).figure)
    coloured = {frame.INCREASE, frame.DECREASE}
    assert {text.get_text(): text.get_color() for text in texts if text.get_color() in coloured} == labels


def test_plans_are_outlined_actuals_solid_and_forecasts_hatched() -> None:
    entry = next(each for each in CHARTS if each.name == "4-budget")
    with look():
        (axes,) = entry.draw(VIEWS["over budget by a cent"]).figure.axes
    bars = {
        bar.get_height(): (bar.get_facecolor()[:3], bar.get_hatch()) for bar in axes.patches if bar.get_width() > 0.1
    }
    dark = to_rgb(frame.TOTAL)
    assert bars == {0: (dark, None), 1000: ((1, 1, 1), None), 1000.01: (dark, None), 900: ((1, 1, 1), "//////")}


@pytest.mark.reliability
def test_the_pdf_has_a_page_a_chart_and_its_text_can_be_searched(pack: Pack) -> None:
    path = next(pack.folder / file.name for file in pack.files if file.name.endswith("-charts.pdf"))
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert len(pages) == len(CHARTS)
    assert "Delta rose 16% to EUR 370k" in pages[0]
    assert "position 1,234 · head 9f2c12ab34cd" in pages[0]
    assert QUARTERS[0] in pages[1]


@pytest.mark.reliability
def test_no_file_carries_the_date_of_its_making(pack: Pack) -> None:
    for file in pack.files:
        data = (pack.folder / file.name).read_bytes()
        assert b"<dc:date>" not in data
        assert b"CreationDate" not in data


@pytest.mark.reliability
@EVERY
def test_a_readers_own_settings_change_nothing(entry: ChartEntry) -> None:
    import matplotlib

    plain = rendered(entry.draw, CASES["typical"])
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 10}):
        assert rendered(entry.draw, CASES["typical"]).png == plain.png


@pytest.mark.reliability
def test_charts_on_the_summary_are_the_files_of_the_pack(pack: Pack, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(pack.workbook) as parts:
        images = {parts.read(name) for name in parts.namelist() if name.startswith("xl/media/")}
    shown = {entry.name for entry in CHARTS if entry.on_summary}
    assert images == {path.read_bytes() for path in pack.charts if path.suffix == ".png" and path.stem in shown}
    assert all(io.BytesIO(image).read(4) == b"\x89PNG" for image in images)
