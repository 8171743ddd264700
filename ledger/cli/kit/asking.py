"""Commands that name everything missing at once, and ask for it on a terminal.

A field of the gate (design §2) that is missing is a refusal, told by the rule itself; any other missing
word is wrong usage. Where both are missing it is wrong usage, and all of them are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import click

from ledger.cli.kit.output import say
from ledger.cli.kit.prompting import ask_for, watched
from ledger.decide.unsure import Unsure
from ledger.vocabulary.text import is_blank

When = Callable[[Mapping[str, Any]], bool]

_NEGATIVE = re.compile(r"-\d[\d.]*(?:d|h|min)?")


class Needed(click.Option):
    """An option without which the command is wrong usage.

    gate: without it the ledger refuses the command. unless: other options that serve as well. when: only
    where this holds for what else was typed.
    """

    def __init__(
        self,
        *args: Any,
        gate: bool = False,
        unless: str | tuple[str, ...] = (),
        when: When | None = None,
        **kwargs: Any,
    ) -> None:
        """Everything else as click.Option takes it; never `required`, so that all can be named at once."""
        super().__init__(*args, **kwargs)
        self.gate = gate
        self.unless = (unless,) if isinstance(unless, str) else unless
        self.when = when

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        return super().process_value(ctx, _said(value))

    @property
    def spoken(self) -> str:
        return _either(max(self.opts, key=len), self.unless)


class NeededArgument(click.Argument):
    """An argument without which the command is wrong usage."""

    gate = False

    def __init__(self, *args: Any, unless: str | tuple[str, ...] = (), when: When | None = None, **kwargs: Any) -> None:
        """unless: options that serve as well. when: only where this holds for what else was typed."""
        kwargs["required"] = False
        super().__init__(*args, **kwargs)
        self.unless = (unless,) if isinstance(unless, str) else unless
        self.when = when
        if self.metavar is None:
            self.metavar = f"[{str(self.name).upper()}]" if unless or when else str(self.name).upper()

    def process_value(self, ctx: click.Context, value: Any) -> Any:
        return super().process_value(ctx, _said(value))

    @property
    def spoken(self) -> str:
        return _either(str(self.metavar).strip("[]"), self.unless)


class AskingCommand(click.Command):
    """A command with needed words; also lets a negative amount be typed, so that it can be refused."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" not in args:
            args = _protect_negative_amounts(self, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        missing = [param for param in self.params if isinstance(param, Needed | NeededArgument) and _absent(ctx, param)]
        if missing and watched():
            ask_for(ctx, self.params, lambda param: isinstance(param, Needed | NeededArgument) and _absent(ctx, param))
            missing = []
        if any(not param.gate for param in missing):
            names = ", ".join(param.spoken for param in missing)
            raise click.UsageError(f"Missing: {names}.", ctx=ctx)
        return super().invoke(ctx)


def answered(doubt: Unsure) -> Mapping[str, object]:
    """What a person says to a doubt, as fields of the command. Raises the doubt where nobody can be asked, or says no."""
    if not watched():
        raise doubt
    say(doubt.why)
    fields = doubt.yes if click.confirm(doubt.question, default=doubt.likely, err=True) else doubt.no
    if fields is None:
        raise doubt
    return fields


def _absent(ctx: click.Context, param: Needed | NeededArgument) -> bool:
    if param.when is not None and not param.when(ctx.params):
        return False
    if any(ctx.params.get(str(other.name)) for other in ctx.command.params if set(param.unless) & set(other.opts)):
        return False
    return ctx.params.get(str(param.name)) in (None, "", ())


def _said(value: Any) -> Any:
    """A word that is blank was not said: it is missing, and told with what else is."""
    return None if isinstance(value, str) and is_blank(value) else value


def _either(one: str, others: tuple[str, ...]) -> str:
    return " or ".join((one, *others))


def _protect_negative_amounts(command: click.Command, args: list[str]) -> list[str]:
    """Move bare negative numbers behind `--`, where they are read as arguments and not as options."""
    taking = {
        name for param in command.params if isinstance(param, click.Option) and not param.is_flag for name in param.opts
    }
    kept: list[str] = []
    moved: list[str] = []
    for previous, word in zip(["", *args], args, strict=False):
        (moved if _NEGATIVE.fullmatch(word) and previous not in taking else kept).append(word)
    return [*kept, "--", *moved] if moved else args
