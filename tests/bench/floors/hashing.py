"""Bare sqlite3 and hashlib: the rows that `verify` reads, read and hashed, and nothing compared but the chain."""

from __future__ import annotations

import sqlite3
from hashlib import sha256

_EVENTS = "SELECT body, hash FROM event WHERE book = ? ORDER BY position"
_REQUESTS = "SELECT key, first_position, last_position, request_json, fingerprint FROM request WHERE book = ?"
#: The other columns that `verify` reads, and the read models.
_COPIES = (
    "SELECT book, position, event_id, stream, stream_version, stored_as, recorded_at, actor, effective_on "
    "FROM event WHERE book = ? ORDER BY position"
)
_READ_MODELS = ("posting", "item", "term", "reversal", "system", "owner", "dependency", "retirement", "budget")


def chain(connection: sqlite3.Connection, book: str) -> str:
    """The chain alone: every body is read and hashed, every link compared. The last hash."""
    previous = bytes(32)
    for body, found in connection.execute(_EVENTS, (book,)):
        previous = sha256(b"debt-ledger/1\n" + previous + sha256(body.encode()).digest()).digest()
        if previous.hex() != found:
            raise ValueError(found)
    return previous.hex()


def everything(connection: sqlite3.Connection, book: str) -> str:
    """The chain, and every other byte that `verify` reads: requests, copies, read models, each row hashed."""
    head = chain(connection, book)
    for _, _, _, text, _ in connection.execute(_REQUESTS, (book,)):
        sha256(text.encode()).digest()
    tables = (f"SELECT * FROM {name} WHERE book = ?" for name in _READ_MODELS)
    for statement in (_COPIES, *tables):
        for row in connection.execute(statement, (book,)):
            sha256(repr(row).encode()).digest()
    return head
