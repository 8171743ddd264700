"""Synthetic ledgers: exact in size, repeatable, lawful, skewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledger.demo import synthetic
from ledger.demo.synthetic import build_synthetic
from ledger.store.engine import open_engine, reading
from ledger.vocabulary.errors import Refused

pytestmark = pytest.mark.reliability


def query(url: str, statement: str) -> list[Any]:
    engine = open_engine(url)
    with reading(engine) as connection:
        found = list(connection.execute(text(statement)))
    engine.dispose()
    return found


@pytest.fixture
def urls(tmp_path: Path) -> list[str]:
    return [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two", "three")]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A book of 6,000 events."""
    url = f"sqlite:///{tmp_path_factory.mktemp('synthetic') / 'ledger.db'}"
    build_synthetic(url, events=6000, seed=7)
    return url


@pytest.mark.parametrize(("events", "books"), [(1, 1), (2, 1), (7, 7), (50, 7), (1203, 2)])
def test_there_are_exactly_so_many_events(urls: list[str], events: int, books: int) -> None:
    told: list[int] = []
    made = build_synthetic(urls[0], events=events, books=books, progress=told.append)
    found = query(urls[0], "SELECT book, count(*) AS n, max(position) AS last FROM event GROUP BY book ORDER BY book")
    assert {row.book: row.n for row in found} == {book.book: book.events for book in made}
    assert sum(row.n for row in found) == events
    assert all(row.n == row.last for row in found)
    assert len(made) == books
    assert told == sorted(told)


def test_a_seed_decides_everything(urls: list[str]) -> None:
    first, again, other = (
        build_synthetic(url, events=400, books=2, seed=seed) for url, seed in zip(urls, (5, 5, 6), strict=True)
    )
    assert first == again
    assert {book.head for book in first}.isdisjoint(book.head for book in other)
    assert first[0].head != first[1].head


def test_the_size_of_a_batch_changes_nothing(urls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A later batch reads items again, and opens the next one with the next number."""
    whole = build_synthetic(urls[0], events=700)
    monkeypatch.setattr(synthetic, "BATCH", 90)
    assert build_synthetic(urls[1], events=700) == whole


@pytest.mark.reliability
def test_every_kind_of_entry_is_in_it(built: str) -> None:
    kinds = {row.stored_as.partition("/")[0] for row in query(built, "SELECT DISTINCT stored_as FROM event")}
    assert kinds >= {
        "debt-commissioned", "neglect-observed", "neglect-adopted", "debt-renewed", "repayment-recorded", "estimate-revised",
        "repayment-planned", "item-written-off", "event-reversed", "note-added", "period-closed"}  # fmt: skip


@pytest.mark.reliability
def test_it_keeps_the_laws(built: str) -> None:
    assert query(built, "SELECT position FROM posting GROUP BY position HAVING sum(amount_minor) <> 0") == []
    owed = query(
        built,
        "SELECT -sum(amount_minor) AS owed, sum(carry_minor_per_year) AS carry FROM posting "
        "WHERE nature IS NOT NULL GROUP BY item, nature")  # fmt: skip
    assert all(row.owed >= 0 and row.carry >= 0 and (row.owed or not row.carry) for row in owed)
    early = query(
        built, "SELECT position FROM event WHERE effective_on > substr(recorded_at, 1, 10) AND stream <> 'book'"
    )
    assert early == []


def test_few_systems_hold_most_items_and_an_item_lives_through_some_twenty_events(built: str) -> None:
    counts = [row.n for row in query(built, "SELECT count(*) AS n FROM item GROUP BY system ORDER BY 1 DESC")]
    assert counts[0] * 3 > sum(counts)
    assert 15 <= 6000 / sum(counts) <= 30
    (span,) = query(built, "SELECT min(opened_on) AS first, max(opened_on) AS last FROM item")
    assert span.first < "2021-11"
    assert span.last > "2026-08"


def test_numbers_that_cannot_be_are_refused(urls: list[str]) -> None:
    for events, books in ((0, 1), (3, 4), (10, 0)):
        with pytest.raises(Refused, match="cannot hold"):
            build_synthetic(urls[0], events=events, books=books)


def test_a_database_that_holds_such_a_book_is_left_alone(built: str) -> None:
    with pytest.raises(Refused, match="open already"):
        build_synthetic(built, events=10, seed=8)
    assert query(built, "SELECT count(*) FROM event")[0][0] == 6000
