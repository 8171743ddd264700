"""The drawing of the graph: nothing over anything else, edges that pass beside boxes, the same bytes, all of it in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.graph.model import DeclaredReading, Graph, Node, Sighting
from reports.system_graph.drawing import fitted, svg
from reports.system_graph.layout import GraphLayout, layout

DC = "{http://purl.org/dc/elements/1.1/}"
SVG = "{http://www.w3.org/2000/svg}"


def keys_of(number: int) -> list[str]:
    """So many keys, in order."""
    return [f"S{place:03}" for place in range(number)]


def shapes() -> dict[str, tuple[list[str], list[tuple[str, str]]]]:
    """Graphs that ask for room in different ways."""
    some = keys_of(200)
    return {
        "one": (["A"], []),
        "itself": (["A"], [("A", "A")]),
        "chain of 5": (keys_of(5), list(pairwise(keys_of(5)))),
        "ring of 30": (keys_of(30), [*pairwise(keys_of(30)), ("S029", "S000")]),
        "200 readers of one": (some, [(some[0], key) for key in some[1:]]),
        "200 sources of one": (some, [(key, some[0]) for key in some[1:]]),
        "200 in a mesh": (some, [(some[i], some[(i * 7 + 3) % 200]) for i in range(200)]),
    }


SHAPES = shapes()
edges_of = st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")), max_size=16, unique=True)


def check(placed: GraphLayout, edges: list[tuple[str, str]]) -> None:
    """The laws of a layout."""
    boxes = {
        key: (
            placed.column[key],
            placed.middle[key] - placed.height[key] / 2,
            placed.middle[key] + placed.height[key] / 2,
        )
        for key in placed.column
    }
    by_column: dict[int, list[tuple[float, float]]] = {}
    for column, top, bottom in boxes.values():
        assert -1e-9 <= top < bottom <= placed.bottom + 1e-9
        by_column.setdefault(column, []).append((top, bottom))
    for places in by_column.values():
        assert all(above[1] < below[0] for above, below in pairwise(sorted(places)))
    for route, (source, reader) in zip(placed.routes, edges, strict=True):
        assert (route.source, route.reader) == (source, reader)
        assert boxes[reader][1] < route.end < boxes[reader][2]
        for column, y in route.lanes:
            assert not any(top < y < bottom for top, bottom in by_column[column])
        first, last = boxes[source][0], boxes[reader][0]
        passed = range(first, last - 1, -1) if route.back else range(first + 1, last)
        assert [column for column, _ in route.lanes] == list(passed)
    for one, other in combinations(placed.routes, 2):
        if one.reader == other.reader:
            assert abs(one.end - other.end) > 0.1


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_lies_over_anything_else(shape: str) -> None:
    """Boxes apart, edges beside boxes in every column they pass, words of edges apart where they arrive."""
    keys, edges = SHAPES[shape]
    check(layout(keys, edges), edges)


@settings(max_examples=40)
@given(edges_of)
def test_whatever_reads_whatever(edges: list[tuple[str, str]]) -> None:
    """Loops in loops too; outside loops data flows to the right."""
    placed = layout("ABCDEFGH", edges)
    check(placed, edges)
    reach = {key: {reader for source, reader in edges if source == key} for key in "ABCDEFGH"}
    for middle in reach:
        for key in reach:
            reach[key] |= reach[middle] if middle in reach[key] else set()
    for source, reader in edges:
        if source not in reach[reader]:
            assert placed.column[source] < placed.column[reader]


def test_the_same_graph_is_placed_the_same_twice() -> None:
    """Nothing depends on chance or on the order of a set."""
    keys, edges = SHAPES["200 in a mesh"]
    assert layout(keys, edges) == layout(keys, edges)


def test_a_crowd_is_not_a_tower() -> None:
    """Two hundred readers of one system are spread over several columns."""
    assert layout(*SHAPES["200 readers of one"]).columns > 4


# --- the SVG ------------------------------------------------------------------------------------------------

GRAPH = Graph(
    (
        Node("A", "First <&> \x07 & a name that is so long that no box has room for it"),
        Node("B", "$x^2$"),
        Node("C", "雪"),
    ),
    (DeclaredReading("B", "A", ("scores, daily",)), DeclaredReading("A", "B")),
    (Sighting("dash <board>", "A", "A-1"),),
)
FIGURES = dict.fromkeys(GRAPH.names, ("own 100.00", "inherited 1,000.00"))


def test_the_same_graph_gives_the_same_bytes_and_tells_all_of_it_in_words() -> None:
    """The title and the description are in the file, for whoever cannot see it."""
    drawn = svg(GRAPH, FIGURES, "Who reads <whose> output")
    assert drawn == svg(GRAPH, FIGURES, "Who reads <whose> output")
    root = ET.fromstring(drawn)
    assert root.find(f".//{DC}title").text == "Who reads <whose> output"
    described = root.find(f".//{DC}description").text
    for words in (
        "own 100.00, inherited 1,000.00",
        "scores, daily",
        "A → B → A",
        "dash <board> reads A: A-1",
        "C (雪)",
    ):
        assert words in described


def test_another_graph_gives_other_bytes() -> None:
    """What is drawn depends on what is read, on who was seen, and on what is owed."""
    drawn = svg(GRAPH, FIGURES, "T")
    others = (
        svg(Graph(GRAPH.systems, GRAPH.readings[:1], GRAPH.sightings), FIGURES, "T"),
        svg(Graph(GRAPH.systems, GRAPH.readings), FIGURES, "T"),
        svg(GRAPH, FIGURES | {"C": ("own 1.00", "inherited 0.00")}, "T"),
    )
    assert len({drawn, *others}) == 4


def patches(graph: Graph) -> int:
    """How many shapes the drawing of a graph has."""
    root = ET.fromstring(svg(graph, dict.fromkeys(graph.names, ("own 1.00", "inherited 2.00")), "T"))
    return sum(each.get("id", "").startswith("patch_") for each in root.iter(f"{SVG}g"))


def test_a_reader_that_was_only_seen_is_drawn_with_its_source() -> None:
    """A frame for the source and an oval for the reader, apart from the boxes."""
    assert patches(GRAPH) == patches(Graph(GRAPH.systems, GRAPH.readings)) + 2


@pytest.mark.reliability
@pytest.mark.parametrize("shape", SHAPES)
def test_every_size_is_drawn(shape: str) -> None:
    """An arrow per edge, and a page that holds all."""
    keys, edges = SHAPES[shape]
    graph = Graph(
        tuple(Node(key, f"System {key}") for key in keys),
        tuple(DeclaredReading(reader, source, ("scores, daily",)) for source, reader in edges),
    )
    # A path and an arrow's head per edge, a box per system, the page's background.
    assert patches(graph) == 2 * len(edges) + len(keys) + 1


@pytest.mark.parametrize("room", [0.3, 0.8, 1.5])
def test_words_are_cut_to_their_room(room: float) -> None:
    """What is cut says so; what fits is whole."""
    cut = fitted("A name that is so long that no box has room for it", 8.5, room)
    assert cut.endswith("…")
    assert fitted(cut, 8.5, room) == cut
    assert fitted("A", 8.5, room) == "A"
