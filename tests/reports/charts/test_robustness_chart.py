"""The page of a system that was tried further and further: a curve over its levels, of the last run; no page without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from ledger.views.readiness import MeasurementView, TrialView
from reports.charts import frame, robustness
from reports.charts.render import look, rendered
from reports.registry import pages
from tests.helpers.documented_books import with_measurements
from tests.helpers.quarter_books import CASES, HOSTILE, still

DAY, LATER = date(2026, 8, 3), date(2026, 9, 7)
#: Level, and how many of 100 came out right.
Curve = Sequence[tuple[str, int]]
TURNED: Curve = (("0", 97), ("45", 60), ("90", 12))


def run(
    curve: Curve, on: date = DAY, *, monitor: str | None = "turns", scale: str | None = "degrees", first: int = 900
) -> list[MeasurementView]:
    """A suite's cases, each held to 0.9."""
    return [
        MeasurementView(
            "FRAUD", on, first + number, "robustness", monitor, "reliable", f"{passed / 100:.6f}", "0.9",
            "kept" if passed >= 90 else "broken", TrialView(f"case {level}", passed, 100, scale, level))
        for number, (level, passed) in enumerate(curve)
    ]  # fmt: skip


def view_of(*runs: list[MeasurementView], view: QuarterView | None = None) -> QuarterView:
    return with_measurements(view or still().view(), *runs)


def drawn(view: QuarterView) -> frame.Drawing:
    with look():
        return robustness.draw(view, "FRAUD")


def test_the_curve_is_a_page_beside_that_of_the_expectations() -> None:
    assert [page.name for page in pages(view_of(run(TURNED)))] == ["10-expectations-FRAUD", "11-robustness-FRAUD"]


@pytest.mark.parametrize(
    "runs",
    [
        run(TURNED[:2]),
        run(TURNED, scale=None),
        [*run(TURNED[:2]), *run(TURNED[2:], monitor=None)],
        [*run(TURNED[:2]), *run(TURNED[2:], scale="noise")],
        run([("7", 90), ("7", 80), ("7.0", 70)]),
    ],
)
def test_too_few_levels_of_one_scale_and_monitor_are_no_curve(runs: list[MeasurementView]) -> None:
    view = view_of(runs)
    assert robustness.curved_systems(view) == ()
    assert [page.name for page in pages(view)] == ["10-expectations-FRAUD"]


def test_it_says_both_ends_and_in_words_every_point() -> None:
    found = drawn(view_of(run(TURNED)))
    assert found.title == "FRAUD: 97 % right at 0, 12 % at 90 degrees"
    for level, passed in TURNED:
        assert f"case {level}: {passed} of 100 came out right" in found.alternative


def test_the_last_run_counts_level_by_level_and_the_last_scale() -> None:
    """In the order of levels, however they were tried; a later run of another scale is another curve."""
    again = run([("90", 50), ("45", 70)], LATER, first=950)
    found = drawn(view_of(run(TURNED), again))
    assert found.title == "FRAUD: 97 % right at 0, 50 % at 90 degrees"
    assert "case 45: 70 of 100" in found.alternative
    noise = run([("0.1", 91), ("-0.1", 81), ("0.25", 71)], LATER, scale="noise", first=990)
    assert drawn(view_of(run(TURNED), noise)).title == "FRAUD: 81 % right at -0.1, 71 % at 0.25 noise"


def test_the_page_of_expectations_shows_the_worst_case_and_counts_the_others() -> None:
    with look():
        page = pages(view_of(run(TURNED)))[0].draw(view_of(run(TURNED)))
    words = [text.get_text() for text in page.figure.findobj(Text)]
    assert any(text.startswith("robustness (+2 more)") for text in words)


@pytest.mark.parametrize(
    "view",
    [
        view_of(run([(str(level), 100 - level) for level in range(0, 100, 2)])),
        view_of(run(TURNED), view=CASES["provisional"]),
        *(view_of(run(TURNED, monitor=text[:100] or "x", scale=text[:100] or "x")) for text in HOSTILE),
    ],
)
def test_whatever_it_is_called_it_is_drawn_within_its_page(view: QuarterView) -> None:
    found = drawn(view)
    assert len(found.title) <= frame.LONGEST_TITLE
    figure = found.figure
    with look():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        boxes = {
            text.get_text(): text.get_window_extent(renderer)
            for text in figure.findobj(Text)
            if text.get_text().strip()
        }
    outside = [words for words, box in boxes.items() if box.x0 < 0 or box.x1 > figure.bbox.width]
    assert outside == []


def test_the_same_view_gives_the_same_bytes() -> None:
    view = view_of(run(TURNED))
    one, again = (rendered(lambda each: robustness.draw(each, "FRAUD"), view) for _ in range(2))
    assert (one.png, one.svg) == (again.png, again.svg)
