"""What an auditor runs: verification of the chain, the columns, the read models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from ledger.cli.kit.output import format_option, print_json, print_lines, print_records
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import Read
from ledger.services.kept_elsewhere import KeptElsewhere, kept_in, noted
from ledger.services.verify import Verified
from ledger.services.verify import verify as verify_book
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
    kept = _kept(expect, against, allowed_signers)
    if kept is not None and kept.book is not None:
        session.prefer_book(kept.book)
    with progress("verifying") as tell:
        verified = verify_book(session.opened, kept, tell)
    _print(verified, form)
    if not verified.ok:
        count = verified.found.problem_count
        raise StoreError(
            f"The book '{session.book.name}' is not what was recorded: {count} problem{'s' if count != 1 else ''} found."
        )


def _kept(expect: tuple[int, str] | None, against: Path | None, allowed_signers: Path | None) -> KeptElsewhere | None:
    if expect is not None and against is not None:
        raise click.UsageError("Give --expect or --against, not both.")
    if allowed_signers is not None and (against is None or against.is_dir()):
        raise click.UsageError("--allowed-signers goes with --against CHECKPOINT.")
    if against is not None:
        return kept_in(against, allowed_signers)
    return noted(*expect) if expect is not None else None


def _print(verified: Verified, form: str) -> None:
    found = verified.found
    problems: list[dict[str, Any]] = [
        {name: getattr(problem, name) for name in _PROBLEM_COLUMNS} for problem in found.problems
    ]
    if form == "json":
        print_json(found.as_json() | ({"proved": verified.proved} if verified.kept else {}))
    elif form == "csv" or problems:
        print_records(form, problems, _PROBLEM_COLUMNS, title="Problems")
    if found.ok and form == "table":
        print_lines(_proved(found.events, found.head, verified.kept))


def _proved(events: int, head: str, kept: KeptElsewhere | None) -> str:
    if events == 0:
        return "The book holds no event: there was nothing to verify, and nothing is proved."
    intact = (
        f"OK: {events} events, each hash follows from the one before; columns, requests, read models and triggers agree.\n"
        f"head {head}"
    )
    keep = f"  debt verify --expect {events}:{head}"
    if kept is None:
        return (
            f"{intact}\nProved: the chain only. One rewritten as a whole, or cut at its end, would pass: keep this, and "
            f"hold the book against it with\n{keep}"
        )
    since = events - kept.covered
    lines = [intact, f"Proved: {kept.proved}, up to position {kept.covered}.", kept.remark]
    if since:
        lines.append(f"The {since} events after it are proved by the chain only; keep this for the next time:\n{keep}")
    return "\n".join(line for line in lines if line)
