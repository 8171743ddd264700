"""What is frozen, thawed: copies to work on, in a folder of the test's own."""

from __future__ import annotations

import json
import lzma
import shutil
import tarfile
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

from ledger.cli import cli
from ledger.services.open_ledger import open_ledger
from ledger.services.reproduce import view_as_given
from ledger.views.quarter import QuarterView
from reports.pack.manifest import read_pack
from reports.pack.pack import BuiltPack
from reports.returned.origin import read_origin
from reports.returned.pack_values import PackValues, pack_values
from tests.corpus.make import CORPUS
from tests.corpus.questions import edge_at


def thawed_sqlite(schema: str, folder: Path) -> str:
    """The URL of a copy of a schema's SQLite file."""
    path = folder / "ledger.db"
    path.write_bytes(lzma.decompress((CORPUS / schema / "ledger.db.xz").read_bytes()))
    return f"sqlite:///{path}"


def thawed_pack(schema: str, folder: Path) -> Path:
    """A copy of a schema's pack, as it was given out."""
    archive = CORPUS / schema / "pack.tar.xz"
    if not archive.exists():
        return Path(shutil.copytree(CORPUS / schema / "pack", folder / "pack"))
    with tarfile.open(archive) as pack:
        # Python before 3.11.4 knows no filters; the file is our own.
        pack.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return folder / "pack"


class Given(NamedTuple):
    """A pack that was given out and the ledger from which it came."""

    database: str
    pack: Path

    @property
    def workbook(self) -> Path:
        """The workbook in its folder."""
        (found,) = self.pack.glob("*.xlsx")
        return found

    @property
    def manifest(self) -> dict[str, Any]:
        """What its manifest says."""
        said: dict[str, Any] = json.loads((self.pack / "MANIFEST.json").read_text(encoding="utf-8"))
        return said

    def type(self, *words: str) -> Result:
        """Type a command at the ledger."""
        return CliRunner().invoke(cli, ["--database", self.database, *words], obj=edge_at("2026-11-01", 0))

    def rewrite(self, **fields: Any) -> None:
        """Write the manifest anew, with other fields."""
        (self.pack / "MANIFEST.json").write_text(json.dumps({**self.manifest, **fields}), encoding="utf-8")


def view_of(given: Given) -> QuarterView:
    """The quarter of a pack as the ledger gives it."""
    origin = read_origin(given.workbook)
    books = open_ledger(given.database, actor="ada", book=origin.book)
    try:
        return view_as_given(books, origin, "The pack", lambda _step, _done: None)
    finally:
        books.ledger.engine.dispose()


def held(again: tuple[BuiltPack, QuarterView], given: Given, *, issued: bool = True) -> PackValues:
    """An altered pack beside the one built again; without what the ledger says of its manifest, nor of other releases."""
    return pack_values(*again, read_pack(given.pack), issued=issued)
