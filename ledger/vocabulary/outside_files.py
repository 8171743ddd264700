"""Files from outside: read whole, and no further than a file of their kind reaches."""

from __future__ import annotations

from pathlib import Path

from ledger.vocabulary.errors import Unreadable


def bytes_of(path: Path, *, most: int, what: str = "file") -> bytes:
    """A file's bytes. most: how many it may have at all, as a `what`; an endless device has more.

    Raises Unreadable, naming the file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(data) > most:
        raise Unreadable(f"{path} has more than {most // 2**20} MiB: that is no {what}.")
    return data


def refuse_what_waits(path: Path) -> None:
    """Raise Unreadable for a pipe with a name, of which nobody knows when it will be written to."""
    if path.is_fifo():
        raise Unreadable(f"{path} is a pipe and no file: write to a file, and name that.")
