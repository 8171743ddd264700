"""Reproducing: a pack that was given out, built again from the ledger alone and compared, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.queries.audit.proofs import hash_at
from ledger.queries.figures.issues import issues, named
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_at
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, within
from ledger.services.report import READ, fitting_accounts, reproducing_command
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.quarters import Quarter

if TYPE_CHECKING:
    from ledger.views.quarter import QuarterView
    from reports.manifest import Manifest
    from reports.reproduction import Reproduced


@dataclass(frozen=True, slots=True)
class PackOrigin:
    """Where a pack says it comes from. compared_with: positions of the earlier issues that it names."""

    what: str
    book: str
    quarter: str
    as_of: date
    position: int
    head_hash: str
    compared_with: tuple[int, ...]
    versions: Mapping[str, str]
    schema_version: str


@dataclass(frozen=True, slots=True)
class GivenOut:
    """A pack in its folder. text: its manifest as it stands there."""

    folder: Path
    origin: PackOrigin
    manifest: Manifest
    text: bytes


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What became of every file. issued_at: where the ledger keeps this manifest's hash; None if it keeps none."""

    position: int
    issued_at: int | None
    files: tuple[Reproduced, ...]

    @property
    def ok(self) -> bool:
        """Whether every file is what the ledger gives."""
        return all(file.ok for file in self.files)


def given_out(pack: Path) -> GivenOut:
    """The pack in a folder, or of a manifest. Raises Unreadable."""
    from reports.manifest import UnreadableManifestError, read_manifest

    try:
        manifest, text = read_manifest(pack)
    except UnreadableManifestError as error:
        raise Unreadable(f"{error} Name the folder that `debt report` wrote, packs/2026Q3 say.") from error
    origin = PackOrigin(
        what=f"The pack {pack}",
        book=manifest.book,
        quarter=manifest.quarter,
        as_of=manifest.as_of,
        position=manifest.position,
        head_hash=manifest.head_hash,
        compared_with=tuple(issue.position for issue in manifest.compared_with),
        versions=manifest.versions,
        schema_version=manifest.schema_version,
    )
    return GivenOut(pack if pack.is_dir() else pack.parent, origin, manifest, text)


def reproduce(books: OpenedLedger, pack: GivenOut, told: Steps | None = None) -> Reproduction:
    """Build a pack again, and compare. Raises Refused for one of another book, StoreError for one of another ledger."""
    from reports.pack import build_pack
    from reports.reproduction import reproduced

    with collector_paused():
        view = view_of(books, pack.origin, within(told, 0, READ))
        with fitting_accounts():
            built = build_pack(view, pack.manifest.accounts, within(told, READ, 1))
    files = reproduced(built, pack.manifest.files, pack.text, pack.folder)
    return Reproduction(pack.origin.position, _issued_at(books, pack.text), tuple(files))


def _issued_at(books: OpenedLedger, manifest: bytes) -> int | None:
    """The position at which a pack with this very manifest was issued."""
    from reports.files import sha256

    wanted = sha256(manifest)
    with books.reader() as reader:
        found = [issue.position for issue in issues(reader) if issue.issued.manifest_sha256 == wanted]
    return found[0] if found else None


def view_of(books: OpenedLedger, origin: PackOrigin, told: Steps) -> QuarterView:
    """The quarter as the ledger gives it at the origin's position. Raises Refused, StoreError if it is not its ledger."""
    if books.settings.name != origin.book:
        raise Refused(
            f"{origin.what} is of the book '{origin.book}', not of '{books.settings.name}'.",
            f"`debt --book {origin.book} …` asks that one, if this database holds it.",
        )
    with books.reader() as now:
        known = named(issues(now), origin.compared_with)
    with reader_at(books.ledger, origin.position) as reader:
        found = hash_at(reader.connection, reader.name, origin.position)
        if found != origin.head_hash:
            raise StoreError(
                f"{origin.what} was made where position {origin.position} has the hash {origin.head_hash[:12]}…; "
                f"here it has {str(found)[:12]}…. It is of another ledger, or this one was rewritten: `debt verify`."
            )
        quarter = Quarter.parse(origin.quarter)
        command = reproducing_command(reader, quarter, origin.as_of)
        view = quarter_view(reader, quarter, origin.as_of, command, known, told)
    # What it was made with is a fact about the pack, not about this machine.
    versions = tuple(origin.versions.items())
    made_with = replace(view.provenance, versions=versions, schema_version=origin.schema_version)
    return replace(view, provenance=made_with)
