"""Packs, from Python: issued once, reproduced to the byte, held against the book, and refused as on the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sealed_books import BOOK, CLOSED, NEXT, opened_book, posting_altered, recorded

from ledger.services.init import BookWanted, init
from ledger.services.kept_elsewhere import kept_in, noted
from ledger.services.open_ledger import Address, OpenedLedger, open_ledger
from ledger.services.report import Issued, PackWanted, Untied, issue
from ledger.services.reproduce import given_out, reproduce
from ledger.services.verify import verify
from ledger.services.verify_workbook import came_back, verify_workbook
from ledger.vocabulary.errors import Refused, StoreError, Unreadable
from ledger.vocabulary.quarters import Quarter

pytestmark = pytest.mark.reliability

WANTED = PackWanted(Quarter.parse(CLOSED))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenedLedger, Issued]]:
    """A book, and the pack of its closed quarter, issued."""
    folder = tmp_path_factory.mktemp("office")
    with opened_book(f"sqlite:///{folder}/ledger.db") as books:
        yield books, issue(books, WANTED, folder / "packs")


@pytest.fixture
def books(office: tuple[OpenedLedger, Issued]) -> OpenedLedger:
    return office[0]


@pytest.fixture
def pack(office: tuple[OpenedLedger, Issued], tmp_path: Path) -> Path:
    """A copy of the pack's folder, to do with as one likes."""
    return Path(shutil.copytree(office[1].pack.folder, tmp_path / "pack"))


@pytest.fixture
def other(tmp_path: Path) -> Iterator[OpenedLedger]:
    """Another book, with nothing in it."""
    url = f"sqlite:///{tmp_path}/other.db"
    init(Address(url), BookWanted("other", "EUR"), actor="ada")
    books = open_ledger(url, actor="ada")
    yield books
    books.ledger.engine.dispose()


@pytest.mark.reliability
def test_a_pack_is_recorded_once(office: tuple[OpenedLedger, Issued], tmp_path: Path) -> None:
    books, first = office
    before = recorded(books.ledger.engine)
    again = issue(books, WANTED, tmp_path)
    assert (again.position, again.before, again.provisional) == (first.position, True, False)
    assert recorded(books.ledger.engine) == before


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (PackWanted(Quarter.parse("2024Q4")), "ends before the first entry"),
        (PackWanted(Quarter.parse("2199Q4")), "has not ended"),
        (PackWanted(Quarter.parse(NEXT), as_of=date(2025, 3, 31)), "is not in"),
        (PackWanted(Quarter.parse(NEXT), known_at="2001-01-01"), "Nothing was known then"),
    ],
)
def test_a_quarter_that_cannot_be_reported_is_refused(
    books: OpenedLedger, tmp_path: Path, wanted: PackWanted, words: str
) -> None:
    before = recorded(books.ledger.engine)
    with pytest.raises(Refused, match=words):
        issue(books, wanted, tmp_path)
    assert (list(tmp_path.iterdir()), recorded(books.ledger.engine)) == ([], before)


def test_a_book_without_items_has_no_pack(other: OpenedLedger, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no entry on any item"):
        issue(other, WANTED, tmp_path / "packs")


@pytest.mark.reliability
def test_a_mapping_of_accounts_that_does_not_fit_is_told(books: OpenedLedger, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No pack was written"):
        issue(books, replace(WANTED, accounts={"assets": "1700"}), tmp_path / "packs")
    assert not (tmp_path / "packs").exists()


@pytest.mark.reliability
def test_a_pack_that_does_not_tie_is_written_and_not_issued(tmp_path: Path) -> None:
    with opened_book(f"sqlite:///{tmp_path}/ledger.db") as books:
        posting_altered(books)
        before = recorded(books.ledger.engine)
        with pytest.raises(Untied, match="does not tie and is not recorded as issued") as refused:
            issue(books, WANTED, tmp_path / "packs")
        assert refused.value.issued.pack.workbook.exists()
        assert recorded(books.ledger.engine) == before


@pytest.mark.reliability
def test_a_pack_is_reproduced_to_the_byte(office: tuple[OpenedLedger, Issued], pack: Path) -> None:
    books, issued = office
    again = reproduce(books, given_out(pack))
    assert (again.ok, again.issued_at) == (True, issued.position)
    (postings,) = pack.glob("postings-*.csv")
    postings.write_text("position\n", encoding="utf-8")
    altered = reproduce(books, given_out(pack))
    assert [file.file for file in altered.files if not file.ok] == [postings.name]


def test_a_workbook_that_came_back_unchanged_says_what_the_ledger_says(books: OpenedLedger, pack: Path) -> None:
    (workbook,) = pack.glob("*.xlsx")
    assert verify_workbook(books, came_back(workbook)).same


def test_what_is_of_another_book_is_refused(other: OpenedLedger, pack: Path) -> None:
    (workbook,) = pack.glob("*.xlsx")
    with pytest.raises(Refused, match=f"is of the book '{BOOK}', not of 'other'"):
        reproduce(other, given_out(pack))
    with pytest.raises(Refused, match=f"is of the book '{BOOK}', not of 'other'"):
        verify_workbook(other, came_back(workbook))
    with pytest.raises(Refused, match=f"is of the book '{BOOK}', not of 'other'"):
        verify(other, kept_in(pack))


def test_a_pack_of_a_ledger_that_was_made_anew_is_not_reproduced(pack: Path, tmp_path: Path) -> None:
    """The same entries, recorded at another time, are another ledger."""
    with (
        opened_book(f"sqlite:///{tmp_path}/ledger.db", anew=True) as anew,
        pytest.raises(StoreError, match="of another ledger, or this one was rewritten"),
    ):
        reproduce(anew, given_out(pack))


def test_what_is_no_pack_is_told(tmp_path: Path) -> None:
    for reading in (given_out, kept_in):
        with pytest.raises(Unreadable):
            reading(tmp_path)


# --- what was kept elsewhere --------------------------------------------------------------------------


def test_a_pack_proves_the_book_of_which_it_was_made(books: OpenedLedger, pack: Path) -> None:
    verified = verify(books, kept_in(pack))
    assert verified.ok
    assert verified.proved == f"chain and the pack of {CLOSED} in {pack}"


def test_a_pack_contradicts_a_book_that_was_made_anew(pack: Path, tmp_path: Path) -> None:
    """Alone it agrees with itself."""
    with opened_book(f"sqlite:///{tmp_path}/ledger.db", anew=True) as anew:
        assert verify(anew).ok
        verified = verify(anew, kept_in(pack))
    assert (verified.ok, verified.proved) == (False, None)


def test_a_hash_that_was_kept_contradicts_another(books: OpenedLedger) -> None:
    with books.reader() as reader:
        position = reader.position
    verified = verify(books, noted(position, "0" * 64))
    assert not verified.ok
    assert [(problem.position, problem.field) for problem in verified.found.problems] == [(position, "hash")]
