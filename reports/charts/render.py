"""Draws charts and gives the bytes of their files; the same view gives the same bytes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_pdf import PdfPages

from ledger.views.quarter import QuarterView
from reports.charts.frame import Drawing

STYLE = Path(__file__).with_name("finance.mplstyle")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A chart's files and words."""

    png: bytes
    svg: bytes
    drawing: Drawing


@contextmanager
def look() -> Iterator[None]:
    """The context in which charts are drawn and saved: the style file over matplotlib's defaults.

    Whatever the reader's own matplotlibrc says is left out, and no backend is chosen.
    """
    settings = matplotlib.rc_params_from_file(STYLE, use_default_template=True)
    chosen = {key: value for key, value in settings.items() if not key.startswith("backend")}
    with matplotlib.rc_context(chosen), warnings.catch_warnings():
        # A title in a script that the font lacks shows boxes in the chart; the workbook has its letters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


def rendered(draw: Callable[[QuarterView], Drawing], view: QuarterView) -> Rendered:
    """One chart as PNG and SVG."""
    with look():
        drawing = draw(view)
        png = _saved(drawing, "png", {"Software": None, "Title": drawing.title})
        words = {"Date": None, "Title": drawing.title, "Description": drawing.alternative}
        return Rendered(png, _saved(drawing, "svg", words), drawing)


def combined_pdf(charts: list[Rendered], heading: str) -> bytes:
    """All charts in one PDF, a page each."""
    buffer = io.BytesIO()
    with look(), PdfPages(buffer, metadata={"CreationDate": None, "Title": heading}) as pages:
        for chart in charts:
            pages.savefig(chart.drawing.figure)
    return buffer.getvalue()


def _saved(drawing: Drawing, form: str, metadata: dict[str, str | None]) -> bytes:
    buffer = io.BytesIO()
    drawing.figure.savefig(buffer, format=form, metadata=metadata)
    return buffer.getvalue()
