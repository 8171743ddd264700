"""The page of `man debt`, written from the commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from ledger.cli import cli
from ledger.cli.commands import SECTIONS
from tests.helpers.command_tree import Path as Words
from tests.helpers.command_tree import leaves


def manual(exit_codes: dict[int, str], ended: str) -> str:
    """The page in the macros of `man`. exit_codes: code -> meaning; ended: what a code above 128 means."""
    return "\n".join(_lines(exit_codes, ended)) + "\n"


def _lines(exit_codes: dict[int, str], ended: str) -> Iterator[str]:
    # Without a date or a version: the page changes when a command does.
    yield '.TH DEBT 1 "" "Debt Ledger" "Debt Ledger"'
    yield ".SH NAME"
    yield r"debt \- record, repay and report the technical debt of machine\-learning systems"
    yield ".SH SYNOPSIS"
    yield ".B debt"
    yield _text("[OPTIONS] [COMMAND] [ARGS]...")
    yield ".SH OPTIONS"
    yield from _options(cli)
    known = [name for commands in SECTIONS.values() for name in commands]
    every = sorted(leaves(), key=lambda each: (known.index(each[0][0]), each[0]))
    for title, commands in SECTIONS.items():
        yield f'.SH "{title.upper()}"'
        for path, command in every:
            if path[0] in commands:
                yield from _command(path, command)
    yield ".SH EXIT STATUS"
    for code, meaning in exit_codes.items():
        yield from (".TP", f".B {code}", _text(meaning))
    yield from (".PP", _text(ended))


def _command(path: Words, command: click.Command) -> Iterator[str]:
    name = " ".join(("debt", *path))
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name)))
    yield f'.SS "{_text(name)} {_text(usage)}"'
    for number, part in enumerate(inspect.cleandoc(command.help or "").split("\n\n")):
        if number:
            yield ".PP"
        if part.startswith("\b"):
            yield from (".nf", *map(_text, part.removeprefix("\b\n").splitlines()), ".fi")
        else:
            yield _text(part)
    yield from _options(command)


def _options(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        record = parameter.get_help_record(click.Context(cli)) if isinstance(parameter, click.Option) else None
        if record is not None:
            names, help_ = record
            yield from (".TP", f".B {_text(names)}", _text(help_))


def _text(text: str) -> str:
    """One line that roff prints as it is."""
    plain = re.sub(r"\s+", " ", text).strip().replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    plain = re.sub(r"[^\x00-\x7f]", lambda found: rf"\[u{ord(found[0]):04X}]", plain)
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
