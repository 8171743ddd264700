"""Systems as a graph at the command line: declared, seen, shown; what is inherited, apart from what is owed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.vocabulary.unplaced_files import PART
from tests.helpers.teller import Teller

OWE = "observe {0} 'Nobody watches it' --category glue-code --cause expedience --principal {1} --interest {2}/year"


@pytest.fixture
def three(teller: Teller) -> Teller:
    """The worked example of docs/method-systems.md: B reads A, C reads A and B, A reads C; FRAUD is alone."""
    for key in "ABC":
        teller.do(f"system add {key} 'System {key}' --team red")
    teller.do(OWE.format("A", 100, 10), OWE.format("B", 20, 2), OWE.format("C", 3, "0.30"))
    teller.do("system depends B A --what 'scores, daily'", "system depends C A", "system depends C B")
    teller.do("system depends A C")
    return teller


def systems(teller: Teller, rest: str = "") -> dict[str, Any]:
    """The systems of the graph, by key."""
    return {each["system"]: each for each in teller.ask(f"system graph {rest}")["systems"]}


# --- own and inherited --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "own", "inherited", "interest", "sources"),
    [
        ("A", "100.00", "23.00", "2.30", ["B", "C"]),
        ("B", "20.00", "103.00", "10.30", ["A", "C"]),
        ("C", "3.00", "120.00", "12.00", ["A", "B"]),
        ("FRAUD", "0.00", "0.00", "0.00", []),
    ],
)
def test_the_worked_example(
    three: Teller, key: str, own: str, inherited: str, interest: str, sources: list[str]
) -> None:
    """Each source counts once, and none itself; `system show` says the same as the graph."""
    found = systems(three)[key]
    assert (found["own"]["delta"], found["inherited"]["delta"]) == (own, inherited)
    assert found["inherited"] == {
        "debt": "0.00",
        "neglect": inherited,
        "delta": inherited,
        "interest_per_year": interest,
        "from": sources,
    }
    shown = three.ask(f"system show {key}")
    assert (shown["own"], shown["inherited"]) == (found["own"], found["inherited"])
    table = three.do(f"system show {key}").out
    assert f"own: EUR {own} (debt 0.00" in table
    assert f"inherited: EUR {inherited} (debt 0.00, neglect {inherited})" in table


def test_the_delta_of_the_book_is_the_sum_of_what_systems_own(three: Teller) -> None:
    """What is inherited is nowhere added up."""
    assert three.ask("delta")["delta"] == "123.00"
    assert sum(float(each["own"]["delta"]) for each in systems(three).values()) == 123
    assert [row["delta"] for row in three.ask("delta --by system")["groups"]] == ["100.00", "20.00", "3.00"]


def test_debt_and_neglect_are_inherited_apart(three: Teller) -> None:
    """An adoption upstream moves what is inherited from one to the other."""
    three.do("adopt A-1 --decided-by cto --because launch --benefit speed --repay-by 2027Q1")
    assert {name: systems(three)["B"]["inherited"][name] for name in ("debt", "neglect", "delta")} == {
        "debt": "100.00",
        "neglect": "3.00",
        "delta": "103.00",
    }


def test_the_graph_is_that_of_a_day(teller: Teller) -> None:
    """A reading counts from the day it was declared, a retirement from its day; a registration bounds nothing."""
    teller.do("system add B 'System B' --team red", OWE.format("FRAUD", 100, 1) + " --on 2026-02-01")
    teller.do("system depends B FRAUD --on 2026-03-01", "system retire FRAUD --because 'the end' --on 2026-04-01")
    before, after = systems(teller, "--as-of 2026-02-28"), systems(teller, "--as-of 2026-03-01")
    assert (before["B"]["reads_from"], before["B"]["inherited"]["delta"]) == ([], "0.00")
    assert (after["B"]["reads_from"], after["B"]["inherited"]["delta"]) == (["FRAUD"], "100.00")
    assert after["FRAUD"]["retired_on"] is None
    assert systems(teller, "--as-of 2026-04-01")["FRAUD"]["retired_on"] == "2026-04-01"


def test_the_graph_as_known_earlier(three: Teller) -> None:
    """What was declared later was not known then."""
    answer = three.ask("system graph --known-at 2025-06-30")
    assert (answer["position"], [each["system"] for each in answer["systems"]]) == (2, ["FRAUD"])


# --- declaring ------------------------------------------------------------------------------------------


def test_what_is_read_is_kept_and_shown(three: Teller) -> None:
    """Declared again with other words it is still one reading."""
    three.do("system depends B A --what 'features, hourly'", "system depends B A --what 'scores, daily' --again")
    answer = three.ask("system graph")
    (reading,) = (each for each in answer["readings"] if (each["reader"], each["source"]) == ("B", "A"))
    assert reading["what"] == "scores, daily; features, hourly"
    assert three.ask("system show B")["reads_from"] == "A"
    assert three.ask("system show A")["read_by"] == ["B", "C"]


def test_closing_a_loop_is_told_at_once(three: Teller) -> None:
    """With the command that records it, unless somebody decided it."""
    told = three.do("system depends B C").err
    assert "What C puts out comes back to it: A → C → A." in told
    three.do("observe C 'They feed each other' --category hidden-feedback-loop --cause untracked")
    assert "--category hidden-feedback-loop --cause untracked`" in told


def test_a_loop_is_in_the_graph(three: Teller) -> None:
    """By name, with its way round."""
    assert three.ask("system graph")["loops"] == [
        {
            "category": "hidden-feedback-loop",
            "systems": ["A", "B", "C"],
            "path": ["A", "C", "A"],
            "declared": True,
        }
    ]


# --- seen -----------------------------------------------------------------------------------------------


def test_a_reader_that_was_seen_is_neglect_of_the_source(teller: Teller) -> None:
    """An undeclared consumer, untracked and unestimated, that need not be a system."""
    receipt = teller.ask("system seen FRAUD --by 'Finance dashboard' --evidence 'access log'")
    assert (receipt["stored_as"], receipt["item"]) == ("neglect-observed/1", "FRAUD-1")
    (logged,) = teller.ask("log FRAUD-1")
    said = {name: logged["data"][name] for name in ("title", "category", "cause", "source", "external_key", "evidence")}
    assert said == {
        "title": "Read by Finance dashboard, which never declared it",
        "category": "undeclared-consumer",
        "cause": "untracked",
        "source": "graph",
        "external_key": "read-by:Finance dashboard",
        "evidence": "access log",
    }
    assert teller.ask("list")[0]["status"] == "unestimated"
    assert teller.ask("system graph")["undeclared_readers"] == [
        {"reader": "Finance dashboard", "source": "FRAUD", "item": "FRAUD-1", "declared_since": False}
    ]


def test_an_estimate_is_recorded_with_it(teller: Teller) -> None:
    """Principal and interest, as with `debt observe`."""
    teller.do("system seen FRAUD --by X --principal 500 --interest 12/year")
    assert (teller.ask("list")[0]["outstanding"], teller.ask("list")[0]["interest_per_year"]) == ("500.00", "12.00")


@pytest.mark.parametrize("again", ["'Finance dashboard'", "'finance  DASHBOARD'"])
def test_seen_again_it_is_evidence_and_no_second_item(teller: Teller, again: str) -> None:
    """In whatever case and spacing the reader was typed."""
    teller.do("system seen FRAUD --by 'Finance dashboard'")
    receipt = teller.ask(f"system seen FRAUD --by {again} --evidence 'log of July'")
    assert (receipt["stored_as"], receipt["item"]) == ("evidence-added/2", "FRAUD-1")
    assert len(teller.ask("list --status all")) == 1


def test_another_reader_is_another_item(teller: Teller) -> None:
    """And so is the same reader at another system."""
    teller.do("system add B 'System B' --team red", "system seen FRAUD --by X")
    assert teller.ask("system seen FRAUD --by Y")["item"] == "FRAUD-2"
    assert teller.ask("system seen B --by X")["item"] == "B-1"


@pytest.mark.parametrize(
    "closing", ["repay FRAUD-1 --all", "write-off FRAUD-1 --because over", "reverse 3 --because no"]
)
def test_seen_after_its_item_is_closed_it_is_neglect_anew(teller: Teller, closing: str) -> None:
    """Repaid, written off or reversed: what comes back is a new omission."""
    teller.do("system seen FRAUD --by X --on 2026-07-01", closing)
    assert teller.ask("system seen FRAUD --by X")["item"] == "FRAUD-2"
    assert [seen["item"] for seen in teller.ask("system graph")["undeclared_readers"]] == ["FRAUD-2"]


def test_a_reader_that_declared_it_is_nothing_to_record(three: Teller) -> None:
    """In whatever case; exit 0, and the books stand as they were."""
    before = three.counts
    reply = three.do("system seen A --by b")
    assert "B declared that it reads A" in reply.err
    assert three.ask("system seen A --by b") == {"source": "A", "reader": "B", "declared": True}
    assert three.counts == before


def test_a_system_that_declared_nothing_is_seen_by_its_key(three: Teller) -> None:
    """A sighting closes a loop, which is marked; it is not inherited over."""
    three.do("system seen B --by fraud", "system depends A FRAUD")
    answer = three.ask("system graph")
    assert answer["undeclared_readers"][0]["reader"] == "FRAUD"
    assert answer["loops"][0]["systems"] == ["A", "B", "C", "FRAUD"]
    assert systems(three)["FRAUD"]["inherited"]["from"] == []


def test_declaring_it_proposes_the_repayment(three: Teller) -> None:
    """The command it shows closes the item."""
    three.do("system seen B --by FRAUD")
    reply = three.do("system depends FRAUD B")
    assert "`debt repay B-2 --all` closes it" in reply.err
    assert three.ask("system graph")["undeclared_readers"][0]["declared_since"]
    assert "`debt repay B-2 --all`" in three.do("system graph").out
    three.do("repay B-2 --all")
    assert three.ask("system graph")["undeclared_readers"] == []


def test_a_retry_with_its_key_counts_once(teller: Teller) -> None:
    """A sighting that opened an item, one that added to it, whatever was declared or closed since."""
    first = teller.ask("system seen FRAUD --by X --key one")
    second = teller.ask("system seen FRAUD --by X --key two")
    assert [first["stored_as"], second["stored_as"]] == ["neglect-observed/1", "evidence-added/2"]
    teller.do("repay FRAUD-1 --all", "system add X 'System X' --team red", "system depends X FRAUD")
    before = teller.counts
    assert teller.ask("system seen FRAUD --by X --key one") == first
    assert teller.ask("system seen FRAUD --by X --key two") == second
    assert teller.counts == before


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("system seen FRAUD --by fraud", 1, "Nothing was recorded. `debt system depends FRAUD FRAUD"),
        ("system seen NONE --by X", 1, "There is no system NONE. Nothing was recorded."),
        ("system seen FRAUD --by X --principal 10", 1, "Nothing was recorded. `debt revise FRAUD-1"),
        ("system seen FRAUD", 2, "Missing: --by."),
        ("system seen", 2, "Missing: SOURCE, --by."),
        ("system depends FRAUD", 2, "Missing: SOURCE."),
        ("system depends FRAUD NONE", 1, "There is no system NONE. Nothing was recorded."),
        ("system graph --format pdf", 2, "pdf"),
    ],
)
def test_what_is_refused(teller: Teller, line: str, code: int, words: str) -> None:
    """With what to do instead, and nothing recorded."""
    teller.do("system seen FRAUD --by X")
    before = teller.counts
    reply = teller.type(line)
    assert reply.exit_code == code
    assert words in " ".join(reply.err.split())
    assert teller.counts == before


# --- the forms ------------------------------------------------------------------------------------------


def test_the_tree_names_what_is_read_and_what_is_owed(three: Teller) -> None:
    """A source's readers stand under it."""
    lines = three.do("system graph").out.splitlines()
    assert lines[2] == "A (System A): own 100.00, inherited 23.00"
    assert lines[3] == '    → B (System B) reads "scores, daily": own 20.00, inherited 103.00'
    assert "    hidden-feedback-loop: A → C → A; B is in it too" in lines


@pytest.mark.reliability
@pytest.mark.parametrize("form", ["text", "dot", "json", "svg"])
def test_a_file_holds_what_the_terminal_shows(three: Teller, tmp_path: Path, form: str) -> None:
    """The same bytes twice; a file that is there is replaced only with --force."""
    line = f"system graph --format {form} --out {tmp_path / 'graph'}"
    shown = three.do(f"system graph --format {form}").out
    three.do(line)
    assert (tmp_path / "graph").read_bytes() == shown.encode()
    assert "is there already" in three.type(line).err
    three.do(f"{line} --force")
    assert (tmp_path / "graph").read_bytes() == shown.encode()
    assert not list(tmp_path.glob(f".*{PART}"))


def test_a_book_without_systems_says_how_to_register_one(tmp_path: Path) -> None:
    """In every form there is an answer."""
    teller = Teller(tmp_path / "empty.db")
    teller.do("init --book main --currency EUR")
    assert "`debt system add KEY NAME --team T`" in teller.do("system graph").out
    assert teller.ask("system graph")["systems"] == []
    assert "<svg" in teller.do("system graph --format svg").out
    assert teller.do("system graph --format dot").out.startswith("digraph")
