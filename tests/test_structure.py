"""The house stays a house: few rooms, few arrows, no circle, and files that one can read."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.structure import arrows, circles

ROOT = Path(__file__).resolve().parents[1]
FILES = [path for folder in ("ledger", "migrations", "reports") for path in (ROOT / folder).rglob("*.py")]


def test_few_rooms_and_arrows_and_no_circle() -> None:
    found = arrows()
    assert len(found) <= 24
    assert sum(map(len, found.values())) <= 90
    assert circles(found) == set()


def test_a_circle_is_seen(tmp_path: Path) -> None:
    for name, text in (
        ("one", "from house.two import x"),
        ("two", "import house.three"),
        ("three", "import house.one"),
    ):
        (tmp_path / "house").mkdir(exist_ok=True)
        (tmp_path / "house" / f"{name}.py").write_text(text)
    found = arrows(tmp_path / "house")
    assert found == {"one": {"two"}, "two": {"three"}, "three": {"one"}}
    assert circles(found) == {"one", "two", "three"}


def test_files_and_functions_can_be_read_in_one_go() -> None:
    """One file in ten may be longer than 300 lines, none than 400; three functions longer than 50."""
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in FILES}
    assert max(lengths.values()) <= 400
    assert sum(length > 300 for length in lengths.values()) * 10 <= len(lengths)
    functions = [
        node
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert sum((node.end_lineno or node.lineno) - node.lineno >= 50 for node in functions) <= 3
