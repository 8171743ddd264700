"""Snapshots of one project over time: imported in order, repeated, split into pages, undone, cut short, they give one book."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.services.import_undo import undo_run
from ledger.services.requester import Requester
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
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
Snapshot = list[tuple[str, int, int]]


def snapshots() -> st.SearchStrategy[list[Snapshot]]:
    """Of each snapshot the issues in it: a key, a state, hours of effort."""
    issues = st.tuples(st.sampled_from("ABCDE"), st.integers(0, len(STATES) - 1), st.integers(0, 3))
    return st.lists(st.lists(issues, max_size=5, unique_by=lambda each: each[0]), min_size=1, max_size=4)


def records(snapshot: Snapshot, day: date) -> list[dict[str, Any]]:
    moment = datetime.combine(day, datetime.min.time()).isoformat() + "+0000"
    return [
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


def import_all(ledger: Ledger, folder: Path, told: list[Snapshot], each: Callable[[Ledger, Path, date], None]) -> None:
    for number, snapshot in enumerate(told):
        day = FIRST_DAY + timedelta(days=7 * number + 1)
        path = write(folder / f"s{number}.json", {"issues": records(snapshot, day)})
        each(ledger, path, day)


def once(ledger: Ledger, path: Path, day: date) -> None:
    report = run(ledger, path, on=day)
    assert report.refused == ()


def twice(ledger: Ledger, path: Path, day: date) -> None:
    once(ledger, path, day)
    assert run(ledger, path, on=day).recorded == {}


def in_pages(ledger: Ledger, path: Path, day: date) -> None:
    issues = json.loads(path.read_text())["issues"]
    folder = path.with_suffix(f".{ledger.engine.url.database.rpartition('/')[2] if ledger.engine.url.database else ''}")
    folder.mkdir()
    for number in range(3):
        write(folder / f"page{number}.json", {"issues": issues[number * 2 : number * 2 + 2]})
    once(ledger, folder, day)


def shown_first(ledger: Ledger, path: Path, day: date) -> None:
    foreseen = run(ledger, path, on=day, dry_run=True)
    report = run(ledger, path, on=day)
    assert foreseen.recorded == report.recorded
    assert foreseen.reconciliation == report.reconciliation


def undone_and_redone(ledger: Ledger, path: Path, day: date) -> None:
    report = run(ledger, path, on=day)
    before = standing(ledger)
    if report.run is not None and set(report.recorded) != {"import-run/1"}:
        undone = undo_run(ledger, report.run, Requester("lead", TODAY))
        assert undone.left == ()
        again = run(ledger, path, on=day)
        assert again.recorded == report.recorded
    assert standing(ledger) == before


FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(told=snapshots())
def test_repeats_pages_and_looks_change_nothing(books: tuple[Books, Ledger], told: list[Snapshot]) -> None:
    made, source = books
    plain = made.open(source)
    import_all(plain, made.folder, told, once)
    for how in (twice, in_pages, shown_first):
        other = made.open(source)
        import_all(other, made.folder, told, how)
        assert facts(other) == facts(plain)
        other.engine.dispose()
    plain.engine.dispose()


@FEW
@given(told=snapshots())
def test_undone_and_redone_the_books_owe_the_same(books: tuple[Books, Ledger], told: list[Snapshot]) -> None:
    made, source = books
    plain, other = made.open(source), made.open(source)
    import_all(plain, made.folder, told, once)
    import_all(other, made.folder, told, undone_and_redone)
    assert standing(other) == standing(plain)


class Stopped(Exception):
    """The machine stopped."""


@FEW
@given(told=snapshots(), after=st.integers(1, 9))
def test_cut_short_and_begun_again_it_is_the_same_book(
    books: tuple[Books, Ledger], told: list[Snapshot], after: int, tmp_path: Path
) -> None:
    """Batches of 500, of which the second never ends: what was recorded stays, and the same import goes on."""
    made, source = books
    plain, other = made.open(source), made.open(source)
    many = [(f"K{number}", 0, 1) for number in range(520)]
    import_all(plain, made.folder, [many, *told], once)

    def stopping() -> str:
        stopping.left -= 1  # type: ignore[attr-defined]
        if stopping.left < 0:  # type: ignore[attr-defined]
            raise Stopped
        return other.new_id()

    stopping.left = 501 + after  # type: ignore[attr-defined]
    cut = Ledger(other.engine, "main", other.clock, stopping, other.examine)
    with pytest.raises(Stopped):
        import_all(cut, made.folder, [many, *told], once)
    import_all(other, made.folder, [many, *told], once)
    assert facts(other) == facts(plain)
    keys = [key for (key,) in rows(other, "SELECT key FROM request WHERE key LIKE 'sonarqube-1/%' ORDER BY key")]
    assert keys == ["sonarqube-1/1", "sonarqube-1/2"]
