"""Python source as text: its size, its blocks and their complexity, what its comments admit. Nothing of it is executed."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from radon.metrics import h_visit_ast, mi_compute
from radon.raw import analyze
from radon.visitors import ComplexityVisitor

from ledger.measures.comprehensibility.long_tables import WithoutTables, without_tables

#: A comment admits debt where one of these stands in it, whatever its case; a letter beside it makes another word of it.
MARKERS = (
    "todo",
    "to-do",
    "fixme",
    "xxx",
    r"hack(?:s|y|ed|ish)?",
    r"kludg(?:e|es|y)",
    "work-?arounds?",
    r"work(?:s|ed|ing)?[ -]around",
    r"temporar(?:y|ily)",
    r"temp(?:orary)? (?:fix|hack|solution)",
    "for (?:now|the moment|the time being)",
    "stop-?gap",
    "band-?aid",
    r"quick (?:fix|and dirty)",
    "clean(?:ed)?[ -]?up later",
    r"refactor(?:ed|ing)?",
    "get rid of",
    "not ideal",
    "ugly",
    "technical debt",
)
_ADMITS = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(MARKERS)})(?![^\W\d_])", re.IGNORECASE)

#: The longest statement, in lines, with which radon's analysis of raw lines is run: it reads a statement again for each
#: of its lines, so that a table of 20,000 lines in one literal would take it hours.
_LONGEST_STATEMENT = 200
#: Line ends to `str.splitlines`, by which radon cuts, that are none to Python.
_NO_LINE_ENDS = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")
_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A function, a method, or a file's own top level. line: where it begins, from 1. complexity: McCabe's, >= 1."""

    name: str
    line: int
    complexity: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What one file says.

    lines: that hold code, comments and docstrings not counted. admitted: the lines of the comments that admit debt.
    index: the maintainability index, 0 to 100, None where radon cannot give it.
    """

    lines: int
    blocks: tuple[CodeBlock, ...]
    admitted: tuple[int, ...]
    index: float | None


class NoPython(Exception):
    """The file is no Python that this Python can read; the message says why."""


def read_source(content: bytes) -> SourceFile:
    """What a file of Python says, by its bytes. Raises NoPython: not text, not its syntax, nested too deep."""
    try:
        text = _text(content)
        with warnings.catch_warnings():
            # Python's warnings about escapes in the file are not asked for.
            warnings.simplefilter("ignore")
            rest = without_tables(text, ast.parse(text))
        tokens = list(tokenize.generate_tokens(io.StringIO(rest.text).readline))
        return SourceFile(
            lines=len(_code_lines(rest.tree, tokens) | rest.lines),
            blocks=tuple(sorted(_blocks(rest.tree), key=lambda block: (block.line, block.name))),
            admitted=tuple(
                token.start[0] for token in tokens if token.type == tokenize.COMMENT and admits(token.string)
            ),
            index=_maintainability(rest, tokens),
        )
    except SyntaxError as error:
        at = f", line {error.lineno}" if error.lineno else ""
        raise NoPython(f"{error.msg}{at}") from error
    except (RecursionError, MemoryError) as error:
        raise NoPython("nested too deep to be read") from error
    except (ValueError, tokenize.TokenError) as error:
        raise NoPython(str(error)) from error


def admits(comment: str) -> bool:
    """Whether a comment admits debt."""
    return _ADMITS.search(comment) is not None


def _text(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline=None).read()


def _code_lines(tree: ast.Module, tokens: list[tokenize.TokenInfo]) -> set[int]:
    """The lines that hold code. A docstring is a comment in other clothes."""
    lines: set[int] = set()
    for token in tokens:
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _blocks(tree: ast.Module) -> Iterator[CodeBlock]:
    """Every function and method, however deep, each without what is defined in it; and the top level, if it decides.

    radon gives each its complexity; it is asked for one at a time, because its own list leaves out the classes that
    stand in functions.
    """
    top = ComplexityVisitor.from_ast(tree).complexity
    if top > 1:
        yield CodeBlock("<top level>", 1, top)
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        within, node = waiting.pop()
        for child in ast.iter_child_nodes(node):
            name = within
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{within}.{child.name}" if within else child.name
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield CodeBlock(name, child.lineno, ComplexityVisitor.from_ast(child).functions[0].complexity)
            waiting.append((name, child))


def _maintainability(source: WithoutTables, tokens: list[tokenize.TokenInfo]) -> float | None:
    """radon's index, as its `mi_visit` has it, from the tree that is there already."""
    text, tree = source.text, source.tree
    if max(source.longest, _longest_statement(tokens)) > _LONGEST_STATEMENT:
        return None
    try:
        raw = analyze(text.translate(_NO_LINE_ENDS))
    except SyntaxError:
        # The tokenizer cuts the text line by line, and not everything can be put together again.
        return None
    comments = (raw.comments + raw.multi) / raw.sloc * 100 if raw.sloc else 0
    complexity = ComplexityVisitor.from_ast(tree).total_complexity
    return float(mi_compute(h_visit_ast(tree).total.volume, complexity, raw.lloc, comments))


def _longest_statement(tokens: list[tokenize.TokenInfo]) -> int:
    longest, first = 0, 0
    for token in tokens:
        if token.type == tokenize.NEWLINE:
            longest, first = max(longest, token.end[0] - first + 1), 0
        elif token.type not in _NO_CODE:
            first = first or token.start[0]
    return longest
