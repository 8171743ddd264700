"""What a book says was given out: a chain that was rewritten before that contradicts it, and `verify` tells by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from ledger.events import CheckpointSigned, PackIssued
from ledger.events.codec import decode
from ledger.store.engine import open_engine, reading
from ledger.store.verify import verify
from ledger.tables.facts import event
from tests.helpers.bundles import build_everything
from tests.helpers.small_ledger import BOOK, forge, forging, rows_of

pytestmark = pytest.mark.sqlite_first


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A book with an issued pack and two signed checkpoints."""
    found = open_engine(database_url)
    build_everything(found)
    yield found
    found.dispose()


def claims(connection: Connection) -> dict[tuple[int | None, str], int]:
    """By place, of how many events somebody was given the hash."""
    found: dict[tuple[int | None, str], int] = {}
    for recorded in (decode(row["body"]) for row in rows_of(connection, event)):
        match recorded.event:
            case PackIssued(known_position=known):
                found[recorded.position, "head_hash"] = known
            case CheckpointSigned(size=size):
                found[recorded.position, "root"] = size
    return found


def test_a_book_keeps_what_it_claims(engine: Engine) -> None:
    with reading(engine) as connection:
        assert sorted(claims(connection).values()) == [7, 22, 24]
        assert verify(connection, BOOK).problems == []


def test_a_chain_rewritten_from_any_event_on_contradicts_every_later_claim(engine: Engine) -> None:
    """And none that was made of the events before it; behind the last claim nothing tells, as documented."""
    with reading(engine) as connection:
        claimed, rows = claims(connection), rows_of(connection, event)
    for row in rows:
        with forging(engine, form=False) as connection:
            forge(connection, row, actor="somebody else")
            found = verify(connection, BOOK)
        contradicted = {place for place, last in claimed.items() if last >= row["position"]}
        places = {(each.position, each.field) for each in found.problems if each.table == "event"}
        assert places == contradicted, row["position"]
