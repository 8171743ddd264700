"""docs/cli.md and the page of `man debt` are what the commands say, and leave out no option, exit code or variable."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator

import click
import pytest

from ledger.cli import cli
from ledger.cli.systems.measure import BREACH
from ledger.vocabulary.errors import LedgerError
from tests.docs.manual import manual
from tests.docs.reference import DOCS, ENDED, EXIT_CODES, reference
from tests.helpers.command_tree import leaves
from tests.helpers.optional import needs

SOURCES = sorted((DOCS.parent / "ledger").rglob("*.py"))
PAGE = (DOCS / "cli.md").read_text(encoding="utf-8")


def test_the_pages_are_what_the_commands_say() -> None:
    """After a change of commands, `make docs` writes them anew."""
    assert reference() == PAGE
    assert manual(EXIT_CODES, ENDED) == (DOCS / "debt.1").read_text(encoding="utf-8")


def test_no_command_and_no_option_is_undocumented() -> None:
    """Held against the tree of commands, not against what writes the page."""
    sections = dict(re.findall(r"^### (debt[^\n]*)\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S))
    every = {" ".join(("debt", *path)): command for path, command in (((), cli), *leaves())}
    assert sections.keys() == every.keys()
    for name, command in every.items():
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert option.help, f"{name} {option.name}"
            row = next((line for line in sections[name].splitlines() if option.opts[0] in line), "")
            assert all(word in row for word in (*option.opts, *option.secondary_opts)), f"{name} {option.opts}"


def subclasses(of: type[LedgerError]) -> Iterator[type[LedgerError]]:
    yield of
    for each in of.__subclasses__():
        yield from subclasses(each)


def exits(tree: ast.AST) -> Iterator[ast.expr]:
    """What is passed to every `….exit(…)` and `SystemExit(…)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = ast.unparse(node.func)
            if called.endswith(".exit") or called == "SystemExit":
                yield node.args[0]


def test_no_exit_code_is_undocumented() -> None:
    """Every error's, every command's, and every number that is passed to an exit."""
    found = {each.exit_code for each in subclasses(LedgerError)} | {0, click.UsageError.exit_code, BREACH}
    commands = [path for path in SOURCES if "cli" in path.parts]
    for path in commands:
        for argument in exits(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(argument, ast.Constant):
                found.add(argument.value)
            else:
                assert re.fullmatch(r"told\w*\(.*\)|BREACH|128 \+ number", ast.unparse(argument)), path
    assert found == set(EXIT_CODES)
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in PAGE


def test_no_variable_is_undocumented() -> None:
    """Nor is one read past the options: a stray variable says nothing to a command that records."""
    named = {
        found
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in re.findall(r"\bDEBT_[A-Z_]+\b", node.value)
    }
    assert named == set(re.findall(r"^\| `(DEBT_[A-Z_]+)` \|", PAGE, re.M))
    asked = {
        option.envvar for _, command in (((), cli), *leaves()) for option in command.params if hasattr(option, "envvar")
    }
    assert named == asked - {None}
    assert "auto_envvar_prefix" not in cli.context_settings


@pytest.mark.parametrize("columns", [80, 100])
def test_no_help_is_cut(columns: int) -> None:
    """What a command says of the commands below it is whole: no line of it ends in dots."""
    groups = {path[:end] for path, _ in leaves() for end in range(len(path))}
    for path in sorted(groups):
        command: click.Command = cli
        for word in path:
            assert isinstance(command, click.Group)
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        context = click.Context(command, info_name="debt", terminal_width=columns, max_content_width=columns)
        lines = command.get_help(context).splitlines()
        assert not [line for line in lines if line.endswith("...") and not line.startswith("Usage")], path
        assert max(map(len, lines)) <= columns, path


@needs("groff")
def test_the_manual_is_printed_without_a_warning() -> None:
    """Every option of it stands in the page."""
    ran = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-rLL=80n", str(DOCS / "debt.1")], capture_output=True, text=True, check=True
    )
    assert not ran.stderr
    assert "--because" in re.sub(r"\x1b\[[0-9;]*m|.\x08", "", ran.stdout).replace("‐", "-").replace("−", "-")
