"""Files put in place whole or not at all, and what identifies their content."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from ledger.vocabulary.unplaced_files import UnplacedFile, unplaced

#: A pack of 100,000 postings unpacks to a fifth of it.
MOST_UNPACKED_BYTES = 2**30


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file without a place, then put all of them in theirs, in the given order.

    If writing fails, no file of an earlier pack has been touched and no half file is left.
    """
    with ExitStack() as waiting:
        made: list[UnplacedFile] = []
        for name, data in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            made.append(waiting.enter_context(unplaced(target)))
            made[-1].file.write(data)
            made[-1].file.flush()
        for each in made:
            each.place()


def sha256(data: bytes) -> str:
    """64 hexadecimal digits over the bytes as they are."""
    return hashlib.sha256(data).hexdigest()


def content_hash(name: str, data: bytes) -> str:
    """64 hexadecimal digits over what the file says, however it was packed.

    A workbook: over its sorted part names and the bytes of each part, which one writer spells one way;
    a canonical spelling would say the same and take as long as writing the workbook. Anything else: over
    its bytes. Raises ValueError for a workbook that is none.
    """
    if not name.endswith(".xlsx"):
        return sha256(data)
    digest = hashlib.sha256()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
                raise ValueError(
                    f"{name} unpacks to more than {MOST_UNPACKED_BYTES // 2**30} GiB: it is no pack's workbook."
                )
            for part in sorted(parts.namelist()):
                digest.update(f"{part}\n{sha256(parts.read(part))}\n".encode())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ValueError(f"{name} is not a workbook: {error}.") from error
    return digest.hexdigest()
