"""Files that are given out: where one may be written, and whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import Refused, Unreadable
from ledger.vocabulary.unplaced_files import unplaced


def refuse_target(target: Path, ledger: Ledger, *, force: bool) -> None:
    """Raise what keeps a file from being written there; the ledger itself is never replaced, nor what is no file."""
    if not target.parent.is_dir():
        raise Unreadable(f"There is no folder {target.parent}.")
    if not target.exists():
        return
    if not target.is_file():
        raise Unreadable(f"{target} is not a file. '-' writes to standard output.")
    database = ledger.engine.url.database or ""
    if any(Path(database + log).exists() and target.samefile(database + log) for log in ("", "-wal", "-shm")):
        raise Refused(f"{target} is the ledger itself.", "Name another file.")
    if not force:
        raise Refused(f"{target} is there already.", "Name another file, or replace it with --force.")


@contextmanager
def whole_or_not_at_all(target: Path, ledger: Ledger) -> Iterator[IO[bytes]]:
    """A file that takes the target's place when all of it is on the disk: nobody finds half of it.

    Whoever may not read the ledger may not read it either.
    """
    with as_private_as(ledger), unplaced(target) as made:
        yield made.file
        made.place(durable=True)


@contextmanager
def as_private_as(ledger: Ledger) -> Iterator[None]:
    """As long as the block lasts, no file is made that more people may read than the file of the ledger.

    It is the mask of the whole process that says so: what else makes a file meanwhile is held to it as well. On
    PostgreSQL, where rights are the server's, the mask stays as it is.
    """
    database = Path(ledger.engine.url.database or "")
    if ledger.engine.dialect.name != "sqlite" or not database.exists():
        yield
        return
    withheld = ~database.stat().st_mode & 0o077
    before = os.umask(0o077)
    os.umask(before | withheld)
    try:
        yield
    finally:
        os.umask(before)


def refuse_existing(out: Path | None) -> None:
    """Raise Refused for a file that is there already."""
    if out is not None and out.exists():
        raise Refused(f"{out} is there already.", "Name another file.")


@contextmanager
def kept(out: Path | None, text: str, ledger: Ledger) -> Iterator[None]:
    """Write a new file, if one is asked for, as private as the ledger and whole or not at all.

    It is there before what follows, and taken away again if that fails.
    """
    if out is None:
        yield
        return
    with as_private_as(ledger), unplaced(out) as made:
        made.file.write(text.encode())
        made.place(durable=True)
        try:
            yield
        except BaseException:
            out.unlink(missing_ok=True)
            raise
