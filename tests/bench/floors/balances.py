"""Bare sqlite3: what each item owes, what it costs a year and has cost, as one SQL aggregate."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

AGGREGATE = """
    SELECT item, nature, -sum(amount_minor), sum(carry_minor_per_year), sum(carry_minor_per_year * (? - accrues_day))
    FROM posting
    WHERE book = ? AND nature IS NOT NULL AND effective_on <= ? AND position <= ?
    GROUP BY item, nature
"""


def balances(connection: sqlite3.Connection, book: str, as_of: date, position: int) -> list[tuple[Any, ...]]:
    """A row per item and nature, as of a day, inclusive, and as known at a position."""
    day = (as_of - date(1970, 1, 1)).days
    return connection.execute(AGGREGATE, (day, book, as_of.isoformat(), position)).fetchall()
