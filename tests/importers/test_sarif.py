"""SARIF logs: what is read of a result, which day and which severity it has, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ledger.importers.kinds import KINDS
from ledger.services.import_ import ImportReport, import_findings
from ledger.store.ledger import Ledger
from tests.helpers.sarif_logs import result, run_of, write_log
from tests.importers.test_sonarqube import OBSERVED, RUN, TODAY


def run_sarif(ledger: Ledger, *paths: Path, **options: Any) -> ImportReport:
    options = {"system": "BOURSI", "actor": "lead", "asked_on": TODAY} | options
    return import_findings(ledger, KINDS["sarif"], paths, **options)


def test_the_same_log_twice_records_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = write_log(tmp_path / "a.sarif", run_of(result(1), result(2)))
    assert run_sarif(ledger, path).recorded == RUN | {OBSERVED: 2}
    assert run_sarif(ledger, path).recorded == {}
