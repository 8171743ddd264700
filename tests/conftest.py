"""Databases for tests: a fresh, migrated one for each test that asks, on SQLite and on PostgreSQL.

Migrating takes a third of a second, so that it is done once per run (and per worker of pytest-xdist); each
test gets a copy. `database_url` runs a test on both databases; `sqlite_url` and `postgres_url` on one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ledger.store.upgrade import upgrade
from tests.helpers.compiled_once import compile_once
from tests.helpers.optional import BARE, SHARED_DATA, mentions, open_path_for
from tests.helpers.postgres_server import PostgresServer, running_server

_TEMPLATE = "ledger_template"

# A busy machine is no failure: an example may take as long as it takes, to draw and to run.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What a change is judged by draws the same examples each time, so that a failure is the change's own;
# `make soak` and --hypothesis-profile=exploring draw others each time.
settings.register_profile("exploring", _PATIENT)
settings.register_profile("settled", _PATIENT, derandomize=True, print_blob=True)
settings.load_profile("settled")

compile_once()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What `sqlite_first` marks runs on PostgreSQL by `make check`. In a bare run: what mentions something optional."""
    for item in items:
        if item.get_closest_marker("sqlite_first") and "postgresql" in item.name:
            item.add_marker(pytest.mark.reliability)
    if BARE:
        config.hook.pytest_deselected(items=[item for item in items if not mentions(item.path)])
        items[:] = [item for item in items if mentions(item.path)]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before fixtures of any scope: the path has the programs that the test names, or it is skipped."""
    open_path_for(item)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for this run and no other. Skips where none can be had."""
    with running_server() as server:
        # The data need not outlive the run.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.run(f"ALTER SYSTEM SET {setting} = off")
        server.run("SELECT pg_reload_conf()")
        yield server


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


@pytest.fixture(scope="module")
def first_chart_alone() -> Iterator[None]:
    """Packs have one chart of nine and one page of six: the others take most of a pack's time, and have their own tests."""
    from reports.registry import CHARTS, SLIDES

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.pack.pack.CHARTS", CHARTS[:1])
        patch.setattr("reports.pack.pack.SLIDES", SLIDES[:1])
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real registers, findings and decision logs, beside the repository; a clone need not have them."""
    if BARE or not SHARED_DATA.is_dir():
        pytest.skip("the folder ../shared/data is not there")
    return SHARED_DATA
