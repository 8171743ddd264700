"""A book with one quarter closed and one to close, the doors at which closing is asked for, and ways to touch it."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from click.testing import CliRunner
from sqlalchemy import Engine, Table, delete, func, select, update

from ledger.cli import cli
from ledger.decide import Decided
from ledger.decide.close import Close
from ledger.decide.command import Command
from ledger.decide.commission import Commission
from ledger.decide.note import AddNote
from ledger.decide.repay import Repay
from ledger.decide.system_add import AddSystem
from ledger.events import RepaymentRecorded
from ledger.services.init import BookWanted, init
from ledger.services.open_ledger import Address, OpenedLedger, open_ledger
from ledger.store.engine import reading, writing
from ledger.store.transaction import Unit
from ledger.tables.facts import event, head, request
from ledger.tables.items import item
from ledger.tables.postings import posting
from ledger.vocabulary.errors import StoreError
from ledger.vocabulary.quantities import Quantity
from tests.helpers.small_ledger import drop_triggers, put_triggers_back
from tests.helpers.teller import copied

_SQLITE = "sqlite:///"
BOOK, CLOSED, NEXT = "main", "2025Q1", "2025Q2"
#: The position of the first repayment, of 50.00 on 2025-03-01, which the closed quarter sealed.
REPAID_AT = 4

_GATE = {"decided_by": "anna", "because": "the fair", "benefit": "three weeks", "repay_by": "2027Q1"}
_GLUE = Commission(
    system="FRAUD", title="Glue", category="glue-code", principal=Quantity(minor=12_000), on=date(2025, 1, 15), **_GATE
)
_HISTORY: tuple[Command, ...] = (
    AddSystem(system="FRAUD", name="Fraud", team="red", on=date(2025, 1, 2)),
    _GLUE,
    Repay(item="FRAUD-1", amount=Quantity(minor=5_000), on=date(2025, 3, 1)),
    Close(quarter=CLOSED),
    Repay(item="FRAUD-1", amount=Quantity(minor=1_000), on=date(2025, 5, 1)),
)


@contextmanager
def opened_book(url: str, *, anew: bool = False) -> Iterator[OpenedLedger]:
    """The book; its quarter NEXT has ended and can be closed. In a file it is a copy of one that was told once.

    anew: told again, with other identifiers and times.
    """
    if url.startswith(_SQLITE) and not anew:
        copied(_told_file(), Path(url.removeprefix(_SQLITE)))
    else:
        _tell(url)
    books = open_ledger(url, actor="ada")
    yield books
    books.ledger.engine.dispose()


def _tell(url: str) -> None:
    init(Address(url), BookWanted(BOOK, "EUR"), actor="ada")
    books = open_ledger(url, actor="ada")
    for command in _HISTORY:
        books.record(command)
    books.ledger.engine.dispose()


@cache
def _told_file() -> Path:
    folder = Path(mkdtemp())
    atexit.register(rmtree, folder)
    _tell(f"{_SQLITE}{folder / 'told.db'}")
    return folder / "told.db"


def recorded(engine: Engine) -> tuple[int, ...]:
    """How many events, requests and postings there are, and where the head is."""
    with reading(engine) as connection:
        counts = [connection.execute(select(func.count()).select_from(table)) for table in (event, request, posting)]
        return (*(count.scalar_one() for count in counts), connection.execute(select(head.c.position)).scalar_one())


# --- doors: each asks for NEXT to be closed, and raises StoreError where it is not ----------------------

CLOSE = Close(quarter=NEXT)
_NOTE = AddNote(item="FRAUD-1", text="in the same transaction")


def typed(url: str) -> None:
    """On the command line."""
    result = CliRunner().invoke(cli, ["--database", url, "--actor", "ada", "close", NEXT], prog_name="debt")
    if result.exit_code == StoreError.exit_code:
        raise StoreError(result.stderr)
    assert result.exit_code == 0, result.output


def said(url: str) -> None:
    """From Python."""
    open_ledger(url, actor="ada").record(CLOSE)


def handled(url: str) -> None:
    """By the store's own ledger."""
    books = open_ledger(url, actor="ada")
    books.ledger.handle(books.request(CLOSE))


def batched(url: str) -> None:
    """Among other requests of a batch, of which a refused one keeps no other from being recorded."""
    books = open_ledger(url, actor="ada")
    books.ledger.handle_all([books.request(_NOTE), books.request(CLOSE)])


def in_a_unit(url: str) -> None:
    """In a writing transaction in which something else was recorded before."""
    books = open_ledger(url, actor="ada")
    with books.ledger.appending() as unit:
        unit.record(books.request(_NOTE))
        unit.record(books.request(CLOSE))


Door = Callable[[str], None]
DOORS: tuple[Door, ...] = (typed, said, handled, batched, in_a_unit)


# --- ways to touch the books behind the ledger's back; each leaves the guards as they were --------------


@contextmanager
def unguarded(engine: Engine) -> Iterator[None]:
    """While this lasts no trigger stands in the way."""
    with writing(engine) as connection:
        drop_triggers(connection)
    yield
    with writing(engine) as connection:
        put_triggers_back(connection)


def _altered(books: OpenedLedger, table: Table, position: str, **values: object) -> None:
    with unguarded(books.ledger.engine), writing(books.ledger.engine) as connection:
        connection.execute(update(table).where(table.c[position] == REPAID_AT).values(**values))


def posting_altered(books: OpenedLedger) -> None:
    _altered(books, posting, "position", amount_minor=posting.c.amount_minor * 2)


def body_altered(books: OpenedLedger) -> None:
    _altered(books, event, "position", body=func.replace(event.c.body, "5000", "5001"))


def hash_altered(books: OpenedLedger) -> None:
    _altered(books, event, "position", hash="f" * 64)


def request_altered(books: OpenedLedger) -> None:
    _altered(books, request, "first_position", request_json=func.replace(request.c.request_json, "5000", "5001"))


def read_model_lost(books: OpenedLedger) -> None:
    with writing(books.ledger.engine) as connection:
        connection.execute(delete(item))


def guard_lost(books: OpenedLedger) -> None:
    with writing(books.ledger.engine) as connection:
        drop_triggers(connection)


def law_broken(books: OpenedLedger) -> None:
    """More is repaid, on an open day, than is outstanding."""
    with books.ledger.appending() as unit:
        break_law(books, unit)


def break_law(books: OpenedLedger, unit: Unit) -> None:
    """The same, in somebody's transaction."""
    slipped = RepaymentRecorded(
        item="FRAUD-1", nature="debt", dimension="system", removed_minor=100_000, carry_removed_minor_per_year=0,
        spent_minor=100_000, spent_assumed=True)  # fmt: skip
    asked = books.request(Repay(item="FRAUD-1", amount=Quantity(minor=100_000), on=date(2025, 6, 1)))
    unit.memory.state_for(asked.command.needs(), asked.asked_on)
    unit._stamp(asked, (Decided(date(2025, 6, 1), slipped),))


def closed_quarter_restated(books: OpenedLedger) -> None:
    """What the rules refuse is recorded with everything that belongs to it: nothing disagrees but what was sealed."""
    slipped = RepaymentRecorded(
        item="FRAUD-1", nature="debt", dimension="system", removed_minor=100, carry_removed_minor_per_year=0,
        spent_minor=100, spent_assumed=False)  # fmt: skip
    asked = books.request(AddNote(item="FRAUD-1", text="?"))
    with unguarded(books.ledger.engine), books.ledger.appending() as unit:
        unit.memory.state_for(asked.command.needs(), asked.asked_on)
        unit._stamp(asked, (Decided(date(2025, 3, 2), slipped),))
        unit.flush()


#: How the books are touched -> the check that finds it, and the place that it names first.
TOUCHED: dict[Callable[[OpenedLedger], None], tuple[str, str]] = {
    posting_altered: ("verify", f"position {REPAID_AT}, posting.amount_minor"),
    body_altered: ("verify", f"position {REPAID_AT}, event.hash"),
    hash_altered: ("verify", f"position {REPAID_AT}, event.hash"),
    request_altered: ("verify", f"position {REPAID_AT}, request."),
    read_model_lost: ("verify", "position 3, item.row"),
    guard_lost: ("verify", "schema.guard"),
    law_broken: ("decide", "position 7, event.decision, expected refused: Cannot repay EUR 1"),
    closed_quarter_restated: ("opening", "FRAUD-1, debt, on 2025-03-31: 7000 and"),
}
