"""Mutants: the small ways in which a line of code could be wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

#: What is put in the place of an operator or a name.
_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


@dataclass(frozen=True)
class Mutant:
    """One wrong way to write a piece of a file. start, end: of the piece, in bytes of the file."""

    file: str
    line: int
    start: int
    end: int
    was: str
    becomes: str

    @property
    def name(self) -> str:
        """What identifies it, for people and for resuming."""
        return f"{self.file}:{self.line}: {self.was} -> {self.becomes}"

    def source(self, root: Path) -> bytes:
        """The file with this piece written wrongly."""
        text = (root / self.file).read_bytes()
        return text[: self.start] + self.becomes.encode() + text[self.end :]


def mutants(root: Path, file: str) -> list[Mutant]:
    """Every mutant of a file, in order of place."""
    text = (root / file).read_bytes()
    begins = [0]
    for line in text.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found = []
    for node, wrong in _wrong_nodes(ast.parse(text)):
        start = begins[node.lineno - 1] + node.col_offset
        end = begins[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        found.append(Mutant(file, node.lineno, start, end, text[start:end].decode(), wrong))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.becomes))


def _wrong_nodes(tree: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Nodes, each with what stands there in a mutant. Messages and annotations are left as they are."""
    for node in _code(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield node, "pass"
        elif isinstance(node, ast.expr):
            for wrong in _wrong(node):
                yield node, f"({ast.unparse(wrong)})"


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, but for annotations, options of classes, formatted texts and what is raised."""
    if isinstance(node, ast.JoinedStr | ast.Raise):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list") or (
            name == "keywords" and isinstance(node, ast.ClassDef)
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _code(child)


def _wrong(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            for number, operator in enumerate(node.ops):
                wrong = deepcopy(node)
                wrong.ops[number] = _OPERATORS[type(operator)]()  # type: ignore[call-overload]
                yield wrong
        case ast.BoolOp():
            wrong_operator = deepcopy(node)
            wrong_operator.op = _OPERATORS[type(node.op)]()  # type: ignore[assignment]
            yield wrong_operator
            yield from node.values if len(node.values) == 2 else ()
        case ast.BinOp() if type(node.op) in _OPERATORS:
            sum_or_product = deepcopy(node)
            sum_or_product.op = _OPERATORS[type(node.op)]()  # type: ignore[assignment]
            yield sum_or_product
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(int(node.value) + 1)  # type: ignore[arg-type]
        case ast.Call(func=ast.Name(id=name)) if name in _NAMES:
            call = deepcopy(node)
            call.func = ast.Name(_NAMES[name])
            yield call
        case ast.Tuple(ctx=ast.Load()) | ast.Set():
            for number in range(len(node.elts)):
                yield type(node)(elts=[*node.elts[:number], *node.elts[number + 1 :]], ctx=ast.Load())  # type: ignore[call-arg]
