"""The book for other programs: exported to a file, whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import click

from ledger.cli.finance.figures import known_at_option
from ledger.cli.kit.progress import progress
from ledger.cli.kit.session import Session
from ledger.cli.kit.types import DAY
from ledger.exporters import EXPORTERS, CodeOf, Wanted, exporter, no_code
from ledger.vocabulary.errors import Refused, Unreadable


@click.command()
@click.argument("kind", type=click.Choice(list(EXPORTERS)))
@click.argument("path", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--as-of", type=DAY, help="The last effective day that counts; every day by default. Not for jsonl.")
@known_at_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def export(session: Session, kind: str, path: Path, as_of: date | None, known_at: str | None, force: bool) -> None:
    """Write the book as KIND to PATH, a file that is not there yet, or '-' for standard output.

    \b
    hledger    the postings as a journal, which `hledger check --strict` accepts
    beancount  the same, which `bean-check` accepts
    jsonl      every event and request, to make the same ledger again, byte for byte
    csv        every leg of every event, balanced
    """
    to_file = str(path) != "-"
    target = path.resolve()
    if to_file:
        refuse_target(target, session, force=force)
    code_of = _codes(session.config.accounts) if kind == "csv" else no_code
    with session.reader(known_at) as reader, progress("exporting") as tell:
        texts = exporter(kind)(reader, Wanted(as_of, code_of, tell))
        if to_file:
            _write(target, texts)
        else:
            # As bytes, so that neither the platform's line ends nor its encoding get into them.
            sys.stdout.buffer.writelines(text.encode() for text in texts)
            sys.stdout.buffer.flush()
    if to_file:
        click.echo(f"{path}: the book '{reader.name}' for {kind}, as known at position {reader.position}.")


def refuse_target(target: Path, session: Session, *, force: bool) -> None:
    """Raise what keeps a file from being written there; the ledger itself is never replaced, nor what is no file."""
    if not target.parent.is_dir():
        raise Unreadable(f"There is no folder {target.parent}.")
    if not target.exists():
        return
    if not target.is_file():
        raise Unreadable(f"{target} is not a file. '-' writes to standard output.")
    ledger = session.ledger.engine.url.database or ""
    if any(Path(ledger + log).exists() and target.samefile(ledger + log) for log in ("", "-wal", "-shm")):
        raise Refused(f"{target} is the ledger itself.", "Name another file.")
    if not force:
        raise Refused(f"{target} is there already.", "Name another file, or replace it with --force.")


def _write(target: Path, texts: Iterable[str]) -> None:
    """Write beside the target, and move it there when all of it is on the disk: nobody finds half a file."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with part.open("x", encoding="utf-8", newline="") as file:
        try:
            file.writelines(texts)
            file.flush()
            os.fsync(file.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _codes(accounts: Mapping[str, str]) -> CodeOf:
    """What the configuration calls an account of ours. Raises Unreadable for a mapping that does not fit."""
    if not accounts:
        return no_code
    from reports.accounts import UnmappedAccountError, check_accounts, gl_code

    try:
        check_accounts(accounts, ())
    except UnmappedAccountError as error:
        raise Unreadable(f"{error} Nothing was exported.") from error

    @cache
    def code_of(account: str, cost_centre: str | None) -> str:
        code = gl_code(accounts, account, cost_centre)
        if code is None:
            raise Unreadable(f"[accounts] has no code for {account}, which the book posts to. Nothing was exported.")
        return code

    return code_of
