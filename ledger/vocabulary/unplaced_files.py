"""Files on their way to their place: nobody finds half of one, and what a killed process left is taken away.

Where the system can make a file without a name, there is none until it is whole: whoever is killed leaves nothing. What has
to have a name before, a database that SQLite opens, is called like its target with PART behind it. Whoever makes one holds a
lock on the folder, so that whoever comes after knows which were left by the dead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: nobody knows there who lives, and nothing is taken away
    fcntl = None  # type: ignore[assignment]

PART = "debt-part"
#: What SQLite keeps beside a file.
LOGS = ("-wal", "-shm", "-journal")

_OURS = re.compile(rf"\..*\.[0-9a-f]{{8}}\.{PART}(?:{'|'.join(LOGS)})?", re.DOTALL)


class UnplacedFile:
    """A file that has no place yet. file: to be written; whoever may read the target's folder may read it by the mask."""

    def __init__(self, target: Path) -> None:
        """target: where it is to stand; what stands there stays until `place`. Raises OSError where none can be made."""
        self.target = target
        self._part = part_of(target)
        descriptor = _nameless(target.parent)
        self._named = descriptor is None
        self.file: IO[bytes] = self._part.open("xb") if descriptor is None else os.fdopen(descriptor, "wb")

    def place(self, *, durable: bool = False) -> None:
        """Put it in its place, whole. durable: not before it is on the disk."""
        self.file.flush()
        if durable:
            os.fsync(self.file.fileno())
        if self._named:
            self._part.replace(self.target)
            return
        try:
            self._link(self.target)
        except FileExistsError:
            self._link(self._part)
            self._part.replace(self.target)

    def discard(self) -> None:
        """Leave nothing of it but what was placed."""
        with suppress(OSError):  # what could not be written is not written now
            self.file.close()
        self._part.unlink(missing_ok=True)

    def _link(self, name: Path) -> None:
        # By its entry in /proc, since to link a descriptor itself is a privilege; that entry is followed only by the call
        # that takes a folder, which a whole path does without.
        descriptor = self.file.fileno()
        os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)


@contextmanager
def unplaced(target: Path) -> Iterator[UnplacedFile]:
    """A file for a target, discarded at the end unless it was placed."""
    with held(target.parent):
        found = UnplacedFile(target)
        try:
            yield found
        finally:
            found.discard()


def part_of(target: Path) -> Path:
    """A name beside a target that no other file has."""
    return target.with_name(f".{target.name}.{os.urandom(4).hex()}.{PART}")


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """As long as the block lasts, nobody takes away what is made in a folder; what the dead left is taken away before."""
    sweep(folder)
    if fcntl is None:
        yield
        return
    with ExitStack() as lock:
        with suppress(OSError):  # a file system without locks, a folder that cannot be read: what is left there stays
            descriptor = os.open(folder, os.O_RDONLY)
            lock.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


def sweep(folder: Path) -> None:
    """Take away what processes left in a folder that were killed; nothing, while another one makes a file there."""
    if fcntl is None:
        return
    with suppress(OSError):
        left = [path for path in folder.iterdir() if _OURS.fullmatch(path.name)]
        if not left:
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for path in left:
                path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _nameless(folder: Path) -> int | None:
    """A descriptor of a new file without a name, None where the system or the file system has none."""
    if not hasattr(os, "O_TMPFILE") or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o666)
    except OSError:
        return None
