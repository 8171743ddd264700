"""The command tree as it is: every command that can be typed, found by looking and not by a list."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.cli import cli
from ledger.cli.kit.verbs import CommandWithVerbs

Path = tuple[str, ...]


def leaves(command: click.Command = cli, path: Path = ()) -> Iterator[tuple[Path, click.Command]]:
    """Every command that does something, with the words that name it."""
    if not isinstance(command, click.Group):
        # The longer words first: they are what a line that begins with them types.
        for name, verb in command.verbs.items() if isinstance(command, CommandWithVerbs) else ():
            yield from leaves(verb, (*path, name))
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*path, name))


def parameters(kind: type[click.Parameter] = click.Parameter) -> Iterator[tuple[Path, click.Command, click.Parameter]]:
    """Every parameter of every command, the program's own options first."""
    for path, command in (((), cli), *leaves()):
        for parameter in command.params:
            if isinstance(parameter, kind):
                yield path, command, parameter


def typed_as(parameter: click.Parameter, word: str) -> list[str]:
    """The words that give a parameter a value."""
    return [f"{max(parameter.opts, key=len)}={word}"] if isinstance(parameter, click.Option) else ["--", word]
