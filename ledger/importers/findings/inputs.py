"""What identifies an input: the bytes of its files, in their order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ledger.importers.files import natural
from ledger.vocabulary.errors import Unreadable

_AT_ONCE = 1 << 20


def input_sha256(paths: Iterable[Path]) -> str:
    """Of one file, the sha256 of its bytes; of several, the sha256 of theirs, one after the other. Hexadecimal.

    A folder stands for the files in it. Raises Unreadable, naming the file.
    """
    digests = [_file_sha256(file) for path in paths for file in _files(path)]
    return digests[0].hex() if len(digests) == 1 else hashlib.sha256(b"".join(digests)).hexdigest()


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted((file for file in path.iterdir() if file.is_file()), key=lambda file: natural(file.name))


def _file_sha256(path: Path) -> bytes:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_AT_ONCE):
                digest.update(piece)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror or error}.") from error
    return digest.digest()
