"""What was probably meant is proposed, and only what can be meant; every error looks alike."""

from __future__ import annotations

import re

import click
import pytest

from ledger.cli import COMMANDS
from ledger.cli.kit.meant import GUESSED
from ledger.vocabulary.spelling import letters_apart, nearest
from tests.helpers.command_tree import leaves
from tests.helpers.lines import COMMISSION, GATE
from tests.helpers.teller import Teller


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("comission FRAUD T", "commission"),
        ("comm", "commission"),
        ("rollfoward", "rollforward"),
        ("REPAY FRAUD-1 5", "repay"),
        ("revert", "reverse"),
        ("undp", "undo"),
        ("delete 3", "reverse"),
        ("system lsit", "list"),
        ("rate wihtdraw 3", "withdraw"),
        ("import sonarcube x", "sonarqube"),
        ("measure drfit", "drift"),
        ("db chek", "check"),
    ],
)
def test_a_command_that_there_is_not_is_told_with_the_one_that_was_meant(teller: Teller, line: str, meant: str) -> None:
    reply = teller.type(line)
    assert reply.exit_code == 2
    assert f"Did you mean '{meant}'?" in reply.err


@pytest.mark.parametrize("word", ["xyz", "quarterly", "o"])
def test_what_is_near_to_nothing_is_told_where_they_are_listed(teller: Teller, word: str) -> None:
    reply = teller.type(word)
    assert "`debt --help` lists them." in reply.err
    assert "Did you mean" not in reply.err


def test_every_guess_is_of_a_command_and_is_none_itself() -> None:
    paths = {" ".join(path) for path, _ in leaves()}
    assert set(GUESSED.values()) <= paths
    assert not set(GUESSED) & set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_letter_too_few_too_many_or_changed_is_understood(command: str) -> None:
    """Of every command, wherever the slip is."""
    for at in range(len(command)):
        for slip in (command[:at] + command[at + 1 :], command[:at] + "q" + command[at:]):
            found = nearest(slip, COMMANDS)
            assert found is None or letters_apart(slip, found) <= letters_apart(slip, command)
            assert len(command) < 4 or found is not None, slip


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("show FRUAD-1", "FRAUD-1"),
        ("repay FRAD-1 5", "FRAUD-1"),
        ("note FRAUDD-1 seen", "FRAUD-1"),
        ("log FRUAD-1", "FRAUD-1"),
        ("adr FRUAD-1", "FRAUD-1"),
        ("log FRUAD", "FRAUD"),
        ("list --system FRAD", "FRAUD"),
        ("list --team rde", "red"),
        ("system show FRAD", "FRAUD"),
        ("system retire FRAD --because x", "FRAUD"),
        (f"commission FRAD T --category glue-code --principal 5 {GATE}", "FRAUD"),
        ("rate set 800 --from 2026-01-01 --team rad", "red"),
        ("budget set 2026Q4 5 --team rde", "red"),
        ("expectations FRAD", "FRAUD"),
        ("review --system FRAD", "FRAUD"),
        ("datasheet FRAD", "FRAUD"),
        ("observe FRAUD T --category glu-code --cause expedience", "glue-code"),
        ("observe FRAUD T --category glue-code --cause expediense", "expedience"),
    ],
)
def test_a_name_that_the_book_has_not_is_told_with_the_one_that_was_meant(
    teller: Teller, line: str, meant: str
) -> None:
    teller.do(COMMISSION)
    reply = teller.type(line)
    assert reply.exit_code == 1, reply.err
    assert f"Did you mean {meant}?" in " ".join(reply.err.split())


@pytest.mark.parametrize("line", ["show FRAUD-12", "show XY-1", "repay FRAD-9 5", "system show PAYMENTS"])
def test_another_item_is_not_near(teller: Teller, line: str) -> None:
    """The number of an item is not misspelt: FRAUD-12 is not FRAUD-1."""
    teller.do(COMMISSION)
    assert "Did you mean" not in teller.type(line).err


@pytest.mark.parametrize(
    ("path", "command"), list(leaves()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_wrong_usage_looks_like_a_refusal(teller: Teller, path: tuple[str, ...], command: click.Command) -> None:
    reply = teller.type_words([*path, "--no-such-option"])
    assert reply.exit_code == 2
    assert not reply.out
    assert re.fullmatch(r"debt: .*`debt [^`]* --help` tells how it is typed\.\n", reply.err), reply.err
