"""The program runs its own packages in the folder of a project that has some of the same names, installed either way."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import pytest
from debt_ledger import OWN_PACKAGES

pytestmark = pytest.mark.reliability

ROOT = Path(__file__).resolve().parents[1]
DEBT = Path(sysconfig.get_path("scripts"), "debt")

#: Opens a book (by the migrations), and writes it with the codes of an accountant (by the reports).
STORY = (
    "init --book main --currency EUR",
    "system add S Scoring --team red",
    "observe S Unwatched --category untracked-input --cause untracked --principal 100 --on 2026-01-15",
    "export csv book.csv",
)
ACCOUNTS = '[accounts]\n"equity" = "2900"\n"liabilities" = "2100"\n'


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A project's folder whose packages have the names of ours, and end whoever imports them."""
    for name in OWN_PACKAGES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"raise SystemExit('this is the {name} of somebody else')\n")
    return tmp_path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip installed the project's wheel: its packages, and bin/debt. No network."""
    pytest.importorskip("hatchling", reason="hatchling is not installed, and building would need the network")
    built, site = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*install, *map(str, built.glob("*.whl"))], check=True, capture_output=True)
    return site


def keeps_a_ledger(argv: Sequence[str | Path], folder: Path, *path: str | Path) -> None:
    """Make and export a ledger in the folder, which stands before `path` on the path."""
    (folder / "config.toml").write_text(ACCOUNTS)
    database = f"sqlite:///{folder / 'ledger.db'}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([".", *map(str, path)]), "DEBT_DATABASE": database}
    for words in STORY:
        ran = subprocess.run(
            [*argv, *words.split()], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ",2100," in (folder / "book.csv").read_text(encoding="utf-8-sig")


def test_the_names_are_those_of_somebody_else_on_that_path(elsewhere: Path) -> None:
    """Without the program, Python takes what comes first: so that the tests below could fail."""
    for name in OWN_PACKAGES:
        argv = [sys.executable, "-c", f"import {name}"]
        ran = subprocess.run(argv, cwd=elsewhere, capture_output=True, text=True, check=False)
        assert ran.stderr.strip() == f"this is the {name} of somebody else"


def test_the_command_of_a_checkout(elsewhere: Path) -> None:
    if not DEBT.exists():
        pytest.skip("the project is not installed in this environment")
    keeps_a_ledger([DEBT], elsewhere)


def test_the_module_of_a_checkout(elsewhere: Path) -> None:
    """Where the folder has a `ledger` of its own Python runs that one; `python -m debt_ledger` is the way past it."""
    (elsewhere / "ledger").rename(elsewhere / "not_ledger")
    keeps_a_ledger([sys.executable, "-m", "ledger"], elsewhere, ROOT)


def test_the_command_of_a_wheel(elsewhere: Path, wheel: Path) -> None:
    keeps_a_ledger([sys.executable, wheel / "bin" / "debt"], elsewhere, wheel)


def test_the_module_of_a_wheel_without_the_folder_on_the_path(elsewhere: Path, wheel: Path) -> None:
    """-P keeps the folder off the path; PYTHONPATH is what names it here."""
    keeps_a_ledger([sys.executable, "-P", "-m", "debt_ledger"], elsewhere, wheel)


def test_a_library_keeps_its_own_reports() -> None:
    """Importing the ledger pins nothing: a program that has a package `reports` may use both."""
    code = (
        "import sys, ledger, debt_ledger; sys.exit(any(isinstance(f, debt_ledger.OwnPackages) for f in sys.meta_path))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
