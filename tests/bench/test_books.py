"""The books that are measured on: what the ledger's rules ask for meanwhile, a benchmark has to do as well."""

from __future__ import annotations

from pathlib import Path

from ledger.decide.close import Close
from tests.bench.books import Growing


def test_a_growing_book_takes_all_that_its_history_holds(tmp_path: Path) -> None:
    """One by one and many at once, closed quarters among it: a benchmark that is never run breaks unseen."""
    growing = Growing.of(tmp_path, 100, 100)
    one_by_one, at_once = growing.take(50), growing.take(50)
    assert all(growing.ledger.handle(request) for request in one_by_one)
    assert all(outcome.receipts for outcome in growing.ledger.handle_all(at_once))
    assert any(isinstance(request.command, Close) for request in one_by_one)
    growing.ledger.engine.dispose()
