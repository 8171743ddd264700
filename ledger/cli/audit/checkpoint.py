"""Checkpoints, to be kept outside the database, and proofs of single events."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Unpack

import click

from ledger.cli.kit.output import Record, print_csv, print_json, say
from ledger.cli.kit.progress import progress
from ledger.cli.kit.recording import Recording, receipt_record, recording_options
from ledger.cli.kit.session import Session
from ledger.decide.receipt import Receipt
from ledger.proof.checkpoint import Note, fingerprint, public_key_of, public_key_text
from ledger.proof.signing import sign
from ledger.services.checkpoint import CheckpointWanted, covered, sign_and_record, unsigned
from ledger.services.prove import Proved
from ledger.services.prove import prove as prove_event
from ledger.vocabulary.errors import Unreadable

_COLUMNS = ("origin", "size", "root", "public_key", "position", "note")

_out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to a file that is not there yet, instead of printing it.",
)


@click.command()
@click.option("--sign", "key_file", type=click.Path(path_type=Path), metavar="KEY", help="Sign it with this SSH key.")
@_out_option
@recording_options(dated=False, tried_out=False)
@click.pass_obj
def checkpoint(session: Session, key_file: Path | None, out: Path | None, **recording: Unpack[Recording]) -> None:
    """Print a checkpoint of the book: how many events it has, and the root over their hashes.

    With --sign it is signed and recorded. Kept elsewhere, it shows later whether anything before it was touched.
    """
    if key_file is None and (recording["key"] or recording["again"] or recording["evidence"]):
        raise Unreadable("--key, --again and --evidence go with --sign: without it nothing is recorded.")
    wanted = CheckpointWanted(recording["key"], recording["again"], recording["evidence"], out)
    with progress("reading") as tell:
        found = covered(session.opened, wanted, tell)
    # The progress is gone from the terminal before a passphrase is asked for there.
    if key_file is None:
        note, receipt = unsigned(session.opened, found), None
    else:
        note, receipt = sign_and_record(session.opened, found, partial(sign, key_file))
    _print(note, receipt, recording["form"], printed=out is None)
    if receipt is None:
        say("Unsigned: anybody could have written it, and nothing was recorded. `debt checkpoint --sign KEY` signs it.")
    else:
        say(*_what_was_recorded(note, receipt))


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


def _what_was_recorded(note: Note, receipt: Receipt) -> tuple[str, ...]:
    key = fingerprint(public_key_of(note.signatures[0].blob))
    again = "This request was recorded before; here is its checkpoint. " if receipt.repeated else ""
    return (
        f"{again}{note.checkpoint.size} events, signed by {key}, recorded at position {receipt.recorded.position}.",
        "Keep it where nobody can reach it who can write to the database. `debt verify --against FILE` holds the book against it.",
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
    with progress("reading") as tell:
        proved = prove_event(session.opened, position, against, out, tell)
    if out is None:
        _echo(proved.text)
    say(*_what_is_proved(proved, out))


def _what_is_proved(proved: Proved, out: Path | None) -> tuple[str, ...]:
    unsigned = "" if proved.note.signatures else ", which is unsigned: anybody could have written it"
    return (
        f"Position {proved.position} is among the {proved.note.checkpoint.size} events of {proved.which}{unsigned}.",
        f"To check it without this program: python docs/verify_proof.py {out or 'FILE'} [CHECKPOINT]",
    )
