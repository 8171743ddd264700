"""Checkpoints of a book: made, signed by whoever keeps the key, recorded, and written to be kept elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from ledger.decide.checkpoint import SignCheckpoint
from ledger.decide.receipt import Receipt
from ledger.proof.checkpoint import Checkpoint, Note, public_key_of, public_key_text, read_note, signed
from ledger.queries.audit.proofs import checkpoint_of, hash_at, signed_under
from ledger.services.files import kept, refuse_existing
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell
from ledger.store.transaction import Unit
from ledger.vocabulary.errors import NOTHING_RECORDED

_TELLS = "`debt verify` tells what was touched."

#: Signs a text: the blob of an SSH signature (`ledger.proof.signing`). Somebody may be typing a passphrase meanwhile.
Sign = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class CheckpointWanted:
    """How a checkpoint is recorded once it is signed. out: a file that is not there yet, for the note."""

    key: str | None = None
    again: bool = False
    evidence: str | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What is to be signed. last_hash: of its last event. before: what the same request recorded earlier."""

    wanted: CheckpointWanted
    checkpoint: Checkpoint
    last_hash: str | None
    before: SignCheckpoint | None = None


def covered(books: OpenedLedger, wanted: CheckpointWanted, progress: Tell | None = None) -> Covered:
    """The checkpoint of now or, for a request that was recorded before, of what that one covered.

    Raises Refused for a file that is there, StoreError for a chain that does not hold or contradicts what was signed.
    """
    refuse_existing(wanted.out)
    with books.reader() as reader:
        before = signed_under(reader, wanted.key) if wanted.key is not None else None
        known = reader if before is None else replace(reader, position=before.size)
        found = checkpoint_of(known, progress)
        return Covered(wanted, found, hash_at(reader.connection, reader.name, found.size), before)


def unsigned(books: OpenedLedger, to_keep: Covered) -> Note:
    """The checkpoint as it is: nobody signs it, and nothing records it."""
    note = Note(to_keep.checkpoint)
    with kept(to_keep.wanted.out, note.text, books.ledger):
        return note


def sign_and_record(books: OpenedLedger, to_sign: Covered, sign: Sign) -> tuple[Note, Receipt]:
    """Sign outside the writing transaction, since that may wait for a passphrase; then record it in one.

    Raises Refused by a rule, StoreError if the book was rewritten meanwhile.
    """
    wanted, said = to_sign.wanted, to_sign.checkpoint
    blob = sign(said.text.encode())
    command = SignCheckpoint(
        evidence=wanted.evidence,
        origin=said.origin,
        size=said.size,
        root=said.root.hex(),
        note=signed(said, blob).text,
        public_key=public_key_text(public_key_of(blob)),
    )
    if to_sign.before is not None and to_sign.before.public_key == command.public_key:
        # Some kinds of key sign differently each time: a retry is recognised by the key that it signs with.
        command = msgspec.structs.replace(command, note=to_sign.before.note)
    request = books.request(command, key=wanted.key, again=wanted.again)

    def work(unit: Unit) -> Receipt:
        (receipt,) = unit.record(request, _rewritten(unit, to_sign))
        return receipt

    with kept(wanted.out, command.note, books.ledger):
        return read_note(command.note), books.ledger.append(work)


def _rewritten(unit: Unit, to_sign: Covered) -> tuple[str, ...]:
    """What has happened, while the checkpoint was signed, to the events that it covers: the last hash covers them all."""
    size = to_sign.checkpoint.size
    if hash_at(unit.connection, unit.book, size) == to_sign.last_hash:
        return ()
    return (f"Position {size} was rewritten while the checkpoint was signed. {NOTHING_RECORDED} {_TELLS}",)
