"""What a checkpoint shows of a book on both databases: that it stands as it was, was rewritten, cut, or is another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import Connection, Engine

from ledger.decide.checkpoint import SignCheckpoint
from ledger.decide.claims import HASHED_HERE
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.proof.checkpoint import Checkpoint, Note, origin_of, public_key_of, public_key_text, read_note, signed
from ledger.proof.merkle import Tree, proves_consistency
from ledger.queries.audit.proofs import checkpoint_of, consistency, hash_at, latest_signed, prove, signed_under
from ledger.queries.reader import Reader
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger, settings_of
from ledger.store.verify import verify
from ledger.tables.facts import event
from ledger.vocabulary.errors import NotFound, Refused, StoreError
from tests.helpers.small_ledger import BOOK, TODAY, alter, build, cut_tail, forge, forge_chain, forging, rows_of

pytestmark = pytest.mark.sqlite_first


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """A database with the small ledger."""
    yield from built(sqlite_url)


@pytest.fixture
def either(database_url: str) -> Iterator[Engine]:
    """The same, on each kind of database."""
    yield from built(database_url)


def built(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    build(engine)
    yield engine
    engine.dispose()


def reader(connection: Connection, position: int | None = None) -> Reader:
    """The book as known at a position, by default now."""
    rows = rows_of(connection, event)
    last = position or rows[-1]["position"]
    return Reader(connection, settings_of(connection, BOOK), last, rows[last - 1]["recorded_at"])


def kept(engine: Engine, position: int | None = None) -> Checkpoint:
    """A checkpoint as it was at a position."""
    with reading(engine) as connection:
        return checkpoint_of(reader(connection, position))


def test_a_checkpoint_is_of_the_stored_hashes(either: Engine) -> None:
    with reading(either) as connection:
        found = checkpoint_of(reader(connection))
        hashes = [row["hash"] for row in rows_of(connection, event)]
    assert found == Checkpoint(
        origin_of(BOOK, hashes[0]), len(hashes), Tree(bytes.fromhex(each) for each in hashes).root()
    )


def test_every_older_checkpoint_is_found_again_and_every_position_proved(either: Engine) -> None:
    with reading(either) as connection:
        now = reader(connection)
        latest = checkpoint_of(now)
        for size in range(1, now.position + 1):
            old = checkpoint_of(reader(connection, size))
            assert proves_consistency(old.size, old.root, latest.size, latest.root, consistency(now, old))
            proof = prove(now, size, Note(old))
            assert proof.holds
            assert (proof.index, proof.body.decode()) == (size - 1, rows_of(connection, event)[size - 1]["body"])


def test_progress_is_told(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.queries.audit.proofs._TELL_EVERY", 10)
    told: list[tuple[int, int]] = []
    with reading(engine) as connection:
        now = reader(connection)
        checkpoint_of(now, lambda done, total: told.append((done, total)))
    assert told == [(10, now.position), (20, now.position)]


@pytest.mark.parametrize("position", [1, 5, 9])
def test_nothing_is_said_of_a_chain_that_does_not_hold(engine: Engine, position: int) -> None:
    with forging(engine) as connection:
        row = rows_of(connection, event)[position - 1]
        alter(connection, event, row, body=row["body"].replace("lead@", "laed@"))
        with pytest.raises(StoreError, match=f"at position {position}\\. `debt verify`"):
            checkpoint_of(reader(connection))


def test_nothing_is_said_of_a_chain_with_a_gap(engine: Engine) -> None:
    with forging(engine) as connection:
        now = reader(connection)
        connection.execute(event.delete().where(event.c.book == BOOK, event.c.position == 7))
        with pytest.raises(StoreError, match="at position 7"):
            checkpoint_of(now)


def test_nothing_is_said_of_a_chain_whose_end_is_missing(engine: Engine) -> None:
    with forging(engine) as connection:
        now = reader(connection)
        connection.execute(event.delete().where(event.c.book == BOOK, event.c.position == now.position))
        with pytest.raises(StoreError, match=f"at position {now.position}"):
            checkpoint_of(now)


@pytest.mark.parametrize(("covered", "rewritten", "found"), [(9, 9, True), (9, 2, True), (9, 10, False)])
def test_a_rewritten_chain_is_found_if_the_checkpoint_covers_it(
    engine: Engine, covered: int, rewritten: int, found: bool
) -> None:
    """Its hashes follow from one another all the same."""
    old = kept(engine, covered)
    with forging(engine) as connection:
        row = rows_of(connection, event)[rewritten - 1]
        forge(connection, row, actor="somebody else")
        now = reader(connection)
        assert checkpoint_of(now).size == now.position
        if found:
            with pytest.raises(StoreError, match="was rewritten: its first 9 events"):
                consistency(now, old)
            with pytest.raises(StoreError, match="was rewritten"):
                prove(now, 3, Note(old))
        else:
            assert consistency(now, old)


def test_a_book_that_was_cut_is_shorter_than_its_checkpoint(either: Engine) -> None:
    old = kept(either)
    with forging(either) as connection:
        cut_tail(connection, 1)
        with pytest.raises(StoreError, match=rf"shorter .* {old.size - 1} events are left of the {old.size} "):
            consistency(reader(connection), old)


def test_a_checkpoint_of_another_ledger_is_told_apart(engine: Engine) -> None:
    """Of another name, or of the same one with another first event."""
    old = kept(engine)
    with forging(engine) as connection:
        for origin in (old.origin.replace(BOOK, "other"), old.origin[:-1] + "x"):
            with pytest.raises(StoreError, match="of another ledger"):
                consistency(reader(connection), replace(old, origin=origin))
        forge(connection, rows_of(connection, event)[0], actor="somebody else")
        with pytest.raises(StoreError, match="rewritten from its first event on"):
            consistency(reader(connection), old)


def test_a_checkpoint_of_no_event_proves_nothing(engine: Engine) -> None:
    nothing = replace(kept(engine), size=0, root=Tree([]).root())
    with reading(engine) as connection:
        with pytest.raises(StoreError, match="proves nothing"):
            consistency(reader(connection), nothing)
        with pytest.raises(StoreError, match="proves nothing"):
            prove(reader(connection), 1, Note(nothing))


@pytest.mark.parametrize("position", [-1, 0, 10**6])
def test_a_position_that_the_book_does_not_have_is_not_proved(engine: Engine, position: int) -> None:
    with reading(engine) as connection, pytest.raises(NotFound, match=f"no position {position};"):
        prove(reader(connection), position, Note(checkpoint_of(reader(connection))))


def test_a_position_that_the_checkpoint_does_not_cover_is_not_proved(engine: Engine) -> None:
    with reading(engine) as connection, pytest.raises(NotFound, match="covers 4 events; position 5 came later"):
        prove(reader(connection), 5, Note(checkpoint_of(reader(connection, 4))))


@pytest.mark.parametrize("found", ["", "no hash", "00", "zz" * 32])
def test_a_hash_that_is_none_is_named(engine: Engine, found: str) -> None:
    old = kept(engine, 4)
    with forging(engine) as connection:
        alter(connection, event, rows_of(connection, event)[5], hash=found)
        with pytest.raises(StoreError, match="at position 6"):
            consistency(reader(connection), old)


def test_a_body_that_was_altered_under_an_intact_hash_is_not_proved(engine: Engine) -> None:
    old = kept(engine)
    with forging(engine) as connection:
        row = rows_of(connection, event)[4]
        alter(connection, event, row, body=row["body"].replace("lead@", "laed@"))
        assert consistency(reader(connection), old) == []
        with pytest.raises(StoreError, match="at position 5"):
            prove(reader(connection), 5, Note(old))
        assert prove(reader(connection), 6, Note(old)).holds


def test_what_a_forger_makes_sqlite_keep_is_no_body(engine: Engine) -> None:
    with forging(engine) as connection:
        connection.exec_driver_sql("UPDATE event SET body = CAST(body AS BLOB) WHERE position = 3")
        with pytest.raises(StoreError, match="at position 3"):
            checkpoint_of(reader(connection))


def test_the_hash_at_a_position(engine: Engine) -> None:
    with reading(engine) as connection:
        rows = rows_of(connection, event)
        assert hash_at(connection, BOOK, 3) == rows[2]["hash"]
        assert hash_at(connection, BOOK, 0) is None
        assert hash_at(connection, "other", 3) is None


def test_forged_chains_are_forged_well(engine: Engine) -> None:
    """The chain holds again after a forgery; otherwise the tests above would find something else."""
    with forging(engine) as connection:
        forge_chain(connection)
        assert checkpoint_of(reader(connection)) == kept(engine)


# --- recording ------------------------------------------------------------------------------------------

#: A signature over something, with a key made for it: whether it verifies is not asked when it is recorded.
BLOB = b"".join(
    (
        b"SSHSIG\x00\x00\x00\x01",
        b"\x00\x00\x00\x33\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + bytes(32),
        b"\x00\x00\x00\x0bdebt-ledger",
        b"\x00\x00\x00\x00\x00\x00\x00\x06sha512",
        b"\x00\x00\x00\x04abcd",
    )
)


def command_for(checkpoint: Checkpoint) -> SignCheckpoint:
    """The command that records a checkpoint as signed."""
    return SignCheckpoint(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        note=signed(checkpoint, BLOB).text,
        public_key=public_key_text(public_key_of(BLOB)),
    )


def record(engine: Engine, command: SignCheckpoint) -> tuple[Receipt, ...]:
    ledger = Ledger(engine, BOOK, lambda: datetime(2026, 12, 1, tzinfo=UTC), lambda: "checkpoint")
    return ledger.handle(Request(command, "lead@example.org", TODAY), objections=HASHED_HERE)


def test_a_checkpoint_is_recorded_as_it_was_signed_and_found_again(either: Engine) -> None:
    command = command_for(kept(either, 9))
    (receipt,) = record(either, command)
    with reading(either) as connection:
        found = latest_signed(reader(connection), 9)
        assert found == (receipt.recorded.position, read_note(command.note))
        assert latest_signed(reader(connection), 10) is None
        assert latest_signed(reader(connection, receipt.recorded.position - 1), 9) is None
        assert signed_under(reader(connection), "checkpoint") == command
        assert signed_under(reader(connection), "main-id-0003") is None
        assert signed_under(reader(connection), "no such key") is None
        assert verify(connection, BOOK).ok


def test_a_checkpoint_of_one_event_is_the_smallest(engine: Engine) -> None:
    (receipt,) = record(engine, command_for(kept(engine, 1)))
    with reading(engine) as connection:
        found = latest_signed(reader(connection), 1)
    assert found is not None
    assert (found[0], found[1].checkpoint.size) == (receipt.recorded.position, 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"size": 0}, "no event says nothing"),
        ({"size": -1}, "no event says nothing"),
        ({"size": 8}, "says otherwise"),
        ({"root": "00" * 32}, "says otherwise"),
        ({"origin": "debt-ledger/main/0000000000000000"}, "says otherwise"),
        ({"origin": "debt-ledger/other/0000000000000000"}, "not of the book 'main'"),
        ({"origin": "debt-ledger/mainly/0000000000000000"}, "not of the book 'main'"),
        ({"note": "hello"}, "cannot be read"),
        ({"note": "debt-ledger/main/00\n1\n"}, "cannot be read"),
        ({"public_key": "ssh-ed25519 AAAA"}, "not signed by the one key"),
    ],
)
def test_a_checkpoint_that_makes_no_sense_is_refused(engine: Engine, changes: dict[str, Any], words: str) -> None:
    command = structs.replace(command_for(kept(engine, 9)), **changes)
    with pytest.raises(Refused, match=f"{words}.* Nothing was recorded. `debt checkpoint --sign KEY`"):
        record(engine, command)
    with reading(engine) as connection:
        assert latest_signed(reader(connection), 1) is None


def test_a_checkpoint_without_a_signature_is_not_recorded(engine: Engine) -> None:
    checkpoint = kept(engine, 9)
    with pytest.raises(Refused, match="not signed by the one key"):
        record(engine, structs.replace(command_for(checkpoint), note=checkpoint.text))
