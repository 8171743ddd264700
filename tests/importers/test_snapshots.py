"""Snapshots of one project, of any tool: in order, repeated, split into pages, undone, cut short, they give one book."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.services.import_ import ImportReport
from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from tests.helpers.sarif_logs import log, result, run_of
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import TODAY, issue, rows, run, write

pytestmark = pytest.mark.reliability

FIRST_DAY = date(2026, 10, 1)
#: What SonarQube may say of an issue that it still has.
STATES = (
    {"status": "OPEN"},
    {"status": "CONFIRMED"},
    {"status": "REOPENED"},
    {"status": "RESOLVED", "resolution": "WONTFIX"},
    {"status": "RESOLVED", "resolution": "FALSE-POSITIVE"},
    {"status": "RESOLVED", "resolution": "FIXED"},
    {"status": "CLOSED", "resolution": "FIXED"},
    {"status": "CLOSED", "resolution": "REMOVED"},
)
#: What SARIF may say of a result that it still lists; there are as many of both.
RESULTS: tuple[dict[str, Any], ...] = (
    {},
    {"baselineState": "unchanged"},
    {"suppressions": [{"kind": "external", "status": "underReview"}]},
    {"suppressions": [{"kind": "inSource"}]},
    {"kind": "pass"},
    {"baselineState": "absent"},
    {"baselineState": "absent", "level": "error"},
    {"baselineState": "absent", "suppressions": [{"kind": "inSource"}]},
)
Snapshot = list[tuple[str, int, int]]


@dataclass(frozen=True)
class Tool:
    """A tool whose exports are imported. document: an export of a snapshot. run: imports files of it."""

    name: str
    document: Callable[[Snapshot, date], Any]
    run: Callable[..., ImportReport]


def snapshots() -> st.SearchStrategy[list[Snapshot]]:
    """Of each snapshot the issues in it: a key, a state, hours of effort."""
    issues = st.tuples(st.sampled_from("ABCDE"), st.integers(0, len(STATES) - 1), st.integers(0, 3))
    return st.lists(st.lists(issues, max_size=5, unique_by=lambda each: each[0]), min_size=1, max_size=4)


def issues(snapshot: Snapshot, day: date) -> dict[str, Any]:
    """An export of SonarQube."""
    moment = datetime.combine(day, datetime.min.time()).isoformat() + "+0000"
    found = [
        issue(
            key,
            creationDate=f"{FIRST_DAY}T09:00:00+0000",
            updateDate=moment,
            effort=f"{hours}h" if hours else "0min",
            **STATES[state],
            **({"closeDate": moment} if STATES[state]["status"] == "CLOSED" else {}),
        )
        for key, state, hours in snapshot
    ]
    return {"issues": found}


def results(snapshot: Snapshot, day: date) -> dict[str, Any]:
    """A SARIF log without fingerprints: the code that a result quotes is all that tells it from others."""
    found = [
        result(
            locations=[{"physicalLocation": {"region": {"startLine": day.day, "snippet": {"text": f"{key}()"}}}}],
            properties={"effort": f"{hours}h" if hours else "0min"},
            provenance={"firstDetectionTimeUtc": f"{FIRST_DAY}T09:00:00Z"},
            **RESULTS[state],
        )
        for key, state, hours in snapshot
    ]
    return log(run_of(*found, ended=f"{day}T12:00:00Z"))


def run_with_efforts(ledger: Ledger, path: Path, **options: Any) -> ImportReport:
    mapping = (path if path.is_dir() else path.parent).parent / "efforts.toml"
    mapping.write_text('[columns]\neffort = "properties.effort"\n', "utf-8")
    return run_sarif(ledger, path, mapping=mapping, **options)


TOOLS = pytest.mark.parametrize(
    "tool",
    [Tool("sonarqube", issues, run), Tool("sarif", results, run_with_efforts)],
    ids=lambda tool: tool.name,
)


class Books:
    """Fresh books, each a copy of one that is empty."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self.empty, self.folder, self.numbers = empty, folder, count(1)

    def open(self, source: Ledger) -> Ledger:
        path = self.folder / f"{next(self.numbers)}.db"
        shutil.copy(self.empty, path)
        ids = count(10_000)
        engine = open_engine(f"sqlite:///{path}")
        return Ledger(engine, "main", source.clock, lambda: f"{next(ids):032x}", source.examine)


@pytest.fixture
def books(ledger: Ledger, tmp_path: Path) -> Iterator[tuple[Books, Ledger]]:
    ledger.engine.dispose()
    return Books(Path(ledger.engine.url.database or ""), tmp_path), ledger


def facts(ledger: Ledger) -> list[Any]:
    """What the books say of items: every event, and on which day."""
    found = rows(ledger, "SELECT stored_as, stream, effective_on, body FROM event ORDER BY position")
    return [(*row[:3], json.loads(row[3])["data"]) for row in found if "-" in row[1]]


def standing(ledger: Ledger) -> list[Any]:
    """Balances by the tool's key, whatever the items are called."""
    query = (
        "SELECT i.external_key, p.account, SUM(p.amount_minor), SUM(p.carry_minor_per_year) FROM posting p "
        "JOIN item i ON i.book = p.book AND i.item = p.item GROUP BY 1, 2 "
        "HAVING SUM(p.amount_minor) <> 0 OR SUM(p.carry_minor_per_year) <> 0 ORDER BY 1, 2"
    )
    return [tuple(row) for row in rows(ledger, query)]


#: Imports one export of a snapshot.
Step = Callable[[Tool, Ledger, Path, date, Snapshot], None]


def import_all(tool: Tool, ledger: Ledger, folder: Path, told: list[Snapshot], each: Step) -> None:
    for number, snapshot in enumerate(told):
        day = FIRST_DAY + timedelta(days=7 * number + 1)
        path = write(folder / f"s{number}.sarif.json", tool.document(snapshot, day))
        each(tool, ledger, path, day, snapshot)


def once(tool: Tool, ledger: Ledger, path: Path, day: date, _: Snapshot) -> None:
    report = tool.run(ledger, path, on=day)
    assert report.refused == ()


def twice(tool: Tool, ledger: Ledger, path: Path, day: date, snapshot: Snapshot) -> None:
    once(tool, ledger, path, day, snapshot)
    assert tool.run(ledger, path, on=day).recorded == {}


def in_pages(tool: Tool, ledger: Ledger, path: Path, day: date, snapshot: Snapshot) -> None:
    folder = path.with_suffix(f".{ledger.engine.url.database.rpartition('/')[2] if ledger.engine.url.database else ''}")
    folder.mkdir()
    for number in range(3):
        page = tool.document(snapshot[number * 2 : number * 2 + 2], day)
        write(folder / f"page{number}.sarif.json", page)
    once(tool, ledger, folder, day, snapshot)


def shown_first(tool: Tool, ledger: Ledger, path: Path, day: date, _: Snapshot) -> None:
    foreseen = tool.run(ledger, path, on=day, dry_run=True)
    report = tool.run(ledger, path, on=day)
    assert foreseen.recorded == report.recorded
    assert foreseen.reconciliation == report.reconciliation


def undone_and_redone(tool: Tool, ledger: Ledger, path: Path, day: date, _: Snapshot) -> None:
    report = tool.run(ledger, path, on=day)
    before = standing(ledger)
    if report.run is not None and set(report.recorded) != {"import-run/1"}:
        undone = undo_run(ledger, report.run, Requester("lead", TODAY))
        assert undone.left == ()
        again = tool.run(ledger, path, on=day)
        assert again.recorded == report.recorded
    assert standing(ledger) == before


FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TOOLS
@FEW
@given(told=snapshots())
def test_repeats_pages_and_looks_change_nothing(books: tuple[Books, Ledger], tool: Tool, told: list[Snapshot]) -> None:
    made, source = books
    plain = made.open(source)
    import_all(tool, plain, made.folder, told, once)
    for how in (twice, in_pages, shown_first):
        other = made.open(source)
        import_all(tool, other, made.folder, told, how)
        assert facts(other) == facts(plain)
        other.engine.dispose()
    plain.engine.dispose()


@TOOLS
@FEW
@given(told=snapshots())
def test_undone_and_redone_the_books_owe_the_same(
    books: tuple[Books, Ledger], tool: Tool, told: list[Snapshot]
) -> None:
    made, source = books
    plain, other = made.open(source), made.open(source)
    import_all(tool, plain, made.folder, told, once)
    import_all(tool, other, made.folder, told, undone_and_redone)
    assert standing(other) == standing(plain)


class Stopped(Exception):
    """The machine stopped."""


@TOOLS
@FEW
@given(told=snapshots(), after=st.integers(1, 9))
def test_cut_short_and_begun_again_it_is_the_same_book(
    books: tuple[Books, Ledger], tool: Tool, told: list[Snapshot], after: int, tmp_path: Path
) -> None:
    """Batches of 500, of which the second never ends: what was recorded stays, and the same import goes on."""
    made, source = books
    plain, other = made.open(source), made.open(source)
    many = [(f"K{number}", 0, 1) for number in range(520)]
    import_all(tool, plain, made.folder, [many, *told], once)

    def stopping() -> str:
        stopping.left -= 1  # type: ignore[attr-defined]
        if stopping.left < 0:  # type: ignore[attr-defined]
            raise Stopped
        return other.new_id()

    stopping.left = 501 + after  # type: ignore[attr-defined]
    cut = Ledger(other.engine, "main", other.clock, stopping, other.examine)
    with pytest.raises(Stopped):
        import_all(tool, cut, made.folder, [many, *told], once)
    import_all(tool, other, made.folder, [many, *told], once)
    assert facts(other) == facts(plain)
    keys = [key for (key,) in rows(other, f"SELECT key FROM request WHERE key LIKE '{tool.name}-1/%' ORDER BY key")]
    assert keys == [f"{tool.name}-1/1", f"{tool.name}-1/2"]
