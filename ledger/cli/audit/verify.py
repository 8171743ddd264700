"""What an auditor runs: verification of the chain, the columns, the read models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ledger.cli.audit.kept_elsewhere import Witness, contradiction, noted, witness_in
from ledger.cli.kit.output import format_option, print_json, print_records
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import Read
from ledger.queries.reader import Reader
from ledger.store.verify import Verification
from ledger.store.verify import verify as verify_book
from ledger.vocabulary.errors import StoreError, Unreadable

_PROBLEM_COLUMNS = ("position", "table", "field", "expected", "found")
_EXPECTED = re.compile(r"(\d+):([0-9a-f]{64})", re.ASCII)


def _position_and_hash(text: str) -> tuple[int, str]:
    match = _EXPECTED.fullmatch(text.strip().lower())
    if match is None:
        raise Unreadable(
            f"'{text}' is not POSITION:HASH: write it like 17:9f2c… with all 64 digits, as a receipt says."
        )
    return int(match[1]), match[2]


@click.command()
@click.option(
    "--expect", type=Read("position:hash", _position_and_hash), help="A position and its hash, kept elsewhere."
)
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="A checkpoint that was kept elsewhere, or a pack that was given out.",
)
@click.option(
    "--allowed-signers",
    type=click.Path(path_type=Path),
    help="Whose signatures on a checkpoint count, as git and ssh-keygen read it.",
)
@format_option
@click.pass_obj
def verify(
    session: Session, expect: tuple[int, str] | None, against: Path | None, allowed_signers: Path | None, form: str
) -> None:
    """Verify that nothing was touched: chain, columns, requests, read models, head, triggers.

    Alone it proves that the book agrees with itself. Against something kept elsewhere it proves that the book is
    still the one of which that was taken.
    """
    witness = _witness(session, expect, against, allowed_signers)
    with session.ledger.reading() as connection, progress("verifying") as tell:
        found = verify_book(connection, session.ledger.book, expect=witness.expect if witness else None, progress=tell)
        if witness and witness.note and found.events:
            contradicted = contradiction(witness, Reader(connection, session.book, found.events, ""))
            found.add([contradicted] if contradicted else [])
    _print(found, witness, form)
    if not found.ok:
        count = found.problem_count
        raise StoreError(
            f"The book '{session.ledger.book}' is not what was recorded: {count} problem{'s' if count != 1 else ''} found."
        )


def _witness(
    session: Session, expect: tuple[int, str] | None, against: Path | None, allowed_signers: Path | None
) -> Witness | None:
    if expect is not None and against is not None:
        raise click.UsageError("Give --expect or --against, not both.")
    if allowed_signers is not None and (against is None or against.is_dir()):
        raise click.UsageError("--allowed-signers goes with --against CHECKPOINT.")
    if against is not None:
        return witness_in(against, allowed_signers, session)
    return noted(*expect) if expect is not None else None


def _print(found: Verification, witness: Witness | None, form: str) -> None:
    problems: list[dict[str, Any]] = [
        {name: getattr(problem, name) for name in _PROBLEM_COLUMNS} for problem in found.problems
    ]
    if form == "json":
        proved = {"proved": witness.proved if found.ok and found.events else None} if witness else {}
        print_json(found.as_json() | proved)
    elif form == "csv" or problems:
        print_records(form, problems, _PROBLEM_COLUMNS, title="Problems")
    if found.ok and form == "table":
        click.echo(_proved(found.events, found.head, witness))


def _proved(events: int, head: str, witness: Witness | None) -> str:
    if events == 0:
        return "The book holds no event: there was nothing to verify, and nothing is proved."
    intact = (
        f"OK: {events} events, each hash follows from the one before; columns, requests, read models and triggers agree.\n"
        f"head {head}"
    )
    keep = f"  debt verify --expect {events}:{head}"
    if witness is None:
        return (
            f"{intact}\nProved: the chain only. One rewritten as a whole, or cut at its end, would pass: keep this, and "
            f"hold the book against it with\n{keep}"
        )
    since = events - witness.covered
    lines = [intact, f"Proved: {witness.proved}, up to position {witness.covered}.", witness.remark]
    if since:
        lines.append(f"The {since} events after it are proved by the chain only; keep this for the next time:\n{keep}")
    return "\n".join(line for line in lines if line)
