"""Markdown: people's texts in it, which say what they say and mark up nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ledger.vocabulary.plain_text import plain

_MARKS = re.compile(r"([\\`*_{}\[\]<>|~&$#])")
_LIST_NUMBER = re.compile(r"^(\d+)([.)])")
#: What marks up a line only where it begins it.
_AT_BEGINNING = "-+=:!"


def escaped(text: str) -> str:
    """A text on one line, as Markdown that shows just that; what a terminal would obey is replaced."""
    line = " ".join(plain(" ".join(text.split())).split())
    marked = _MARKS.sub(r"\\\1", line)
    if marked.startswith(tuple(_AT_BEGINNING)):
        return f"\\{marked}"
    return _LIST_NUMBER.sub(r"\1\\\2", marked)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """The lines of a table. Cells are Markdown already; right: which columns hold numbers."""
    numbers = set(right)
    rule = ["---:" if place in numbers else "---" for place in range(len(header))]
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)]
