"""Draws charts and gives the bytes of their files; the same view gives the same bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.text import Text

from ledger.views.quarter import QuarterView
from reports.charts.frame import Drawing
from reports.fonts import FontFile, families, without_font

_KEYWORDS = "technical debt, charts"
STYLE = Path(__file__).with_name("finance.mplstyle")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A chart's files and words. boxes: the letters that no font has."""

    png: bytes
    svg: bytes
    drawing: Drawing
    boxes: frozenset[str] = frozenset()


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
        texts = [artist.get_text() for artist in drawing.figure.findobj(Text)]
        png = _saved(drawing, "png", {"Software": None, "Title": drawing.title})
        words = {"Date": None, "Title": drawing.title, "Description": drawing.alternative}
        return Rendered(png, _saved(drawing, "svg", words), drawing, without_font(texts, fonts))


def combined_pdf(charts: list[Rendered], heading: str, fonts: Sequence[FontFile] = ()) -> bytes:
    """All charts in one PDF, a page each."""
    buffer = io.BytesIO()
    subject = "; ".join(chart.drawing.title for chart in charts)
    with (
        look(fonts),
        PdfPages(
            buffer, metadata={"CreationDate": None, "Title": heading, "Subject": subject, "Keywords": _KEYWORDS}
        ) as pages,
    ):
        for chart in charts:
            pages.savefig(chart.drawing.figure)
    return buffer.getvalue()


def _saved(drawing: Drawing, form: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    drawing.figure.savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()
