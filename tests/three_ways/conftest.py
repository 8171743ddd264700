"""Surroundings that say nothing to the ledger, and a pack that several tests read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.store.upgrade import upgrade
from tests.three_ways.ledgers import random_ledger
from tests.three_ways.play import Played, play


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No configuration file and no variable; and no charts, which hold no cell and take most of a pack's time."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DEBT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("reports.pack.pack.CHARTS", ())
    monkeypatch.setattr("reports.pack.pack.SLIDES", ())


@pytest.fixture(scope="session")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A pack that restates its quarter and the one before, and the model's figures of it."""
    folder = tmp_path_factory.mktemp("ledger")
    url = f"sqlite:///{folder / 'ledger.db'}"
    upgrade(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("reports.pack.pack.CHARTS", ())
        patch.setattr("reports.pack.pack.SLIDES", ())
        *_, found, _ = play(random_ledger(0), url, folder)
    assert len(found.figures.issues) == 2
    return found
