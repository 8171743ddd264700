"""The same ledger, quarter and position give the same bytes: on SQLite and PostgreSQL, in two processes on two days."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge
from tests.helpers.documents_typed import DOCUMENTS, record
from tests.helpers.teller import ADD_FRAUD, INIT

pytestmark = pytest.mark.reliability

STORY = (
    (
        "commission FRAUD 'One threshold' --category fixed-threshold --principal 12000 --interest 800/month "
        "--decided-by cto --because launch --benefit 'two months' --repay-by 2026Q4 --on 2026-01-15"
    ),
    (
        "observe FRAUD 'Nobody watches it – ä, 中' --category untracked-input --cause untracked --principal 3000 "
        "--interest 6% --on 2026-02-10"
    ),
    "budget set 2026Q2 7000 --team red",
    "forecast set 2026Q3 5000.50 --team red",
    "repay FRAUD-1 5000 --spent 6200 --on 2026-04-02",
    "system change FRAUD --team blue --cost-centre CC-2 --on 2026-05-15",
    "repay FRAUD-2 100 --on 2026-06-01",
    "reverse 9 --because 'the wrong item'",
    "report 2026Q1 --into '{packs}'",
    "observe FRAUD 'Found late' --category code-quality --cause coding-error --principal 70 --on 2026-03-02",
    # The year before is issued, and known otherwise by now.
    "observe FRAUD 'Older' --category code-quality --cause coding-error --principal 500 --on 2025-05-02",
    "report 2025Q2 --into '{packs}'",
    "observe FRAUD 'Older still' --category code-quality --cause coding-error --principal 90 --on 2025-06-02",
    "plan FRAUD-1 2026Q4",
)

_REPORT = """
import sys
from datetime import datetime
from ledger.cli import cli
from ledger.cli.kit.edge import Edge
moment = datetime.fromisoformat(sys.argv[1])
cli(sys.argv[2:], obj=Edge(lambda: moment), prog_name="debt")
"""


def _moments() -> Iterator[datetime]:
    start = datetime(2026, 7, 15, 9, tzinfo=UTC)
    return (start + timedelta(minutes=number) for number in count())


def tell(url: str, packs: Path) -> None:
    """The same story with the same clock and identifiers; the pack of the first quarter is issued in it."""
    moments, numbers = _moments(), count(1)
    edge = Edge(lambda: next(moments), lambda: f"{next(numbers):032x}")
    for line in (INIT, ADD_FRAUD, *STORY):
        result = CliRunner().invoke(
            cli, ["--database", url, "--actor", "ada", *shlex.split(line.format(packs=packs))], obj=edge
        )
        assert result.exit_code == 0, (line, result.output, result.exception)
    record(url, DOCUMENTS, edge.clock, edge.new_id)


def reported(url: str, folder: Path, day: str, settings: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of the pack that a process of its own writes on a day."""
    line = ["--database", url, "--actor", day, "report", "2026Q2", "--into", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **settings}
    command = [sys.executable, "-c", _REPORT, f"{day}T10:00:00+00:00", *line]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_both_databases_give_the_same_packs_on_other_days_in_other_places(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    """Restatements, a year before issued otherwise, balances by cost centre, a measured system; who issues it is no part."""
    tell(sqlite_url, tmp_path / "issued")
    tell(postgres_url, tmp_path / "issued")
    there = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    here = {"TZ": "America/New_York", "LC_ALL": "de_DE.UTF-8", "LANG": "tr_TR", "PYTHONHASHSEED": "77"}
    first = reported(sqlite_url, tmp_path / "sqlite", "2026-08-01", there)
    second = reported(postgres_url, tmp_path / "postgres", "2031-12-24", here)
    assert len(first) > 20
    assert "2026Q2/charts/10-expectations-FRAUD.svg" in first
    assert [name for name in first if first[name] != second.get(name)] == []
    assert set(first) == set(second)
