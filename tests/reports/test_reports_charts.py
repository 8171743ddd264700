"""Charts: the message as title, text that never overlaps, files that say the same everywhere."""

from __future__ import annotations

import io
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from pypdf import PdfReader
from quarter_books import CASES, QUARTERS, Books, first_item, with_posting_amount

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


VIEWS = {**CASES, "thin": _thin(), "negative": _negative(), "every movement": _every_movement(), "falling": _falling()}
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
    assert images == {path.read_bytes() for path in pack.charts if path.suffix == ".png"}
    assert all(io.BytesIO(image).read(4) == b"\x89PNG" for image in images)
