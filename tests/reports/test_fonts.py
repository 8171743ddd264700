"""Fonts for letters that the charts' own font lacks: chosen by what they have, named by their hash, missed aloud."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from reports.charts.largest_interest import draw
from reports.charts.render import look, rendered
from reports.fonts import FONT, NO_FONT, UnknownFontError, by_script, fonts_of, with_fonts, without_font
from reports.registry import CHARTS
from tests.helpers.quarter_books import Books, typical

#: A word for debt, or a greeting, in the scripts of most of the world's readers.
WORDS = {
    "Latin": "Schuld für Modelle",
    "Greek": "τεχνικό χρέος",
    "Cyrillic": "технический долг",
    "Armenian": "տեխնիկական պարտք",
    "Georgian": "ტექნიკური ვალი",
    "Hebrew": "חוב טכני",
    "Arabic": "الدين التقني",
    "Devanagari": "तकनीकी ऋण",
    "Bengali": "কারিগরি ঋণ",
    "Gurmukhi": "ਤਕਨੀਕੀ ਕਰਜ਼ਾ",
    "Gujarati": "તકનીકી દેવું",
    "Tamil": "தொழில்நுட்பக் கடன்",
    "Telugu": "సాంకేతిక అప్పు",
    "Kannada": "ತಾಂತ್ರಿಕ ಸಾಲ",
    "Malayalam": "സാങ്കേതിക കടം",
    "Sinhala": "තාක්ෂණික ණය",
    "Thai": "หนี้ทางเทคนิค",
    "Lao": "ໜີ້ດ້ານເຕັກນິກ",
    "Myanmar": "နည်းပညာကြွေး",
    "Khmer": "បំណុលបច្ចេកទេស",
    "Ethiopic": "የቴክኒክ ዕዳ",
    "CJK": "技術的負債",
    "Hangul": "기술 부채",
    "emoji": "debt 🚀",
}
#: No font has these: they are for private use.
PRIVATE = "\ue001"


def _book(words: str) -> QuarterView:
    books = Books()
    for number in range(3):
        books.item(f"S{number}", title=f"{words} {number}", team=words, opening=9_000_00, per_year=1_000_00 + number)
    return books.view()


def _boxes(view: QuarterView) -> tuple[Any, list[tuple[str, Any]]]:
    found, _ = fonts_of(view)
    with look(found):
        figure = draw(view).figure
        canvas: Any = FigureCanvasAgg(figure)
        figure.draw_without_rendering()
        texts = [each for each in figure.findobj(Text) if each.get_visible() and each.get_text().strip()]
        return figure, [(each.get_text(), each.get_window_extent(canvas.get_renderer())) for each in texts]


@pytest.mark.parametrize(
    "script", [pytest.param(each, marks=[] if each == "Latin" else [pytest.mark.reliability]) for each in WORDS]
)
def test_letters_of_a_script_are_drawn_inside_and_apart(script: str) -> None:
    view = with_fonts(_book(WORDS[script]), ())
    found, missing = fonts_of(view)
    if NO_FONT in dict(view.provenance.versions):
        pytest.skip(f"No font of outlines for {script} is installed.")
    assert missing == []
    assert without_font([WORDS[script]], found) == frozenset()
    figure, boxes = _boxes(view)
    for words, box in boxes:
        assert box.x0 >= 0, words
        assert box.y0 >= 0, words
        assert box.x1 <= figure.bbox.x1, words
        assert box.y1 <= figure.bbox.y1, words
    for (words, box), (others, other) in combinations(boxes, 2):
        assert not box.overlaps(other), (words, others)


def test_books_in_the_charts_own_letters_are_drawn_as_ever() -> None:
    plain = typical().view()
    assert with_fonts(plain, ()) is plain
    assert rendered(CHARTS[0].draw, plain, ()).png == rendered(CHARTS[0].draw, plain).png


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """A font file that no machine has installed: matplotlib's own bold one, as another file."""
    source = Path(font_manager.findfont("DejaVu Sans:bold"))
    target = tmp_path / "own.ttf"
    target.write_bytes(source.read_bytes())
    return target


def test_a_pack_names_the_font_and_another_machine_says_that_it_has_not_this_one(renamed: Path) -> None:
    digest = hashlib.sha256(renamed.read_bytes()).hexdigest()
    view = typical().view()
    versions = (*view.provenance.versions, (f"{FONT}DejaVu Sans", digest), (f"{FONT}Nowhere", "0" * 64))
    named = replace(view, provenance=replace(view.provenance, versions=versions))
    found, missing = fonts_of(named, [str(renamed)])
    assert [font.sha256 for font in found] == [digest]
    assert missing == ["Nowhere (not installed)"]
    other = replace(named, provenance=replace(named.provenance, versions=((f"{FONT}DejaVu Sans", "1" * 64),)))
    assert fonts_of(other)[1] == ["DejaVu Sans (another version is installed)"]


def test_what_no_font_has_is_named_by_script_in_the_pack_and_by_chart_in_a_message() -> None:
    view = with_fonts(_book(f"private {PRIVATE}"), ())
    assert NO_FONT not in dict(view.provenance.versions), "what has no shape of its own is no missing letter"
    assert by_script("กขA🚀") == "Latin A, Thai กข, symbols 🚀"
    unknown = "\U00011ee0"  # Makasar, of which few machines have a font
    view = with_fonts(_book(unknown), ())
    if NO_FONT in dict(view.provenance.versions):
        assert dict(view.provenance.versions)[NO_FONT] == f"Makasar {unknown}"
        assert rendered(draw, view, fonts_of(view)[0]).boxes == {unknown}


def test_a_font_that_the_configuration_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UnknownFontError, match="'Nowhere Sans', which is no file and no installed font"):
        with_fonts(typical().view(), ["Nowhere Sans"])
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    with pytest.raises(UnknownFontError, match="is no font that charts can be drawn with"):
        with_fonts(typical().view(), [str(broken)])


def test_the_same_pack_draws_the_same_bytes_again(caplog: pytest.LogCaptureFixture) -> None:
    view = with_fonts(_book(WORDS["CJK"]), ())
    found, _ = fonts_of(view)
    with caplog.at_level(logging.WARNING):
        one, again = (rendered(draw, view, found) for _ in range(2))
    assert (one.png, one.svg) == (again.png, again.svg)
    assert "findfont" not in caplog.text
