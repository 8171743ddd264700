"""A forked process that records entries until it is killed, and what its parent learns of it."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Engine, text

from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from tests.reliability.kill_entries import Entry
from tests.reliability.kill_points import POINTS, Shared, watch


@dataclass(frozen=True)
class Run:
    """What a child is to record, and when it dies.

    at: the place of an entry in the run, and the point in it; None for a delay. delay_share: of the time that a
    whole run takes, after which the parent kills.
    """

    entries: tuple[Entry, ...]
    at: tuple[int, str] | None = None
    delay_share: float = 0.0


@dataclass(frozen=True)
class Death:
    """How a run ended. entry, point: where it was; point None: outside of a transaction, or it was not killed.

    receipts: of the entries it acknowledged, in order, each the positions and hashes printed.
    """

    entry: int
    point: str | None
    receipts: list[list[tuple[int, str]]]


@dataclass
class Nursery:
    """Forks children that write to one database. The engine is warm and holds no connection while it forks.

    run_seconds: how long a run takes, learnt from whether delays that are shares of it find it at work.
    """

    url: str
    book: str
    run_seconds: float = 0.03
    engine: Engine = field(init=False)
    shared: Shared = field(default_factory=Shared)
    _index: int = -1
    _at: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        self.engine = open_engine(self.url)
        watch(self.engine, self._passed)

    @property
    def ledger(self) -> Ledger:
        """The book, as parent and child open it."""
        return Ledger(self.engine, self.book, lambda: datetime.now(UTC), lambda: uuid4().hex)

    def run(self, run: Run) -> Death:
        """Fork a child for a run, see it die, and wait until the database has noticed."""
        self.engine.dispose()
        self.shared.set(0, None)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._live(run, writing)
        os.close(writing)
        lines = _Lines(reading)
        ready = json.loads(lines.next())
        if run.at is None:
            time.sleep(run.delay_share * self.run_seconds)
            os.kill(pid, signal.SIGKILL)
        told = [json.loads(line) for line in lines.rest()]
        if told and isinstance(told[-1], str):
            raise AssertionError(f"the child was not killed, it failed:\n{told[-1]}")
        receipts = [[(position, hash_) for position, hash_ in line] for line in told]
        _, status = os.waitpid(pid, 0)
        assert os.WIFSIGNALED(status) or run.at is None, f"the child ended with {status} and was not killed"
        self._wait_for_the_end_of(ready["backend"])
        if run.at is None:
            self.run_seconds *= 1.05 if len(receipts) < len(run.entries) else 0.7
        entry, point = self.shared.get()
        if len(receipts) > entry:  # killed with the receipt just printed
            point = None
        return Death(entry, point, receipts)

    def _live(self, run: Run, out: int) -> None:
        """The child's life; it never returns."""
        try:
            with self.ledger.reading() as connection:
                asked = "SELECT pg_backend_pid()" if self.engine.dialect.name == "postgresql" else "SELECT NULL"
                backend = connection.execute(text(asked)).scalar()
            if run.at is not None and run.at[0] % 2:
                self._checkpoint_often()
            os.write(out, json.dumps({"backend": backend}).encode() + b"\n")
            for index, entry in enumerate(run.entries):
                self._index, self._at = index, run.at
                receipts = entry.record(self.ledger)
                self._passed("committed")
                told = json.dumps([(receipt.recorded.position, receipt.hash) for receipt in receipts])
                os.write(out, told.encode() + b"\n")
                self.shared.set(index + 1, None)
            os._exit(0)
        except BaseException:  # it must never come back into the parent's code
            os.write(out, json.dumps(traceback.format_exc()).encode() + b"\n")
        finally:
            os._exit(1)

    def _checkpoint_often(self) -> None:
        """Have SQLite copy its log into the file at nearly every commit, so that it dies doing that as well."""
        if self.engine.dialect.name == "sqlite":
            with self.ledger.reading() as connection:
                connection.exec_driver_sql("PRAGMA wal_autocheckpoint=2")

    def _passed(self, point: str) -> None:
        if self._index < 0 or point not in POINTS:  # the parent's own statements
            return
        self.shared.set(self._index, point)
        if self._at == (self._index, point):
            os.kill(os.getpid(), signal.SIGKILL)

    def _wait_for_the_end_of(self, backend: int | None) -> None:
        """PostgreSQL's process of a killed client may still be committing: what it will have done is known when it is gone."""
        if backend is None:
            return
        deadline = time.monotonic() + 30
        with self.engine.connect() as connection:
            query = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
            while connection.execute(query, {"pid": backend}).scalar():
                connection.rollback()  # activity is seen as of the transaction's first look
                assert time.monotonic() < deadline, "the server has not noticed that its client is dead"
                time.sleep(0.001)


class _Lines:
    """Whole lines out of a pipe; what a dying process wrote of a line is nothing or all."""

    def __init__(self, descriptor: int) -> None:
        self.file = os.fdopen(descriptor, "rb")

    def next(self) -> bytes:
        return self.file.readline()

    def rest(self) -> list[bytes]:
        with self.file, suppress(OSError):
            return self.file.read().splitlines()
        return []
