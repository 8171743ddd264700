"""Random books, built once for all the tests that only read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exporters.books import Book, synthetic_book, told_book

_BOOKS = {f"told-{seed}": seed for seed in (1, 2, 3)} | {"synthetic": None}


@pytest.fixture(scope="session", params=_BOOKS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """One random book after the other."""
    folder, seed = tmp_path_factory.mktemp("book"), _BOOKS[request.param]
    made = synthetic_book(folder) if seed is None else told_book(folder, seed)
    yield made
    made.close()
