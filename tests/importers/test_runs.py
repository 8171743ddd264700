"""Runs of imports, typed: what is shown and what is recorded, older exports, what is gone, undoing."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.importers.test_import_kinds import LOUD, Typist, lines, typist

__all__ = ["typist"]

pytestmark = pytest.mark.sqlite_first

LONG = "W2|2026-10-06|2026-11-02|60|Long"
ODD = "W3|2026-10-07|open|5|Odd"


@pytest.fixture
def imported(typist: Typist, tmp_path: Path) -> Iterator[Typist]:
    """A book after a first run, lint-1: one open, one fixed, one open."""
    assert ask(typist, lines(tmp_path / "a.txt", LOUD, LONG, ODD)).exit_code == 0
    return typist


def ask(typist: Typist, path: Path, *words: Any) -> Any:
    return typist.type("import", "lint", path, "--system", "SHOP", *words)


def told(typist: Typist, path: Path, *words: Any) -> Any:
    return json.loads(ask(typist, path, "--format", "json", *words).stdout)


def sources(typist: Typist) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(typist.type("sources", "--format", "json").stdout)
    return found


def facts(typist: Typist) -> list[Any]:
    """What the books say of items, whoever recorded it when and under which name."""
    kept = ("stored_as", "stream", "effective_on", "data")
    return [tuple(body[name] for name in kept) for body in typist.bodies() if body["stream"] not in ("book", "SHOP")]


def test_sources_lists_every_run(imported: Typist) -> None:
    (run,) = sources(imported)
    assert run.pop("recorded_at").startswith("2026-11-20T")
    assert run == {
        "run": "lint-1", "kind": "lint", "source": "lint", "system": "SHOP", "events": 5, "finished": True, "undone": False,
    }  # fmt: skip


def test_a_dry_run_tells_what_would_be_and_records_nothing(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", LOUD, LONG, ODD)
    foreseen, before = told(typist, found, "--dry-run"), len(typist.bodies())
    assert before == 3
    recorded = told(typist, found)
    assert len(typist.bodies()) - before == sum(recorded["recorded"].values())
    assert foreseen | {"run": "lint-1", "dry_run": False} == recorded


def test_the_same_file_twice_records_nothing(imported: Typist, tmp_path: Path) -> None:
    before = imported.bodies()
    again = told(imported, tmp_path / "a.txt")
    assert (again["run"], again["recorded"], again["unchanged"]) == (None, {}, 3)
    assert imported.bodies() == before


def test_an_item_with_another_effort_here_is_named_at_every_run(imported: Typist, tmp_path: Path) -> None:
    named = "open in both, with other efforts"
    assert named not in ask(imported, tmp_path / "a.txt").stdout
    assert imported.type("repay", "SHOP-1", "10min").exit_code == 0
    for _ in range(2):
        assert f"{named}: SHOP-1 (30min there, 20min here)" in " ".join(
            ask(imported, tmp_path / "a.txt").stdout.split()
        )


def test_a_newer_export_that_changes_nothing_is_a_run_alone(imported: Typist, tmp_path: Path) -> None:
    assert told(imported, tmp_path / "a.txt", "--on", "2026-11-10")["recorded"] == {"import-run/1": 1}
    assert told(imported, tmp_path / "a.txt", "--on", "2026-11-10")["recorded"] == {}


def test_an_older_export_is_refused(imported: Typist, tmp_path: Path) -> None:
    before = imported.bodies()
    older = lines(tmp_path / "b.txt", LOUD)
    reply = ask(imported, older)
    assert (reply.exit_code, "The export is of 2026-10-05, and lint-1 was of 2026-11-02" in reply.stderr) == (1, True)
    assert imported.bodies() == before
    assert ask(imported, older, "--on", "2026-11-03").exit_code == 0


def test_an_export_of_tomorrow_is_refused(typist: Typist, tmp_path: Path) -> None:
    reply = ask(typist, lines(tmp_path / "a.txt", LOUD), "--on", "2026-11-21")
    assert (reply.exit_code, "what has not happened cannot be recorded" in reply.stderr) == (1, True)


def test_what_is_missing_is_told_at_every_run_and_stays(imported: Typist, tmp_path: Path) -> None:
    left = lines(tmp_path / "b.txt", LOUD)
    for _ in range(2):
        found = told(imported, left, "--on", "2026-11-10")["reconciliation"]
        assert (found["source_open"], found["ledger_open"]) == (
            {"items": 1, "minutes": 30},
            {"items": 2, "minutes": 35},
        )
        assert (found["only_in_source"], found["only_in_ledger"]) == ([], ["SHOP-3"])


def test_a_complete_export_says_what_is_gone_after_a_look(imported: Typist, tmp_path: Path) -> None:
    left, before = lines(tmp_path / "b.txt", LOUD, LONG), len(imported.bodies())
    shown = ask(imported, left, "--on", "2026-11-10", "--complete")
    assert (shown.exit_code, "written off as gone: SHOP-3" in shown.stderr) == (0, True)
    assert len(imported.bodies()) == before
    done = told(imported, left, "--on", "2026-11-10", "--complete", "--yes")
    assert done["recorded"] == {"import-run/1": 1, "item-written-off/1": 1}
    assert done["reconciliation"]["only_in_ledger"] == []
    (_, gone) = imported.bodies()[before:]
    assert (gone["data"]["item"], gone["effective_on"]) == ("SHOP-3", "2026-11-10")
    assert gone["data"]["because"].startswith("gone: not in Lint's export of 2026-11-10")
    # What is gone and comes back is open again.
    back = told(imported, lines(tmp_path / "c.txt", LOUD, LONG, ODD), "--on", "2026-11-12")
    assert back["recorded"] == {"import-run/1": 1, "estimate-revised/1": 1}


def test_a_row_that_cannot_be_read_forbids_complete(imported: Typist, tmp_path: Path) -> None:
    broken = lines(tmp_path / "b.txt", LOUD, "W3|soon|open|5|Odd")
    reply = ask(imported, broken, "--complete", "--yes")
    assert (reply.exit_code, "1 row cannot be read" in reply.stderr) == (1, True)


def test_what_was_over_before_is_left_out(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", LOUD, LONG, "W4|2026-10-06|2026-11-09|60|Late")
    report = told(typist, found, "--since", "2026-11-05")
    assert report["recorded"] == {"import-run/1": 1, "neglect-observed/1": 2, "repayment-recorded/2": 1}
    # What is known is followed, whatever its day.
    fixed = lines(tmp_path / "b.txt", "W1|2026-10-05|2026-11-01|30|Loud")
    assert told(typist, fixed, "--since", "2026-11-05", "--on", "2026-11-10")["recorded"]["repayment-recorded/2"] == 1


def test_rejects_are_a_file(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", LOUD, "W2|soon|open|15|Long", "W3|2027-10-05|open|30|Not yet")
    reply = ask(typist, found, "--rejects", tmp_path / "r.csv", "--format", "json")
    refused = json.loads(reply.stdout)["refused"]
    assert reply.exit_code == 1
    with (tmp_path / "r.csv").open(encoding="utf-8") as file:
        assert [dict(row) for row in csv.DictReader(file)] == refused
    assert [row["key"] for row in refused] == ["", "W3"]


# --- undoing --------------------------------------------------------------------------------------------


def test_undo_shows_and_then_does(imported: Typist) -> None:
    before = len(imported.bodies())
    shown = imported.type("import", "--undo", "lint-1")
    assert (shown.exit_code, shown.stdout) == (0, "lint-1: 4 entries would be reversed, 0 stay\n")
    assert len(imported.bodies()) == before
    done = json.loads(imported.type("import", "--undo", "lint-1", "--yes", "--format", "json").stdout)
    assert done == {"run": "lint-1", "reversed": 4, "left": [], "dry_run": False}
    reversals = imported.bodies()[before:]
    assert [body["data"]["reversed_position"] for body in reversals] == [8, 7, 6, 5]
    assert {body["key"] for body in reversals} == {"lint-1/undo/1"}
    assert [run["undone"] for run in sources(imported)] == [True]
    again = imported.type("import", "--undo", "lint-1", "--yes")
    assert (again.exit_code, "Nothing that the run lint-1 recorded still stands" in again.stderr) == (1, True)


def test_what_is_undone_is_recorded_anew(imported: Typist, tmp_path: Path) -> None:
    first = facts(imported)
    imported.type("import", "--undo", "lint-1", "--yes")
    again = told(imported, tmp_path / "a.txt")
    assert (again["run"], again["recorded"]) == (
        "lint-2", {"import-run/1": 1, "neglect-observed/1": 3, "repayment-recorded/2": 1})  # fmt: skip
    anew = facts(imported)[len(first) + 4 :]
    numbers = {f"SHOP-{number}": f"SHOP-{number + 3}" for number in (1, 2, 3)}
    assert [(name, numbers[item], day) for name, item, day, _ in first] == [each[:3] for each in anew]
    assert told(imported, tmp_path / "a.txt")["recorded"] == {}


def test_undoing_a_later_run_lets_it_happen_again(imported: Typist, tmp_path: Path) -> None:
    fixed = lines(tmp_path / "b.txt", "W1|2026-10-05|2026-11-09|30|Loud", LONG, ODD)
    recorded = told(imported, fixed)["recorded"]
    imported.type("import", "--undo", "lint-2", "--yes")
    assert told(imported, fixed)["recorded"] == recorded


def test_what_people_built_on_is_named_and_left(imported: Typist, tmp_path: Path) -> None:
    adopt = ("--decided-by", "ada", "--because", "later", "--benefit", "time", "--repay-by", "2027Q1")
    assert imported.type("adopt", "SHOP-1", *adopt).exit_code == 0
    done = imported.type("import", "--undo", "lint-1", "--yes")
    assert done.stdout == "lint-1: 3 entries reversed, 1 stays\n"
    assert "position 5 (neglect-observed/1 on SHOP-1) stays: " in done.stderr
    assert [run["undone"] for run in sources(imported)] == [False]
    assert "partly" in imported.type("sources").stdout
    assert imported.type("reverse", "9", "--because", "no").exit_code == 0
    rest = imported.type("import", "--undo", "lint-1", "--yes")
    assert rest.stdout == "lint-1: 1 entry reversed, 0 stay\n"
    assert imported.bodies()[-1]["key"] == "lint-1/undo/2"
    assert [run["undone"] for run in sources(imported)] == [True]
    assert "partly" not in imported.type("sources").stdout


def test_a_run_that_there_is_not_and_words_that_do_not_fit(imported: Typist, tmp_path: Path) -> None:
    reply = imported.type("import", "--undo", "lint-9")
    assert (reply.exit_code, "There is no run 'lint-9'" in reply.stderr) == (1, True)
    assert imported.type("import", "--undo", "lint-1", "--repair").exit_code == 2
    assert imported.type("import", "--yes", "lint", tmp_path / "a.txt", "--system", "SHOP").exit_code == 2
    assert imported.type("import").exit_code == 2


def test_a_key_that_a_person_took_is_no_batch(typist: Typist, tmp_path: Path) -> None:
    """Nobody can keep an import from its name, nor have an entry taken for a part of one."""
    first = ("observe", "SHOP", "x", "--category", "glue-code", "--cause", "untracked", "--principal", "5")
    assert typist.type(*first, "--key", "lint-1/1").exit_code == 0
    assert told(typist, lines(tmp_path / "a.txt", LOUD))["run"] == "lint-2"
    assert typist.type(*first[:2], "y", *first[3:], "--key", "lint-2/2").exit_code == 0
    assert [run["events"] for run in sources(typist)] == [2]
    assert typist.type("import", "--undo", "lint-2", "--yes").stdout == "lint-2: 1 entry reversed, 0 stay\n"


# --- exports that hold nothing --------------------------------------------------------------------------


def test_what_holds_nothing_records_nothing_and_keeps_no_export_out(typist: Typist, tmp_path: Path) -> None:
    before = typist.bodies()
    empty = lines(tmp_path / "e.txt")
    assert told(typist, empty)["recorded"] == {}
    reply = ask(typist, empty, "--complete", "--yes")
    assert (reply.exit_code, "does not say of which it is complete" in reply.stderr) == (1, True)
    assert typist.bodies() == before
    assert ask(typist, lines(tmp_path / "a.txt", LOUD)).exit_code == 0


def test_more_refused_reasons_than_fit_are_counted(typist: Typist, tmp_path: Path) -> None:
    found = lines(tmp_path / "a.txt", *(f"W{number}|day{number}|open|5|Odd" for number in range(23)))
    reply = ask(typist, found)
    assert "… and 3 rows more, for 3 other reasons: --rejects FILE writes them all." in reply.stderr


def test_a_run_without_entries_can_be_undone_and_counts_no_more(imported: Typist, tmp_path: Path) -> None:
    same = tmp_path / "a.txt"
    assert told(imported, same, "--on", "2026-11-10")["run"] == "lint-2"
    assert ask(imported, same, "--on", "2026-11-05").exit_code == 1
    done = imported.type("import", "--undo", "lint-2", "--yes")
    assert (done.exit_code, done.stdout) == (0, "lint-2: 0 entries reversed, 0 stay\n")
    assert [(run["run"], run["undone"]) for run in sources(imported)] == [("lint-1", False), ("lint-2", True)]
    assert imported.type("import", "--undo", "lint-2", "--yes").exit_code == 1
    assert ask(imported, same, "--on", "2026-11-05").exit_code == 0
    assert imported.type("verify", "--decide").exit_code == 0
