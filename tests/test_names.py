"""One name, one meaning: no two classes of the project are called the same."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("ledger", "migrations", "reports")
#: A script that an auditor runs alone, without the project: it shares no code on purpose, and no names either.
ALONE = ROOT / "ledger/proof/verify_bundle.py"
#: What still stands more than once, and how often. It only ever gets shorter.
LEFT: dict[str, int] = {}


def classes(*paths: Path) -> dict[str, list[str]]:
    """The names of the classes of these files, however deep, and where each stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(f"{path}:{node.lineno}")
    return found


def classes_of_the_project() -> dict[str, list[str]]:
    """As `classes`, of every file that ships."""
    return classes(*(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path != ALONE))


def test_no_class_name_stands_twice() -> None:
    found = classes_of_the_project()
    assert {name: places for name, places in found.items() if len(places) > LEFT.get(name, 1)} == {}


def test_what_is_left_is_still_left() -> None:
    """Who renames one of a pair takes it off the list."""
    found = classes_of_the_project()
    assert {name: len(found[name]) for name in LEFT} == LEFT


def test_two_classes_of_one_name_are_seen(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("class Entry: ...\n")
    (tmp_path / "two.py").write_text("def f():\n    class Entry: ...\n")
    assert len(classes(*tmp_path.glob("*.py"))["Entry"]) == 2
