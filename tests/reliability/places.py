"""Where jobs are tried: ledgers of one history on either database, and everything that stands in them."""

from __future__ import annotations

import lzma
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import make_url

from ledger.store.engine import open_engine, reading
from ledger.store.guards import schema_faults
from ledger.store.verify import verify
from ledger.tables.facts import head, metadata
from tests.corpus.make import CORPUS
from tests.helpers.postgres_server import PostgresServer
from tests.reliability.child import run
from tests.reliability.writing_jobs import OLD_SCHEMA, Job, copied

_NUMBERS = count(1)
Rows = dict[str, list[str]]


def rows_at(url: str) -> Rows:
    """Every row of every table that a ledger has, its values with their types; and its schema's version, if it has one."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            names = [*metadata.tables, "alembic_version"]
            return {
                name: sorted(repr(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {name}")))
                for name in names
                if connection.dialect.has_table(connection, name)
            }
    finally:
        engine.dispose()


def sound(url: str) -> None:
    """Every book in it verifies, and the schema is what the migrations make."""
    engine = open_engine(url)
    try:
        with reading(engine) as connection:
            assert schema_faults(connection) == []
            for book in connection.execute(head.select()).mappings().all():
                found = verify(connection, book["book"])
                assert found.ok, found.problems
                assert found.events == book["position"]
    finally:
        engine.dispose()


@dataclass(frozen=True)
class Servers:
    """Makes places for jobs on PostgreSQL. original: the folder that they all begin with."""

    server: PostgresServer
    original: Path
    _templates: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def database(self, holding: str, tablespace: str) -> Iterator[str]:
        """The URL of a database, dropped afterwards.

        holding: as the jobs name their file: the book, the ledger of before, or nothing. tablespace: where it stands.
        """
        template = self._templates.get(holding) or self._templates.setdefault(holding, self._template(holding))
        name = f"place_{next(_NUMBERS)}"
        self.server.run(f"CREATE DATABASE {name} TEMPLATE {template} TABLESPACE {tablespace}")
        try:
            yield self.server.url_of(name)
        finally:
            self.server.admin.dispose()  # the server may have restarted since
            self.server.run(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self, holding: str) -> str:
        name = f"template_{next(_NUMBERS)}"
        self.server.run(f"CREATE DATABASE {name}")
        url = self.server.url_of(name)
        if holding == "old.db":
            with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
                connection.execute(lzma.decompress((CORPUS / OLD_SCHEMA / "ledger.sql.xz").read_bytes()))
        if holding == "ledger.db":
            answer = run(url, ["db", "restore", str(self.original / "kept.jsonl")])
            assert answer.exit_code == 0, answer
        return name

    def settled(self, url: str) -> None:
        """Wait for the processes of clients that were killed: what they will have done is known when they are gone."""
        query = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()")
        deadline = time.monotonic() + 60
        with self.server.admin.connect() as connection:
            while connection.execute(query, {"name": make_url(url).database}).scalar():
                assert time.monotonic() < deadline, "the server has not noticed that its client is dead"
                time.sleep(0.005)


@dataclass(frozen=True)
class Place:
    """A ledger for one job. folder: with the files that the job reads and makes."""

    url: str
    folder: Path
    servers: Servers | None = None

    def settled(self) -> None:
        """Wait until nobody is at work in it."""
        if self.servers:
            self.servers.settled(self.url)


@contextmanager
def place(
    job: Job, original: Path, folder: Path, servers: Servers | None, tablespace: str = "pg_default"
) -> Iterator[Place]:
    """A ledger of a job's own. servers: on PostgreSQL, in that tablespace; None: on SQLite."""
    made = copied(job, original, folder)
    if servers is None:
        yield Place(f"sqlite:///{made / job.database}", made)
        return
    with servers.database(job.database, tablespace) as url:
        yield Place(url, made, servers)
