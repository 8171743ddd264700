"""What an attacked book answers, and which of the ledger's checks finds something in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from ledger.services.kept_elsewhere import noted
from ledger.services.open_ledger import Address, OpenedLedger, open_book
from ledger.services.replay import replay
from ledger.services.verify import verify
from ledger.store.check import check
from ledger.store.engine import open_engine, reading
from ledger.vocabulary.errors import LedgerError
from tests.reliability.attack.figures import Answers, answers

_NOW, _TODAY = datetime(2027, 12, 31, tzinfo=UTC), date(2027, 12, 31)

#: A position and the hash of its event, noted where the attacker cannot reach it.
Kept = tuple[int, str]


@dataclass(frozen=True)
class Verdict:
    """answers: of every question. found: by check, what it tells; a check that finds nothing is not in it."""

    answers: Answers
    found: dict[str, str]


def examined(url: str, book: str, kept: Kept | None = None) -> Verdict:
    """Ask everything of a book, by every check that needs the database alone; if none finds anything, by what was kept."""
    engine = open_engine(url)
    try:
        found = _told({"db check": lambda: _checked(engine)})
        try:
            with opened(url, book) as books:
                found |= _told({name: lambda ask=ask: ask(books) for name, ask in CHECKS.items()})
                if kept and not found:
                    found = _told({"verify --expect": lambda: _expected(books, kept)})
                return Verdict(answers(books), found)
        except LedgerError as error:
            return Verdict({}, found | {"opening": f"refused: {error}"})
    finally:
        engine.dispose()


@contextmanager
def opened(url: str, book: str) -> Iterator[OpenedLedger]:
    """The book, as its reader opens it."""
    books = open_book(Address(url, busy_seconds=5), actor="reader", book=book, clock=lambda: _NOW, new_id=str)
    try:
        yield books
    finally:
        books.ledger.engine.dispose()


def head_of(url: str, book: str) -> Kept:
    """What somebody would note of a book that nobody has touched."""
    with opened(url, book) as books:
        found = verify(books).found
        return found.events, found.head


def _told(asked: dict[str, Callable[[], str]]) -> dict[str, str]:
    """What each check says, if it says anything; whatever is raised and is no refusal is a crash, and the caller's."""
    told: dict[str, str] = {}
    for name, ask in asked.items():
        try:
            said = ask()
        except LedgerError as error:
            said = f"refused: {error}"
        if said:
            told[name] = said
    return told


def _checked(engine: Engine) -> str:
    with reading(engine) as connection:
        return "; ".join(each.sentence for each in check(connection) if not each.ok)


def _verified(books: OpenedLedger) -> str:
    return "; ".join(map(str, verify(books).found.problems[:2]))


def _decided(books: OpenedLedger) -> str:
    found = verify(books, decide=True)
    broken = found.decided.broken if found.decided else 0
    return "; ".join(map(str, found.found.problems[-broken:][:2])) if broken else ""


def _replayed(books: OpenedLedger) -> str:
    return "; ".join(map(str, replay(books, _TODAY, check=True).disagreements))


def _expected(books: OpenedLedger, kept: Kept) -> str:
    return "; ".join(map(str, verify(books, noted(*kept)).found.problems[:2]))


#: What anybody can ask who can read the database.
CHECKS: dict[str, Callable[[OpenedLedger], str]] = {
    "verify": _verified,
    "verify --decide": _decided,
    "replay --check": _replayed,
}
