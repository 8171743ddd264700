"""The pages that are written from the commands: docs/cli.md, and docs/debt.1 for `man debt`.

After a change of commands or options: `python -m tests.docs.reference`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from ledger.cli import cli
from ledger.cli.commands import OTHER_WORDS, SECTIONS
from ledger.cli.systems.measure import BREACH
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from tests.docs.manual import manual
from tests.helpers.command_tree import Path as Words
from tests.helpers.command_tree import leaves

DOCS = Path(__file__).resolve().parents[2] / "docs"

EXIT_CODES = {
    0: "Done, or nothing to do; a question was answered, whatever the answer.",
    Refused.exit_code: "A rule of the ledger forbids it; a check found something. Nothing was recorded.",
    Unreadable.exit_code: "What was typed cannot be read: wrong usage, an amount, a date, a file. Nothing was recorded.",
    StoreError.exit_code: "The ledger is not there, busy, of another schema or not what it should be; books that do not "
    "agree; output that cannot be written.",
    BREACH: "A measurement broke its threshold, and `--fail-on breach` asked for that to be seen.",
}
ENDED = "128 + N: somebody ended it with signal N (130: Ctrl-C). What was not recorded whole was not recorded."

_INTRODUCTION = f"""<!-- Written from the commands by `make docs`; a test compares. Do not edit. -->

# The command line

`debt --help` lists the commands, `debt COMMAND --help` or `debt help COMMAND` tells how one is used. Other words that work:
{", ".join(f"`{word}` for `{meant}`" for word, meant in OTHER_WORDS.items())}.

## Exit codes

| code | meaning |
|---|---|
{{codes}}

{ENDED}

## Variables

What is typed counts before a variable, a variable before `config.toml`; `debt config` shows what holds, and who says so.

{{variables}}

On a terminal an answer that is longer than the screen goes through the program that `PAGER` names, or `less -FRX`; an
empty `PAGER`, or `cat`, shows it at once.
"""


def reference() -> str:
    """docs/cli.md, from the commands."""
    codes = "\n".join(f"| {code} | {_cell(meaning)} |" for code, meaning in EXIT_CODES.items())
    parts = [_INTRODUCTION.format(codes=codes, variables=_variables()), _told((), cli)]
    every = dict(leaves())
    for title, commands in SECTIONS.items():
        parts.append(f"## {title}\n")
        parts += [_told(path, command) for path, command in ordered(every) if path[0] in commands]
    return "\n".join(parts).rstrip() + "\n"


def ordered(every: dict[Words, click.Command]) -> Iterator[tuple[Words, click.Command]]:
    """Commands as help lists them: by what a reader looks for, a short name before the longer ones that begin with it."""
    known = [name for commands in SECTIONS.values() for name in commands]
    yield from sorted(every.items(), key=lambda each: (known.index(each[0][0]), each[0]))


def context_of(path: Words, command: click.Command) -> click.Context:
    """As click makes it, for the line of usage."""
    return click.Context(command, info_name=" ".join(("debt", *path)))


def _variables() -> str:
    """Each variable, and the option that it stands for."""
    told = {
        str(option.envvar): f"`{' '.join(('debt', *path, name))}`: {_plain(option.help or '')}"
        for path, command in (*leaves(), ((), cli))
        for option in command.params
        if isinstance(option, click.Option) and option.envvar and (name := max(option.opts, key=len))
    }
    told["DEBT_FORMAT"] = (
        "`--format` of every command that has it: how records are printed. A form that a command has not leaves it at its own."
    )
    rows = "\n".join(f"| `{name}` | {_cell(does)} |" for name, does in sorted(told.items()))
    return f"| variable | |\n|---|---|\n{rows}\n"


def _told(path: Words, command: click.Command) -> str:
    usage = " ".join(command.collect_usage_pieces(context_of(path, command)))
    lines = [
        f"### {' '.join(('debt', *path))}",
        "",
        f"`{' '.join(('debt', *path))} {usage}`",
        "",
        _paragraphs(command),
        "",
    ]
    options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    if options:
        lines += ["| option | |", "|---|---|"]
        lines += [f"| {_cell(names)} | {_cell(help_)} |" for names, help_ in map(_option, options)]
        lines.append("")
    return "\n".join(lines)


def _paragraphs(command: click.Command) -> str:
    """A command's help; what it sets apart from filling is code."""
    parts = inspect.cleandoc(command.help or "").split("\n\n")
    kept = (
        "```\n" + part.removeprefix("\b\n") + "\n```" if part.startswith("\b") else _plain(part)
        for part in parts
        if part
    )
    return "\n\n".join(kept)


def _option(option: click.Option) -> tuple[str, str]:
    record = option.get_help_record(click.Context(cli))
    assert record is not None
    names, help_ = record
    return f"`{names}`", help_.strip()


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _cell(text: str) -> str:
    return _plain(text).replace("|", r"\|")


if __name__ == "__main__":
    (DOCS / "cli.md").write_text(reference(), encoding="utf-8")
    (DOCS / "debt.1").write_text(manual(EXIT_CODES, ENDED), encoding="utf-8")
