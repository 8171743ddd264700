"""Completion: in a real Bash a name stays one word, and a command offers only what it can mean."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.lines import ADOPT, COMMISSION, OBSERVE, UNESTIMATED
from tests.helpers.teller import Teller

ROOT = Path(__file__).resolve().parents[3]
#: As Bash asks for what a line may go on with: it puts what it is offered behind the last colon or equals sign.
_BASH = r"""
source <(_DEBT_COMPLETE=bash_source debt)
COMP_LINE=$1 COMP_POINT=${#1}
compopt() { echo "[$*]"; }
_debt_completion debt
printf '%s\n' "${COMPREPLY[@]}"
"""

BASH = shutil.which("bash") or ""

pytestmark = [
    pytest.mark.reliability,
    pytest.mark.skipif(not BASH, reason="there is no Bash here"),
]


@pytest.fixture
def offered(teller: Teller, tmp_path: Path):  # type: ignore[no-untyped-def]
    """What Bash is offered for a line, as it would be written there."""
    program = tmp_path / "bin" / "debt"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ledger "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(program.parent), os.environ["PATH"], str(Path(BASH).parent))),
        "PYTHONPATH": str(ROOT),
        "DEBT_DATABASE": f"sqlite:///{teller.path}",
    }

    def offer(line: str) -> list[str]:
        ran = subprocess.run(
            [BASH, "--norc", "-c", _BASH, "bash", line], env=environment, capture_output=True, text=True, check=True
        )
        assert not ran.stderr, ran.stderr
        return [word for word in ran.stdout.splitlines() if word]

    return offer


def test_a_name_of_several_words_is_offered_as_one(teller: Teller, offered) -> None:  # type: ignore[no-untyped-def]
    """And behind a quotation mark as it is; where a colon has begun a word for Bash, what comes behind it."""
    names = ("growth & co", "ops:eu west", "it's", "größe", "$HOME", "a*b")
    for name in names:
        teller.do(f"system change FRAUD --team {shlex.quote(name)} --new-team")
    all_of_them = offered("debt list --team ")
    assert [shlex.split(word) for word in all_of_them] == [
        [name] for name in sorted([*names, "red"], key=all_of_them_in(all_of_them))
    ]
    assert offered("debt list --team gro") == [r"growth\ \&\ co"]
    assert offered('debt list --team "growth ') == ["growth & co"]
    assert offered(r"debt list --team growth\ ") == [r"growth\ \&\ co"]
    assert offered("debt list --team ops:") == [r"eu\ west"]
    assert offered("debt list --team ops:eu") == [r"eu\ west"]


def all_of_them_in(words: list[str]):  # type: ignore[no-untyped-def]
    """The order in which they are offered: a set of teams has none of its own."""
    return [shlex.split(word)[0] for word in words].index


def test_only_what_can_be_meant_is_offered(teller: Teller, offered) -> None:  # type: ignore[no-untyped-def]
    """FRAUD-1 is debt, 2 neglect, 3 repaid, 4 reversed, 5 unestimated."""
    teller.do(COMMISSION, OBSERVE, COMMISSION.replace("Glue", "More"), "repay FRAUD-3 --all")
    teller.do(OBSERVE.replace("Found", "Twice"), "reverse 7 --because x", UNESTIMATED.replace("Found", "Bare"))
    teller.do("system add OLD Old --team red", "system retire OLD --because x")
    can_be_meant = {
        "repay": {1, 2, 5},
        "write-off": {1, 2, 5},
        "plan": {1},
        "renew": {1},
        "adopt": {2},
        "revise": {1, 2, 3, 5},
        "note": {1, 2, 3, 4, 5},
        "show": {1, 2, 3, 4, 5},
    }
    for command, numbers in can_be_meant.items():
        assert {*offered(f"debt {command} fraud")} == {f"FRAUD-{number}" for number in numbers}, command
    assert offered("debt commission ") == ["FRAUD"]
    assert {*offered("debt system show ")} == {"FRAUD", "OLD"}
    # Today is whenever this is run: a quarter that is over can be asked about, and not planned.
    assert len(offered("debt plan FRAUD-1 ")) < len(offered("debt due "))
    teller.do(ADOPT.replace("FRAUD-1", "FRAUD-2"))
    assert offered("debt adopt ") == []


def test_files_are_left_to_the_shell(offered) -> None:  # type: ignore[no-untyped-def]
    assert offered("debt verify-workbook ")[0] == "[-o default]"
