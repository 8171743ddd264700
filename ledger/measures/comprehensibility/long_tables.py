"""Long tables in code: lists of thousands of lines that decide nothing, taken out before the rest is read token by token.

A table of 400,000 lines would take the tokenizer and the visitors of blocks half a minute, to find nothing.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

#: Lines from which a statement is looked at.
_LONG = 1_000
#: What a table is made of. A number with a sign is an operator and a number.
_PLAIN = (
    *(ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Name, ast.Load, ast.Store, ast.UnaryOp, ast.unaryop),
    *(ast.Assign, ast.AnnAssign, ast.Expr),
)


@dataclass(frozen=True, slots=True)
class WithoutTables:
    """A file without its long tables. text: with empty lines in their place; lines: theirs that hold code.

    longest: lines of the longest table, 0 if there is none.
    """

    text: str
    tree: ast.Module
    lines: frozenset[int]
    longest: int


def without_tables(text: str, tree: ast.Module) -> WithoutTables:
    """Take out every statement at the top level that is a long table without a comment or a text of several lines.

    What is left reads as before: the same lines hold code, the same comments admit, the same blocks decide.
    """
    if not any(_length(statement) >= _LONG for statement in tree.body):
        return WithoutTables(text, tree, frozenset(), 0)
    rows = text.split("\n")
    code: set[int] = set()
    kept, longest = [], 0
    for place, statement in enumerate(tree.body):
        end = statement.end_lineno or statement.lineno
        within = rows[statement.lineno - 1 : end]
        alone = _starts_alone(tree.body, place)
        if _length(statement) < _LONG or not alone or not _is_table(statement, within):
            kept.append(statement)
            continue
        longest = max(longest, _length(statement))
        code.update(number for number, row in enumerate(within, start=statement.lineno) if row.strip())
        rows[statement.lineno - 1 : end] = [""] * len(within)
    return WithoutTables("\n".join(rows), ast.Module(kept, tree.type_ignores), frozenset(code), longest)


def _length(statement: ast.stmt) -> int:
    return (statement.end_lineno or statement.lineno) - statement.lineno + 1


def _starts_alone(body: list[ast.stmt], place: int) -> bool:
    """Whether no other statement stands on its first or last line, behind a semicolon."""
    statement = body[place]
    before = body[place - 1].end_lineno if place else 0
    after = body[place + 1].lineno if place + 1 < len(body) else None
    return before != statement.lineno and after != statement.end_lineno


def _is_table(statement: ast.stmt, rows: list[str]) -> bool:
    """A comment may admit something, and a text of several lines holds empty lines: with either it is no plain table."""
    plain = not any("#" in row or '"""' in row or "'''" in row or row.endswith("\\") for row in rows)
    return plain and all(isinstance(node, _PLAIN) for node in ast.walk(statement))
