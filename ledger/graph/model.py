"""The graph of systems: readings, sightings, feedback loops, what is upstream of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

Neighbours = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Node:
    """A registered system. retired_on: None unless it was retired by the graph's day."""

    key: str
    name: str
    retired_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeclaredReading:
    """A declared dependency: the reader reads the source's output. what: everything that was said of it, in order."""

    reader: str
    source: str
    what: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is read, as one text; empty if nobody said."""
        return "; ".join(self.what)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Somebody was seen reading the source's output without having declared it; the open item that says so."""

    reader: str
    source: str
    item: str


@dataclass(frozen=True, slots=True)
class Loop:
    """Systems that all reach one another: what one puts out comes back to it.

    systems: all of them, by key. path: a shortest way round, from the first of them back to itself, as data flows.
    seen_only: whether no way round exists without a reading that nobody declared.
    """

    systems: tuple[str, ...]
    path: tuple[str, ...]
    seen_only: bool = False

    @property
    def category(self) -> str:
        """The category it belongs to: a system that reads itself is its own, direct loop."""
        return "hidden-feedback-loop" if len(self.systems) > 1 else "direct-feedback-loop"


@dataclass(frozen=True)
class Graph:
    """Who reads whose output on a day. systems: by key; readings, sightings: by source, then reader."""

    systems: tuple[Node, ...]
    readings: tuple[DeclaredReading, ...]
    sightings: tuple[Sighting, ...] = ()

    @cached_property
    def names(self) -> Mapping[str, Node]:
        """The systems by key."""
        return {node.key: node for node in self.systems}

    @cached_property
    def readers(self) -> Mapping[str, tuple[DeclaredReading, ...]]:
        """Of every system, the declared readings of its output."""
        return self._by(lambda reading: reading.source)

    @cached_property
    def sources(self) -> Mapping[str, tuple[DeclaredReading, ...]]:
        """Of every system, what it is declared to read."""
        return self._by(lambda reading: reading.reader)

    @cached_property
    def declared(self) -> frozenset[tuple[str, str]]:
        """Every declared pair of reader and source."""
        return frozenset((reading.reader, reading.source) for reading in self.readings)

    @property
    def undeclared(self) -> tuple[Sighting, ...]:
        """Sightings whose reader has not declared it to this day."""
        return tuple(seen for seen in self.sightings if (seen.reader, seen.source) not in self.declared)

    @property
    def declared_since(self) -> tuple[Sighting, ...]:
        """Sightings whose reader has declared it since: the item can be repaid."""
        return tuple(seen for seen in self.sightings if (seen.reader, seen.source) in self.declared)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """Feedback loops, by their first system. A reading that was only seen closes a loop as a declared one does."""
        declared = {key: [reading.reader for reading in self.readers[key]] for key in self.names}
        known = [seen for seen in self.undeclared if seen.reader in self.names]
        flows = {
            key: sorted({*readers, *(seen.reader for seen in known if seen.source == key)})
            for key, readers in declared.items()
        }
        certain = set(_circular(declared))
        found = []
        for systems in _circular(flows):
            inside = {key: [reader for reader in flows[key] if reader in systems] for key in systems}
            seen_only = not any(set(systems) >= set(loop) for loop in certain)
            found.append(Loop(systems, _way_round(inside, systems[0]), seen_only))
        return tuple(found)

    @cached_property
    def in_loops(self) -> Mapping[str, int]:
        """Of every system in a feedback loop, which of `loops` that is."""
        return {key: number for number, loop in enumerate(self.loops) for key in loop.systems}

    @cached_property
    def upstream(self) -> Mapping[str, tuple[str, ...]]:
        """Of every system, all whose output reaches it by declared readings, by key; never itself, even in a loop."""
        sources = {key: [reading.source for reading in self.sources[key]] for key in self.names}
        return {key: tuple(sorted(reached(sources, key) - {key})) for key in self.names}

    def closes_a_loop(self, reader: str, source: str) -> bool:
        """Whether a reading runs within a feedback loop."""
        return reader in self.in_loops and self.in_loops[reader] == self.in_loops.get(source)

    def _by(self, end: Callable[[DeclaredReading], str]) -> Mapping[str, tuple[DeclaredReading, ...]]:
        found: dict[str, list[DeclaredReading]] = {key: [] for key in self.names}
        for reading in self.readings:
            found[end(reading)].append(reading)
        return {key: tuple(readings) for key, readings in found.items()}


def reached(neighbours: Neighbours, start: str) -> set[str]:
    """What can be reached from a key in one step or more; itself only if a way leads back."""
    found: set[str] = set()
    waiting = list(neighbours[start])
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(neighbours[key])
    return found


def components(neighbours: Neighbours) -> list[tuple[str, ...]]:
    """The strongly connected components, each sorted, sources before what they flow into.

    Tarjan's algorithm with a stack of its own: a chain of systems may be longer than Python's.
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in sorted(neighbours):
        if root in order:
            continue
        calls = [(root, iter(neighbours[root]))]
        while calls:
            key, rest = calls[-1]
            if key not in order:
                order[key] = lowest[key] = len(order)
                path.append(key)
                on_path.add(key)
            following = next(rest, None)
            if following is not None:
                if following not in order:
                    calls.append((following, iter(neighbours[following])))
                elif following in on_path:
                    lowest[key] = min(lowest[key], order[following])
                continue
            calls.pop()
            if calls:
                caller = calls[-1][0]
                lowest[caller] = min(lowest[caller], lowest[key])
            if lowest[key] == order[key]:
                start = path.index(key)
                found.append(tuple(sorted(path[start:])))
                on_path.difference_update(path[start:])
                del path[start:]
    return found[::-1]


def _circular(neighbours: Neighbours) -> list[tuple[str, ...]]:
    """The components in which something comes back to where it was, by their first key."""
    return sorted(each for each in components(neighbours) if len(each) > 1 or each[0] in neighbours[each[0]])


def _way_round(neighbours: Neighbours, start: str) -> tuple[str, ...]:
    """A shortest way from a key back to itself, neighbours taken in order; it is known to exist."""
    came_from: dict[str, str] = {}
    waiting = [start]
    for key in waiting:
        for following in neighbours[key]:
            if following == start:
                way = [start, key]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(way[::-1])
            if following not in came_from:
                came_from[following] = key
                waiting.append(following)
    raise AssertionError(f"no way leads back to {start}")
