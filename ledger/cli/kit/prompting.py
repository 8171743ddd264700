"""Asking a person, field by field: with what there is to choose from, each answer checked at once, and a last look at the end.

What was typed is never lost: a wrong answer is asked for again by itself, and the whole command is shown, ready to be typed,
before it is recorded and where somebody breaks off.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import click
from click.core import ParameterSource

from ledger.cli.kit.output import say
from ledger.cli.kit.wrapping import wrapped_command, wrapped_text
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.errors import LedgerError
from ledger.vocabulary.kinds import CAUSES

#: (what it belongs under, its name, what it is in words) of each thing there is to choose from.
Choice = tuple[str, str, str]
#: A book may have thousands of items: more than a screen of them helps nobody.
_MOST = 20
#: Kinds of which another than the listed ones may be meant: a team that is new.
_OPEN_KINDS = ("teams",)


def watched() -> bool:
    """Whether a person is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask_for(ctx: click.Context, params: Sequence[click.Parameter], missing: Callable[[click.Parameter], bool]) -> None:
    """Ask for what is missing, one after the other: an answer can make another one needed. Raises click.Abort.

    Where the command records something, it is shown whole and confirmed at the end.
    """
    asked = False
    try:
        for param in params:
            if missing(param):
                ctx.params[str(param.name)] = _ask(ctx, param)
                asked = True
        if asked and any(param.name == "key" for param in ctx.command.params):
            say("", *wrapped_command(_typed(ctx)))
            click.confirm("Record it?", default=True, abort=True, err=True)
    except click.Abort:
        say("", "Nothing was recorded. So far that was:", *wrapped_command(_typed(ctx)))
        raise


def _ask(ctx: click.Context, param: click.Parameter) -> Any:
    help_ = getattr(param, "help", None)
    say("", *wrapped_text(help_ or "", "  "))
    choices = list(_choices(ctx, param))
    if 0 < len(choices) <= max(_MOST, len(CATEGORIES)):
        _list(choices)
    elif choices:
        say(f"  One of {len(choices)}, {choices[0][1]} among them.")
    label = max(param.opts, key=len).strip("-") if isinstance(param, click.Option) else str(param.metavar).strip("[]")

    def checked(text: str) -> Any:
        return _checked(ctx, param, _chosen(text, choices), choices)

    default = param.default if isinstance(param.default, str) else None
    return click.prompt(label, value_proc=checked, default=default, err=True)


def _list(choices: Sequence[Choice]) -> None:
    """Numbered through, under what they belong to."""
    width = max(len(name) for _, name, _ in choices)
    number = 0
    for under, members in groupby(choices, key=lambda choice: choice[0]):
        if under:
            say(f"  {under}")
        for _, name, called in members:
            number += 1
            first, *others = wrapped_text(called, " " * (width + 8)) or [""]
            say(f"  {number:>3}  {name:<{width}} {first.strip()}".rstrip(), *others)


def _chosen(text: str, choices: Sequence[Choice]) -> str:
    """The name that a number stands for; everything else is what it says."""
    number = int(text) if text.strip().isascii() and text.strip().isdigit() else 0
    return choices[number - 1][1] if 0 < number <= len(choices) else text


def _checked(ctx: click.Context, param: click.Parameter, text: str, choices: Sequence[Choice]) -> Any:
    """The answer as the command takes it. Raises click.UsageError, which has it asked for again."""
    try:
        value = param.type.convert(text, param, ctx)
        check = getattr(param.type, "check", None)
        if check is not None:
            check(ctx.obj, value)
    except LedgerError as error:
        raise click.UsageError(getattr(error, "why", str(error)), ctx) from error
    kind = getattr(param.type, "kind", None)
    if choices and kind not in _OPEN_KINDS and value not in {name for _, name, _ in choices}:
        raise click.UsageError(f"'{value}' is none of these: type one, or its number.", ctx)
    return value


def _choices(ctx: click.Context, param: click.Parameter) -> Iterator[Choice]:
    """What there is to choose from, in the order in which it is shown; nothing where anything can be meant."""
    kind = getattr(param.type, "kind", None)
    if isinstance(param.type, click.Choice):
        yield from (("", str(choice), "") for choice in param.type.choices)
    elif kind == "categories":
        yield from ((each.dimension, each.slug, each.definition) for each in CATEGORIES.values())
    elif kind == "causes":
        yield from (("", slug, meaning) for slug, meaning in CAUSES.items())
    elif kind is not None and "quarter" not in kind:
        # Only here: it brings the library of databases.
        from ledger.queries.register.names import names

        with ctx.obj.reader() as reader:
            found = names(reader, kind, ctx.obj.today)
        yield from (("", name, called or "") for name, called in (sorted(found) if kind == "teams" else found))


def _typed(ctx: click.Context) -> str:
    """The command as it could be typed, with all that was answered."""
    path: list[str] = []
    within: click.Context | None = ctx
    while within is not None:
        path.insert(0, str(within.info_name))
        within = within.parent
    options: list[str] = []
    for param in ctx.command.params:
        value = ctx.params.get(str(param.name))
        source = ctx.get_parameter_source(str(param.name))
        if value in (None, (), False) or (
            source not in (None, ParameterSource.COMMANDLINE) and value == param.get_default(ctx)
        ):
            continue
        words = [str(each) for each in value] if isinstance(value, tuple) else [str(value)]
        if isinstance(param, click.Argument):
            path += words
        elif value is True:
            options.append(max(param.opts, key=len))
        else:
            options += [each for word in words for each in (max(param.opts, key=len), word)]
    return shlex.join([*path, *options])
