"""Rules of recording a checkpoint: it covers what the book holds, and no more."""

from __future__ import annotations

from ledger.commands import SignCheckpoint
from ledger.decide.common import Decided
from ledger.events import CheckpointSigned
from ledger.state import State


def decide_sign_checkpoint(command: SignCheckpoint, state: State) -> tuple[Decided, ...]:
    """A checkpoint is recorded on the day it is signed, whatever days it covers; it moves no figure."""
    state.opened_book()
    event = CheckpointSigned(
        evidence=command.evidence,
        origin=command.origin,
        size=command.size,
        root=command.root,
        note=command.note,
        public_key=command.public_key,
    )
    return (Decided(state.today, event),)
