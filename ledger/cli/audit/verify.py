"""What an auditor runs: verification of the chain, the columns, the read models."""

from __future__ import annotations

import re
from pathlib import Path

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
@click.option("--decide", is_flag=True, help="Decide every request again, on the state before it.")
@format_option
@click.pass_obj
def verify(
    session: Session,
    expect: tuple[int, str] | None,
    against: Path | None,
    allowed_signers: Path | None,
    decide: bool,
    form: str,
) -> None:
    """Verify that nothing was touched: chain, columns, requests, read models, head, triggers.

    Alone it proves that the book agrees with itself. Against something kept elsewhere it proves that the book is
    still the one of which that was taken. With --decide it proves that the rules allow what stands in it, too, and lists
    what this release would only record otherwise.
    """
    kept = _kept(expect, against, allowed_signers)
    if kept is not None and kept.book is not None:
        session.prefer_book(kept.book)
    with progress("verifying") as tell:
        verified = verify_book(session.opened, kept, tell, decide=decide)
    _print(verified, form)
    if not verified.ok:
        count = verified.found.problem_count
        what = "holds what the rules forbid" if verified.untouched else "is not what was recorded"
        raise StoreError(f"The book '{session.book.name}' {what}: {count} problem{'s' if count != 1 else ''} found.")


def _kept(expect: tuple[int, str] | None, against: Path | None, allowed_signers: Path | None) -> KeptElsewhere | None:
    if expect is not None and against is not None:
        raise click.UsageError("Give --expect or --against, not both.")
    if allowed_signers is not None and (against is None or against.is_dir()):
        raise click.UsageError("--allowed-signers goes with --against CHECKPOINT.")
    if against is not None:
        return kept_in(against, allowed_signers)
    return noted(*expect) if expect is not None else None


def _print(verified: Verified, form: str) -> None:
    shape = verified.as_json()
    problems, differs = shape["problems"], shape.get("differs")
    if form == "json":
        print_json(shape)
    elif form == "csv" and differs is not None:
        rows = [each | {"breaks": breaks} for breaks, found in (("yes", problems), ("no", differs)) for each in found]
        print_records(form, rows, (*_PROBLEM_COLUMNS, "breaks"))
    elif form == "csv" or problems:
        print_records(form, problems, _PROBLEM_COLUMNS, title="Problems")
    if form != "table":
        return
    if differs:
        print_records(form, differs, _PROBLEM_COLUMNS, title="Differs, and breaks no law")
    if verified.ok:
        print_lines(*_proved(verified.found.events, verified.found.head, verified.kept))
        if verified.decided:
            print_lines(_allowed(verified.decided.requests, verified.decided.differing_count))


def _allowed(requests: int, differing: int) -> str:
    differ = f"; this release would record {differing} of their fields otherwise" if differing else ""
    return f"Decided again: {requests} requests, each on the state before it. The rules allow all of them{differ}."


def _proved(events: int, head: str, kept: KeptElsewhere | None) -> list[str]:
    if events == 0:
        return ["The book holds no event: there was nothing to verify, and nothing is proved."]
    lines = [
        f"OK: {events} events, each hash follows from the one before; columns, requests, read models and triggers agree.",
        f"head {head}",
    ]
    keep = f"  debt verify --expect {events}:{head}"
    if kept is None:
        only = "Proved: the chain only. One rewritten as a whole, or cut at its end, would pass: keep this, and hold the book"
        return [*lines, f"{only} against it with", keep]
    lines += [f"Proved: {kept.proved}, up to position {kept.covered}.", *kept.remark.splitlines()]
    since = events - kept.covered
    if since:
        lines += [f"The {since} events after it are proved by the chain only; keep this for the next time:", keep]
    return lines
