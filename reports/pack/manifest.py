"""The manifest: what identifies a pack, and all that is needed to build it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from ledger.events import PackFile
from ledger.views.quarter import QuarterView
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.outside_files import bytes_of
from reports.origin import PackOrigin

FORMAT = "debt-ledger-pack/1"
NAME = "MANIFEST.json"
_MOST_BYTES = 64 * 2**20
_NAME_A_FOLDER = "Name the folder that `debt report` wrote, packs/2026Q3 say."


class UnreadableManifestError(Unreadable):
    """A file that is no manifest of a pack; the message says why."""


class Compared(msgspec.Struct, frozen=True):
    """An earlier issue that the pack says something about. position: of its event `pack-issued`."""

    position: int
    quarter: str
    known_position: int


class Manifest(msgspec.Struct, frozen=True, rename={"format_": "format"}):
    """What MANIFEST.json says.

    position, head_hash, known_at: of the last event that the pack knows. accounts: the finance department's
    codes in the postings, by our accounts. checks: OK or ERROR. files: all of the pack but the manifest.
    """

    format_: str
    book: str
    quarter: str
    provisional: bool
    as_of: date
    known_at: str
    position: int
    head_hash: str
    currency: str
    schema_version: str
    versions: dict[str, str]
    command: str
    compared_with: tuple[Compared, ...]
    accounts: dict[str, str]
    checks: str
    files: tuple[PackFile, ...]

    @property
    def origin(self) -> PackOrigin:
        """Where the pack says that it comes from."""
        return PackOrigin(
            book=self.book,
            quarter=self.quarter,
            as_of=self.as_of,
            position=self.position,
            head_hash=self.head_hash,
            compared_with=tuple(issue.position for issue in self.compared_with),
            schema_version=self.schema_version,
            versions=self.versions,
        )

    def encoded(self) -> bytes:
        """The file's bytes: ASCII, indented, the same for the same manifest."""
        return (json.dumps(msgspec.to_builtins(self), indent=2, ensure_ascii=True) + "\n").encode()


def manifest_of(view: QuarterView, files: tuple[PackFile, ...], accounts: Mapping[str, str], *, ok: bool) -> Manifest:
    """The manifest of a pack that was built from a view."""
    origin = view.provenance
    return Manifest(
        format_=FORMAT,
        book=origin.book,
        quarter=origin.quarter,
        provisional=origin.provisional,
        as_of=origin.as_of,
        known_at=origin.known_at,
        position=origin.position,
        head_hash=origin.head_hash,
        currency=origin.currency,
        schema_version=origin.schema_version,
        versions=dict(origin.versions),
        command=origin.command,
        compared_with=tuple(Compared(issue.position, issue.quarter, issue.known_position) for issue in view.issues),
        accounts=dict(sorted(accounts.items())),
        checks="OK" if ok else "ERROR",
        files=files,
    )


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A pack as it lies in its folder. text: the bytes of its manifest, as they are there."""

    folder: Path
    manifest: Manifest
    text: bytes

    def path_of(self, name: str) -> Path | None:
        """A file of the pack; None if it is not there. A name out of a file is not trusted to stay in the folder."""
        path = (self.folder / name).resolve()
        return path if path.is_relative_to(self.folder.resolve()) and path.is_file() else None


def read_pack(pack: Path) -> PackFolder:
    """A pack, given its folder or the manifest itself.

    Raises UnreadableManifestError if there is no manifest, or if it is not one of this format.
    """
    path = pack / NAME if pack.is_dir() else pack
    try:
        data = bytes_of(path, most=_MOST_BYTES, what="manifest")
    except Unreadable as error:
        raise UnreadableManifestError(f"{error} {_NAME_A_FOLDER}") from error
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableManifestError(f"{path} is not the manifest of a pack: {error}. {_NAME_A_FOLDER}") from error
    if manifest.format_ != FORMAT:
        raise UnreadableManifestError(
            f"{path} is of the format '{manifest.format_}'; this version reads {FORMAT}. {_NAME_A_FOLDER}"
        )
    return PackFolder(path.parent, manifest, data)
