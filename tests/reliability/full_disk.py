"""Disks that are full: a limit on the size of files, or a small file system, around one command in a child process."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from click.testing import CliRunner

from ledger.cli import cli
from ledger.cli.kit.edge import Edge

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
_NUMBERS = count(1)


@dataclass(frozen=True)
class Answer:
    """What a command left behind. crash: a traceback, if it ended in one."""

    exit_code: int
    out: str
    err: str
    crash: str = ""


def run(database: Path, words: list[str], *, most_bytes: int | None = None) -> Answer:
    """A command in a child process, which may write no file longer than so many bytes."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            told = json.dumps(_in_child(database, words, most_bytes)).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(told)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return Answer(**json.loads(told))


def _in_child(database: Path, words: list[str], most_bytes: int | None) -> dict[str, object]:
    if most_bytes is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write fails instead
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    argv = ["--database", f"sqlite:///{database}", "--actor", "ada", *words]
    edge = Edge(lambda: NOW, lambda: f"{os.getpid():x}-{next(_NUMBERS)}")
    result = CliRunner().invoke(cli, argv, obj=edge, prog_name="debt")
    error = result.exception
    crash = "" if error is None or isinstance(error, SystemExit) else "".join(traceback.format_exception(error))
    return {"exit_code": result.exit_code, "out": result.stdout, "err": result.stderr, "crash": crash}


@contextmanager
def small_file_system(folder: Path, size: int) -> Iterator[Path]:
    """A file system in memory, of so many bytes; raises PermissionError where none may be mounted."""
    folder.mkdir()
    mount = shutil.which("mount")
    argv = [mount or "mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if mount is None or subprocess.run(argv, capture_output=True, check=False).returncode:
        raise PermissionError("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path, free: int) -> Path:
    """A file that leaves so many bytes of its file system free."""
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(max(0, shutil.disk_usage(folder).free - free)))
    return ballast


def facts(database: Path) -> list[tuple[object, ...]]:
    """Every event and request, and the heads."""
    found: list[tuple[object, ...]] = []
    with closing(sqlite3.connect(database)) as connection:
        for table in ("event", "request", "head"):
            found += connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    return found


def names(folder: Path) -> set[str]:
    """Every file below a folder, but for what SQLite keeps beside an open database."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if not name.endswith(("-wal", "-shm", "ballast"))}


Prepare = Callable[[Path], None]
