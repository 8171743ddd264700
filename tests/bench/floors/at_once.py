"""Bare sqlite3: all rows of a batch by `executemany`, a table at a time, in one durable transaction."""

from __future__ import annotations

import sqlite3

from tests.bench.floors.one_by_one import Rows


def insert(connection: sqlite3.Connection, insertions: Rows) -> None:
    """Write the whole batch: per table one insertion with all its rows."""
    connection.execute("BEGIN IMMEDIATE")
    for statement, rows in insertions:
        connection.executemany(statement, rows)
    connection.execute("COMMIT")
