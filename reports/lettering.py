"""Lettering: texts on a figure, measured as they will be drawn, so that they fit the room that they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure

from ledger.vocabulary.spreadsheet_text import printable

#: Where a text stands: on a figure, or on a part of a larger one.
Surface = Figure | SubFigure

#: Words beside a bar shrink to this size before they are cut.
_SMALLEST_WORDS = 8.0
_SMALLEST_FONT = 5.0
#: Letters of another size are not wider by just that: what is computed for them stays clear of the edge.
_SURE = 1.01
#: Before a figure in words its currency, which stays on the same line.
_AMOUNT = re.compile("\\b([A-Z]{3}) (?=[-+\N{MINUS SIGN}]?[0-9])")


def renderer_of(surface: Surface) -> Any:
    """What measures texts as they will be drawn; one for all of a figure's."""
    figure: Any = surface.get_figure(root=True)
    canvas: Any = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    return canvas.get_renderer()


def fit(figure: Surface, texts: Sequence[Any], room: float) -> None:
    """Shrink the texts together until none is wider than the room, in pixels."""
    renderer = renderer_of(figure)
    widest = max((text.get_window_extent(renderer).width for text in texts), default=0.0)
    if widest > room:
        for text in texts:
            text.set_fontsize(max(_SMALLEST_FONT, text.get_fontsize() * room / widest * 0.98))


def shorten(figure: Surface, text: Any, room: float) -> None:
    """Make a text one line that fits the room, in pixels: smaller first; what is cut shows as an ellipsis."""
    renderer = renderer_of(figure)
    words = printable(" ".join(text.get_text().split()))[:200]
    text.set_text(words)
    width = text.get_window_extent(renderer).width
    if width > room:
        text.set_fontsize(max(_SMALLEST_WORDS, text.get_fontsize() * room / width * 0.98))
    while words and (width := text.get_window_extent(renderer).width) > room:
        words = words[: min(int(len(words) * room / width), len(words) - 1)].rstrip()
        text.set_text(words + "…")


def in_two_lines(figure: Surface, text: Any, room: float) -> None:
    """Make a text at most two lines that fit the room, in pixels: smaller first; what is cut shows as an ellipsis."""
    words = printable(" ".join(text.get_text().split()))[:200]
    lines, size = in_lines(figure, words, room, text.get_fontsize(), 2, fontweight=text.get_fontweight())
    text.set_fontsize(size)
    text.set_text(" ".join(lines[1:]))
    if len(lines) > 1:
        shorten(figure, text, room)
    second = text.get_text()
    text.set_text(lines[0])
    shorten(figure, text, room)
    text.set_text("\n".join(filter(None, (text.get_text(), second))))


def in_lines(
    figure: Surface, sentence: str, room: float, size: float, most: int, **style: Any
) -> tuple[list[str], float]:
    """A sentence in lines that fit the room, in pixels, and the size of its letters: smaller, if it takes more than `most`.

    Only a sentence that would have to be smaller than words in bars takes more lines.
    """
    words = _AMOUNT.sub("\\1\N{NO-BREAK SPACE}", sentence).split(" ")
    whole = " ".join(words)
    # Measuring costs most of a page's time: what fits as it is needs it once, else each word does.
    (width,) = _widths(figure, [whole], size, **style)
    if width <= room:
        return [whole], size
    widths = _widths(figure, words, size, **style)
    blank = (width - sum(widths)) / max(1, len(words) - 1)
    smaller = 1.0
    while True:
        lines = _broken(words, widths, blank, room / smaller / _SURE)
        if len(lines) <= most or size * smaller <= _SMALLEST_WORDS:
            return lines, size * smaller
        smaller *= 0.95


def _widths(figure: Surface, words: Sequence[str], size: float, **style: Any) -> list[float]:
    """How wide words are, in pixels."""
    renderer = renderer_of(figure)
    probe = figure.text(0, 0, "", fontsize=size, **style)
    found = []
    for word in words:
        probe.set_text(word)
        found.append(probe.get_window_extent(renderer).width)
    probe.remove()
    return found


def _broken(words: Sequence[str], widths: Sequence[float], blank: float, room: float) -> list[str]:
    """Words in as few lines as one pass gives, none wider than the room but a single word."""
    lines, used = [words[0]], widths[0]
    for word, width in zip(words[1:], widths[1:], strict=True):
        if used + blank + width <= room:
            lines[-1], used = f"{lines[-1]} {word}", used + blank + width
        else:
            lines.append(word)
            used = width
    return lines
