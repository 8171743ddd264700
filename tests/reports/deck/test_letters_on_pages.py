"""Letters that the charts' own font lacks, on the pages of the deck: drawn inside and apart, or named with their page."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import pytest

import reports.pack.pack
from ledger.views.quarter import QuarterView
from reports.charts.render import look
from reports.deck.page import Number
from reports.fonts import NO_FONT, fonts_of, with_fonts
from reports.pack.pack import write_pack
from reports.registry import CHARTS, SLIDES
from tests.helpers.drawn_texts import misplaced
from tests.helpers.quarter_books import Books
from tests.reports.test_fonts import WORDS

#: Few machines have a font for Makasar.
RARE = "\U00011ee0"
#: The pages on which these books show people's own words, by number.
TYPED = (3, 4, 6)


@cache
def _book(words: str) -> QuarterView:
    """Titles and teams in one script, short and long, in all tables of the deck."""
    books = Books()
    for number, nature in enumerate(("debt", "neglect", "debt")):
        title, late = f"{words} {number} " * (1 + 12 * number), ("overdue",) if nature == "debt" else ()
        books.item(f"S{number}", nature=nature, title=title, team=words, opening=9_000_00, per_year=1_000_00, late=late)
    return with_fonts(books.plan(words, "2026Q3", 5_000_00, 4_000_00).view(), ())


@pytest.mark.reliability
@pytest.mark.parametrize("script", WORDS)
@pytest.mark.parametrize("page", TYPED)
def test_letters_of_a_script_stay_on_the_page_and_apart(script: str, page: int) -> None:
    view = _book(WORDS[script])
    if NO_FONT in dict(view.provenance.versions):
        pytest.skip(f"No font of outlines for {script} is installed.")
    with look(fonts_of(view)[0]):
        assert list(misplaced(SLIDES[page - 1].draw(view, Number(page, len(SLIDES))).figure)) == []


@pytest.mark.reliability
def test_what_no_font_has_is_named_with_its_charts_and_its_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    view = _book(RARE)
    if NO_FONT not in dict(view.provenance.versions):
        pytest.skip("A font of outlines for Makasar is installed.")
    charts = [entry for entry in CHARTS if entry.name in {"1-roll-forward", "6-largest-interest"}]
    monkeypatch.setattr(reports.pack.pack, "CHARTS", tuple(charts))
    with caplog.at_level(logging.WARNING):
        write_pack(view, tmp_path)
    (said,) = (record.getMessage() for record in caplog.records if "No font" in record.getMessage())
    assert f"chart 6-largest-interest (Makasar {RARE})" in said
    assert "1-roll-forward" not in said
    for page, entry in enumerate(SLIDES, start=1):
        assert (f"page {page} of the deck ({entry.name}) (Makasar {RARE})" in said) is (page in TYPED)
