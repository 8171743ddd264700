"""Commands below a command, each told by its whole first sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

#: Letters of a first sentence.
_WHOLE = 1000


class CommandGroup(click.Group):
    """Commands by their second word: `debt budget show`."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        below = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        write_told(formatter, {name: command for name, command in below if command is not None})

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        word, known = args[0], self.list_commands(ctx)
        if word in known or word.startswith("-"):
            return super().resolve_command(ctx, args)
        # Imported for who mistyped.
        from difflib import get_close_matches

        near = get_close_matches(word, known, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"`{ctx.command_path} --help` lists them."
        raise click.UsageError(f"There is no command '{word}'. {hint}", ctx)


def write_told(formatter: click.HelpFormatter, commands: Mapping[str, click.Command]) -> None:
    """Commands and their first sentences: whole, where click would cut them at the end of a line."""
    with formatter.section("Commands"):
        formatter.write_dl([(name, command.get_short_help_str(_WHOLE)) for name, command in commands.items()])
