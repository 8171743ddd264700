"""The words that a drawing shows, where they stand, and which of them leave it or meet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def visible_texts(figure: Any) -> list[Text]:
    """The words that are drawn; tick labels outside the axes' limits exist but are not."""
    hidden = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            slack = (high - low) * 1e-9
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not axes.axison or not low - slack <= tick.get_loc() <= high + slack:
                    hidden |= {tick.label1, tick.label2}
    texts = figure.findobj(Text)
    return [text for text in texts if text.get_visible() and text.get_text().strip() and text not in hidden]


def misplaced(figure: Any) -> Iterator[str]:
    """Each text that leaves the figure, and each two that meet, in words; drawn within `reports.charts.render.look`."""
    canvas: Any = FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    renderer = canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in visible_texts(figure)]
    for words, box in boxes:
        if not (box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1):
            yield f"{words!r} leaves the figure"
    for (words, box), (others, other) in combinations(boxes, 2):
        if box.overlaps(other):
            yield f"{words!r} meets {others!r}"
