"""What a command imports before it does anything: counted in modules, for times are other people's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ledger.cli import COMMANDS, cli
from tests.helpers.teller import Teller

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"sqlalchemy", "pandas", "openpyxl", "matplotlib"}

_TELL = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from debt_ledger import main
main()
"""


def imported(*words: str, **environment: str) -> set[str]:
    """The modules that the program has imported by its end."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "ledger" / "program")))
    ran = subprocess.run(
        [sys.executable, "-c", _TELL, *words],
        env={**os.environ, "PYTHONPATH": path} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.splitlines()[-1].split())


def completing(line: str) -> set[str]:
    """As a shell asks for what the last word of a line may be."""
    words = f"{line} ".split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 2), "_DEBT_COMPLETE": "bash_complete"}
    return imported(**asked)


@pytest.mark.parametrize("words", ["--version", "--help"])
def test_help_and_version_import_no_library_of_databases(words: str) -> None:
    """Nor any command, nor any rule."""
    found = imported(words)
    assert not found & HEAVY
    assert not {name for name in found if name.startswith(("ledger.decide", "ledger.store", "ledger.queries"))}
    assert len([name for name in found if name.startswith("ledger")]) <= 30


@pytest.mark.parametrize(
    "line", ["debt re", "debt commission --", "debt observe F --cat", "debt observe F T --category f"]
)
def test_completion_imports_none_either(line: str) -> None:
    """Of commands, options, and the words that no book has to be asked for."""
    assert not completing(line) & HEAVY


def test_the_script_of_completion_imports_none_either() -> None:
    assert not imported(_DEBT_COMPLETE="bash_source") & HEAVY


def test_a_repayment_imports_its_verb_and_nothing_that_reports(teller: Teller) -> None:
    """What it does import is seen: the library of databases, and the rule."""
    teller.do("observe FRAUD Seen --category untracked-input --cause untracked --principal 9")
    found = imported("--database", f"sqlite:///{teller.path}", "repay", "FRAUD-1", "1")
    assert {"sqlalchemy", "ledger.decide.repay"} <= found
    assert not found & {"pandas", "openpyxl", "matplotlib", "alembic", "babel", "rich"}
    assert not found & {"ledger.decide.import_batch", "ledger.services.conclude", "ledger.store.rights"}


def test_a_command_leaves_no_log_beside_the_ledger(teller: Teller) -> None:
    """It closes what it opened: Python's collector, which would find that, does not look through what a program leaves."""
    seen = "observe FRAUD Seen --category untracked-input --cause untracked --principal 9"
    for words in (seen, "repay FRAUD-1 1", "list", "verify"):
        imported("--database", f"sqlite:///{teller.path}", *words.split())
        assert [path.name for path in teller.path.parent.glob("ledger.db*")] == ["ledger.db"], words


def test_what_help_says_of_a_command_is_what_the_command_says() -> None:
    """The list of commands imports none of them: it is told what each is."""
    context = click.Context(cli)
    for name, (_, does) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(1000) == does
