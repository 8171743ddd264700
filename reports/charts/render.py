"""Draws charts and gives the bytes of their files; the same view gives the same bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from reports.charts.frame import Drawing
from reports.fonts import FontFile, families, without_font
from reports.tagged_pdf import TaggedPage, tagged_pdf

STYLE = Path(__file__).with_name("finance.mplstyle")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A chart's files and words. boxes: the letters that no font has."""

    png: bytes
    svg: bytes
    drawing: Drawing
    boxes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PdfHeading:
    """What a document says of itself. author: whose book it is about."""

    title: str
    keywords: str
    author: str

    @property
    def entries(self) -> dict[str, str | None]:
        """As matplotlib has it; nothing comes from the clock."""
        words = {"Title": self.title, "Keywords": self.keywords, "Author": self.author}
        return {**words, "CreationDate": None}


@contextmanager
def look(fonts: Sequence[FontFile] = ()) -> Iterator[None]:
    """The context in which charts are drawn and saved: the style file over matplotlib's defaults.

    fonts: for the letters that the style's own font lacks. Whatever the reader's own matplotlibrc says is left out,
    and no backend is chosen.
    """
    settings = matplotlib.rc_params_from_file(STYLE, use_default_template=True)
    chosen = {key: value for key, value in settings.items() if not key.startswith("backend")}
    if fonts:
        chosen["font.family"] = [*chosen["font.family"], *families(fonts)]
    with matplotlib.rc_context(chosen), warnings.catch_warnings():
        # What no font has shows as boxes in the chart, and is told; the workbook has its letters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def rendered(draw: Callable[[QuarterView], Drawing], view: QuarterView, fonts: Sequence[FontFile] = ()) -> Rendered:
    """One chart as PNG and SVG."""
    with look(fonts):
        drawing = draw(view)
        png = _saved(drawing, "png", {"Software": None, "Title": drawing.title})
        words = {"Date": None, "Title": drawing.title, "Description": drawing.alternative}
        return Rendered(png, _saved(drawing, "svg", words), drawing, boxes_of(drawing, fonts))


def boxes_of(drawing: Drawing, fonts: Sequence[FontFile] = ()) -> frozenset[str]:
    """The letters of a drawing that no font has."""
    return without_font((artist.get_text() for artist in drawing.figure.findobj(Text)), fonts)


def combined_pdf(drawings: Iterable[Drawing], heading: PdfHeading, fonts: Sequence[FontFile] = ()) -> bytes:
    """Drawings in one PDF, a page each, tagged with their words; each is drawn when its turn comes."""
    buffer = io.BytesIO()
    pages = []
    # What a document is about is told by all of its pages, which are known when they are drawn.
    with look(fonts), PdfPages(buffer, metadata=heading.entries) as document:
        for drawing in drawings:
            document.savefig(drawing.figure)
            pages.append(TaggedPage(drawing.title, drawing.alternative))
        document.infodict()["Subject"] = "; ".join(page.title for page in pages)
    return tagged_pdf(buffer.getvalue(), pages)


def _saved(drawing: Drawing, form: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    figure: Any = drawing.figure
    figure.savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()
