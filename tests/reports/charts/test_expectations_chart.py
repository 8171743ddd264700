"""The page of a measured system: its message, its three panels, text that never overlaps; no page without a measurement."""

from __future__ import annotations

import io
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from pypdf import PdfReader

from ledger.views.quarter import QuarterView
from reports.charts import expectations, frame
from reports.charts.render import PdfHeading, combined_pdf, look, rendered
from reports.registry import pages
from tests.helpers.documented_books import (
    BIAS,
    documented,
    hostile_documents,
    long_figures,
    many_measured,
    measured,
    with_measurements,
)
from tests.helpers.quarter_books import CASES, HOSTILE, Books, many_systems, still, typical

DAY = date(2026, 9, 1)


def _one(*series: Any, view: QuarterView | None = None) -> QuarterView:
    """FRAUD alone, with these series."""
    return with_measurements(view or still().view(), *series)


def _bridge(verdict: str, kind: str = "prediction-bias") -> list[Any]:
    return measured("FRAUD", kind, [(DAY, "0.1", verdict)])  # type: ignore[list-item]


LONG_KEY = "SYSTEM-WITH-A-NAME-THAT-IS-MUCH-LONGER-THAN-ANY-TITLE-OF-A-PAGE-MAY-BE"
VIEWS = {
    "documented": documented(typical().view()),
    "hostile": hostile_documents(CASES["hostile"], HOSTILE),
    "long": long_figures(CASES["large"]),
    "many": many_measured(many_systems(60).view()),
    "provisional": _one(measured("FRAUD", "drift", BIAS), view=CASES["provisional"]),
    "yen": documented(CASES["yen"]),
    "negative": _one(_bridge("kept"), view=Books(earlier=[(-5_00, 7_00)] * 7).item(opening=-5_00).view()),
    "long key": with_measurements(
        Books().item(LONG_KEY, opening=99_999_999_999_99).view(), measured(LONG_KEY, "explainability", BIAS)
    ),
    "one point without a threshold": _one(measured("FRAUD", "drift", [(DAY, "0", "undecided")], None)),
}


def drawings(view: QuarterView, most: int = 3) -> list[frame.Drawing]:
    with look():
        return [page.draw(view) for page in pages(view)[:most]]


def texts_of(drawing: frame.Drawing) -> list[str]:
    return [text.get_text() for text in drawing.figure.findobj(Text) if text.get_text().strip()]


@pytest.mark.reliability
@pytest.mark.parametrize("case", VIEWS)
def test_no_text_leaves_the_page_or_meets_another(case: str) -> None:
    for drawing in drawings(VIEWS[case]):
        with look():
            canvas = FigureCanvasAgg(drawing.figure)
            drawing.figure.draw_without_rendering()
            texts = [text for text in drawing.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
            boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
        assert len(boxes) >= 10
        for words, box in boxes:
            edge = drawing.figure.bbox
            assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= edge.x1 and box.y1 <= edge.y1, words  # noqa: PT018
        for (words, box), (others, other) in combinations(boxes, 2):
            assert not box.overlaps(other), (words, others)
        assert 10 <= len(drawing.title) <= frame.LONGEST_TITLE
        assert drawing.title.startswith("PROVISIONAL") is VIEWS[case].provenance.provisional
        assert drawing.alternative.startswith(drawing.title)


@pytest.mark.parametrize(
    ("series", "title"),
    [
        ([_bridge("broken")], "FRAUD is not reliable; delta EUR 12k"),
        (
            [_bridge("broken"), _bridge("broken", "drift"), _bridge("broken", "comprehensibility")],
            "FRAUD is not reliable, refinable and comprehensible",
        ),
        ([_bridge("broken"), _bridge("kept", "drift")], "FRAUD is not reliable; delta EUR 12k"),
        ([_bridge("undecided")], "FRAUD: nobody can tell whether it is reliable; delta EUR 12k"),
        ([_bridge("kept")], "FRAUD is reliable; nobody measured the rest; delta EUR 12k"),
        (
            [_bridge("kept"), _bridge("kept", "drift"), _bridge("kept", "explainability")],
            "FRAUD keeps all three expectations; delta EUR 12k",
        ),
    ],
)
def test_the_title_says_how_the_expectations_stand(series: list[Any], title: str) -> None:
    (drawing,) = drawings(_one(*series))
    assert drawing.title == title


def test_a_title_that_does_not_fit_says_less() -> None:
    (drawing,) = drawings(VIEWS["long key"])
    assert drawing.title.startswith(LONG_KEY[:50])
    assert len(drawing.title) == frame.LONGEST_TITLE


def test_a_panel_names_its_series_its_last_figure_and_what_it_was_held_against() -> None:
    (drawing, _) = drawings(VIEWS["documented"])
    words = texts_of(drawing)
    assert {"Reliable: broken", "prediction-bias, weekly", "0.072 on 2026-09-07 · threshold 0.05, ratio 1.25"} <= set(
        words
    )
    assert {"Refinable: kept", "drift, by hand", "0.54 on 2026-04-10 · threshold 0.7"} <= set(words)
    assert "Comprehensible: kept" in words


def test_of_several_series_the_one_that_broke_last_is_shown_and_the_others_are_counted() -> None:
    broken = measured("FRAUD", "robustness", [(date(2026, 8, 1), "0.4", "broken")], "0.9", monitor="tilted")
    later = [(date(2026, 8, day), "0.01", "kept") for day in (5, 12, 19)]
    (drawing,) = drawings(_one(measured("FRAUD", "prediction-bias", later), broken))
    assert "robustness (+1 more), tilted" in texts_of(drawing)


def test_an_expectation_that_nobody_measured_says_so_and_so_does_one_measured_long_ago() -> None:
    (drawing,) = drawings(_one(measured("FRAUD", "drift", [(date(2020, 1, 1), "0.1", "kept")])))
    words = texts_of(drawing)
    assert words.count("Nobody measured it") == 2
    assert "Measured before 2024Q4 only" in words


def test_broken_points_are_crosses_and_the_threshold_is_dashed_at_its_value() -> None:
    (drawing,) = drawings(_one(measured("FRAUD", "prediction-bias", BIAS)))
    axes = drawing.figure.axes[0]
    crosses = [each for each in axes.collections if tuple(each.get_facecolor()[0][:3]) == _rgb(frame.INCREASE)]
    assert [(date.fromordinal(int(x)), y) for each in crosses for x, y in each.get_offsets()] == [
        (day, float(value)) for day, value, verdict in BIAS if verdict == "broken"
    ]
    dashed = next(line for line in axes.lines if line.get_linestyle() == "--")
    assert set(dashed.get_ydata()) == {0.05}
    assert sum(len(each.get_offsets()) for each in axes.collections) == len(BIAS)


def _rgb(colour: str) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return to_rgb(colour)


def test_the_columns_below_are_the_systems_own_closings() -> None:
    """Of history, not of the whole book."""
    view = VIEWS["documented"]
    (churn, fraud) = drawings(view)
    for drawing, system in ((churn, "CHURN"), (fraud, "FRAUD")):
        closings = sum(row.closing for row in view.rollforward if row.system == system)
        tops = [bar.get_y() + bar.get_height() for bar in drawing.figure.axes[-1].patches]
        assert max(tops[-2:]) * 100_000 == pytest.approx(closings)


def test_only_measured_systems_have_a_page_and_a_book_without_measurements_has_none() -> None:
    assert [page.name for page in pages(VIEWS["documented"])] == [
        "10-expectations-CHURN",
        "10-expectations-FRAUD",
    ]
    assert pages(typical().view()) == ()
    assert pages(CASES["empty"]) == ()


@pytest.mark.reliability
def test_of_too_many_systems_those_that_broke_something_and_owe_most_have_a_page() -> None:
    view = many_measured(many_systems(200).view())
    kept = expectations.measured_systems(view)
    assert kept == tuple(f"SYS{number:03}" for number in range(80, 200) if number % 4 == 0)
    assert len(kept) == expectations.MOST_PAGES
    (first, *_) = drawings(view, 1)
    assert any("30 of 200 measured systems have a page" in words for words in texts_of(first))
    few = many_measured(many_systems(30).view())
    assert len(expectations.measured_systems(few)) == 30
    assert not any("have a page" in words for words in texts_of(drawings(few, 1)[0]))


@pytest.mark.reliability
def test_the_pdf_has_a_page_per_system_and_its_bytes_are_the_same_again() -> None:
    view = VIEWS["documented"]
    (first, second) = (rendered(page.draw, view) for page in pages(view))
    again = rendered(pages(view)[0].draw, view)
    assert (first.png, first.svg) == (again.png, again.svg)
    heading = PdfHeading("charts", "charts", "book")
    pdf = combined_pdf([first.drawing, second.drawing], heading)
    assert pdf == combined_pdf([again.drawing, second.drawing], heading)
    told = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(told) == 2
    assert "CHURN is not reliable" in told[0]
    assert "nobody can tell whether it is reliable" in told[1]


def test_a_system_measured_in_another_currency_shows_its_own_unit() -> None:
    (first, *_) = drawings(VIEWS["yen"])
    assert any("JPY" in words for words in texts_of(first))
