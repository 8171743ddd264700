"""Checkpoints, to be kept outside the database, and proofs of single events."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Unpack

import click
import msgspec

from ledger.cli.kit.output import Record, print_csv, print_json, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.recording import Recording, receipt_record, recording_options
from ledger.cli.kit.session import Session
from ledger.decide.checkpoint import SignCheckpoint
from ledger.proof.checkpoint import (
    Checkpoint,
    Malformed,
    Note,
    fingerprint,
    public_key_of,
    public_key_text,
    read_note,
    signed,
)
from ledger.proof.signing import sign
from ledger.queries.audit.proofs import checkpoint_of, hash_at, latest_signed, refuse_unknown, signed_under
from ledger.queries.audit.proofs import prove as proof_of
from ledger.store.transaction import Receipt
from ledger.vocabulary.errors import Refused, StoreError, Unreadable

_COLUMNS = ("origin", "size", "root", "public_key", "position", "note")

# A signed checkpoint is some hundred bytes; a file of another kind is not read to its end.
_LONGEST_NOTE = 1_000_000

_out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to a file that is not there yet, instead of printing it.",
)


@dataclass(frozen=True, slots=True)
class Covered:
    """What is to be signed. last_hash: of its last event. before: what the same request recorded earlier."""

    checkpoint: Checkpoint
    last_hash: str | None
    before: SignCheckpoint | None = None


@click.command()
@click.option("--sign", "key_file", type=click.Path(path_type=Path), metavar="KEY", help="Sign it with this SSH key.")
@_out_option
@recording_options(dated=False)
@click.pass_obj
def checkpoint(session: Session, key_file: Path | None, out: Path | None, **recording: Unpack[Recording]) -> None:
    """Print a checkpoint of the book: how many events it has, and the root over their hashes.

    With --sign it is signed and recorded. Kept elsewhere, it shows later whether anything before it was touched.
    """
    if out is not None and out.exists():
        raise Refused(f"{out} is there already.", "Name another file.")
    if key_file is not None:
        note, receipt = _sign_and_record(session, key_file, out, recording)
    elif recording["key"] or recording["again"] or recording["evidence"]:
        raise Unreadable("--key, --again and --evidence go with --sign: without it nothing is recorded.")
    else:
        note, receipt = Note(_covered(session).checkpoint), None
        with _written(out, note.text):
            pass
    _print(note, receipt, recording["form"], printed=out is None)
    if receipt is None:
        say("Unsigned: anybody could have written it, and nothing was recorded. `debt checkpoint --sign KEY` signs it.")
    else:
        say(_what_was_recorded(note, receipt))


def _covered(session: Session, key: str | None = None) -> Covered:
    """The checkpoint of now or, for a request that was recorded before, of what that one covered."""
    with session.reader() as reader, progress("reading") as tell:
        before = signed_under(reader, key) if key is not None else None
        known = reader if before is None else replace(reader, position=before.size)
        found = checkpoint_of(known, tell)
        return Covered(found, hash_at(reader.connection, reader.name, found.size), before)


def _sign_and_record(session: Session, key_file: Path, out: Path | None, recording: Recording) -> tuple[Note, Receipt]:
    """Signed outside the writing transaction, since somebody may be typing a passphrase; then recorded in one."""
    covered = _covered(session, recording["key"])
    said = covered.checkpoint
    blob = sign(key_file, said.text.encode())
    command = SignCheckpoint(
        evidence=recording["evidence"],
        origin=said.origin,
        size=said.size,
        root=said.root.hex(),
        note=signed(said, blob).text,
        public_key=public_key_text(public_key_of(blob)),
    )
    if covered.before is not None and covered.before.public_key == command.public_key:
        # Some kinds of key sign differently each time: a retry is recognised by the key that it signs with.
        command = msgspec.structs.replace(command, note=covered.before.note)
    request = session.request(command, key=recording["key"], again=recording["again"])
    with _written(out, command.note), session.ledger.appending() as unit:
        if hash_at(unit.connection, unit.book, said.size) != covered.last_hash:
            raise StoreError(
                f"Position {said.size} was rewritten while the checkpoint was signed. Nothing was recorded. "
                "`debt verify` tells what was touched."
            )
        (receipt,) = unit.record(request)
    return read_note(command.note), receipt


@contextmanager
def _written(out: Path | None, text: str) -> Iterator[None]:
    """Write a new file, if one is asked for, and take it away again if what follows fails."""
    if out is None:
        yield
        return
    with out.open("xb") as file:
        try:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            yield
        except BaseException:
            out.unlink(missing_ok=True)
            raise


def _print(note: Note, receipt: Receipt | None, form: str, *, printed: bool) -> None:
    said = note.checkpoint
    public_key = public_key_text(public_key_of(note.signatures[0].blob)) if note.signatures else None
    record: Record = {"origin": said.origin, "size": said.size, "root": said.root.hex(), "public_key": public_key}
    if form == "json":
        print_json({**record, "note": note.text, "receipt": receipt_record(receipt) if receipt else None})
    elif form == "csv":
        position = receipt.recorded.position if receipt else None
        print_csv([{**record, "position": position, "note": note.text}], _COLUMNS)
    elif printed:
        _echo(note.text)


def _echo(text: str) -> None:
    """As bytes: what is signed must not depend on a platform's line ends or encoding."""
    click.echo(text.encode(), nl=False)


def _what_was_recorded(note: Note, receipt: Receipt) -> str:
    key = fingerprint(public_key_of(note.signatures[0].blob))
    again = "This request was recorded before; here is its checkpoint. " if receipt.repeated else ""
    return (
        f"{again}{note.checkpoint.size} events, signed by {key}, recorded at position {receipt.recorded.position}.\n"
        "Keep it where nobody can reach it who can write to the database. `debt verify --against FILE` holds the book"
        " against it."
    )


# --- proofs -------------------------------------------------------------------------------------------


@click.command()
@click.argument("position", type=int)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CHECKPOINT",
    help="A checkpoint of this book that covers it; by default the latest that was signed.",
)
@_out_option
@click.pass_obj
def prove(session: Session, position: int, against: Path | None, out: Path | None) -> None:
    """Print the proof that the event at POSITION is under a checkpoint. It discloses that event and no other."""
    if out is not None and out.exists():
        raise Refused(f"{out} is there already.", "Name another file.")
    with session.reader() as reader, progress("reading") as tell:
        refuse_unknown(reader, position)
        if against is not None:
            note, which = note_in(against), f"the checkpoint in {against}"
        elif latest := latest_signed(reader, position):
            recorded_at, note = latest
            which = f"the checkpoint recorded at position {recorded_at}"
        else:
            note, which = Note(checkpoint_of(reader, tell)), "a checkpoint of now"
        proof = proof_of(reader, position, note, tell)
    with _written(out, proof.text):
        pass
    if out is None:
        _echo(proof.text)
    say(_what_is_proved(position, note, which, out))


def _what_is_proved(position: int, note: Note, which: str, out: Path | None) -> str:
    unsigned = "" if note.signatures else ", which is unsigned: anybody could have written it"
    return (
        f"Position {position} is among the {note.checkpoint.size} events of {which}{unsigned}.\n"
        f"To check it without this program: python docs/verify_proof.py {out or 'FILE'} [CHECKPOINT]"
    )


def note_in(path: Path) -> Note:
    """The checkpoint in a file. Raises Malformed, which names the file."""
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
