"""Charts: the message as title, text that never overlaps, files that say the same everywhere."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from pypdf import PdfReader
from quarter_books import CASES, HOSTILE, QUARTERS, Books, first_item, many_systems, with_posting_amount

from ledger.views import QuarterView
from reports.charts.render import look, rendered
from reports.pack import Pack
from reports.registry import CHARTS, ChartEntry


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


VIEWS = {
    **CASES,
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


def visible_texts(figure: Any) -> list[Text]:
    """The words that are drawn; tick labels outside the axes' limits exist but are not."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = (high - low) * 1e-9
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axes.axison or not low - slack <= tick.get_loc() <= high + slack:
                    hidden |= {tick.label1, tick.label2}
    texts = figure.findobj(Text)
    return [text for text in texts if text.get_visible() and text.get_text().strip() and text not in hidden]


@EVERY
@EVERY_VIEW
def test_no_text_leaves_the_figure_or_meets_another(entry: ChartEntry, case: str) -> None:
    with look():
        figure = entry.draw(VIEWS[case]).figure
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        texts = visible_texts(figure)
        boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    assert len(boxes) >= 3
    for words, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, words
    for (words, box), (others, other) in combinations(boxes, 2):
        assert not box.overlaps(other), (words, others)


@EVERY
@EVERY_VIEW
def test_the_title_is_a_message_of_at_most_sixty_characters(entry: ChartEntry, case: str) -> None:
    with look():
        drawing = entry.draw(VIEWS[case])
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
        assert CHARTS[1].draw(CASES["typical"]).title == "Neglect is 20% of the delta, down from 44% in 2024Q4"
        assert CHARTS[1].draw(CASES["first item"]).title == "None of the delta is neglect"


@pytest.mark.parametrize(
    ("chart", "case", "title"),
    [
        ("3-principal-by-system", "typical", "FRAUD holds 45% of the technical delta, 3 systems in all"),
        ("3-principal-by-system", "two hundred systems", "The largest 11 of 200 systems hold 9% of the delta"),
        ("3-principal-by-system", "empty", "No system owes technical delta"),
        ("5-ageing", "typical", "None of the technical delta is older than a year"),
        ("5-ageing", "costly", "22% of the technical delta is older than a year"),
        ("6-largest-interest", "typical", "FRAUD-2 bears 35% of EUR 34k interest a year"),
        ("6-largest-interest", "costly", "Ten of 30 items bear 73% of EUR 54.8bn interest a year"),
        ("6-largest-interest", "still", "1 item bears interest of EUR 1,000 a year"),
        ("8-interest-incurred", "typical", "Interest fell 14% to EUR 6,925 in 2026Q3"),
        ("8-interest-incurred", "fallen interest", "Interest was EUR -2,150 in 2026Q3, corrections among it"),
        ("9-dimensions", "typical", "Dimension system grew most since 2025Q3, by EUR 132k"),
    ],
)
def test_the_other_charts_say_what_they_show(chart: str, case: str, title: str) -> None:
    entry = next(each for each in CHARTS if each.name == chart)
    with look():
        assert entry.draw(VIEWS[case]).title == title


def test_the_pdf_has_a_page_a_chart_and_its_text_can_be_searched(pack: Pack) -> None:
    path = next(file.path for file in pack.files if file.name.endswith(".pdf"))
    pages = [page.extract_text() for page in PdfReader(path).pages]
    assert len(pages) == len(CHARTS)
    assert "Delta rose 16% to EUR 370k" in pages[0]
    assert "position 1,234 · head 9f2c12ab34cd" in pages[0]
    assert QUARTERS[0] in pages[1]


def test_no_file_carries_the_date_of_its_making(pack: Pack) -> None:
    for file in pack.files:
        data = file.path.read_bytes()
        assert b"<dc:date>" not in data
        assert b"CreationDate" not in data


@EVERY
def test_a_readers_own_settings_change_nothing(entry: ChartEntry) -> None:
    import matplotlib

    plain = rendered(entry.draw, CASES["typical"])
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 10}):
        assert rendered(entry.draw, CASES["typical"]).png == plain.png


def test_charts_on_the_summary_are_the_files_of_the_pack(pack: Pack, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(pack.workbook) as parts:
        images = {parts.read(name) for name in parts.namelist() if name.startswith("xl/media/")}
    shown = {entry.name for entry in CHARTS if entry.on_summary}
    assert images == {path.read_bytes() for path in pack.charts if path.suffix == ".png" and path.stem in shown}
    assert all(io.BytesIO(image).read(4) == b"\x89PNG" for image in images)
