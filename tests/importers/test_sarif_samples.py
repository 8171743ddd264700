"""Logs that others wrote, counted and priced from the raw file alone, against the books."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.store.ledger import Ledger
from tests.helpers.sarif_logs import MINUTES, by_severity
from tests.importers.test_against_pandas import owed
from tests.importers.test_sarif import run_sarif
from tests.importers.test_sonarqube import OBSERVED, REPAID

DAY = date(2026, 11, 10)
SAMPLES = (
    "Baseline",
    "CodeFlows",
    "RuleMetadata",
    "Suppressions",
    "Taxonomies",
    "bad-eval",
    "simple-example",
    "standard-taxonomy",
)


def raw_results(path: Path) -> Any:
    """Of each result its level, or its rule's, its baseline state, and whether a suppression of it holds."""
    pandas = pytest.importorskip("pandas")
    rows = []
    for run in json.loads(path.read_text("utf-8"))["runs"]:
        rules = run["tool"]["driver"].get("rules", [])
        for each in run["results"]:
            ruled = rules[each["ruleIndex"]] if "ruleIndex" in each else {}
            level = each.get("level") or ruled.get("defaultConfiguration", {}).get("level") or "warning"
            held = [sup for sup in each.get("suppressions", []) if sup.get("status") in (None, "accepted")]
            rows.append({"level": level, "absent": each.get("baselineState") == "absent", "held": bool(held)})
    found = pandas.DataFrame(rows)
    minutes = found["level"].map(MINUTES)
    found["minor"] = minutes.map(
        lambda each: int((Decimal(int(each)) * 80_000 / 480).quantize(Decimal(1), ROUND_HALF_EVEN))
    )
    found["minutes"] = minutes
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_to_what_its_raw_file_says(ledger: Ledger, tmp_path: Path, shared_data: Path, name: str) -> None:
    path = shared_data / "sarif" / f"{name}.sarif"
    raw = raw_results(path)
    report = run_sarif(ledger, path, on=DAY, mapping=by_severity(tmp_path))
    standing = raw[~raw["absent"]]
    assert (report.read, report.refused, report.duplicates) == (len(raw), (), 0)
    assert report.recorded[OBSERVED] == len(raw)
    assert report.recorded.get(REPAID, 0) == raw["absent"].sum()
    assert len(report.waiting) == standing["held"].sum()
    assert report.reconciliation.agrees
    assert report.reconciliation.ledger_open.minutes == standing["minutes"].sum()
    assert owed(ledger, date(2026, 11, 9)) == (0, 0)
    for day in (DAY, date(2026, 11, 20)):
        assert owed(ledger, day) == (standing["minor"].sum(), len(standing))
    assert run_sarif(ledger, path, on=DAY, mapping=by_severity(tmp_path)).recorded == {}


def test_all_samples_at_once_are_their_sum(ledger: Ledger, tmp_path: Path, shared_data: Path) -> None:
    """Six of them call their tool the same, and rule, file and message tell their results apart."""
    raw = [raw_results(shared_data / "sarif" / f"{name}.sarif") for name in SAMPLES]
    report = run_sarif(ledger, shared_data / "sarif", on=DAY, mapping=by_severity(tmp_path))
    assert report.read == sum(map(len, raw))
    standing = sum(each[~each["absent"]]["minor"].sum() for each in raw)
    assert owed(ledger, DAY)[0] == standing


@pytest.mark.reliability
def test_what_ruff_writes_about_this_project_is_read_whole(ledger: Ledger, tmp_path: Path) -> None:
    """Ruff states no day and no fingerprint, and writes absolute names: --on and --root say what it does not."""
    root = Path(__file__).resolve().parents[2]
    command = ("-m", "ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "ALL", "ledger/importers")
    logs = []
    for form in ("sarif", "json"):
        done = subprocess.run(
            [sys.executable, *command, "--output-format", form], cwd=root, check=True, capture_output=True, text=True
        )
        logs.append(done.stdout)
    path = tmp_path / "ruff.sarif"
    path.write_text(logs[0], "utf-8")
    told = json.loads(logs[1])
    options: dict[str, Any] = {"on": DAY, "root": str(root)}
    report = run_sarif(ledger, path, **options)
    assert (report.read, report.refused) == (len(told), ())
    assert report.recorded[OBSERVED] + report.duplicates == len(told)
    # The same code checked out elsewhere is the same code.
    path.write_text(logs[0].replace(root.as_uri(), "file:///home/ci/elsewhere"), "utf-8")
    assert run_sarif(ledger, path, **options | {"root": "/home/ci/elsewhere"}).recorded == {}
