"""Databases that keep what they acknowledged: for tests that kill, and then hold the ledger to its word."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from ledger.store.upgrade import upgrade
from tests.helpers.postgres_server import PostgresServer, running_server

_NAMES = count(1)


@pytest.fixture(scope="session")
def durable_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server as it comes: a commit is on its disk before it is acknowledged.

    The server of the other tests does without; after a crash of its own it would lose what it acknowledged.
    """
    with running_server() as server:
        yield server


@pytest.fixture
def durable_postgres_url(durable_server: PostgresServer) -> Iterator[str]:
    """A fresh migrated database on that server, dropped afterwards."""
    name = f"durable_{next(_NAMES)}"
    durable_server.run(f"CREATE DATABASE {name}")
    upgrade(durable_server.url_of(name))
    yield durable_server.url_of(name)
    durable_server.admin.dispose()  # the server may have restarted since
    durable_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database that keeps its word; the test runs once on each kind."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "durable_postgres_url"))
