"""What imports tell in numbers: one issue and two issues; and no number beside a word without having asked which it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ledger
from ledger.vocabulary.counted import counted

ROOT = Path(ledger.__file__).parent
ROOMS = ("importers", "cli/data", "services", "cli/lead/adr.py")
#: Of services, those of imports alone: others count elsewhere.
SERVICES = ("import", "decision_", "adopt_file")
#: A word that is told of several, right behind what stands in braces.
SEVERAL = re.compile(r"^(?:s| [a-z]+s)\b(?! +(?:is|was|has)\b)")
#: What ends with an s and counts nothing, or stands behind what is no number.
NO_COUNT = {
    "is",
    "was",
    "has",
    "this",
    "as",
    "its",
    "says",
    "asks",
    "stays",
    "names",
    "lacks",
    "holds",
    "differs",
    "needs",
}


@pytest.mark.parametrize(
    ("number", "told"), [(0, "0 issues"), (1, "1 issue"), (2, "2 issues"), (1000, "1000 issues"), (-1, "-1 issues")]
)
def test_one_is_told_alone(number: int, told: str) -> None:
    assert counted(number, "issue") == told
    assert counted(number, "entry was", "entries were") == ("1 entry was" if number == 1 else f"{number} entries were")


def _files() -> Iterator[Path]:
    for room in ROOMS:
        found = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
        yield from (path for path in found if room != "services" or path.name.startswith(SERVICES))


def _is_number(value: ast.expr) -> bool:
    """As far as its expression tells: a length, or a name that is one of a number."""
    text = ast.unparse(value)
    return text.startswith(("len(", "sum(")) or bool(
        re.search(r"(?:^|\.)(?:number|count|read|missing|total|more)$", text)
    )


def test_no_number_stands_beside_a_word_of_several() -> None:
    """Every count in a sentence goes through `counted`, or the words beside it are the same for one and for many."""
    found = []
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.JoinedStr):
                continue
            for value, after in zip(node.values, node.values[1:], strict=False):
                if not (isinstance(value, ast.FormattedValue) and isinstance(after, ast.Constant)):
                    continue
                word = SEVERAL.match(str(after.value))
                if _is_number(value.value) and word and word[0].strip() not in NO_COUNT:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(value.value)}{after.value!r}")
    assert found == []
