"""Random books, and one with every kind of event, built once for all the tests that only read them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from tests.helpers.bundles import SCRIPT, build_everything, bundled
from tests.helpers.exported_books import Book, synthetic_book, told_book

_BOOKS = {f"told-{seed}": seed for seed in (1, 2, 3)} | {"synthetic": None}
#: In every run; with `reliability` the others too.
_FIRST = ("told-1", "synthetic")


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=() if name in _FIRST else pytest.mark.reliability) for name in _BOOKS],
)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """One random book after the other."""
    folder, seed = tmp_path_factory.mktemp("book"), _BOOKS[request.param]
    made = synthetic_book(folder) if seed is None else told_book(folder, seed)
    yield made
    made.close()


@pytest.fixture(scope="session")
def whole(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A ledger with every kind of event, which tests only read."""
    path = tmp_path_factory.mktemp("whole") / "ledger.db"
    path.write_bytes(_sqlite_template.read_bytes())
    book = build_everything(open_engine(f"sqlite:///{path}"))
    yield book
    book.engine.dispose()


@pytest.fixture(scope="session")
def intact(whole: Ledger) -> bytes:
    """Its bundle."""
    return bundled(whole)


@pytest.fixture
def script() -> ModuleType:
    """verify.py in this process, for what would need too many processes."""
    spec = importlib.util.spec_from_file_location("verify_bundle", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
