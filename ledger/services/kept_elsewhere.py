"""What was kept outside the database, and a book is held against: a hash, a checkpoint, a pack."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.proof.checkpoint import Malformed, Note, read_note
from ledger.queries.audit.proofs import Contradicted, consistency
from ledger.queries.reader import Reader
from ledger.store.comparison import StoredDifference
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.outside_files import refuse_no_file

_MANIFEST = "MANIFEST.json"

# A signed checkpoint is some hundred bytes; a file of another kind is not read to its end.
_LONGEST_NOTE = 1_000_000


@dataclass(frozen=True, slots=True)
class KeptElsewhere:
    """One thing kept outside the database.

    what: its name in a sentence. book: whose it is, None if it does not say. expect: a position and the hash it noted.
    note: a checkpoint; signers: who signed it, of those that are allowed; None if nobody said who is.
    """

    what: str
    book: str | None = None
    expect: tuple[int, str] | None = None
    note: Note | None = None
    signers: tuple[str, ...] | None = None

    @property
    def covered(self) -> int:
        """Up to which position it speaks."""
        if self.note is not None:
            return self.note.checkpoint.size
        return self.expect[0] if self.expect else 0

    @property
    def proved(self) -> str:
        """What has been proved once the book agrees with it: in a word or two, for a program to read."""
        if self.note is None:
            return f"chain and {self.what}"
        return f"chain and checkpoint signed by {', '.join(self.signers)}" if self.signers else "chain and checkpoint"

    @property
    def remark(self) -> str:
        """What it does not say of itself; empty if there is nothing to add."""
        if self.note is None or self.signers:
            return ""
        if not self.note.signatures:
            return "The checkpoint is not signed: anybody could have written it."
        return "Who signed the checkpoint was not checked: --allowed-signers FILE names the keys that you trust."


def noted(position: int, found: str) -> KeptElsewhere:
    """A position and its hash, as somebody wrote them down."""
    return KeptElsewhere(f"the hash kept of position {position}", expect=(position, found))


def kept_in(path: Path, allowed_signers: Path | None = None) -> KeptElsewhere:
    """What a file or folder holds: a pack's manifest, or a checkpoint.

    Raises Unreadable, StoreError for what is neither, and StoreError for a signature that does not verify, or that is
    by nobody in the file of allowed signers.
    """
    if path.is_dir() or path.name == _MANIFEST:
        return _pack_in(path)
    note = note_in(path)
    return KeptElsewhere(f"the checkpoint {path}", note=note, signers=_signers(note, path, allowed_signers))


def _signers(note: Note, path: Path, allowed_signers: Path | None) -> tuple[str, ...] | None:
    if allowed_signers is None:
        return None
    from ledger.proof.signing import signers

    found = tuple(signers(note, allowed_signers))
    if not found:
        raise StoreError(f"No signature on {path} is by a key that {allowed_signers} names.")
    return found


def _pack_in(path: Path) -> KeptElsewhere:
    from reports.pack.manifest import read_pack

    manifest = read_pack(path).manifest
    what = f"the pack of {manifest.quarter} in {path}"
    return KeptElsewhere(what, manifest.book, expect=(manifest.position, manifest.head_hash))


def note_in(path: Path) -> Note:
    """The checkpoint in a file. Raises Malformed, which names the file, Unreadable for what is none."""
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST_NOTE + 1)
        if len(data) > _LONGEST_NOTE:
            raise Malformed("It is too long for a checkpoint.")
        return read_note(data.decode())
    except UnicodeDecodeError:
        raise Malformed(f"{path} is no checkpoint: it is not text in UTF-8.") from None
    except Malformed as malformed:
        raise Malformed(f"{path} is no checkpoint. {malformed}") from None


def contradiction(kept: KeptElsewhere, reader: Reader) -> StoredDifference | None:
    """Where the book is not what a checkpoint covers; None if it is. Raises StoreError for one of another ledger."""
    if kept.note is None:
        return None
    covered = kept.note.checkpoint
    try:
        consistency(reader, covered)
    except Contradicted as error:
        return StoredDifference(covered.size, "event", "root", covered.root.hex(), str(error))
    return None
