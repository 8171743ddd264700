"""Commands that messages propose: found in the source and in what was printed, and read as the program reads them."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click

from ledger.cli import cli
from ledger.vocabulary.categories import CATEGORIES
from ledger.vocabulary.kinds import CAUSES

ROOT = Path(__file__).resolve().parents[2]
#: Stands where the source has a value that is only known when it is said.
OPEN = "\ue000"
#: What a reader fills in: words in capitals, dots.
_TO_FILL = re.compile(rf"{OPEN}|…|\.\.\.|^[A-Z]$|^[A-Z][A-Z_]+(?:[/:]\w+)?$")
_DOTS = ("…", "...")
#: A word of each kind of parameter, by what help calls it.
_SAMPLES = {
    "item": "FRAUD-1", "system": "FRAUD", "quarter": "2026Q4", "date": "2026-07-01", "amount": "800", "position": "3",
    "category": "glue-code", "cause": "expedience", "team": "red", "time": "2026-07-01", "decimal": "0.05",
    "position:hash": f"3:{'0' * 64}", "integer": "3", "integer range": "3", "float": "0.5",
}  # fmt: skip

#: Names that are the same in every book.
_NAMES = {"category": CATEGORIES, "cause": CAUSES}


@dataclass(frozen=True)
class Proposal:
    """A command without its `debt`, and where it is said."""

    text: str
    place: str


def in_source() -> Iterator[Proposal]:
    """What stands between backticks in the texts of ledger/ and reports/, docstrings of commands among them."""
    for folder in ("ledger", "reports"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
            silent = {id(node) for node in _docstrings(tree, commands=path.is_relative_to(ROOT / "ledger" / "cli"))}
            for node in ast.walk(tree):
                if id(node) in silent:
                    continue
                text = _text(node) if isinstance(node, ast.JoinedStr) or id(node) not in inner else None
                for proposed in re.findall(
                    r"`debt ([^`]+)`", re.sub(r"\s+", " ", re.sub(r"\{\w*\}", OPEN, text or ""))
                ):
                    yield Proposal(proposed, f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]


def _docstrings(tree: ast.AST, *, commands: bool) -> Iterator[ast.AST]:
    """Texts that nobody is shown; those of functions of the command line are help."""
    kinds = (ast.Module, ast.ClassDef) if commands else (ast.Module, ast.ClassDef, ast.FunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or "" if isinstance(part, ast.Constant) else OPEN for part in node.values)
    return None


def printed(text: str) -> list[str]:
    """The commands in what was printed: between backticks, and on lines of their own, also where these are broken."""
    whole = re.sub(r" \\\n\s*", " ", text)
    lines = re.findall(r"^ *(?:undo: )?debt ([a-z].*)$", whole, re.MULTILINE)
    return [*re.findall(r"`debt ([^`]+)`", " ".join(whole.split())), *lines]


def open_words(text: str) -> bool:
    """Whether somebody has to fill something in before it can be typed."""
    return any(_TO_FILL.search(word) for word in shlex.split(text))


def read(text: str) -> list[str]:
    """The words of a proposal with something of the right kind where it is open. Raises click.UsageError where the program would.

    Every option is one of the command's, and takes its value; no argument is too many; what is said is of its kind.
    """
    return _read(cli, click.Context(cli, info_name="debt"), shlex.split(text), [])


def _read(command: click.Command, context: click.Context, words: list[str], path: list[str]) -> list[str]:
    if isinstance(command, click.Group) and words and not words[0].startswith("-"):
        names = command.list_commands(context) if OPEN in words[0] else [words[0]]
        for name in names:
            found = command.get_command(context, name)
            if found is None:
                raise click.UsageError(f"there is no command '{name}'", context)
            try:
                return _read(found, click.Context(found, context, info_name=name), words[1:], [*path, name])
            except click.UsageError:
                if name == names[-1]:
                    raise
    filled = _filled(command, words)
    if not filled:
        return path  # a command that is named, and not said how to type
    if not isinstance(command, click.Group):
        with suppress(click.MissingParameter):  # what else it needs is not said
            command.make_context(context.info_name, list(filled), parent=context.parent)
        return [*path, *filled]
    within = command.make_context(context.info_name, list(filled), parent=context.parent)
    rest = [*within._protected_args, *within.args]
    if rest and rest[0] not in _DOTS:
        name, found, others = command.resolve_command(within, rest)
        assert found is not None
        return _read(found, click.Context(found, within, info_name=name), others, [*path, *filled[: -len(rest)]])
    return [*path, *filled]


def _filled(command: click.Command, words: list[str]) -> list[str]:
    options = {name: each for each in command.params if isinstance(each, click.Option) for name in each.opts}
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    filled: list[str] = []
    wanting: click.Parameter | None = None
    for word in words:
        if wanting is not None:
            filled.append(_value(wanting, word))
            wanting = None
        elif word.startswith("--") and OPEN not in word:
            name, said, value = word.partition("=")
            if name not in options:
                raise click.UsageError(f"{command.name} has no option {name}")
            wanting = None if options[name].is_flag or said else options[name]
            filled.append(f"{name}={_value(options[name], value)}" if said else word)
        elif isinstance(command, click.Group):
            filled.append(word)
        elif word in _DOTS:
            continue  # and so on
        elif arguments:
            filled.append(_value(arguments[0], word))
            if arguments[0].nargs != -1:
                arguments.pop(0)
        elif word != OPEN:  # which may be options, or nothing
            raise click.UsageError(f"{command.name} takes no '{word}'")
    # An option at the end is named, and not said how to type.
    return filled if wanting is None else filled[:-1]


def _value(parameter: click.Parameter, word: str) -> str:
    if isinstance(parameter.type, click.Path):
        return str(Path(__file__)) if parameter.type.exists else "a-file-that-is-not-there"
    if not _TO_FILL.search(word):
        known = _NAMES.get(parameter.type.name)
        if known is not None and word not in known:
            raise click.UsageError(f"there is no {parameter.type.name} {word}")
        return word
    if isinstance(parameter.type, click.Choice):
        return str(parameter.type.choices[0])
    return _SAMPLES.get(parameter.type.name, "words")
