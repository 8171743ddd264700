"""Reproduction: a pack in its folder, its manifest, and the same pack built again, held against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ledger.events import PackFile
from reports.files import content_hash, sha256
from reports.manifest import NAME as MANIFEST
from reports.pack import BuiltPack

SAME, SAME_CONTENT, DIFFERS, MISSING, UNLISTED = "same bytes", "same content", "DIFFERS", "MISSING", "NOT LISTED"


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One file. in_folder, rebuilt: how the file there, and the one built again, compare with the manifest."""

    file: str
    in_folder: str
    rebuilt: str

    @property
    def ok(self) -> bool:
        """Whether both say what the manifest says, however they are packed."""
        return {self.in_folder, self.rebuilt} <= {SAME, SAME_CONTENT}


def reproduced(built: BuiltPack, listed: tuple[PackFile, ...], manifest: bytes, folder: Path) -> list[Reproduced]:
    """Every file of the manifest, of the folder's own manifest, and of the pack built again."""
    results = []
    for record in listed:
        again = built.files.get(record.name)
        results.append(Reproduced(record.name, _in_folder(folder, record), _compared(again, record)))
    known = {record.name for record in listed}
    results += [Reproduced(name, UNLISTED, UNLISTED) for name in built.files if name not in known | {MANIFEST}]
    rebuilt = SAME if built.files[MANIFEST] == manifest else DIFFERS
    return [*results, Reproduced(MANIFEST, SAME, rebuilt)]


def _in_folder(folder: Path, record: PackFile) -> str:
    # A name out of a file is not trusted to stay within the folder.
    path = (folder / record.name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return MISSING
    return _compared(path.read_bytes(), record)


def _compared(data: bytes | None, record: PackFile) -> str:
    if data is None:
        return MISSING
    if sha256(data) == record.sha256:
        return SAME
    try:
        return SAME_CONTENT if content_hash(record.name, data) == record.content_sha256 else DIFFERS
    except ValueError:  # damaged in a way that it is no workbook any more
        return DIFFERS
