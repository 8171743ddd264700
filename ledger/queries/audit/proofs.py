"""Checkpoints and proofs of a book: the root over its events' hashes, and what a checkpoint kept elsewhere shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, bindparam, select

from ledger.decide.checkpoint import SignCheckpoint
from ledger.events import CheckpointSigned
from ledger.events.codec import decode
from ledger.proof.chain import GENESIS, link
from ledger.proof.checkpoint import Checkpoint, Note, Proof, origin_of, read_note
from ledger.proof.merkle import WIDTH, Tree, proves_consistency
from ledger.queries.reader import Reader
from ledger.tables.facts import event, request
from ledger.vocabulary.errors import NotFound, StoreError
from ledger.vocabulary.kinds import BOOK_STREAM

#: Told how many events are done, and of how many.
Progress = Callable[[int, int], None]

_KNOWN = (event.c.book == bindparam("book"), event.c.position <= bindparam("last"))
_AT = (event.c.book == bindparam("book"), event.c.position == bindparam("position"))
_LINKS = select(event.c.position, event.c.hash, event.c.body).where(*_KNOWN).order_by(event.c.position)
_HASHES = select(event.c.position, event.c.hash).where(*_KNOWN).order_by(event.c.position)
_HASH = select(event.c.hash).where(*_AT)
_BODY = select(event.c.body).where(*_AT)
_SIGNED = (
    select(event.c.body)
    .where(*_KNOWN, event.c.stream == BOOK_STREAM, event.c.stored_as == "checkpoint-signed/1")
    .order_by(event.c.stream_version.desc())
)
_REQUEST = select(request.c.request_json).where(request.c.book == bindparam("book"), request.c.key == bindparam("key"))

_TELL_EVERY = 5000


class Contradicted(StoreError):
    """The book is not the one that a checkpoint of it covers: rewritten, or cut off."""


# --- checkpoints --------------------------------------------------------------------------------------


def checkpoint_of(reader: Reader, progress: Progress | None = None) -> Checkpoint:
    """The checkpoint of all events that the reader knows, of which each was followed from the one before.

    Raises StoreError where the chain breaks, or where it is not what the latest signed checkpoint in it says: of a
    book that was touched nothing is signed, and never anything that contradicts what was signed before.
    """
    tree = Tree(_followed(reader, progress))
    latest = latest_signed(reader, 1)
    if latest is not None:
        recorded_at, note = latest
        before = note.checkpoint
        if before.size > tree.size or tree.root(before.size) != before.root:
            raise StoreError(
                f"The book '{reader.name}' was rewritten: its first {before.size} events are not those that the "
                f"signed checkpoint recorded at position {recorded_at} covers. `debt verify` tells what was touched."
            )
    return Checkpoint(_origin(reader), tree.size, tree.root())


def consistency(reader: Reader, old: Checkpoint, progress: Progress | None = None) -> list[bytes]:
    """The proof (RFC 6962) that the book as the reader knows it begins with what an older checkpoint covers.

    Reads the stored hashes alone; that bodies and chain agree with them is for `ledger.store.verify`. Raises
    StoreError for a checkpoint of no event or of another ledger; Contradicted for one of more events than the book
    has, or of events that were rewritten since.
    """
    tree = _tree_under(reader, old, progress)
    path = tree.consistency(old.size)
    if not proves_consistency(old.size, old.root, tree.size, tree.root(), path):  # the root was compared already
        raise StoreError("The proof that the book begins with what the checkpoint covers does not hold.")
    return path


def hash_at(connection: Connection, book: str, position: int) -> str | None:
    """The stored hash of the event at a position, hexadecimal; None if there is none."""
    found: str | None = connection.execute(_HASH, {"book": book, "position": position}).scalar()
    return found


def signed_under(reader: Reader, key: str) -> SignCheckpoint | None:
    """The checkpoint that was recorded under a request's key, None if it names none."""
    text = reader.connection.execute(_REQUEST, {"book": reader.name, "key": key}).scalar()
    try:
        return None if text is None else msgspec.convert(msgspec.json.decode(text)["request"], SignCheckpoint)
    except msgspec.ValidationError:
        return None  # the key of another command, which recording refuses


def latest_signed(reader: Reader, position: int) -> tuple[int, Note] | None:
    """The checkpoint recorded last of those that cover a position, and where it was recorded; None if none does."""
    for body in reader.connection.execute(_SIGNED, {"book": reader.name, "last": reader.position}).scalars():
        recorded = decode(body)
        if isinstance(recorded.event, CheckpointSigned) and recorded.event.size >= position:
            return recorded.position, read_note(recorded.event.note)
    return None


# --- proofs -------------------------------------------------------------------------------------------


def prove(reader: Reader, position: int, note: Note, progress: Progress | None = None) -> Proof:
    """The proof that the event at a position is under a checkpoint of this book.

    It holds that event's body and, of the others, hashes only. Raises NotFound for a position that the book or the
    checkpoint does not have, StoreError for a checkpoint that is not of this book as it is, or an event that is not.
    """
    refuse_unknown(reader, position)
    covered = note.checkpoint.size
    if 1 <= covered < position:
        raise NotFound(
            f"The checkpoint covers {covered} events; position {position} came later. "
            f"Without --against, `debt prove {position}` takes a checkpoint that covers it."
        )
    tree = _tree_under(reader, note.checkpoint, progress)
    # The tree agrees with the checkpoint, so every position that it covers is there.
    previous = GENESIS if position == 1 else str(hash_at(reader.connection, reader.name, position - 1))
    body = str(reader.connection.execute(_BODY, {"book": reader.name, "position": position}).scalar_one())
    proof = Proof(position - 1, previous, body.encode(), tuple(tree.inclusion(position - 1, covered)), note)
    if not proof.holds:
        raise _broken(position)
    return proof


def refuse_unknown(reader: Reader, position: int) -> None:
    """Raise NotFound for a position that the reader's book does not have."""
    if not 1 <= position <= reader.position:
        raise NotFound(
            f"The book '{reader.name}' has no position {position}; its positions are 1 to {reader.position}. "
            "`debt log` shows them."
        )


# --- hashes -------------------------------------------------------------------------------------------


def _tree_under(reader: Reader, old: Checkpoint, progress: Progress | None) -> Tree:
    """The tree over all stored hashes, if it was once what the checkpoint says."""
    if old.size < 1:
        raise StoreError("The checkpoint covers no event: it proves nothing.")
    origin = _origin(reader)
    if old.origin != origin:
        raise StoreError(
            f"The checkpoint is of another ledger: its origin is {old.origin}, that of the book '{reader.name}' is "
            f"{origin}. Or the book was rewritten from its first event on."
        )
    if old.size > reader.position:
        raise Contradicted(
            f"The book '{reader.name}' is shorter than its checkpoint says: {reader.position} events are left of the "
            f"{old.size} that it covers. Events were cut off."
        )
    tree = Tree(_stored(reader, progress))
    if tree.root(old.size) != old.root:
        raise Contradicted(
            f"The book '{reader.name}' was rewritten: its first {old.size} events are not those that the checkpoint covers."
        )
    return tree


def _origin(reader: Reader) -> str:
    first = hash_at(reader.connection, reader.name, 1)
    if first is None:
        raise StoreError(f"The book '{reader.name}' has no first event. `debt verify` tells what is wrong.")
    return origin_of(reader.name, first)


def _followed(reader: Reader, progress: Progress | None) -> Iterator[bytes]:
    """Every event's hash, computed from its body and the hash before it. Raises StoreError where another is stored."""
    previous = GENESIS
    for position, found, body in _rows(reader, _LINKS, progress):
        # A forger can make SQLite keep something else than text.
        previous = link(previous, body.encode()) if isinstance(body, str) else ""
        if found != previous or not previous:
            raise _broken(position)
        yield bytes.fromhex(previous)


def _stored(reader: Reader, progress: Progress | None) -> Iterator[bytes]:
    """Every event's hash as it is stored."""
    for position, found in _rows(reader, _HASHES, progress):
        try:
            raw = bytes.fromhex(found)
        except (TypeError, ValueError):
            raise _broken(position) from None
        if len(raw) != WIDTH:
            raise _broken(position)
        yield raw


def _rows(reader: Reader, query: Select[Any], progress: Progress | None) -> Iterator[Any]:
    """A row per event that the reader knows, its position first. Raises StoreError for a gap."""
    done = 0
    for row in reader.stream(query, {"book": reader.name, "last": reader.position}):
        done += 1
        if row[0] != done:
            raise _broken(done)
        if progress and done % _TELL_EVERY == 0:
            progress(done, reader.position)
        yield row
    if done != reader.position:
        raise _broken(done + 1)


def _broken(position: int) -> StoreError:
    return StoreError(f"The chain does not hold at position {position}. `debt verify` tells what was touched.")
