"""A bad disk: of a damaged file every figure is right, refused, or found out by `debt verify`; none is wrong unnoticed.

SEED=n repeats a campaign; the message of a failure tells which byte or page of the file it was.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store import verify as verifying
from tests.reliability.damage import Bench, campaign, ledger_file

SEED = int(os.environ.get("SEED", "1"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in one file."""
    return ledger_file(tmp_path_factory.mktemp("sound"))


def judged(sound: Path, count: int) -> Bench:
    """A campaign, its histogram printed."""
    bench = Bench(sound)
    campaign(bench, SEED * 1_000_000, count)
    sys.stdout.write(f"\n{bench.histogram()}\nSEED={SEED}\n")
    assert bench.failures == []
    assert bench.outcomes["wrong and unnoticed"] == bench.outcomes["a crash"] == 0
    return bench


@pytest.mark.reliability
def test_no_figure_of_a_damaged_file_is_wrong_and_unnoticed(sound: Path) -> None:
    """Bits, bytes and pages; there is some of everything that may be, or the damage would be none."""
    bench = judged(sound, 240)
    for outcome in ("harmless", "found", "refused", "wrong, found"):
        assert bench.outcomes[outcome] > 0, outcome
    # Mostly it is told what was found, and not only that something was.
    assert bench.named > 0.8 * (bench.outcomes.total() - bench.outcomes["harmless"])


@pytest.mark.soak
def test_no_figure_of_any_damaged_file_is_wrong_and_unnoticed(sound: Path) -> None:
    """The same, for as many copies as COUNT says."""
    judged(sound, int(os.environ.get("COUNT", "20000")))


@pytest.mark.reliability
def test_a_wrong_figure_that_nobody_notices_would_be_seen(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLite's own check, an index that disagrees with its table is such a case: the campaign tells it."""
    monkeypatch.setattr(verifying, "file_faults", lambda connection: [])
    bench, dice = Bench(sound), random.Random(SEED)
    with closing(sqlite3.connect(sound)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'posting_item_ix'").fetchone()
    children = bench.content[(root - 1) * 4096 + 12 :]
    cell = int.from_bytes(children[:2], "big") + (root - 1) * 4096
    leaf = int.from_bytes(bench.content[cell : cell + 4], "big")
    for _ in range(60):
        content = bytearray(bench.content)
        content[(leaf - 1) * 4096 + dice.randrange(1500, 4096)] ^= 1 << dice.randrange(3)
        if bench.judge(bytes(content), "the index") == "wrong and unnoticed":
            break
    else:
        raise AssertionError("no damage of the index gave a wrong figure")
