"""Books to be attacked, each of another history, and fresh copies of them: a file, or a database made from a template."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from ledger.decide.claims import HASHED_HERE
from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.demo.synthetic import build_synthetic
from ledger.store.backup import back_up
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger
from ledger.store.roles import BookGrants, apply_grants
from ledger.store.upgrade import upgrade
from tests.helpers import lawful_book, small_ledger
from tests.helpers.postgres_server import PostgresServer

WRITER, AUDITOR = "attack_writer", "attack_auditor"


def _lawful(engine: Engine) -> str:
    seconds, numbers = count(), count(1)
    ledger = Ledger(
        engine,
        lawful_book.BOOK,
        lambda: datetime(2026, 10, 20, tzinfo=UTC) + timedelta(seconds=next(seconds)),
        lambda: f"id-{next(numbers):04}",
        lambda *_: (),
    )
    for command in lawful_book.BASE:
        with reading(engine) as connection:
            command = lawful_book.as_issued(command, connection)
        request = Request(command, lawful_book.ACTOR, lawful_book.TODAY)
        ledger.handle(request, opening=isinstance(command, OpenBook), objections=HASHED_HERE)
    return lawful_book.BOOK


def _small(engine: Engine) -> str:
    small_ledger.build(engine)
    return small_ledger.BOOK


def _synthetic(events: int, seed: int) -> Callable[[Engine], str]:
    return lambda engine: build_synthetic(engine, events=events, seed=seed)[0].book


#: By name, what records a history in a migrated database; returns the book's name.
HISTORIES: dict[str, Callable[[Engine], str]] = {
    "a row in every table": _small,
    "every rule, a close, a pack": _lawful,
    "synthetic, 40 events": _synthetic(40, 1),
    "synthetic, 90 events": _synthetic(90, 2),
}


class Books(Protocol):
    """Where the books are. names: of their histories."""

    names: tuple[str, ...]

    def book(self, name: str) -> str:
        """What the book of a history is called."""

    @contextmanager
    def copy(self, name: str) -> Iterator[Copy]:
        """A copy of a history's database, which is gone afterwards."""


@dataclass(frozen=True)
class Copy:
    """One database to be attacked. owner, writer, auditor: its URL for each login; on SQLite all are one."""

    owner: str
    writer: str
    auditor: str


class SQLiteBooks:
    """Each history in a file, as a backup leaves it: nothing beside it."""

    def __init__(self, folder: Path) -> None:
        self.names = tuple(HISTORIES)
        self._books: dict[str, str] = {}
        self._files: dict[str, Path] = {}
        self._copy = folder / "copy.db"
        for number, (name, record) in enumerate(HISTORIES.items()):
            made = folder / f"made-{number}.db"
            upgrade(f"sqlite:///{made}")
            engine = open_engine(f"sqlite:///{made}")
            self._books[name] = record(engine)
            self._files[name] = folder / f"history-{number}.db"
            back_up(engine, self._files[name])
            engine.dispose()

    def book(self, name: str) -> str:
        return self._books[name]

    @contextmanager
    def copy(self, name: str) -> Iterator[Copy]:
        shutil.copyfile(self._files[name], self._copy)
        url = f"sqlite:///{self._copy}"
        try:
            yield Copy(url, url, url)
        finally:
            for suffix in ("", "-wal", "-shm", "-journal"):
                self._copy.with_name(self._copy.name + suffix).unlink(missing_ok=True)


class PostgreSQLBooks:
    """Each history in a database of its own, from which others are made; a writer and an auditor are granted its book."""

    def __init__(self, server: PostgresServer, empty: str) -> None:
        """empty: a migrated database without a book."""
        self.names = tuple(HISTORIES)
        self._server = server
        self._books: dict[str, str] = {}
        self._numbers = count(1)
        for login in (WRITER, AUDITOR):
            server.run(f"CREATE ROLE {login} LOGIN")
        for name, record in HISTORIES.items():
            server.run(f'CREATE DATABASE "{name}" TEMPLATE {empty}')
            engine = open_engine(server.url_of(name))
            self._books[name] = record(engine)
            apply_grants(engine, BookGrants(self._books[name], ((WRITER, None),), (AUDITOR,)))
            engine.dispose()

    def book(self, name: str) -> str:
        return self._books[name]

    def remove(self) -> None:
        """Remove the databases and logins."""
        for name in self.names:
            self._server.run(f'DROP DATABASE "{name}" WITH (FORCE)')
        for login in (WRITER, AUDITOR):
            self._server.run(f"DROP ROLE {login}")

    @contextmanager
    def copy(self, name: str) -> Iterator[Copy]:
        database = f"attacked_{next(self._numbers)}"
        self._server.run(f'CREATE DATABASE {database} TEMPLATE "{name}"')
        try:
            yield Copy(*(self._server.url_of(database, login) for login in ("postgres", WRITER, AUDITOR)))
        finally:
            self._server.run(f"DROP DATABASE {database} WITH (FORCE)")
