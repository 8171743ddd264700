"""The structure in numbers: the rooms of `ledger/` (its entries) and the arrows between them. `python -m tests.structure`."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

LEDGER = Path(__file__).resolve().parents[1] / "ledger"


def arrows(folder: Path = LEDGER) -> Mapping[str, set[str]]:
    """Of every room, those from which it imports, itself apart. A room is an entry of the folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in folder.rglob("*.py"):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        found[room] |= {imported for imported in _imported(path, folder) if imported != room}
    return found


def _imported(path: Path, folder: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            package, *rest = name.split(".")
            if package == folder.name:
                entry = rest[0] if rest else "__init__"
                inside = (folder / entry).is_dir() or (folder / f"{entry}.py").exists()
                yield entry if inside else "__init__"


def circles(found: Mapping[str, set[str]]) -> set[str]:
    """The rooms from which a way of imports leads back to them."""

    def reached(room: str) -> set[str]:
        seen: set[str] = set()
        ahead = [room]
        while ahead:
            for other in found.get(ahead.pop(), set()) - seen:
                seen.add(other)
                ahead.append(other)
        return seen

    return {room for room in found if room in reached(room)}


if __name__ == "__main__":
    rooms = arrows()
    print(f"{len(rooms)} rooms, {sum(map(len, rooms.values()))} arrows, {len(circles(rooms))} in a circle")  # noqa: T201
