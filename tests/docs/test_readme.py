"""The README's commands: those of a lead are typed, all others exist with the options they are shown with."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ledger.cli import COMMANDS, cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [block.replace("\\\n", " ") for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)]


def shown_commands() -> list[str]:
    """Every `debt …` line in a block or between backticks."""
    lines = [line for block in BLOCKS for line in block.splitlines() if line.startswith("debt ")]
    return [*lines, *re.findall(r"`(debt [a-z][^`]+)`", README)]


def test_what_a_lead_types_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first five commands, in an empty folder, one after the other."""
    monkeypatch.chdir(tmp_path)
    (block,) = (block for block in BLOCKS if "debt init" in block and "debt repay" in block)
    typed = [line for line in block.splitlines() if line.strip()]
    assert len(typed) == 5
    for line in typed:
        result = CliRunner().invoke(cli, shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}\n{result.output}"
    assert "7,000.00" in result.stdout


@pytest.mark.parametrize("line", shown_commands())
def test_a_shown_command_exists_with_its_options(line: str) -> None:
    """A command that was renamed, or an option that went, is noticed."""
    words = shlex.split(line, comments=True)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        names, word = command, words.pop(0)
        for choice in word.split("|"):
            found = names.get_command(click.Context(names), choice)
            assert found is not None, f"debt {word}"
            command = found
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= options | {"--help"}


def test_the_readme_is_one_page() -> None:
    """What does not fit belongs elsewhere."""
    assert len(README.splitlines()) <= 100


def test_every_command_has_help() -> None:
    """`debt --help` and `debt COMMAND --help` say what each does."""
    for name in COMMANDS:
        result = CliRunner().invoke(cli, [name, "--help"])
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()[2].strip()) > 10, name
