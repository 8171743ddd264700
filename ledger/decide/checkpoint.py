"""Recording a checkpoint: it is one of this book, covers something, and says what its note says."""

from __future__ import annotations

from typing import ClassVar

from ledger.decide.command import Command
from ledger.decide.decided import Decided
from ledger.decide.state import State
from ledger.events import CheckpointSigned
from ledger.proof.checkpoint import Malformed, Note, origin_of, public_key_of, public_key_text, read_note
from ledger.vocabulary.errors import Refused


class SignCheckpoint(Command, frozen=True, kw_only=True, tag="checkpoint"):
    """A checkpoint that has been signed; the fields are those of `CheckpointSigned`."""

    origin: str
    size: int
    root: str
    note: str
    public_key: str

    recorded_by: ClassVar[str] = "ledger.services.checkpoint.sign_and_record"

    def claims(self) -> tuple[str, ...]:
        return ("root", "note", "public_key")


_INSTEAD = "`debt checkpoint --sign KEY` makes one of this book."


def decide_sign_checkpoint(command: SignCheckpoint, state: State) -> tuple[Decided, ...]:
    """A checkpoint is recorded on the day it is signed, whatever days it covers; it moves no figure.

    That it covers no more than the book holds, and its root, is checked by who records it: `claims`.
    """
    book = state.opened_book()
    if command.size < 1:
        raise Refused("A checkpoint of no event says nothing.", _INSTEAD)
    if not command.origin.startswith(origin_of(book.name, "")):
        raise Refused(f"The checkpoint is of {command.origin}, not of the book '{book.name}'.", _INSTEAD)
    try:
        note = read_note(command.note)
        keys = _keys(note)
    except Malformed as malformed:
        raise Refused(f"The signed note cannot be read: {malformed}", _INSTEAD) from malformed
    said = note.checkpoint
    if (said.origin, said.size, said.root.hex()) != (command.origin, command.size, command.root):
        raise Refused("The signed note says otherwise than the checkpoint that it is recorded for.", _INSTEAD)
    if keys != [command.public_key]:
        raise Refused("The checkpoint is not signed by the one key that it is recorded for.", _INSTEAD)
    event = CheckpointSigned(
        evidence=command.evidence,
        origin=command.origin,
        size=command.size,
        root=command.root,
        note=command.note,
        public_key=command.public_key,
    )
    return (Decided(state.today, event),)


def _keys(note: Note) -> list[str]:
    return [public_key_text(public_key_of(signature.blob)) for signature in note.signatures]
