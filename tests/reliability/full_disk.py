"""Disks that are full: a limit on the size of files, or a small file system; and what an SQLite ledger holds."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def limited_to(most_bytes: int) -> Callable[[], None]:
    """What makes a process write no file longer than so many bytes: the write fails."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))

    return limit


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
