"""A teller's window: the command line in this process, at a clock that the test sets."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge

#: Noon of the day the tests play on; 2026Q2 has just ended.
NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)

INIT = "init --book main --currency EUR"
ADD_FRAUD = "system add FRAUD 'Fraud scoring' --team red --cost-centre CC-1"


@dataclass
class Clock:
    """The time now; one second later at every look."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


_NUMBERS = count(1)


def new_id() -> str:
    """An identifier that no other event of this run has, in whatever copy of a ledger."""
    return f"{next(_NUMBERS):032x}"


@dataclass(frozen=True)
class Reply:
    """What one command left behind."""

    line: str
    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def csv(self) -> list[dict[str, str]]:
        """Standard output as CSV with a header."""
        return list(csv.DictReader(io.StringIO(self.out)))


@dataclass
class Teller:
    """Types commands at one SQLite file. before: what is typed before every command."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    actor: str = "ada"
    before: tuple[str, ...] = ()

    def type(self, line: str, *, env: dict[str, str] | None = None, bare: bool = False) -> Reply:
        """Type a line as in a shell and take what comes. bare: without --database and --actor."""
        return self.type_words(shlex.split(line), env=env, bare=bare)

    def type_words(self, words: Sequence[str], *, env: dict[str, str] | None = None, bare: bool = False) -> Reply:
        """As `type`, of words that a shell has taken apart."""
        line = shlex.join(words)
        told = [] if bare else ["--database", f"sqlite:///{self.path}", "--actor", self.actor, *self.before]
        result = CliRunner().invoke(cli, [*told, *words], obj=Edge(self.clock, new_id), env=env, prog_name="debt")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise AssertionError(f"debt {line}\nended in an exception") from result.exception
        return Reply(line, result.exit_code, result.stdout, result.stderr)

    def do(self, *lines: str) -> Reply:
        """Type lines that have to be done; the last one's reply."""
        for line in lines:
            reply = self.type(line)
            assert reply.exit_code == 0, f"debt {line}\n{reply.err}"
        return reply

    def ask(self, line: str) -> Any:
        """The JSON answer to a question."""
        return self.do(f"{line} --format json").json

    @property
    def position(self) -> int:
        """The book's head, straight from the file; the sum of all heads, if there are several books."""
        with closing(sqlite3.connect(self.path)) as connection:
            (found,) = connection.execute("SELECT coalesce(sum(position), 0) FROM head").fetchone()
        return int(found)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many heads' positions, events, requests and postings the file holds."""
        with closing(sqlite3.connect(self.path)) as connection:
            tables = ("event", "request", "posting")
            rows = [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
        return (self.position, *rows)


def copied(source: Path, target: Path) -> Path:
    """A copy of an SQLite file, whatever still stands in its write-ahead log."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    return target
