"""The graph in Graphviz's language, for whoever draws with their own tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ledger.graph.model import Graph, Node, Sighting
from ledger.graph.text import loop_in_words
from ledger.vocabulary.plain_text import plain

_LOOP = "#D55E00"
_QUIET = "#8C8C8C"


def lines(graph: Graph, figures: Mapping[str, str], title: str) -> Iterator[str]:
    """The lines of a digraph; edges run as data flows. figures: what each system owes and inherits, by key."""
    yield "digraph systems {"
    yield f"  label={quoted(title)}; labelloc=t; rankdir=LR;"
    yield '  node [shape=box, fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=10];'
    for node in graph.systems:
        yield f"  {quoted(node.key)} [{_attributes(_look(graph, node, figures))}];"
    for reading in graph.readings:
        look = {"label": reading.words} if reading.words else {}
        if graph.closes_a_loop(reading.reader, reading.source):
            look |= {"color": _LOOP}
        yield f"  {quoted(reading.source)} -> {quoted(reading.reader)} [{_attributes(look)}];"
    yield from _seen(graph.undeclared)
    for loop in graph.loops:
        yield f"  // {loop_in_words(loop)}"
    yield "}"


def quoted(text: str) -> str:
    """A text as one quoted string, whatever is in it."""
    clean = "\n".join(plain(line) for line in text.split("\n"))
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _look(graph: Graph, node: Node, figures: Mapping[str, str]) -> dict[str, str]:
    retired = f"\nretired on {node.retired_on}" if node.retired_on else ""
    look = {"label": f"{node.key}\n{plain(node.name)}{retired}\n{figures[node.key]}"}
    if node.retired_on:
        look |= {"style": "dashed", "fontcolor": _QUIET}
    if node.key in graph.in_loops:
        look |= {"color": _LOOP}
    return look


def _seen(sightings: tuple[Sighting, ...]) -> Iterator[str]:
    """Readers that never declared it, in a box of their own; one of that name that is a system is drawn twice."""
    if not sightings:
        return
    yield '  subgraph cluster_seen { label="seen reading, never declared"; style=dashed;'
    for reader in dict.fromkeys(seen.reader for seen in sightings):
        yield f"    {quoted('seen: ' + reader)} [{_attributes({'label': reader, 'shape': 'ellipse', 'style': 'dashed'})}];"
    yield "  }"
    for seen in sightings:
        look = _attributes({"label": seen.item, "style": "dotted", "color": _LOOP})
        yield f"  {quoted(seen.source)} -> {quoted('seen: ' + seen.reader)} [{look}];"


def _attributes(look: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in look.items())
