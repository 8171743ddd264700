"""The chain can be verified without the ledger's software: by docs/verify_chain.py, in twenty lines."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ledger.store.engine import open_engine, reading
from ledger.tables.facts import event, head
from tests.helpers.small_ledger import BOOK, alter, another, build, cut_tail, forging, rows_of

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_chain.py"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """A ledger in a file."""
    engine = open_engine(sqlite_url)
    build(engine)
    yield engine
    engine.dispose()


def run(engine: Engine) -> subprocess.CompletedProcess[str]:
    """Run it as an auditor would, without the ledger's packages: -I hides what stands beside it, -S what is installed."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(engine.url.database)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_has_twenty_lines_and_needs_the_standard_library_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(text)))
    assert {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names} == {
        "hashlib",
        "sqlite3",
        "sys",
    }
    assert not any(isinstance(node, ast.ImportFrom) for node in nodes)
    assert len(text.splitlines()) <= 20


def test_an_intact_chain_passes(engine: Engine) -> None:
    build(engine, book="other")
    with reading(engine) as connection:
        last = rows_of(connection, event)[-1]
    found = run(engine)
    assert (found.returncode, found.stderr) == (0, "")
    first, second = found.stdout.splitlines()
    assert first == f"{BOOK}: {last['position']} events, head {last['hash']}"
    assert second.startswith(f"other: {last['position']} events, head ")


@pytest.mark.parametrize("column", ["body", "hash", "position"])
def test_an_altered_event_fails(engine: Engine, column: str) -> None:
    with forging(engine) as connection:
        row = rows_of(connection, event)[4]
        alter(connection, event, row, **{column: another(event, column, row[column])})
        connection.commit()
    found = run(engine)
    assert found.returncode != 0
    assert found.stderr.strip() == f"{BOOK}: broken at position {row['position']}"


def test_a_head_that_is_not_the_last_event_fails(engine: Engine) -> None:
    with forging(engine) as connection:
        last = rows_of(connection, event)[-1]
        cut_tail(connection, 1)
        alter(connection, head, {"book": BOOK}, position=last["position"], hash=last["hash"])
        connection.commit()
    assert "the head is not the last event" in run(engine).stderr
