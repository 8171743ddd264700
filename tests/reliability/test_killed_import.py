"""SIGKILL within an import of many batches: the same import goes on where it was, and ends in the same book."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.sarif_logs import result, run_of, write_log
from tests.importers.test_sonarqube import issue, write

pytestmark = pytest.mark.reliability

ISSUES = 2600
RESULTS = 1600
DEBT = (sys.executable, "-m", "ledger", "--actor", "lead", "--database")


def debt(url: str, *words: str) -> str:
    done = subprocess.run([*DEBT, url, *words], check=True, capture_output=True, text=True)
    return done.stdout


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def opened(path: Path) -> Path:
    debt(url_of(path), "init", "--book", "main", "--currency", "EUR", "--time-zone", "UTC")
    debt(url_of(path), "system", "add", "SHOP", "The shop", "--team", "red")
    debt(url_of(path), "rate", "set", "800", "--from", "2020-01-01")
    return path


def head(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        position: int = connection.execute("SELECT position FROM head").fetchone()[0]
    return position


def facts(path: Path) -> list[Any]:
    """Every event of an item or a run, and under which key, whoever recorded it when."""
    with closing(sqlite3.connect(path)) as connection:
        bodies = [json.loads(body) for (body,) in connection.execute("SELECT body FROM event ORDER BY position")]
    return [(body["position"], body["stored_as"], body["stream"], body["key"], body["data"]) for body in bodies[3:]]


def issues_export(folder: Path) -> Path:
    closing_day = {"status": "CLOSED", "resolution": "FIXED", "closeDate": "2026-02-03T09:00:00+0000"}
    made = [
        issue(f"K{number}", creationDate="2026-02-01T09:00:00+0000", updateDate="2026-02-03T09:00:00+0000",
              **(closing_day if number % 3 == 0 else {}))
        for number in range(ISSUES)
    ]  # fmt: skip
    return write(folder / "e.json", {"issues": made})


def results_log(folder: Path) -> Path:
    made = [
        result(number, locations=None, baselineState="absent" if number % 3 == 0 else "new")
        for number in range(RESULTS)
    ]
    return write_log(folder / "e.sarif", run_of(*made, ended="2026-02-03T09:00:00Z"))


@pytest.mark.parametrize(("kind", "export"), [("sonarqube", issues_export), ("sarif", results_log)])
def test_an_import_that_is_killed_in_any_batch_goes_on(
    tmp_path: Path, kind: str, export: Callable[[Path], Path]
) -> None:
    words = ("import", kind, str(export(tmp_path)), "--system", "SHOP")
    quiet = opened(tmp_path / "quiet.db")
    debt(url_of(quiet), *words)
    struck = opened(tmp_path / "struck.db")
    kills = 0
    # Each time it is killed as soon as another batch is there, or by then it is done.
    for _ in range(20):
        before = head(struck)
        child = subprocess.Popen([*DEBT, url_of(struck), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while child.poll() is None and head(struck) == before:
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        kills += child.wait() == -signal.SIGKILL
        runs = json.loads(debt(url_of(struck), "sources", "--format", "json"))
        if runs and runs[0]["finished"]:
            break
    assert kills >= 2
    (run,) = json.loads(debt(url_of(struck), "sources", "--format", "json"))
    assert (run["finished"], run["events"]) == (True, head(struck) - 3)
    assert facts(struck) == facts(quiet)
    debt(url_of(struck), "verify", "--decide")
    before = head(struck)
    debt(url_of(struck), *words)
    assert head(struck) == before
