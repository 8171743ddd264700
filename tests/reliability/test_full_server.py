"""The disk of a PostgreSQL server is full while a job writes: nothing of it is recorded, the message says whose disk it is.

The tables alone stand on the small disk. A server whose log has no room stops as a whole, which is a restart
(`tests/reliability/test_struck_jobs.py`).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.helpers.optional import needs
from tests.helpers.postgres_server import PostgresServer
from tests.reliability.child import run
from tests.reliability.full_disk import fill, small_file_system
from tests.reliability.places import Place, Servers, place, rows_at, sound
from tests.reliability.writing_jobs import JOBS, Job, prepared

pytestmark = [
    pytest.mark.reliability,
    needs("mount"),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="small disks are made as Linux does it"),
]

MIB = 1024 * 1024
DISK = 48 * MIB
#: Those that need more room than stands free in the pages that their tables have.
NAMES = ("batch", "adopt a file", "import a budget", "import", "upgrade", "restore an export")
_DISKS = count(1)


@pytest.fixture(scope="module")
def servers(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Servers:
    return Servers(postgres_server, prepared(tmp_path_factory.mktemp("original")))


@contextmanager
def small_disk(server: PostgresServer) -> Iterator[tuple[str, Path]]:
    """A place for tables on a disk of DISK bytes: its name, and its folder. Skips where none may be mounted."""
    around, name = Path(tempfile.mkdtemp(prefix="debt-disk-")), f"small_{next(_DISKS)}"
    around.chmod(0o755)
    try:
        with small_file_system(around / "disk", DISK) as disk:
            tables = disk / "tables"
            tables.mkdir()
            if os.geteuid() == 0:
                os.chown(tables, Path(str(server.url.query["host"])).stat().st_uid, -1)
            server.run(f"CREATE TABLESPACE {name} LOCATION '{tables}'")
            yield name, disk
            server.run(f"DROP TABLESPACE {name}")
    except PermissionError as error:
        pytest.skip(str(error))
    finally:
        shutil.rmtree(around, ignore_errors=True)


@contextmanager
def on_a_small_disk(job: Job, servers: Servers, folder: Path) -> Iterator[tuple[Place, Path]]:
    """A ledger whose tables stand on a small disk, and that disk."""
    with small_disk(servers.server) as (name, disk), place(job, servers.original, folder, servers, name) as found:
        yield found, disk


def used(disk: Path) -> int:
    return shutil.disk_usage(disk).used


@pytest.mark.parametrize("name", NAMES)
def test_a_server_whose_disk_is_full_records_nothing(name: str, servers: Servers, tmp_path: Path) -> None:
    """Without room, and with half of what the job takes where nothing limits it."""
    job = JOBS[name]
    with on_a_small_disk(job, servers, tmp_path / "quiet") as (found, disk):
        before = used(disk)
        answer = run(found.url, job.asked(found.folder))
        assert answer.exit_code == 0, answer.err
        whole, takes = rows_at(found.url), used(disk) - before
    assert takes > 0
    with on_a_small_disk(job, servers, tmp_path / "full") as (found, disk):
        held = rows_at(found.url)
        for free in (0, takes // 2):
            ballast = fill(disk, free)
            answer = run(found.url, job.asked(found.folder))
            ballast.unlink()
            if free and answer.exit_code == 0:  # pages that the attempt before had been given served it
                break
            assert not answer.crash, answer.crash
            assert answer.exit_code == 3, answer
            assert "the disk of the server is full" in answer.err, answer.err
            assert "Nothing was recorded" in answer.err, answer.err
            assert rows_at(found.url) == held
        if answer.exit_code != 0:
            answer = run(found.url, job.asked(found.folder))
        assert answer.exit_code == 0, answer.err
        assert rows_at(found.url) == whole
        sound(found.url)
    sys.stdout.write(f"{name}: takes {takes:,} bytes of the server's disk\n")
