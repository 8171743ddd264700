"""The file that a monitor compares with: found where it is named, and known by its content from then on."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import msgspec

from ledger.decide.monitor import DocumentMonitor
from ledger.decide.reference_replace import ReplaceReference
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.measure_settings import FILES


def pinned(command: DocumentMonitor) -> DocumentMonitor:
    """The command with its files' whole paths, so that it is the same from every folder, and the reference's sha256.

    Raises Unreadable for a reference that cannot be read.
    """
    files = {option: tuple(map(whole_path, command.settings[option])) for option in FILES if option in command.settings}
    # Of an option that takes one value the last counts.
    reference = next(iter(files.get("reference", ())[-1:]), None)
    return msgspec.structs.replace(
        command,
        settings=command.settings | files,
        reference_sha256=sha256_of(reference) if reference is not None else None,
    )


def replacement(
    system: str,
    monitor: str,
    file: str | Path,
    because: str | None,
    *,
    on: date | None = None,
    late: bool = False,
    evidence: str | None = None,
) -> ReplaceReference:
    """What records that a monitor compares with this file from a day on. Raises Unreadable for what cannot be read."""
    path = whole_path(file)
    return ReplaceReference(
        on=on,
        late=late,
        evidence=evidence,
        system=system,
        monitor=monitor,
        reference=path,
        sha256=sha256_of(path),
        because=because,
    )


def whole_path(file: str | Path) -> str:
    """Where a file is, whatever folder somebody stands in; links stay, because what they point to may move."""
    return str(Path(file).absolute())


def sha256_of(path: str) -> str:
    """The fingerprint of a file's bytes. Raises Unreadable for what is no file, or is kept from us."""
    if Path(path).exists() and not Path(path).is_file():
        raise Unreadable(f"{path} is no file: the reference is read each time, and has to be one.")
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Unreadable(
            f"The reference {path} cannot be read: {error.strerror or error}. Nothing was recorded. Document the monitor "
            "where the file is."
        ) from error
