"""Colours of words: dark enough on their ground, and none with two meanings."""

from __future__ import annotations

import pytest

from reports.charts import frame
from reports.xlsx import styles

#: WCAG 2.1 asks this of text of ordinary size.
ENOUGH = 4.5
WORDS_OF_CHARTS = {
    name: getattr(frame, name)
    for name in ("INCREASE", "DECREASE", "TOTAL", "DEBT_WORDS", "NEGLECT_WORDS", "INTEREST", "QUIET")
}
#: Of the workbook: words, and the ground that they stand on.
WORDS_OF_CELLS = {
    "formula": (styles.BLACK, "FFFFFF"),
    "value": (styles.GREY, "FFFFFF"),
    "link": (styles.GREEN, "FFFFFF"),
    "input": (styles.BLUE, styles.PALE_YELLOW),
    "raises": (styles.ORANGE, "FFFFFF"),
    "missing": (styles.ORANGE, styles.PALE_ORANGE),
    "heading": (styles.BLACK, styles.PALE_GREY),
    "alarm": ("FFFFFF", styles.RED),
}


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1."""
    parts = [int(colour.lstrip("#")[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(words: str, ground: str) -> float:
    """From 1, alike, to 21, black on white."""
    dark, light = sorted((luminance(words), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast("000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#D55E00", "FFFFFF") < ENOUGH


@pytest.mark.parametrize("name", WORDS_OF_CHARTS)
def test_words_in_charts_can_be_read(name: str) -> None:
    assert contrast(WORDS_OF_CHARTS[name], "#FFFFFF") >= ENOUGH


@pytest.mark.parametrize("name", WORDS_OF_CELLS)
def test_words_in_cells_can_be_read(name: str) -> None:
    assert contrast(*WORDS_OF_CELLS[name]) >= ENOUGH


def test_blue_is_debt_and_not_what_lowers_a_figure() -> None:
    assert frame.DECREASE not in (frame.DEBT, frame.DEBT_WORDS)
    assert frame.INCREASE != frame.NEGLECT
