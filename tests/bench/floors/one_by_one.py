"""Bare sqlite3: the rows of one event in one durable transaction, over one open connection."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Rows = list[tuple[str, list[tuple[Any, ...]]]]


def connected(path: Path) -> sqlite3.Connection:
    """An open connection, in WAL, that waits for the disk."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def insert(connection: sqlite3.Connection, events: Iterable[Rows]) -> None:
    """Write what each event came to: insertions, each with its rows."""
    for insertions in events:
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in insertions:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
