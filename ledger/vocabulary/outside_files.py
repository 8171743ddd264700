"""Files from outside: only what is a file is opened, and read no further than a file of its kind reaches."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ledger.vocabulary.errors import Unreadable

#: What has a name in a folder and is no file. Opening one may wait for ever, or give bytes without end.
_NO_FILES = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}


def bytes_of(path: Path, *, most: int, what: str = "file") -> bytes:
    """A file's bytes. most: how many it may have at all, as a `what`.

    Raises Unreadable, naming the file.
    """
    refuse_no_file(path)
    try:
        with path.open("rb") as file:
            # Its size is enough to refuse it; one that does not say its size, or grows meanwhile, is read no further.
            too_large = os.fstat(file.fileno()).st_size > most
            data = b"" if too_large else file.read(most + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if too_large or len(data) > most:
        raise Unreadable(f"{path} has more than {most // 2**20} MiB: that is no {what}.")
    return data


def refuse_no_file(path: Path) -> None:
    """Raise Unreadable for what is no file, or a link to it: asked before anything is opened.

    What is not there passes: whoever opens it says what was looked for.
    """
    try:
        kind = _NO_FILES.get(stat.S_IFMT(path.stat().st_mode))
    except (OSError, ValueError):
        return
    if kind is not None:
        instead = "name a file in it" if kind == "a folder" else "write to a file, and name that"
        raise Unreadable(f"{path} is {kind} and no file: {instead}.")


def resolved(path: Path) -> Path:
    """Where a path leads, links followed. Raises Unreadable for links that lead to themselves."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise Unreadable(f"{path} is a link that leads to itself.") from error
