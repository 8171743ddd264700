"""What is written from a ledger that only its owner may read, only its owner may read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.store.backup import new_file
from ledger.vocabulary.unplaced_files import LOGS, PART, held, part_of
from tests.helpers.lines import COMMISSION
from tests.helpers.teller import Teller

WRITERS = (
    "export jsonl out/x.jsonl",
    "export csv out/x.csv",
    "export hledger out/x.journal",
    "export beancount out/x.beancount",
    "bundle out/x.zip",
    "checkpoint --out out/x.txt",
    "prove 2 --out out/x.proof",
    "system graph --format svg --out out/x.svg",
    "datasheet FRAUD --dataset d --export out/x.md",
    "db backup out/x.db",
    "audit-report --xlsx out/x.xlsx",
    "report 2026Q1 --into out",
)


@pytest.mark.reliability
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_is_as_private_as_its_ledger(teller: Teller, tmp_path: Path, mode: int, first_chart_alone: None) -> None:
    """Every writer, whatever the mask of whoever runs it; the mask is as before afterwards."""
    teller.do(COMMISSION)
    teller.path.chmod(mode)
    before = os.umask(0o022)
    try:
        for line in WRITERS:
            (tmp_path / "out").mkdir(exist_ok=True)
            teller.type(line)
            written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
            assert written, line
            assert {oct(path.stat().st_mode & 0o777) for path in written} == {oct(mode)}, line
            for path in written:
                path.unlink()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


@pytest.mark.parametrize("kind", ["backup", "jsonl"])
def test_a_restored_ledger_is_as_private_as_what_it_was_restored_from(
    teller: Teller, tmp_path: Path, kind: str
) -> None:
    teller.path.chmod(0o600)
    kept = tmp_path / "kept"
    teller.do(f"db backup {kept}" if kind == "backup" else f"export jsonl {kept}")
    restored = Teller(tmp_path / "restored.db")
    restored.do(f"db restore {kept}")
    assert restored.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.reliability
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_ends_a_restore_leaves_nothing(teller: Teller, tmp_path: Path, ending: signal.Signals) -> None:
    """A large file, ended as soon as its part is there."""
    Teller(tmp_path / "unused.db").do(f"demo --into {tmp_path / 'demo'} --events 20000")
    source, target = tmp_path / "demo" / "ledger.db", tmp_path / "restored.db"
    child = subprocess.Popen(
        [sys.executable, "-m", "debt_ledger", "--database", f"sqlite:///{target}", "db", "restore", str(source)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    while child.poll() is None and not list(tmp_path.glob(".restored.db.*")):
        time.sleep(0.001)
    child.send_signal(ending)
    assert child.wait() != 0
    assert [path.name for path in tmp_path.iterdir() if "restored" in path.name] == []


def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    """Of whatever target in the folder; not while another run makes one there, and never what is not ours."""
    left = [part_of(tmp_path / name) for name in ("x.db", "y.zip")]
    left += [left[0].with_name(left[0].name + log) for log in LOGS]
    others = [tmp_path / name for name in (".x.db.123.part", f"x.{PART}", f".x.db.0123456.{PART}", ".x.db-wal")]
    for path in (*left, *others):
        path.write_bytes(b"x")
    with held(tmp_path):
        left[0].write_bytes(b"half")
        with new_file(tmp_path / "first.db", others[0]) as part:
            part.write_bytes(b"whole")
        assert left[0].exists()
    with new_file(tmp_path / "x.db", others[0]) as part:
        part.write_bytes(b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in others} | {"first.db", "x.db"}
