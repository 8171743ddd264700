"""What an attacked book answers, and which of the ledger's checks finds something in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from ledger.services.kept_elsewhere import noted
from ledger.services.open_ledger import Address, OpenedLedger, open_book
from ledger.services.replay import replay
from ledger.services.verify import verify
from ledger.store.check import check
from ledger.store.decisions import decide_again
from ledger.store.engine import reading
from ledger.store.verification import Verification
from ledger.vocabulary.errors import LedgerError
from tests.reliability.attack.figures import Answers, answers

_NOW, _TODAY = datetime(2027, 12, 31, tzinfo=UTC), date(2027, 12, 31)

#: A position and the hash of its event, noted where the attacker cannot reach it.
Kept = tuple[int, str]


@dataclass(frozen=True)
class Verdict:
    """differs: the first question that is answered otherwise, None if none is. found_by: the first check that tells of it,
    with what it said; None if none does. Which comes first is for the dice to say."""

    differs: str | None
    found_by: tuple[str, str] | None


def examined(url: str, book: str, right: Answers, dice: Random, kept: Kept | None = None) -> Verdict:
    """Ask until an answer is another one, then check until something is found; at last by what was kept elsewhere.

    Where every answer is right, one check is made all the same: it may find something, and may not break.
    """
    asked = dice.sample([*CHECKS], len(CHECKS))
    try:
        with opened(url, book) as books:
            differs = next((name for name, said in answers(books, dice) if said != right.get(name)), None)
            for name in asked if differs else asked[:1]:
                said = told(books, name)
                if said:
                    return Verdict(differs, (name, said))
            said = told(books, EXPECT, kept) if differs and kept else ""
            return Verdict(differs, (EXPECT, said) if said else None)
    except LedgerError as error:  # it could not even be opened
        return Verdict("opening", ("opening", str(error)))


@contextmanager
def opened(url: str, book: str) -> Iterator[OpenedLedger]:
    """The book, as its reader opens it."""
    books = open_book(Address(url, busy_seconds=5), asking=lambda: "reader", book=book, clock=lambda: _NOW, new_id=str)
    try:
        yield books
    finally:
        books.ledger.engine.dispose()


def head_of(books: OpenedLedger) -> Kept:
    """What somebody would note of a book that nobody has touched."""
    found = verify(books).found
    return found.events, found.head


def told(books: OpenedLedger, check_name: str, kept: Kept | None = None) -> str:
    """What a check says; nothing if it finds nothing. Whatever is raised and is no refusal is a crash, and the caller's."""
    try:
        return _expected(books, kept) if kept else CHECKS[check_name](books)
    except LedgerError as error:
        return f"refused: {error}"


def _checked(books: OpenedLedger) -> str:
    with reading(books.ledger.engine) as connection:
        return "; ".join(each.sentence for each in check(connection) if not each.ok)


def _verified(books: OpenedLedger) -> str:
    return "; ".join(map(str, verify(books).found.problems[:2]))


def _decided(books: OpenedLedger) -> str:
    """What `verify --decide` adds to `verify`."""
    broken = Verification()
    with reading(books.ledger.engine) as connection:
        decide_again(connection, books.settings.name, broken)
    return "; ".join(map(str, broken.problems[:2]))


def _replayed(books: OpenedLedger) -> str:
    return "; ".join(map(str, replay(books, _TODAY, check=True).disagreements))


def _expected(books: OpenedLedger, kept: Kept) -> str:
    return "; ".join(map(str, verify(books, noted(*kept)).found.problems[:2]))


#: What anybody can ask who can read the database; EXPECT needs what was kept outside it.
CHECKS: dict[str, Callable[[OpenedLedger], str]] = {
    "verify": _verified,
    "verify --decide": _decided,
    "db check": _checked,
    "replay --check": _replayed,
}
EXPECT = "verify --expect"
