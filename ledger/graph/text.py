"""The graph as an indented tree: under each source its readers, each told once; loops and unknown readers by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ledger.graph.model import DeclaredReading, Graph, Loop, Node, components
from ledger.vocabulary.plain_text import plain

_STEP = "    "


def lines(graph: Graph, figures: Mapping[str, str]) -> Iterator[str]:
    """The lines of the text. figures: what each system owes and inherits, in words, by key."""
    alone = [node for node in graph.systems if _is_alone(graph, node.key)]
    tree = list(_tree(graph, figures))
    yield from tree
    if alone:
        if tree:
            yield ""
        yield "Reads no other system, and no other reads it:"
        yield from (f"{_STEP}{_told(node, figures)}" for node in alone)
    if graph.loops:
        yield ""
        yield "Feedback loops:"
        yield from (f"{_STEP}{loop_in_words(loop)}" for loop in graph.loops)
    if graph.undeclared:
        yield ""
        yield "Seen reading, never declared:"
        yield from (f"{_STEP}{plain(seen.reader)} reads {seen.source}: {seen.item}" for seen in graph.undeclared)
    if graph.declared_since:
        yield ""
        yield "Declared since they were seen, so that what was left undone is done:"
        yield from (
            f"{_STEP}{plain(seen.reader)} reads {seen.source}: `debt repay {seen.item} --all` closes {seen.item}"
            for seen in graph.declared_since
        )


def loop_in_words(loop: Loop) -> str:
    """One line: the way round, which systems are in it, and of what kind it is."""
    way = " → ".join(loop.path)
    others = [key for key in loop.systems if key not in loop.path]
    also = f"; {', '.join(others)} {'is' if len(others) == 1 else 'are'} in it too" if others else ""
    seen = "; closed by a reading that nobody declared" if loop.seen_only else ""
    return f"{loop.category}: {way}{also}{seen}"


def roots(graph: Graph) -> list[str]:
    """Where telling starts: per group of systems that no other flows into, the first; by key, loners left out."""
    readers = {key: [reading.reader for reading in graph.readers[key]] for key in graph.names}
    found = []
    for systems in components(readers):
        inside = set(systems)
        fed = any(reading.source not in inside for key in systems for reading in graph.sources[key])
        if not fed and not _is_alone(graph, systems[0]):
            found.append(systems[0])
    return sorted(found)


def _tree(graph: Graph, figures: Mapping[str, str]) -> Iterator[str]:
    """Depth first with a stack of its own; what was told before is named and not told again."""
    told: set[str] = set()
    above: list[str] = []
    waiting: list[tuple[int, str, DeclaredReading | None]] = [(0, key, None) for key in reversed(roots(graph))]
    while waiting:
        depth, key, reading = waiting.pop()
        del above[depth:]
        yield _STEP * depth + ("→ " if reading else "") + _branch(graph, figures, key, reading, told, above)
        above.append(key)
        if key not in told:
            told.add(key)
            waiting.extend((depth + 1, each.reader, each) for each in reversed(graph.readers[key]))


def _branch(
    graph: Graph,
    figures: Mapping[str, str],
    key: str,
    reading: DeclaredReading | None,
    told: set[str],
    above: list[str],
) -> str:
    what = f' reads "{plain(reading.words)}"' if reading and reading.words else ""
    if key in above:
        return f"{key}{what}, and so it comes back: {graph.loops[graph.in_loops[key]].category}"
    if key in told:
        return f"{key}{what}, told above"
    return _told(graph.names[key], figures, what)


def _told(node: Node, figures: Mapping[str, str], what: str = "") -> str:
    retired = f", retired on {node.retired_on}" if node.retired_on else ""
    return f"{node.key} ({plain(node.name)}{retired}){what}: {figures[node.key]}"


def _is_alone(graph: Graph, key: str) -> bool:
    return not graph.readers[key] and not graph.sources[key]
