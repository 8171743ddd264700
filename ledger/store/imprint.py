"""The imprint of a book: one hash over every row it has, to tell whether any of it was touched since.

It proves nothing by itself: what was verified, and still has its imprint, need not be verified again.
"""

from __future__ import annotations

import hashlib
from contextlib import nullcontext

from sqlalchemy import Connection, bindparam, select

from ledger.store.comparison import CHUNK, streamed
from ledger.store.engine import undecodable_text_shown
from ledger.store.guards import schema_faults
from ledger.tables.facts import metadata


def imprint(connection: Connection, book: str) -> str:
    """64 hexadecimal digits over each column of each row of each table, and over what is wrong with the schema.

    Of a moment as the connection's transaction sees it; much cheaper than verifying, which understands what it reads.
    """
    digest = hashlib.sha256(repr(schema_faults(connection)).encode())
    shown = undecodable_text_shown(connection) if connection.dialect.name == "sqlite" else nullcontext()
    with shown:
        for table in metadata.sorted_tables:
            rows_of = select(*table.columns).where(table.c.book == bindparam("book")).order_by(*table.primary_key)
            digest.update(table.name.encode())
            with streamed(connection, rows_of, {"book": book}) as fetch:
                while rows := fetch(CHUNK):
                    digest.update(repr(rows).encode())
    return digest.hexdigest()
