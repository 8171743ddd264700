"""Which formulas read what the reader of the workbook fills in, directly or through other formulas.

What they give follows the entries, so that it may differ from what Python computed before there were any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from reports.sheet import CellOf, Formula, HeaderOf, Reference, RowsOf, Sheet, Span

#: Block, row and column of a cell.
Address = tuple[str, str, str]

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"\}:\{")
_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[a-z_]+")


def fed_by_entries(sheets: Sequence[Sheet]) -> frozenset[Address]:
    """The cells whose formulas read an entry column, or a cell that does."""
    columns = {
        (block.key, column.key)
        for sheet in sheets
        for block in sheet.blocks
        for column in block.columns
        if column.entry and block.rows
    }
    if not columns:
        return frozenset()
    names = {name: reference for sheet in sheets for name, reference in sheet.names.items()}
    formulas = list(_formulas(sheets))
    cells: set[Address] = set()
    while True:
        found = {
            address
            for address, formula in formulas
            if address not in cells and _reads(address, formula, names, cells, columns)
        }
        if not found:
            return frozenset(cells)
        cells |= found
        columns |= {(block, column) for block, _, column in found}


def _formulas(sheets: Sequence[Sheet]) -> Iterator[tuple[Address, Formula]]:
    for block in (block for sheet in sheets for block in sheet.blocks):
        for row in (*block.rows, *([block.total] if block.total else [])):
            for column, content in row.cells.items():
                if isinstance(content, Formula):
                    yield (block.key, row.key, column), content


def _reads(
    address: Address,
    formula: Formula,
    names: dict[str, Reference],
    cells: set[Address],
    columns: set[tuple[str, str]],
) -> bool:
    """Whether a formula reads one of the cells, or a row of one of the columns."""
    block, row, _ = address
    placeholders, words, has_range = _parts(formula.text)
    if has_range and any(each == block for each, _ in columns):
        return True  # what lies between the ends of a range within the row is not spelled out
    for name in placeholders:
        reference = formula.refs.get(name)
        if reference is None and "." in name:
            reference = RowsOf(*_split(name))
        if _hit(CellOf(block, row, name) if reference is None else reference, cells, columns):
            return True
    return any(_hit(names[word], cells, columns) for word in words if word in names)


def _hit(reference: Reference, cells: set[Address], columns: set[tuple[str, str]]) -> bool:
    match reference:
        case CellOf():
            address = (reference.block, reference.row, reference.column)
            return address in cells or (reference.block, reference.column) in columns
        case RowsOf() | Span():
            return (reference.block, reference.column) in columns
        case HeaderOf():
            return False


def _split(name: str) -> tuple[str, str]:
    block, _, column = name.rpartition(".")
    return block, column


@lru_cache(maxsize=10_000)
def _parts(text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Placeholders, other words, and whether it spans a range within its row."""
    bare = _QUOTED.sub("", _PLACEHOLDER.sub("", text))
    return tuple(_PLACEHOLDER.findall(text)), tuple(_WORD.findall(bare)), bool(_RANGE.search(text))
