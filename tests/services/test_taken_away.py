"""Files of a book, from Python: written whole and never over what is there, and brought back as they were."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sealed_books import BOOK, opened_book

from ledger.services.bundle import bundle
from ledger.services.checkpoint import CheckpointWanted, covered, unsigned
from ledger.services.database import back_up_database, check_database, rebuild_read_models, restore_database
from ledger.services.demo import synthesize
from ledger.services.export import ExportWanted, export_file, export_stream
from ledger.services.init import BookWanted, init
from ledger.services.open_ledger import Address, OpenedLedger
from ledger.services.prove import prove
from ledger.services.replay import replay
from ledger.vocabulary.errors import NotFound, Refused, Unreadable

JSONL = ExportWanted("jsonl")

Write = Callable[[OpenedLedger, Path, bool], object]


@pytest.fixture
def books(tmp_path: Path) -> Iterator[OpenedLedger]:
    with opened_book(f"sqlite:///{tmp_path}/ledger.db") as found:
        yield found


def bundled(books: OpenedLedger, path: Path, force: bool = False) -> object:
    return bundle(books, path, force=force)


def exported(books: OpenedLedger, path: Path, force: bool = False) -> object:
    return export_file(books, JSONL, path, force=force)


@pytest.mark.parametrize("write", [bundled, exported])
def test_a_file_is_not_replaced_unless_it_is_meant(books: OpenedLedger, tmp_path: Path, write: Write) -> None:
    target = tmp_path / "taken"
    target.write_text("something else", encoding="utf-8")
    with pytest.raises(Refused, match="is there already"):
        write(books, target, False)
    assert target.read_text(encoding="utf-8") == "something else"
    write(books, target, True)
    assert target.read_bytes()[:14] != b"something else"


@pytest.mark.parametrize("write", [bundled, exported])
@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_the_ledger_itself_is_never_replaced(books: OpenedLedger, tmp_path: Path, write: Write, suffix: str) -> None:
    file = tmp_path / f"ledger.db{suffix}"
    before = file.read_bytes()
    with pytest.raises(Refused, match="is the ledger itself"):
        write(books, file, True)
    assert file.read_bytes() == before


@pytest.mark.parametrize("write", [bundled, exported])
def test_a_place_that_is_none_is_told(books: OpenedLedger, tmp_path: Path, write: Write) -> None:
    for place in (tmp_path / "nowhere" / "file", tmp_path):
        with pytest.raises(Unreadable):
            write(books, place, True)


def test_a_bundle_says_what_it_holds(books: OpenedLedger, tmp_path: Path) -> None:
    held = bundle(books, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert "verify.py" in archive.namelist()
    with books.reader() as reader:
        assert (held.book, held.position) == (BOOK, reader.position)


def test_an_export_is_the_same_to_a_file_and_to_a_stream(books: OpenedLedger, tmp_path: Path) -> None:
    stream = io.BytesIO()
    export_stream(books, JSONL, stream)
    export_file(books, JSONL, tmp_path / "book.jsonl")
    assert stream.getvalue() == (tmp_path / "book.jsonl").read_bytes()


def test_a_mapping_of_accounts_that_does_not_fit_exports_nothing(books: OpenedLedger, tmp_path: Path) -> None:
    wanted = ExportWanted("csv", accounts={"assets": "1700"})
    with pytest.raises(Unreadable, match="Nothing was exported"):
        export_file(books, wanted, tmp_path / "legs.csv")
    assert not (tmp_path / "legs.csv").exists()


@pytest.mark.parametrize("kind", ["backup", "export"])
def test_what_was_taken_away_comes_back_as_it_was(books: OpenedLedger, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "taken"
    if kind == "backup":
        back_up_database(Address(f"sqlite:///{tmp_path}/ledger.db"), file)
    else:
        export_file(books, JSONL, file)
    (found,) = restore_database(Address(f"sqlite:///{tmp_path}/back.db"), file)
    (kept,) = back_up_database(Address(f"sqlite:///{tmp_path}/ledger.db"), tmp_path / "compared")
    assert found == kept
    with pytest.raises(Refused):
        restore_database(Address(f"sqlite:///{tmp_path}/back.db"), file)


def test_a_book_of_another_name_is_not_restored(books: OpenedLedger, tmp_path: Path) -> None:
    export_file(books, JSONL, tmp_path / "book.jsonl")
    with pytest.raises(Refused):
        restore_database(Address(f"sqlite:///{tmp_path}/back.db"), tmp_path / "book.jsonl", wanted="other")
    assert not (tmp_path / "back.db").exists()


def test_a_database_that_is_in_order_needs_nothing(books: OpenedLedger, tmp_path: Path) -> None:
    assert all(finding.ok for finding in check_database(Address(f"sqlite:///{tmp_path}/ledger.db")))
    assert rebuild_read_models(books) == []
    assert replay(books, books.today).disagreements == ()


@pytest.mark.parametrize(
    "wanted", [BookWanted("b", "XYZ"), BookWanted("b", "EUR", time_zone="Mars/Olympus")], ids=["currency", "zone"]
)
def test_a_book_that_cannot_be_opened_makes_no_file(tmp_path: Path, wanted: BookWanted) -> None:
    with pytest.raises(Unreadable):
        init(Address(f"sqlite:///{tmp_path}/new.db"), wanted, actor="ada")
    assert list(tmp_path.iterdir()) == []


def test_a_book_is_opened_once(books: OpenedLedger, tmp_path: Path) -> None:
    with pytest.raises(Refused):
        init(Address(f"sqlite:///{tmp_path}/ledger.db"), BookWanted(BOOK, "EUR"), actor="ada")


def test_a_synthetic_ledger_needs_an_empty_folder(books: OpenedLedger, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is not empty"):
        synthesize(tmp_path, events=10)
    assert synthesize(tmp_path / "new", events=10).exists()


@pytest.mark.reliability
def test_a_checkpoint_and_a_proof_never_replace_a_file(books: OpenedLedger, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    note = unsigned(books, covered(books, CheckpointWanted(out=kept)))
    assert kept.read_text(encoding="utf-8") == note.text
    with pytest.raises(Refused, match="is there already"):
        covered(books, CheckpointWanted(out=kept))
    with pytest.raises(Refused, match="is there already"):
        prove(books, 1, out=kept)
    assert prove(books, 1, against=kept).note == note
    with pytest.raises(NotFound, match="has no position 99"):
        prove(books, 99)
