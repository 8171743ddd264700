"""A ledger to type at: a book in EUR with one system, copied for each test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.helpers.teller import ADD_FRAUD, INIT, NOON, Clock, Teller, copied


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration file and no variable of the surroundings is seen."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DEBT_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the book 'main' and the system FRAUD of team red, as the commands make it."""
    path = tmp_path_factory.mktemp("opened") / "ledger.db"
    Teller(path, Clock(NOON.replace(year=2025, month=1, day=1))).do(INIT, ADD_FRAUD)
    return path


@pytest.fixture
def teller(opened: Path, tmp_path: Path) -> Teller:
    """A teller at a fresh copy of that ledger; the head is at 2."""
    return Teller(copied(opened, tmp_path / "ledger.db"))


@pytest.fixture(scope="session")
def note(opened: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of that ledger, which nobody signed."""
    path = tmp_path_factory.mktemp("note") / "note.txt"
    Teller(opened).do(f"checkpoint --out {path}")
    return path
