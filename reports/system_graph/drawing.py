"""Who reads whose output, drawn: systems in columns, data flowing to the right, feedback loops running back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Ellipse, FancyBboxPatch, PathPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from ledger.graph import text as in_words
from ledger.graph.model import DeclaredReading, Graph, Sighting
from ledger.vocabulary.spreadsheet_text import printable
from reports.charts.frame import DECREASE, INCREASE, QUIET
from reports.charts.render import look
from reports.system_graph.layout import GraphLayout, Route, layout

#: Inches.
_MARGIN, _BOX, _LABEL, _STUB, _BEND = 0.35, 1.9, 1.45, 0.3, 0.75
_LINE, _LONER, _NARROWEST = 0.2, 0.9, 9.5
_INK, _EDGE = "#1F1F1F", "#6B6B6B"
_POINTS_PER_INCH = 72.0
_HAIR = 1e-6

#: What a system owes and inherits, in words, by key.
Figures = Mapping[str, tuple[str, str]]


def svg(graph: Graph, figures: Figures, title: str) -> bytes:
    """The drawing as SVG; the same graph gives the same bytes. Its description tells all of it in words."""
    with look():
        figure = _Drawing(graph, figures).draw(title)
        told = "\n".join(in_words.lines(graph, {key: ", ".join(pair) for key, pair in figures.items()}))
        buffer = io.BytesIO()
        words = {"Date": None, "Title": printable(title), "Description": printable(told)}
        figure.savefig(buffer, format="svg", metadata=words)
    return buffer.getvalue()


def fitted(words: str, size: float, room: float, weight: str = "normal") -> str:
    """A text as one line of at most so many inches; what is cut shows as an ellipsis."""
    line = printable(" ".join(words.split()))[:300]
    if _width(line, size, weight) <= room:
        return line
    low, high = 0, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        fits = _width(line[:middle].rstrip() + "…", size, weight) <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return line[:low].rstrip() + "…"


def _width(words: str, size: float, weight: str) -> float:
    """Inches, from the font's own measures: no canvas is needed."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(words, font, ismath=False)[0]) / _POINTS_PER_INCH


@dataclass(slots=True)
class _Drawing:
    """A drawing under way: inches from the upper left corner."""

    graph: Graph
    figures: Figures
    axes: Any = None

    def draw(self, title: str) -> Figure:
        graph = self.graph
        loners = [key for key in graph.names if not graph.readers[key] and not graph.sources[key]]
        joined = [key for key in graph.names if key not in set(loners)]
        placed = layout(joined, [(reading.source, reading.reader) for reading in graph.readings])
        column = _LABEL if any(reading.what for reading in graph.readings) else _STUB
        step = column + _BOX + 2 * _BEND
        # Nothing comes in on the left of the first column, unless a loop runs back to it.
        first = 0.0 if any(placed.column[route.reader] == 0 for route in placed.routes) else -(column + _BEND)
        width = max(_NARROWEST, 2 * _MARGIN + first + placed.columns * step)
        per_row = max(1, int((width - 2 * _MARGIN + _STUB) // (_BOX + _STUB)))
        heading = [title, self._count(), *(in_words.loop_in_words(loop) for loop in graph.loops)]
        top = _MARGIN + _LINE * (len(heading) + 1)
        loners_top = top + placed.bottom + (_LINE * 3 if joined else 0)
        loner_rows = -(-len(loners) // per_row)
        seen_top = loners_top + loner_rows * _LONER + (_LINE * 2 if loners else 0)
        height = seen_top + (_LINE * 3 * (len(graph.undeclared) + 1) if graph.undeclared else 0) + _MARGIN
        figure = Figure(figsize=(width, height))
        self._prepare(figure, width, height)
        for number, line in enumerate(heading):
            self._heading(number, line, width)
        self._flow(placed, top, column, step, _MARGIN + _BEND + first)
        if joined and loners:
            self._words(_MARGIN, loners_top - _LINE, "Reads no other system, and no other reads it", 8, QUIET, width)
        for number, key in enumerate(loners):
            row, place = divmod(number, per_row)
            self._box(key, _MARGIN + place * (_BOX + _STUB), loners_top + row * _LONER + 0.39, 0.78)
        self._seen(graph.undeclared, seen_top, width)
        return figure

    def _prepare(self, figure: Figure, width: float, height: float) -> None:
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def _count(self) -> str:
        graph = self.graph
        kinds = (
            (len(graph.systems), "system"),
            (len(graph.readings), "reading"),
            (len(graph.loops), "feedback loop"),
            (len(graph.undeclared), "undeclared reader"),
        )
        return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in kinds)

    def _heading(self, number: int, line: str, width: float) -> None:
        size, weight = (11.0, "bold") if number == 0 else (8.5, "normal")
        colour = INCREASE if number > 1 else _INK if number == 0 else QUIET
        self._words(_MARGIN, _MARGIN + _LINE * number, line, size, colour, width - 2 * _MARGIN, weight)

    def _flow(self, placed: GraphLayout, top: float, column: float, step: float, start: float) -> None:
        """Edges under boxes."""
        lefts = {key: start + place * step + column for key, place in placed.column.items()}
        by_pair = {(reading.source, reading.reader): reading for reading in self.graph.readings}
        for route in placed.routes:
            reading = by_pair[route.source, route.reader]
            self._edge(reading, route, list(_way(route, placed, lefts, column, step, start)), top)
            if reading.what:
                left = lefts[route.reader] - column
                self._words(left + 0.04, top + route.end - 0.05, reading.words, 6.5, _INK, column - 0.16)
        for key, left in lefts.items():
            self._box(key, left, top + placed.middle[key], placed.height[key])

    def _edge(self, reading: DeclaredReading, route: Route, way: Sequence[tuple[float, float]], top: float) -> None:
        """Curves from point to point, level at each, and an arrow's head."""
        vertices = [(way[0][0], top + way[0][1])]
        codes = [Path.MOVETO]
        for (x, y), (next_x, next_y) in pairwise(way):
            if abs(y - next_y) < _HAIR:
                vertices.append((next_x, top + next_y))
                codes.append(Path.LINETO)
            elif abs(x - next_x) < _HAIR:
                # A turn: an edge that runs back leaves to the right, and comes in from the left like any other.
                out = _BEND * 0.8 if len(vertices) == 1 else -_BEND * 0.8
                vertices += [(x + out, top + y), (x + out, top + next_y), (next_x, top + next_y)]
                codes += [Path.CURVE4] * 3
            else:
                half = (next_x - x) / 2
                vertices += [(x + half, top + y), (next_x - half, top + next_y), (next_x, top + next_y)]
                codes += [Path.CURVE4] * 3
        in_loop = self.graph.closes_a_loop(reading.reader, reading.source)
        colour = INCREASE if in_loop else _EDGE
        path = Path(vertices, codes)
        self.axes.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=1.1 if in_loop else 0.8, zorder=1))
        x, y = vertices[-1]
        self.axes.fill([x, x - 0.09, x - 0.09], [y, y - 0.035, y + 0.035], color=colour, linewidth=0, zorder=2)

    def _box(self, key: str, left: float, middle: float, height: float) -> None:
        node = self.graph.names[key]
        in_loop = key in self.graph.in_loops
        colour = INCREASE if in_loop else QUIET if node.retired_on else DECREASE
        self.axes.add_patch(
            FancyBboxPatch(
                (left, middle - height / 2),
                _BOX,
                height,
                boxstyle="round,pad=0,rounding_size=0.06",
                facecolor="#F2F2F2" if node.retired_on else "white",
                edgecolor=colour,
                linestyle="--" if node.retired_on else "-",
                linewidth=1.2,
                zorder=3,
            )
        )
        own, inherited = self.figures[key]
        name = f"retired {node.retired_on} · {node.name}" if node.retired_on else node.name
        ink = QUIET if node.retired_on else _INK
        lines = (
            (key, 8.5, ink, "bold"),
            (name, 7.0, ink, "normal"),
            (own, 6.5, ink, "normal"),
            (inherited, 6.5, QUIET, "normal"),
        )
        for place, (words, size, colour, weight) in enumerate(lines):
            y = middle - 0.24 + 0.175 * place
            self._words(left + 0.09, y, words, size, colour, _BOX - 0.18, weight)

    def _seen(self, sightings: Sequence[Sighting], top: float, width: float) -> None:
        """Readers nobody declared, apart from the graph: each with the system it reads and the item that says so."""
        if not sightings:
            return
        self._words(_MARGIN, top, "Seen reading, never declared", 8, QUIET, width)
        for number, seen in enumerate(sightings, start=1):
            y = top + _LINE * 3 * number - _LINE
            source, reader, far = _MARGIN + _BOX, _MARGIN + _BOX + _LABEL, 2 * _BOX
            self._frame(_MARGIN, y, QUIET)
            self._words(_MARGIN + 0.09, y, seen.source, 8.5, _INK, _BOX - 0.18, "bold")
            self.axes.plot([source, reader], [y, y], color=INCREASE, linewidth=1.0, linestyle=":", zorder=1)
            self._words(source + 0.1, y - 0.1, seen.item, 6.5, _INK, _LABEL - 0.2)
            oval = Ellipse(
                (reader + far / 2, y), far, 0.44, facecolor="white", edgecolor=INCREASE, linestyle="--", zorder=3
            )
            self.axes.add_patch(oval)
            words = fitted(seen.reader, 8.0, far - 0.6)
            self.axes.text(reader + far / 2, y, words, fontsize=8.0, ha="center", va="center", zorder=4)

    def _frame(self, left: float, middle: float, colour: str) -> None:
        style = "round,pad=0,rounding_size=0.06"
        place = (left, middle - 0.2)
        self.axes.add_patch(
            FancyBboxPatch(place, _BOX, 0.4, boxstyle=style, facecolor="white", edgecolor=colour, zorder=3)
        )

    def _words(
        self, left: float, middle: float, words: str, size: float, colour: str, room: float, weight: str = "normal"
    ) -> None:
        line = fitted(words, size, room, weight)
        self.axes.text(left, middle, line, fontsize=size, fontweight=weight, color=colour, va="center", zorder=4)


def _way(
    route: Route, placed: GraphLayout, lefts: Mapping[str, float], column: float, step: float, start: float
) -> Iterator[tuple[float, float]]:
    """The points an edge passes: out of its source, along its lanes from side to side, into its reader."""
    right = lefts[route.source] + _BOX
    yield right, placed.middle[route.source]
    for number, y in route.lanes:
        left_side = start + number * step
        sides = (left_side, left_side + column + _BOX)
        for x in sides[::-1] if route.back else sides:
            yield x, y
    yield lefts[route.reader] - column, route.end
    yield lefts[route.reader], route.end
