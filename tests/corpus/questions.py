"""What a ledger of the corpus is asked, when it is frozen and ever after: always through the command line."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge

DEMO, SECOND = "demo", "東京"
BOOKS = {DEMO: 1, SECOND: 4}
"""The books of a frozen ledger, and the first month of their fiscal year."""

SOURCES = Path(__file__).parents[2] / "reports"

#: Ten days: before everything, ends of quarters, days in between, after everything.
DAYS = (
    "2024-09-30", "2024-12-31", "2025-03-31", "2025-07-01", "2025-09-30",
    "2025-11-30", "2026-01-19", "2026-03-31", "2026-06-30", "2026-10-31",
)  # fmt: skip
#: As it was known then, what was entered late and reversed since included.
MOMENTS = ("2025-01-31", "2025-10-15", "2026-04-30")
QUARTERS = tuple(f"{year}Q{number}" for year in (2024, 2025, 2026, 2027) for number in (1, 2, 3, 4))


def edge_at(day: str, serial: int) -> Edge:
    """A clock that starts after noon UTC of a day and identifiers that are the same in every run.

    serial: of the line that is typed, so that no two lines share an identifier.
    """
    seconds, numbers = count(), count(1)
    start = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC) + timedelta(minutes=serial)
    return Edge(lambda: start + timedelta(seconds=next(seconds)), lambda: f"line-{serial:03}-{next(numbers)}")


def typed(database: str, book: str | None, line: str | Sequence[str], day: str = "2026-11-01", serial: int = 0) -> str:
    """What the command line prints when somebody types a line on a day. Raises AssertionError if it fails."""
    words = shlex.split(line) if isinstance(line, str) else list(line)
    before = ["--database", database, "--actor", "grace", *(["--book", book] if book else [])]
    result = CliRunner().invoke(cli, [*before, *words], obj=edge_at(day, serial))
    assert result.exit_code == 0, f"debt {shlex.join(words)}: {result.exception!r} {result.output}"
    return result.stdout


def answers(database: str, folder: Path) -> dict[str, Any]:
    """Everything that must be the same for ever. folder: where files may be written."""
    return {book: _of(database, book, folder) for book in BOOKS}


def _of(database: str, book: str, folder: Path) -> dict[str, Any]:
    def ask(line: str) -> Any:
        return json.loads(typed(database, book, f"{line} --format json"))

    export = folder / "book.jsonl"
    typed(database, book, ["export", "jsonl", str(export), "--force"])
    by = "--by nature,dimension,system,team"
    return {
        "verify": ask("verify"),
        "jsonl_sha256": hashlib.sha256(export.read_bytes()).hexdigest(),
        "stored_names": sorted({event["stored_as"] for event in ask("log")}),
        "delta": [ask(f"delta --as-of {day} {by}") for day in DAYS],
        "known_then": [ask(f"delta --as-of {day} --known-at {day} --by system") for day in MOMENTS],
        "rollforward": [ask(f"rollforward {quarter} --by team,system") for quarter in QUARTERS],
        "list": ask("list --status all --as-of 2026-10-31"),
    }


def changed(then: Any, now: Any, where: str = "") -> list[str]:
    """Where what was said then is not said now. A field that was added since is no change."""
    ask: Callable[..., list[str]] = changed
    if isinstance(then, dict) and isinstance(now, dict):
        return [
            line
            for name in then
            for line in (ask(then[name], now[name], f"{where}.{name}") if name in now else [f"{where}.{name} is gone"])
        ]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        return [
            line
            for at, (old, new) in enumerate(zip(then, now, strict=True))
            for line in ask(old, new, f"{where}[{at}]")
        ]
    return [] if then == now else [f"{where}: {then!r} then, {now!r} now"]


def sources_sha256() -> str:
    """Hash of the code that makes packs: it tells which commit made the one that is frozen."""
    found = sorted(SOURCES.rglob("*.py"))
    texts = [f"{path.relative_to(SOURCES)}\n".encode() + path.read_bytes() for path in found]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()
