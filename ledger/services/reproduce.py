"""Reproducing: a pack that was given out, built again from the ledger alone and compared.

Byte for byte if this release made it; value for value, by table and column, if another did.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.queries.audit.proofs import hash_at
from ledger.queries.figures.issues import issues, named, reproducing_command
from ledger.queries.figures.quarter_view import quarter_view
from ledger.queries.reader import reader_at
from ledger.services.open_ledger import OpenedLedger
from ledger.services.progress import Steps, within
from ledger.services.report import READ
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.quarters import Quarter

if TYPE_CHECKING:
    from ledger.views.quarter import QuarterView
    from reports.origin import PackOrigin
    from reports.pack.manifest import PackFolder
    from reports.pack.reproduction import Reproduced
    from reports.returned.pack_values import PackValues as PackValues


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A pack, built again. issued_at: the position of the event that keeps its manifest's hash, None if none does.

    release: in words, the one that made it. across: the comparison by value, if that is another; without it the files
    were compared by bytes. pictures: whether some were not compared. fonts: in words, those of the pack's that this
    machine has not: then its values are compared, and no bytes.
    """

    position: int
    issued_at: int | None
    files: tuple[Reproduced, ...]
    release: str
    across: PackValues | None = None
    pictures: bool = False
    fonts: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the pack is what the ledger gives."""
        return all(file.ok for file in self.files)


def given_out(pack: Path) -> PackFolder:
    """The pack in a folder, or of a manifest. Raises Unreadable."""
    from reports.pack.manifest import read_pack

    return read_pack(pack)


def reproduce(
    books: OpenedLedger, pack: PackFolder, told: Steps | None = None, fonts: tuple[str, ...] = ()
) -> Reproduction:
    """Build a pack again from the ledger alone, and compare. fonts: that the configuration names.

    Raises Refused for a pack of another book, StoreError for one of another ledger, Unreadable for what it names and is none.
    """
    # Charts and workbook pull in matplotlib and openpyxl: only here, only now.
    from reports.fonts import fonts_of
    from reports.pack.files import sha256
    from reports.pack.pack import build_pack
    from reports.pack.reproduction import PICTURE, reproduced
    from reports.releases import is_this
    from reports.releases import named as in_words
    from reports.returned.pack_values import pack_values

    origin = pack.manifest.origin
    with collector_paused():
        view = view_as_given(books, origin, f"The pack {pack.folder}", within(told, 0, READ))
        _, missing = fonts_of(view, fonts)
        built = build_pack(view, pack.manifest.accounts, within(told, READ, 1), fonts)
    issued_at, release = _issued_at(books, sha256(pack.text)), in_words(origin.release)
    if is_this(origin.release) and not missing:
        return Reproduction(origin.position, issued_at, tuple(reproduced(built, pack)), release)
    across = pack_values(built, view, pack, issued=issued_at is not None)
    pictures = any(file.rebuilt == PICTURE for file in across.files)
    return Reproduction(origin.position, issued_at, across.files, release, across, pictures, tuple(missing))


def _issued_at(books: OpenedLedger, manifest_sha256: str) -> int | None:
    """The position at which a pack with this very manifest was issued."""
    with books.reader() as reader:
        found = [issue.position for issue in issues(reader) if issue.issued.manifest_sha256 == manifest_sha256]
    return found[0] if found else None


def view_as_given(books: OpenedLedger, origin: PackOrigin, what: str, told: Steps) -> QuarterView:
    """The quarter as the ledger gives it at a pack's position. what: names the pack in a message.

    Raises Refused, StoreError if the pack is of another book or ledger.
    """
    from reports.origin import as_made

    if books.settings.name != origin.book:
        raise Refused(
            f"{what} is of the book '{origin.book}', not of '{books.settings.name}'.",
            f"`debt --book {origin.book} …` asks that one, if this database holds it.",
        )
    with books.reader() as now:
        known = named(issues(now), origin.compared_with)
    with reader_at(books.ledger, origin.position) as reader:
        found = hash_at(reader.connection, reader.name, origin.position)
        if found != origin.head_hash:
            raise StoreError(
                f"{what} was made where position {origin.position} has the hash {origin.head_hash[:12]}…; "
                f"here it has {str(found)[:12]}…. It is of another ledger, or this one was rewritten: `debt verify`."
            )
        quarter = Quarter.parse(origin.quarter)
        command = reproducing_command(reader, quarter, origin.as_of)
        return as_made(quarter_view(reader, quarter, origin.as_of, command, known, told), origin)
