"""Books to measure on: synthetic ones, kept between runs, and a way to go on where they end."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import uuid4

import click
import msgspec
from sqlalchemy import Connection

from ledger.decide.request import Request
from ledger.demo.synthetic import build_synthetic
from ledger.demo.synthetic_book import FIRST_DAY, LAST_DAY, SyntheticBook
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from ledger.vocabulary.quarters import Quarter
from tests.bench.floors.one_by_one import Rows

#: What `build_synthetic` calls the first book.
SYNTHETIC = "synthetic-1"
#: Which of its own numbers a table knows an event by.
_POSITION = {"request": "first_position"}
_SOURCES = ("migrations/versions", "ledger/demo/synthetic.py", "ledger/demo/synthetic_book.py")


def synthetic(cache: Path, events: int) -> Path:
    """A ledger with one synthetic book of so many events, made if it is not in the cache yet."""
    path = cache / f"{events}-events-{_made_by()}.db"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        remove(unfinished)
        say(f"making a ledger of {events:,} events in {path} …")
        build_synthetic(f"sqlite:///{unfinished}", events=events)
        unfinished.rename(path)
    return path


def _made_by() -> str:
    """Changes when what makes the ledger does, so that an old one is not taken for a new one."""
    root = Path(__file__).parents[2]
    found = (root / source for source in _SOURCES)
    files = [file for place in found for file in ([place] if place.is_file() else sorted(place.glob("*.py")))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def copied(source: Path, target: Path) -> Path:
    """A copy of a ledger that nobody has open: its own file, and nothing left in the log beside it."""
    remove(target)
    return Path(shutil.copy(source, target))


def remove(path: Path) -> None:
    """Remove a database and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def unguarded(path: Path) -> Path:
    """The same tables and indexes, without triggers: a floor has nothing to guard."""
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    return path


def opened(path: Path, book: str = SYNTHETIC) -> Ledger:
    """The ledger of a book, with a real clock and real identifiers."""
    return Ledger(
        open_engine(f"sqlite:///{path}"), book, lambda: datetime.now(UTC), lambda: uuid4().hex, _no_objections
    )


def _no_objections(connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
    """What a measurement of appending seals was not in anybody's hands; reading it would be what is measured."""
    return ()


def say(sentence: str) -> None:
    """Tell what takes long, where results do not go."""
    click.echo(sentence, err=True)


@dataclass(frozen=True, slots=True)
class Growing:
    """A ledger that takes further requests, and a copy of it, as it was, for the floor."""

    ledger: Ledger
    path: Path
    floor: Path
    requests: Iterator[Request]

    @classmethod
    def of(cls, folder: Path, events: int, more: int) -> Growing:
        """Make a book of so many events, and the requests for so many more of the same mix."""
        path, requests = folder / "ours.db", _requests(events + more)
        upgrade(f"sqlite:///{path}")
        ledger = opened(path)
        ledger.handle(next(requests), opening=True)
        ledger.handle_all(islice(requests, events - 1))
        ledger.engine.dispose()
        return cls(ledger, path, unguarded(copied(path, folder / "floor.db")), requests)

    def take(self, count: int) -> list[Request]:
        """The next requests."""
        return list(islice(self.requests, count))

    def rows_after(self, position: int, tables: tuple[str, ...]) -> dict[int, Rows]:
        """What was written after a position, by position: the insertions that would write it again."""
        by_position: dict[int, Rows] = {}
        with closing(sqlite3.connect(self.path)) as connection:
            for table in tables:
                column = _POSITION.get(table, "position")
                found = connection.execute(f"SELECT *, {column} FROM {table} WHERE {column} > ?", (position,))
                statement = f"INSERT INTO {table} VALUES ({', '.join('?' * (len(found.description) - 1))})"
                for *values, at in found:
                    insertions = by_position.setdefault(at, [])
                    if not insertions or insertions[-1][0] != statement:
                        insertions.append((statement, []))
                    insertions[-1][1].append(tuple(values))
        return dict(sorted(by_position.items()))


def _requests(events: int) -> Iterator[Request]:
    """The synthetic history as a lead would enter it: no key, and nothing said of `--again`."""
    days = (FIRST_DAY + timedelta(days=number * (LAST_DAY - FIRST_DAY).days // events) for number in range(events))
    for number, (day, command) in enumerate(SyntheticBook(events, "bench").requests(days)):
        # Two entries alike would be taken for one entered twice.
        yield Request(msgspec.structs.replace(command, evidence=f"ticket {number}"), "bench", day)
