"""PostgreSQL goes away while somebody records: its process ended or killed, the line cut while it commits.

The client lives and has to be told the truth: that nothing was recorded, or that nobody knows and the same key finds out.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DBAPIError

from ledger.cli import cli
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger
from ledger.vocabulary.errors import StoreError
from tests.helpers.postgres_server import PostgresServer
from tests.reliability.connection_proxy import Line
from tests.reliability.kill_campaign import intact, opened, spans
from tests.reliability.kill_entries import Entry
from tests.reliability.kill_points import points_on, watch

pytestmark = pytest.mark.reliability

BATCH_POINTS = tuple(point for point in points_on("postgresql") if point != "committed")
UNKNOWN = "unknown whether"


@pytest.fixture
def ledger(durable_postgres_url: str) -> Iterator[Ledger]:
    """An open book on PostgreSQL."""
    found = ledger_of(durable_postgres_url)
    opened(found, [])
    yield found
    found.engine.dispose()


@pytest.fixture
def line(durable_server: PostgresServer) -> Iterator[Line]:
    """A line to the server that can be cut."""
    with Line(str(durable_server.url.query["host"])) as found:
        yield found


def ledger_of(url: str) -> Ledger:
    return Ledger(open_engine(url), "main", lambda: datetime.now(UTC), lambda: uuid4().hex)


def through(line: Line, url: str) -> str:
    """The same database, by way of the line."""
    return make_url(url).update_query_dict({"host": line.folder}).render_as_string(hide_password=False)


def at(ledger: Ledger, wanted: str, strike: Callable[[int], None]) -> None:
    """Have `strike` called once, with the id of the server's process, when the next transaction passes a point."""
    backend: list[int] = []

    @event.listens_for(ledger.engine, "begin")
    def learn(connection: Any) -> None:
        backend[:] = [connection.connection.dbapi_connection.info.backend_pid]

    struck: list[str] = []

    def passed(point: str) -> None:
        if point == wanted and not struck:
            struck.append(point)
            strike(backend[0])

    watch(ledger.engine, passed)


@pytest.mark.parametrize("point", BATCH_POINTS)
def test_a_client_whose_server_process_is_ended_is_told_what_was_recorded(
    ledger: Ledger, durable_server: PostgresServer, point: str
) -> None:
    def end(backend: int) -> None:
        with durable_server.admin.connect() as connection:
            # Waits until it is gone.
            assert connection.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": backend}).scalar()

    _strike_and_retry(ledger, point, end)


@pytest.mark.parametrize("point", ["head read", "decided", "recorded", "committing"])
def test_a_client_whose_server_crashes_is_told_what_was_recorded(
    ledger: Ledger, durable_server: PostgresServer, point: str
) -> None:
    def kill(backend: int) -> None:
        os.kill(backend, signal.SIGKILL)
        _wait_for_the_server(durable_server)

    _strike_and_retry(ledger, point, kill)


def _strike_and_retry(ledger: Ledger, point: str, strike: Callable[[int], None]) -> None:
    before, entry = spans(ledger), Entry("batch", 1)
    at(ledger, point, strike)
    with pytest.raises(StoreError) as told:
        entry.record(ledger)
    message = str(told.value)
    # Lost after its last statement: the next word that it hears would be the answer to COMMIT.
    unknown = point in ("recorded", "committing")
    assert (UNKNOWN in message) == unknown, message
    assert ("the same --key" if unknown else "Nothing was recorded") in message
    assert spans(ledger) == before
    _counts_once(ledger, entry, repeated=False)


def test_what_was_acknowledged_survives_a_crash_of_the_server(ledger: Ledger, durable_server: PostgresServer) -> None:
    """Every process of the server dies with one that is killed; it comes back by itself."""
    for number in range(1, 6):
        receipts = Entry("batch", number).record(ledger)
        with ledger.engine.connect() as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(backend, signal.SIGKILL)
        _wait_for_the_server(durable_server)
        ledger.engine.dispose()
        assert [receipt.hash for receipt in Entry("batch", number).record(ledger)] == [each.hash for each in receipts]
        intact(ledger)


def _wait_for_the_server(server: PostgresServer) -> None:
    """Until it has restarted: connections of before are dead, and new ones are refused for a while."""
    server.admin.dispose()
    deadline = time.monotonic() + 60
    time.sleep(0.05)  # until it has seen that one of its processes died
    while True:
        try:
            return server.run("SELECT 1")
        except DBAPIError:
            assert time.monotonic() < deadline, "the server does not come back"
            time.sleep(0.02)


@pytest.mark.parametrize("kind", ["commission", "system", "batch", "repay and reverse"])
@pytest.mark.parametrize("when", ["unheard", "unanswered"])
def test_a_line_cut_while_it_commits_leaves_a_doubt_that_the_same_key_resolves(
    ledger: Ledger, durable_postgres_url: str, line: Line, kind: str, when: str
) -> None:
    entry, remote = Entry(kind, 1), ledger_of(through(line, durable_postgres_url))
    Entry("note", 2).record(remote)  # the line holds
    line.cut_at_next_commit(when)
    with pytest.raises(StoreError) as told:
        entry.record(remote)
    assert line.cuts == 1
    assert UNKNOWN in str(told.value)
    assert "the same --key" in str(told.value)
    assert (entry.keys[0] in spans(ledger)) == (when == "unanswered")
    _counts_once(remote, entry, repeated=when == "unanswered")
    remote.engine.dispose()


def _counts_once(ledger: Ledger, entry: Entry, *, repeated: bool) -> None:
    """The retry, on the engine that lost its connection, and what the book holds of it."""
    before = spans(ledger)
    assert {receipt.repeated for receipt in entry.record(ledger)} == {repeated}
    after = spans(ledger)
    assert after.keys() == before.keys() | set(entry.keys)
    assert all(receipt.repeated for receipt in entry.record(ledger))
    assert spans(ledger) == after
    intact(ledger)


def test_the_command_line_says_how_to_find_out(ledger: Ledger, durable_postgres_url: str, line: Line) -> None:
    words = [
        "--database",
        through(line, durable_postgres_url),
        "repay",
        "FRAUD-1",
        "100",
        "--key",
        "k1",
        "--format",
        "json",
    ]
    line.cut_at_next_commit("unanswered")
    lost = CliRunner().invoke(cli, words)
    assert (lost.exit_code, lost.stdout) == (3, "")
    assert UNKNOWN in lost.stderr
    again = CliRunner().invoke(cli, words)
    assert again.exit_code == 0
    assert list(spans(ledger)).count("k1") == 1
    intact(ledger)
