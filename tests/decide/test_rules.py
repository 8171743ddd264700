"""The table of rules is whole: its rows are words, which no type checker reads."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from ledger import decide
from ledger.decide import RULES, every_command, rule_of
from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.state import State

ROOM = Path(decide.__file__).parent


def rules_of_the_room() -> set[object]:
    """Every function of its files that is named like a rule, but what two rules have in common."""
    modules = [import_module(f"{decide.__name__}.{path.stem}") for path in ROOM.glob("*.py") if path.stem != "__init__"]
    return {
        found
        for module in modules
        for name, found in vars(module).items()
        if name.startswith("decide_") and found.__module__ == module.__name__ and name != "decide_amount"
    }


def test_every_command_has_a_row() -> None:
    """A verb that was forgotten is refused by nothing until somebody asks for it: here it is."""
    assert {rule_of(command) for command in every_command()} == rules_of_the_room()
    assert len(set(every_command())) == len(RULES)


@pytest.mark.parametrize("command", every_command(), ids=lambda command: command.__name__)
def test_a_row_names_the_rule_that_decides_that_command(command: type[Command]) -> None:
    hints = get_type_hints(rule_of(command))
    assert hints.pop("return") == tuple[Decided, ...]
    assert list(hints.values()) == [command, State]


def test_what_is_no_command_of_the_ledger_has_no_rule() -> None:
    """Also under the name of one: a class of somebody else is decided by nobody."""
    for name in ("Repay", "Nothing"):
        with pytest.raises(KeyError):
            rule_of(type(name, (Command,), {}))


def test_a_verb_waits_for_no_other() -> None:
    code = "import sys, ledger.decide.repay; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    verbs = {place.partition(":")[0] for place in RULES}
    assert {f"ledger.decide.{verb}" for verb in verbs} & set(imported) == {"ledger.decide.repay"}
