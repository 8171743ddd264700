"""A run of the tests that is ended from outside, in whatever way: its PostgreSQL server goes with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.reliability

ROOT = Path(__file__).resolve().parents[2]
#: Longer than a server takes to start or to stop, on a busy machine too.
PATIENCE_SECONDS = 120

CONFTEST = "from tests.conftest import postgres_server"
#: A test that tells where its server is, and waits to be killed.
WAITING = """
import os, time
from pathlib import Path

def test_waits(postgres_server):
    postgres_server.run("SELECT 1")
    Path("told.part").write_text(f"{os.getpid()} {postgres_server.url.query['host']}")
    Path("told.part").rename("told")
    time.sleep(3600)
"""


@contextmanager
def running_pytest(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int, str]]:
    """A run whose test waits: the run, the process that has the test, the folder of its server."""
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_waits.py").write_text(WAITING)
    argv = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words, "test_waits.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(argv, cwd=folder, env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            until((folder / "told").exists)
            worker, server = (folder / "told").read_text().split()
            yield run, int(worker), server
        finally:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)


def until(happened: Callable[[], bool]) -> None:
    """Wait for something, but not for ever."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def processes_of(folder: str) -> list[list[str]]:
    """The command lines of what serves, or watches over, a folder."""
    return [line for process in psutil.process_iter(["cmdline"]) if folder in (line := process.info["cmdline"] or [])]


def terminated(run: subprocess.Popen[bytes], worker: int) -> None:
    run.terminate()


def interrupted_twice(run: subprocess.Popen[bytes], worker: int) -> None:
    """As Ctrl-C at a terminal does it: all processes of the run at once."""
    for _ in range(2):
        os.killpg(run.pid, signal.SIGINT)
        time.sleep(0.1)


def killed(run: subprocess.Popen[bytes], worker: int) -> None:
    run.kill()


def worker_killed(run: subprocess.Popen[bytes], worker: int) -> None:
    os.kill(worker, signal.SIGKILL)


@pytest.mark.parametrize("words", [(), ("-n", "1")], ids=["one process", "a worker"])
@pytest.mark.parametrize("end", [terminated, interrupted_twice, killed, worker_killed], ids=lambda end: end.__name__)
def test_a_run_that_is_ended_leaves_no_server(
    end: Callable[[subprocess.Popen[bytes], int], None], words: tuple[str, ...], tmp_path: Path
) -> None:
    with running_pytest(tmp_path, *words) as (run, worker, server):
        assert processes_of(server)
        assert (run.pid == worker) is (words == ())
        end(run, worker)
        until(lambda: not processes_of(server) and not Path(server).exists())
