"""Where a drawing of a graph puts everything: columns of boxes, edges that never run through one.

Data flows from left to right. A column holds boxes and, between them, a narrow lane for every edge that passes it; an
edge that runs back, in a loop, has a lane in each column from its source's to its reader's. Deterministic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, sqrt

from ledger.graph.model import components

#: A box of a system, or the lane of an edge in a column: (number of the edge, column).
Slot = str | tuple[int, int]

_FEWEST_PER_COLUMN = 12
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class Sizes:
    """Heights in inches: of a box, of each edge that comes in, of a lane; the gaps between two slots, and around a box."""

    box: float = 0.78
    port: float = 0.17
    lane: float = 0.05
    gap: float = 0.05
    around: float = 0.06


@dataclass(frozen=True, slots=True)
class Route:
    """An edge: its source, its reader, its lanes as (column, y) in the order in which data flows, and where it ends.

    back: whether it runs back to a column that is not to the right of its source's. end: y at the reader's left side.
    """

    source: str
    reader: str
    lanes: tuple[tuple[int, float], ...]
    end: float
    back: bool


@dataclass(frozen=True, slots=True)
class GraphLayout:
    """column, middle, height: of every box by its key; routes: in the order of the edges. Inches, y grows downwards."""

    columns: int
    column: Mapping[str, int]
    middle: Mapping[str, float]
    height: Mapping[str, float]
    routes: tuple[Route, ...]
    bottom: float


def layout(keys: Sequence[str], edges: Sequence[tuple[str, str]], sizes: Sizes | None = None) -> GraphLayout:
    """Place the keys and edges (source, reader). Every edge is between keys; an edge occurs once."""
    sizes = sizes or Sizes()
    order = _order(keys, edges)
    column = _columns(order, edges)
    lanes = [_lanes(number, edge, column, order) for number, edge in enumerate(edges)]
    incoming = {key: sum(reader == key for _, reader in edges) for key in keys}
    heights: dict[Slot, float] = {
        key: max(sizes.box, sizes.port * (incoming[key] + 1)) + 2 * sizes.around for key in keys
    }
    heights |= {lane: sizes.lane for chain in lanes for lane in chain}
    middles = _Places(column, edges, lanes, heights, sizes.gap).settled()
    routes = _routes(edges, lanes, order, middles, heights)
    return GraphLayout(
        columns=max(column.values(), default=-1) + 1,
        column=column,
        middle={key: middles[key] for key in keys},
        height={key: heights[key] - 2 * sizes.around for key in keys},
        routes=routes,
        bottom=max((middles[slot] + heights[slot] / 2 for slot in heights), default=0.0),
    )


def _order(keys: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """A place for every key, so that edges outside loops run upwards; within a loop, by distance from its first."""
    readers: dict[str, list[str]] = {key: [] for key in sorted(keys)}
    for source, reader in edges:
        readers[source].append(reader)
    order: dict[str, int] = {}
    for systems in components(readers):
        waiting = [systems[0]]
        for key in waiting:
            waiting.extend(next_ for next_ in sorted(readers[key]) if next_ in systems and next_ not in waiting)
        order |= {key: len(order) + place for place, key in enumerate(waiting)}
    return order


def _columns(order: Mapping[str, int], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Right of all it reads; where a column is full, in the next, so that many readers of one do not make a tower."""
    most = max(_FEWEST_PER_COLUMN, ceil(sqrt(len(order) * 4)))
    sources: dict[str, list[str]] = {key: [] for key in order}
    for source, reader in edges:
        if order[source] < order[reader]:
            sources[reader].append(source)
    column: dict[str, int] = {}
    filled: dict[int, int] = {}
    for key in order:
        place = max((column[source] + 1 for source in sources[key]), default=0)
        while filled.get(place, 0) >= most:
            place += 1
        column[key] = place
        filled[place] = filled.get(place, 0) + 1
    return column


def _lanes(
    number: int, edge: tuple[str, str], column: Mapping[str, int], order: Mapping[str, int]
) -> list[tuple[int, int]]:
    """The lanes of an edge as data flows."""
    source, reader = edge
    first, last = column[source], column[reader]
    if order[source] < order[reader]:
        return [(number, passed) for passed in range(first + 1, last)]
    return [(number, passed) for passed in range(first, last - 1, -1)]


@dataclass(frozen=True, slots=True)
class _Places:
    """Slots, and what each is joined to."""

    column: Mapping[str, int]
    edges: Sequence[tuple[str, str]]
    lanes: Sequence[Sequence[tuple[int, int]]]
    heights: Mapping[Slot, float]
    gap: float

    def settled(self) -> dict[Slot, float]:
        """The middle of every slot: near what it is joined to, in its column's order, none over another."""
        joined = self._joined()
        columns: dict[int, list[Slot]] = {}
        for slot in self.heights:
            columns.setdefault(self._column(slot), []).append(slot)
        ordered = [columns[number] for number in sorted(columns)]
        middles: dict[Slot, float] = dict.fromkeys(self.heights, 0.0)
        for slots in ordered:
            self._settle(slots, middles, middles)
        for sweep in range(2 * _SWEEPS):
            reorder = sweep < _SWEEPS
            for slots in ordered[:: -1 if sweep % 2 else 1]:
                wanted = {slot: _mean([middles[other] for other in joined[slot]], middles[slot]) for slot in slots}
                if reorder:
                    slots.sort(key=lambda slot, wanted=wanted: wanted[slot])  # type: ignore[misc]
                self._settle(slots, wanted, middles)
        top = min((middles[slot] - self.heights[slot] / 2 for slot in middles), default=0.0)
        return {slot: middle - top for slot, middle in middles.items()}

    def _column(self, slot: Slot) -> int:
        return self.column[slot] if isinstance(slot, str) else slot[1]

    def _joined(self) -> dict[Slot, list[Slot]]:
        joined: dict[Slot, list[Slot]] = {slot: [] for slot in self.heights}
        for (source, reader), chain in zip(self.edges, self.lanes, strict=True):
            way: list[Slot] = [source, *chain, reader]
            for one, other in pairwise(way):
                joined[one].append(other)
                joined[other].append(one)
        return joined

    def _settle(self, slots: Sequence[Slot], wanted: Mapping[Slot, float], middles: dict[Slot, float]) -> None:
        """Middles nearest to the wanted ones (least squares) that keep the order and the gaps.

        Without the room that the slots before it take, each would be where it wants; what then is out of order shares
        its mean (pool adjacent violators).
        """
        taken: list[float] = []
        room = 0.0
        for slot in slots:
            taken.append(room + self.heights[slot] / 2)
            room += self.heights[slot] + self.gap
        pools: list[tuple[float, int]] = []
        for slot, before in zip(slots, taken, strict=True):
            total, count = wanted[slot] - before, 1
            while pools and pools[-1][0] / pools[-1][1] > total / count:
                earlier, others = pools.pop()
                total, count = total + earlier, count + others
            pools.append((total, count))
        means = [total / count for total, count in pools for _ in range(count)]
        middles.update({slot: mean + before for slot, mean, before in zip(slots, means, taken, strict=True)})


def _routes(
    edges: Sequence[tuple[str, str]],
    lanes: Sequence[Sequence[tuple[int, int]]],
    order: Mapping[str, int],
    middles: Mapping[Slot, float],
    heights: Mapping[Slot, float],
) -> tuple[Route, ...]:
    """Edges come in at a box's left side one below the other, in the order in which they come near."""
    arriving: dict[str, list[tuple[float, int]]] = {}
    for number, (source, reader) in enumerate(edges):
        near: Slot = lanes[number][-1] if lanes[number] else source
        arriving.setdefault(reader, []).append((middles[near], number))
    ends: dict[int, float] = {}
    for reader, came in arriving.items():
        step = heights[reader] / (len(came) + 1)
        top = middles[reader] - heights[reader] / 2
        ends |= {number: top + step * place for place, (_, number) in enumerate(sorted(came), start=1)}
    return tuple(
        Route(
            source,
            reader,
            tuple((lane[1], middles[lane]) for lane in lanes[number]),
            ends[number],
            back=order[source] >= order[reader],
        )
        for number, (source, reader) in enumerate(edges)
    )


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
