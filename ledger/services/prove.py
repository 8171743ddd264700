"""Proving that one event is under a checkpoint, without disclosing another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.proof.checkpoint import Note
from ledger.queries.audit import proofs
from ledger.services.files import kept, refuse_existing
from ledger.services.kept_elsewhere import note_in
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Tell


@dataclass(frozen=True, slots=True)
class Proved:
    """The text of a proof, the checkpoint that covers its event, and which that is, in a sentence."""

    position: int
    text: str
    note: Note
    which: str


def prove(
    books: OpenedLedger,
    position: int,
    against: Path | None = None,
    out: Path | None = None,
    progress: Tell | None = None,
) -> Proved:
    """Prove that the event at a position is under a checkpoint: the one in a file, or the latest that was signed.

    out: a file that is not there yet, for the proof. Raises NotFound or Refused for what cannot be proved, and for a
    file that is there.
    """
    refuse_existing(out)
    with books.reader() as reader:
        proofs.refuse_unknown(reader, position)
        if against is not None:
            note, which = note_in(against), f"the checkpoint in {against}"
        elif latest := proofs.latest_signed(reader, position):
            recorded_at, note = latest
            which = f"the checkpoint recorded at position {recorded_at}"
        else:
            note, which = Note(proofs.checkpoint_of(reader, progress)), "a checkpoint of now"
        proof = proofs.prove(reader, position, note, progress)
    with kept(out, proof.text, books.ledger):
        return Proved(position, proof.text, note, which)
