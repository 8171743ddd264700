"""The command `help`: what `--help` says, for whoever types it first."""

from __future__ import annotations

import click

from ledger.cli.kit.types import TEXT


@click.command("help")
@click.argument("words", nargs=-1, type=TEXT)
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Tell how a command is used: debt help repay."""
    root = ctx.find_root()
    root.command.main([*words, "--help"], prog_name=root.info_name, standalone_mode=False)
