"""Commands import what they need: a lead's `debt repay` does not wait for pandas."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("pandas", "numpy", "matplotlib", "openpyxl", "alembic", "babel", "rich", "reports")

_TELL = """
import sys
from ledger.cli import cli
try:
    cli(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print("imported:", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def imported_by(url: str, *words: str) -> set[str]:
    """The top-level modules that a command has imported by its end."""
    argv = [sys.executable, "-c", _TELL, "--database", url, *words]
    told = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return set(told.stdout.rpartition("imported:")[2].split())


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger with one item, made by the command line itself."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lazy') / 'ledger.db'}"
    observe = ["observe", "FRAUD", "Nobody watches it", "--category", "untracked-input", "--cause", "untracked"]
    for words in (
        ["init", "--book", "main", "--currency", "EUR"],
        ["system", "add", "FRAUD", "Fraud scoring", "--team", "red"],
        [*observe, "--principal", "100", "--on", "2026-01-15"],
    ):
        imported_by(url, *words)
    return url


def test_opening_a_book_imports_alembic_and_babel(tmp_path: Path) -> None:
    """What the other tests look for is seen where it is."""
    found = imported_by(f"sqlite:///{tmp_path}/ledger.db", "init", "--book", "main", "--currency", "EUR")
    assert {"alembic", "babel"} <= found


@pytest.mark.parametrize(
    "words",
    [
        ("repay", "FRAUD-1", "10", "--on", "2026-02-01"),
        ("delta", "--format", "json"),
        pytest.param(("rollforward", "2026Q1", "--format", "csv"), marks=pytest.mark.reliability),
        ("list", "--format", "json"),
        pytest.param(("show", "FRAUD-1", "--format", "json"), marks=pytest.mark.reliability),
        pytest.param(("verify", "--format", "json"), marks=pytest.mark.reliability),
        pytest.param(("budget", "list", "--format", "json"), marks=pytest.mark.reliability),
    ],
    ids=lambda words: words[0],
)
def test_a_command_imports_no_report_and_no_migration(url: str, words: tuple[str, ...]) -> None:
    """Nothing heavy is imported by what is typed between two meetings, or run by a script."""
    assert not imported_by(url, *words) & set(HEAVY)


def test_a_table_imports_rich_and_nothing_else_that_is_heavy(url: str) -> None:
    """Tables are rich's; the rest stays out."""
    assert imported_by(url, "delta") & set(HEAVY) == {"rich"}
