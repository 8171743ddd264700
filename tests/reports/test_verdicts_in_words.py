"""A verdict and what it was held against are told in the same words on the sheet, on every page and in the texts beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from ledger.views.readiness import EXPECTATIONS, MeasurementView, TrialView
from ledger.vocabulary.kinds import WORST_FIRST, Verdict
from ledger.vocabulary.measurements import KINDS
from ledger.vocabulary.verdict_words import VERDICT_WORDS
from reports.charts.render import look
from reports.content import Content
from reports.registry import pages
from reports.sheets import readiness
from tests.helpers.documented_books import measured, with_measurements
from tests.helpers.quarter_books import still

DAY = date(2026, 9, 1)
LIMITS = (("0.02", None, "0.02"), ("0.02", "1.25", "0.02, ratio 1.25"))


def view_of(*rows: MeasurementView) -> QuarterView:
    """FRAUD alone, with these measurements."""
    return with_measurements(still().view(), list(rows))


def told(view: QuarterView) -> Iterator[str]:
    """Every text of the sheet Readiness and of the pages of measured systems."""
    sheet = readiness.build(Content(view))
    yield from (str(cell) for block in sheet.blocks for row in block.rows for cell in row.cells.values())
    yield from (sheet.headline, sheet.subtitle, *sheet.notes)
    with look():
        for page in pages(view):
            drawing = page.draw(view)
            yield from (text.get_text() for text in drawing.figure.findobj(Text))
            yield drawing.alternative


@pytest.mark.parametrize(("verdict", "limits"), list(product(WORST_FIRST, LIMITS)))
def test_sheet_and_page_say_the_verdict_and_both_thresholds(
    verdict: Verdict, limits: tuple[str, str | None, str]
) -> None:
    threshold, ratio, words = limits
    (row,) = measured("FRAUD", "prediction-bias", [(DAY, "0.03", verdict)], threshold, ratio=ratio)
    texts = list(told(view_of(row)))
    assert f"{VERDICT_WORDS[verdict]} {DAY} ({words})" in texts
    assert f"Reliable: {VERDICT_WORDS[verdict]}" in texts
    assert f"0.03 on {DAY} · threshold {words}" in texts
    assert any(f"threshold {words}, {VERDICT_WORDS[verdict]}" in text for text in texts)


def test_no_stored_name_of_a_verdict_reaches_a_reader() -> None:
    """Of every kind of measurement, and of a suite's curve."""
    rows = [row for what in KINDS for row in measured("FRAUD", what, [(DAY, "0.5", "undecided")])]
    curve = [
        MeasurementView(
            "FRAUD", DAY, 900 + level, "robustness", "turns", "reliable", "0.500000", "0.9", "undecided",
            TrialView(f"case {level}", 5, 10, "degrees", str(level)))
        for level in range(3)
    ]  # fmt: skip
    texts = list(told(view_of(*rows, *curve)))
    assert [text for text in texts if "undecided" in text or "too little" in text] == []
    cells = [f"{VERDICT_WORDS['undecided']} {DAY}" in text for text in texts]
    assert sum(cells) == len(EXPECTATIONS)
