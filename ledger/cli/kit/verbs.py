"""A command that a first word turns into another: `debt robustness SYSTEM …`, and `debt robustness run …`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ledger.cli.kit.asking import AskingCommand
from ledger.cli.kit.groups import write_told


class CommandWithVerbs(AskingCommand):
    """verbs: commands by the word that calls them, in small letters: a system's key in capitals is none of them."""

    def __init__(self, *args: Any, verbs: Mapping[str, click.Command], **kwargs: Any) -> None:
        """Everything else as AskingCommand takes it."""
        super().__init__(*args, **kwargs)
        self.verbs = verbs

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        verb = self.verbs.get(args[0]) if args else None
        if verb is None:
            return super().make_context(info_name, args, parent, **extra)
        return verb.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        write_told(formatter, self.verbs)
