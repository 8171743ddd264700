"""A PgBouncer of a test's own before a PostgreSQL server, in a folder that is removed with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.postgres_server import PostgresServer

_PORT = 6432


@contextmanager
def pooler(server: PostgresServer, mode: str, logins: tuple[str, ...]) -> Iterator[str]:
    """The folder of its socket. mode: what it pools, 'session', 'transaction' or 'statement'; logins: whom it lets in."""
    behind = str(server.url.query["host"])
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    users = "".join('"{}" ""\n'.format(login.replace('"', '""')) for login in logins)
    (folder / "users.txt").write_text(users, encoding="utf-8")
    (folder / "pooler.ini").write_text(
        f"[databases]\n* = host={behind}\n[pgbouncer]\nlisten_port = {_PORT}\nunix_socket_dir = {folder}\n"
        f"auth_type = trust\nauth_file = {folder}/users.txt\npool_mode = {mode}\ndefault_pool_size = 2\n"
        f"logfile = {folder}/log\npidfile = {folder}/pid\n",
        encoding="utf-8",
    )
    command = ["pgbouncer", "--quiet", str(folder / "pooler.ini")]
    if os.geteuid() == 0:  # it refuses to run as root; the server runs as somebody who may reach its socket
        owner = Path(behind, "postmaster.pid").stat().st_uid
        command[1:1] = ["--user", pwd.getpwuid(owner).pw_name]
        os.chown(folder, owner, -1)
    process = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 60
        while not (folder / f".s.PGSQL.{_PORT}").exists():
            assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "the pooler does not come up"
            time.sleep(0.02)
        yield str(folder)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def by_way_of(folder: str, server: PostgresServer, database: str, user: str) -> str:
    """The URL of a database, through the pooler."""
    through = server.url.set(database=database, username=user, port=_PORT).update_query_dict({"host": folder})
    return through.render_as_string(hide_password=False)
