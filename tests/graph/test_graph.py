"""The graph of systems, pure: feedback loops, what is upstream, the text and the DOT, against slower ways of counting."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.graph import dot, text
from ledger.graph.model import DeclaredReading, Graph, Node, Sighting, components
from tests.helpers.optional import needs

KEYS = "ABCDEFG"


def graph(pairs: str, *, seen: str = "", keys: str = KEYS) -> Graph:
    """A graph of pairs 'AB', A's output being read by B; of all keys, or of those given."""
    readings = sorted({(pair[0], pair[1]) for pair in pairs.split()})
    sightings = sorted((pair[0], pair[1:]) for pair in seen.split())
    return Graph(
        tuple(Node(key, f"System {key}") for key in keys),
        tuple(DeclaredReading(reader, source) for source, reader in readings),
        tuple(Sighting(reader, source, f"{source}-{number}") for number, (source, reader) in enumerate(sightings, 1)),
    )


def told(found: Graph) -> str:
    """The text, with figures that say nothing."""
    return "\n".join(text.lines(found, dict.fromkeys(found.names, "nothing")))


graphs = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), max_size=14).map(
    lambda pairs: graph(" ".join(source + reader for source, reader in pairs))
)


def closure(found: Graph) -> dict[str, set[str]]:
    """From every system, all that its output reaches, by joining pairs until nothing is new (Warshall)."""
    reach = {key: {reading.reader for reading in found.readers[key]} for key in found.names}
    for middle in reach:
        for key in reach:
            if middle in reach[key]:
                reach[key] |= reach[middle]
    return reach


@pytest.mark.reliability
@given(graphs)
def test_upstream_is_all_that_reaches_a_system_but_never_itself(found: Graph) -> None:
    """Each once, by key."""
    reach = closure(found)
    for key in found.names:
        assert list(found.upstream[key]) == sorted(other for other in reach if key in reach[other] and other != key)


@given(graphs)
def test_a_loop_is_a_largest_set_of_systems_that_all_reach_one_another(found: Graph) -> None:
    """Every system that reaches itself is in exactly one, with all it reaches that reach it."""
    reach = closure(found)
    expected = {
        tuple(sorted({key} | {other for other in reach[key] if key in reach[other]}))
        for key in reach
        if key in reach[key]
    }
    assert [loop.systems for loop in found.loops] == sorted(expected)


@given(graphs)
def test_the_way_round_a_loop_is_one_of_readings(found: Graph) -> None:
    """It begins and ends at the loop's first system, and meets no other twice."""
    for loop in found.loops:
        assert loop.path[0] == loop.path[-1] == loop.systems[0]
        assert len(set(loop.path)) == len(loop.path) - 1
        for source, reader in pairwise(loop.path):
            assert (reader, source) in found.declared
            assert found.closes_a_loop(reader, source)


@given(graphs)
def test_components_come_sources_first(found: Graph) -> None:
    """No edge runs from a later component to an earlier one."""
    ordered = components({key: [reading.reader for reading in found.readers[key]] for key in found.names})
    place = {key: number for number, systems in enumerate(ordered) for key in systems}
    assert sorted(place) == sorted(found.names)
    assert all(place[reading.source] <= place[reading.reader] for reading in found.readings)


@given(graphs)
def test_the_text_tells_every_system_once_and_every_reading(found: Graph) -> None:
    """A system is told in full once; its other readers are named where they read."""
    lines = told(found).split("\n\nFeedback loops:")[0].splitlines()
    for key in found.names:
        assert sum(f"{key} (System {key})" in line for line in lines) == 1
    assert sum(line.strip().startswith("→ ") for line in lines) == len(found.readings)


@pytest.mark.parametrize(
    ("pairs", "seen", "loops"),
    [
        ("AB BC", "", []),
        ("AB BA", "", [("hidden-feedback-loop", "A → B → A", False)]),
        ("AA", "", [("direct-feedback-loop", "A → A", False)]),
        ("AB BA BC CC", "", [("hidden-feedback-loop", "A → B → A", False), ("direct-feedback-loop", "C → C", False)]),
        ("AB", "BA", [("hidden-feedback-loop", "A → B → A", True)]),
        ("AB BA BC", "CA", [("hidden-feedback-loop", "A → B → A", False)]),
        ("AB", "BDashboard", []),
        ("AB BA", "BA", [("hidden-feedback-loop", "A → B → A", False)]),
    ],
)  # fmt: skip
def test_loops_by_hand(pairs: str, seen: str, loops: list[tuple[str, str, bool]]) -> None:
    """A reading that was only seen closes a loop too, and the loop says so; somebody who is no system closes none."""
    found = graph(pairs, seen=seen).loops
    assert [(loop.category, " → ".join(loop.path), loop.seen_only) for loop in found] == loops


def test_what_was_only_seen_is_not_inherited() -> None:
    """Inheritance is over declared readings."""
    assert graph("AB", seen="BC").upstream["C"] == ()


def test_a_sighting_is_undeclared_until_its_reader_declares_it() -> None:
    """Then it is told apart, with the command that closes its item."""
    found = graph("AB", seen="AB AC")
    assert [seen.reader for seen in found.undeclared] == ["C"]
    assert [seen.reader for seen in found.declared_since] == ["B"]
    assert "`debt repay A-1 --all`" in told(found)


def test_the_text_of_a_small_graph() -> None:
    """A source, its readers under it, a loop that says so, a loner, somebody nobody declared."""
    found = Graph(
        (Node("A", "First"), Node("B", "Second", date(2026, 3, 1)), Node("C", "Third"), Node("D", "Fourth")),
        (
            DeclaredReading("B", "A", ("scores, daily", "features")),
            DeclaredReading("C", "B"),
            DeclaredReading("B", "C"),
        ),
        (Sighting("a \x1b[31mdashboard", "A", "A-7"),),
    )
    assert told(found).splitlines() == [
        "A (First): nothing",
        '    → B (Second, retired on 2026-03-01) reads "scores, daily; features": nothing',
        "        → C (Third): nothing",
        "            → B, and so it comes back: hidden-feedback-loop",
        "",
        "Reads no other system, and no other reads it:",
        "    D (Fourth): nothing",
        "",
        "Feedback loops:",
        "    hidden-feedback-loop: B → C → B",
        "",
        "Seen reading, never declared:",
        "    a �[31mdashboard reads A: A-7",
    ]


def test_a_loop_that_nothing_flows_into_is_told_from_its_first_system() -> None:
    """There is no source to begin at."""
    assert told(graph("CB BC CD", keys="BCD")).splitlines()[0] == "B (System B): nothing"


def test_a_chain_longer_than_pythons_stack_is_told() -> None:
    """Nothing here calls itself."""
    keys = [f"S{number:05}" for number in range(3000)]
    nodes = tuple(Node(key, "") for key in keys)
    found = Graph(nodes, tuple(DeclaredReading(reader, source) for source, reader in pairwise(keys)))
    assert len(list(text.lines(found, dict.fromkeys(keys, "")))) == 3000
    assert found.loops == ()


# --- DOT ------------------------------------------------------------------------------------------------

HOSTILE = 'a "b" \\ c\n];} \\'


def dotted(found: Graph) -> str:
    """The DOT, with a hostile title."""
    return "\n".join(dot.lines(found, dict.fromkeys(found.names, "own 1"), HOSTILE)) + "\n"


@given(st.text(max_size=30))
def test_a_quoted_text_ends_where_it_ends(said: str) -> None:
    """Within the quotation marks every mark and backslash is escaped, and no line ends."""
    quoted = dot.quoted(said)
    assert re.fullmatch(r'"(?:[^"\\\n\r]|\\\\|\\"|\\n)*"', quoted)


def test_the_dot_has_every_edge_with_its_words_and_the_seen_apart() -> None:
    """Edges run as data flows; a system that was seen is drawn a second time, among the undeclared."""
    found = Graph(
        (Node("A", HOSTILE), Node("B", "")), (DeclaredReading("B", "A", ("scores",)),), (Sighting("A", "B", "B-1"),)
    )
    lines = dotted(found).splitlines()
    assert '  "A" -> "B" [label="scores", color="#D55E00"];' in lines
    assert '  "B" -> "seen: A" [label="B-1", style="dotted", color="#D55E00"];' in lines
    assert "  // hidden-feedback-loop: A → B → A; closed by a reading that nobody declared" in lines


@needs("dot")
def test_graphviz_reads_it() -> None:
    """Graphviz itself is the judge where it is installed."""
    nodes = (Node("A", HOSTILE), Node("B", ""))
    found = Graph(nodes, (DeclaredReading("B", "A", (HOSTILE,)),), (Sighting(HOSTILE, "A", "A-1"),))
    done = subprocess.run(["dot", "-Tsvg"], input=dotted(found), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
