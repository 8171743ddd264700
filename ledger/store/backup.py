"""Backup and restore: a whole SQLite file copied into a new one, and only kept if every book in it verifies.

A file is made under another name beside its place and moved there when it is whole, on the disk and verified.
So nobody finds half of one, whatever happens on the way, and nothing that was there is ever written over.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, bindparam, func, select

from ledger.store.check import check
from ledger.store.engine import file_engine, reading, sqlite_file, translated
from ledger.store.restore import described
from ledger.store.upgrade import current_version, upgrade
from ledger.store.verify import verify
from ledger.tables.facts import event, head
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.outside_files import refuse_no_file, resolved
from ledger.vocabulary.unplaced_files import LOGS, held, part_of

#: What every SQLite file begins with.
MAGIC = b"SQLite format 3\0"

#: Told how much is done, and of how much if that is known.
Progress = Callable[[int, int | None], None]

#: Pages copied between two words about the progress.
_PAGES_AT_A_TIME = 4096

_BOOKS = select(head.c.book).order_by(head.c.book)
_NEXT_BOOK = select(func.min(event.c.book)).where(event.c.book > bindparam("after"))


@dataclass(frozen=True, slots=True)
class VerifiedBook:
    """A book that was found as it had been recorded. events: how many; head: the hash of the last of them."""

    book: str
    events: int
    head: str


def is_sqlite_file(path: Path) -> bool:
    """Whether a file begins as an SQLite file does."""
    refuse_no_file(path)
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def back_up(engine: Engine, target: Path, progress: Progress | None = None) -> list[VerifiedBook]:
    """Copy an SQLite ledger as it is at one moment into a new file, verify the copy, and tell what is in it.

    Others may write meanwhile: what they record is not in it. progress: told of pages. Raises Refused on
    PostgreSQL and for a file that is there, StoreError for a copy that does not verify; no file is left then.
    """
    if engine.dialect.name != "sqlite":
        raise _not_ours(engine, target)
    if target.exists():
        raise Refused(f"{target} is there already: a backup never replaces a file.", "Name another file.")
    with new_file(target, sqlite_file(engine)) as part:
        with translated(engine), closing(engine.raw_connection()) as source:
            driver: Any = source.driver_connection
            # A transaction that reads holds its moment: the copy need not begin again whenever somebody writes.
            driver.execute("BEGIN")
            driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy(driver, part, target, progress)
        return verified_books(part)


def restore_backup(source: Path, engine: Engine, progress: Progress | None = None) -> list[VerifiedBook]:
    """Copy a backup to the place of an engine's file, which must be empty; upgrade and verify it there.

    The backup itself is only read. Raises as `back_up` does.
    """
    if engine.dialect.name != "sqlite":
        raise Refused(
            f"{source} is an SQLite file, and the database is PostgreSQL.",
            f"Export each book of it and restore that: `debt --database sqlite:///{source} export jsonl BOOK.jsonl`.",
        )
    target = sqlite_file(engine)
    if not is_empty_place(engine):
        raise Refused(
            f"{target} is there already: a backup is restored into an empty place only.",
            "Name another file with --database, or move this one away.",
        )
    with new_file(target, source) as part:
        with _opened(source) as driver:
            _copy(driver, part, target, progress)
        _bring_up(part, source)
        return verified_books(part)


def is_empty_place(engine: Engine) -> bool:
    """Whether an engine's file on SQLite is missing or has no bytes."""
    path = sqlite_file(engine)
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


@contextmanager
def place_for(engine: Engine, source: Path) -> Iterator[Engine]:
    """Where a ledger is to be made: an engine's database; for an SQLite file that is missing, one beside it first.

    source: what it is made from, whose readers may read it. That one is moved to its place at the end, and nothing is
    left of it if the block raises.
    """
    if engine.dialect.name != "sqlite" or not is_empty_place(engine):
        yield engine
        return
    with new_file(sqlite_file(engine), source) as part:
        made = file_engine(part, create=True)
        try:
            yield made
            finish(made)
        finally:
            made.dispose()


@contextmanager
def new_file(target: Path, like: Path) -> Iterator[Path]:
    """Another name beside the target, under which a new SQLite file is made; moved to the target at the end.

    like: a file whose readers may read the new one, and nobody else, not even while it is made. Nothing is left if it
    raises, nor of a run before this one that was killed. Raises Unreadable where there is no
    folder, and Refused where a file came to be there meanwhile, or the log of another one is.
    """
    target = resolved(target)
    if not target.parent.is_dir():
        raise Unreadable(f"There is no folder {target.parent}.")
    for log in LOGS:
        # SQLite would take it for the new file's own, and mix both.
        if log != "-shm" and target.with_name(target.name + log).exists():
            raise Refused(
                f"{target}{log} is there: it belongs to a ledger that was at this place, and may hold its last entries.",
                "Move it away together with the file it belongs to, or name another place.",
            )
    part = part_of(target)
    with held(target.parent):
        try:
            part.touch(mode=0o600, exist_ok=False)
            yield part
            shutil.copymode(like, part)
            _move(part, target)
        finally:
            for suffix in ("", *LOGS):
                part.with_name(part.name + suffix).unlink(missing_ok=True)


def finish(engine: Engine) -> None:
    """Bring what stands in SQLite's log into the file itself, so that the file alone is all of it."""
    with translated(engine), closing(engine.raw_connection()) as connection:
        driver: Any = connection.driver_connection
        busy, left, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy or left > 0:
        raise StoreError(f"{sqlite_file(engine)} is in use by another program. Nothing was made; try again.")


def verified_books(path: Path) -> list[VerifiedBook]:
    """Check an SQLite file and verify every book in it. Raises StoreError that says what was found first."""
    engine = file_engine(path)
    try:
        with reading(engine) as connection:
            for finding in check(connection):
                if not finding.ok:
                    raise _does_not_verify(finding.sentence)
            return [_verified(connection, book) for book in _books(connection)]
    finally:
        engine.dispose()


def _verified(connection: Connection, book: str) -> VerifiedBook:
    found = verify(connection, book)
    if not found.ok:
        raise _does_not_verify(f"The book '{book}' is not what was recorded: {described(found.problems[0])}")
    return VerifiedBook(book, found.events, found.head)


def _does_not_verify(what: str) -> StoreError:
    return StoreError(
        f"The copy does not verify, and was not kept. {what} `debt verify` tells more of where it came from."
    )


def _books(connection: Connection) -> list[str]:
    """Every book, also one whose head is gone."""
    books = set(connection.execute(_BOOKS).scalars())
    last: str | None = ""
    while (last := connection.execute(_NEXT_BOOK, {"after": last}).scalar()) is not None:
        books.add(last)
    return sorted(books)


def _bring_up(part: Path, source: Path) -> None:
    """Give a copy the schema of this version, as `debt db upgrade` does."""
    engine = file_engine(part)
    try:
        with reading(engine) as connection:
            if current_version(connection) is None:
                raise Refused(f"{source} holds no ledger.", "Name a file that `debt db backup` made.")
        upgrade(engine)
        finish(engine)
    finally:
        engine.dispose()


def _copy(source: sqlite3.Connection, part: Path, target: Path, progress: Progress | None) -> None:
    def tell(status: int, remaining: int, total: int) -> None:
        if progress:
            progress(total - remaining, total)

    try:
        with closing(sqlite3.connect(part)) as copy:
            source.backup(copy, pages=_PAGES_AT_A_TIME, progress=tell)
    except sqlite3.Error as error:
        why = "the disk is full or failing: " if "full" in str(error) or "I/O" in str(error) else ""
        raise StoreError(f"The copy {target} could not be made: {why}{error}. No file was left.") from error


@contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    """A file to read from. Where it has no log beside it, SQLite is told that nobody writes, and makes none."""
    log = source.with_name(f"{source.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "immutable=1"
    with closing(sqlite3.connect(f"file:{quote(str(source.resolve()))}?{how}", uri=True)) as driver:
        yield driver


def _move(part: Path, target: Path) -> None:
    """Give a file its name, once it is on the disk. Nothing that is there is replaced, unless it has no bytes."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    if target.exists() and target.stat().st_size == 0:
        part.replace(target)
    else:
        try:
            os.link(part, target)
        except FileExistsError as error:
            raise Refused(f"{target} came to be there meanwhile.", "Name another file.") from error
        except OSError:  # a file system that has no links
            part.rename(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _not_ours(engine: Engine, target: Path) -> Refused:
    query = {name: value for name, value in engine.url.query.items() if "password" not in name.lower()}
    url = engine.url.set(drivername="postgresql", query=query)._replace(password=None)
    command = ["pg_dump", "--format=custom", f"--file={target}", f"--dbname={url.render_as_string()}"]
    return Refused(
        "No backup was made: PostgreSQL's own tool makes it, which sees one moment of the whole database and knows "
        "how to bring back roles' rights, partitions and triggers.",
        f"Run {shlex.join(command)} (it asks for a password or takes it from ~/.pgpass); `pg_restore` brings it back, "
        "and `debt verify` proves it. `debt export jsonl FILE` keeps one book for either database.",
    )
