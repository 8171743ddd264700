"""Reproduction: a pack in its folder, its manifest, and the same pack built again, held against each other by their bytes.

That is for packs of this release; those of another are held by their values (`reports.returned.pack_values`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.events import PackFile
from reports.pack.files import content_hash, sha256
from reports.pack.manifest import NAME as MANIFEST
from reports.pack.manifest import PackFolder
from reports.pack.pack import BuiltPack

SAME, SAME_CONTENT, DIFFERS, MISSING, UNLISTED = "same bytes", "same content", "DIFFERS", "MISSING", "NOT LISTED"
#: Of a pack of another release: values that were compared; what cannot be; what only one of the releases has.
SAME_VALUES, OTHER_VALUES, PICTURE = "same values", "OTHER VALUES", "a picture, not compared"
NEW, UNKNOWN = "new in this release", "not in this release"

_AS_IT_SHOULD_BE = frozenset({SAME, SAME_CONTENT, SAME_VALUES, PICTURE, NEW, UNKNOWN})


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One file. in_folder, rebuilt: how the file there, and the one built again, compare with the manifest."""

    file: str
    in_folder: str
    rebuilt: str

    @property
    def ok(self) -> bool:
        """Whether both say what the manifest says, however they are packed."""
        return {self.in_folder, self.rebuilt} <= _AS_IT_SHOULD_BE


def reproduced(built: BuiltPack, pack: PackFolder) -> list[Reproduced]:
    """Every file of the manifest, of the folder's own manifest, and of the pack built again."""
    listed = pack.manifest.files
    results = [
        Reproduced(record.name, in_folder(pack, record), compared(built.files.get(record.name), record))
        for record in listed
    ]
    known = {record.name for record in listed}
    results += [Reproduced(name, UNLISTED, UNLISTED) for name in built.files if name not in known | {MANIFEST}]
    rebuilt = SAME if built.files[MANIFEST] == pack.text else DIFFERS
    return [*results, Reproduced(MANIFEST, SAME, rebuilt)]


def in_folder(pack: PackFolder, record: PackFile) -> str:
    """How the file in the folder compares with what the manifest says of it."""
    path = pack.path_of(record.name)
    return compared(path.read_bytes() if path else None, record)


def compared(data: bytes | None, record: PackFile) -> str:
    """How a file compares with what the manifest says of it. data: None if there is no such file."""
    if data is None:
        return MISSING
    if sha256(data) == record.sha256:
        return SAME
    try:
        return SAME_CONTENT if content_hash(record.name, data) == record.content_sha256 else DIFFERS
    except ValueError:  # damaged in a way that it is no workbook any more
        return DIFFERS
