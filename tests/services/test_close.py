"""QuarterClosing a quarter: whoever asks, and however, the books are examined in the transaction that seals them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from threading import Thread

import pytest
from sealed_books import BOOK, CLOSE, DOORS, NEXT, TOUCHED, Door, opened_book, recorded

from ledger.decide.close import Close, Unexamined
from ledger.decide.repay import Repay
from ledger.services.close import QuarterClosing
from ledger.services.open_ledger import Ledger, OpenedLedger, new_id, now, open_ledger
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.quantities import Quantity

pytestmark = pytest.mark.sqlite_first

#: How long a writer that should be waiting is given to show that it does not.
_PATIENCE_SECONDS = 0.5


@pytest.fixture
def books(database_url: str) -> Iterator[OpenedLedger]:
    with opened_book(database_url) as found:
        yield found


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_books_that_nobody_touched_are_closed_at_every_door(books: OpenedLedger, database_url: str, door: Door) -> None:
    door(database_url)
    with pytest.raises(Refused, match="closed already"):
        books.record(Close(quarter=NEXT), again=True)


@pytest.mark.parametrize("touch", TOUCHED, ids=lambda touch: touch.__name__)
def test_books_that_were_touched_are_closed_at_no_door(
    books: OpenedLedger, database_url: str, touch: Callable[[OpenedLedger], None]
) -> None:
    touch(books)
    check, place = TOUCHED[touch]
    before = recorded(books.ledger.engine)
    for door in DOORS:
        with pytest.raises(StoreError) as refused:
            door(database_url)
        assert f"{NEXT} was not closed: {check}: " in str(refused.value), door.__name__
        assert place in str(refused.value), door.__name__
        assert recorded(books.ledger.engine) == before, door.__name__


def test_a_ledger_that_examines_nothing_closes_nothing(books: OpenedLedger) -> None:
    before = recorded(books.ledger.engine)
    careless = Ledger(books.ledger.engine, BOOK, now, new_id)
    with pytest.raises(Unexamined, match=f"{NEXT} was not closed"):
        careless.handle(books.request(CLOSE))
    assert recorded(books.ledger.engine) == before


def test_a_rule_refuses_before_the_books_are_read(books: OpenedLedger) -> None:
    """Reading all of them keeps others from recording: not for what is refused anyway."""
    closing = QuarterClosing(books.ledger, books.request(Close(quarter="2025Q4")))
    for attempt in (closing.record, closing.rehearse):
        with pytest.raises(Refused, match="cannot be closed before 2025Q2"):
            attempt()
        assert closing.sealing is None


def test_a_retry_finds_its_receipt_without_an_examination(books: OpenedLedger) -> None:
    first = books.record(CLOSE, key="seal")
    closing = QuarterClosing(books.ledger, books.request(CLOSE, key="seal"))
    (again,) = closing.record()
    assert (again.recorded, again.repeated) == (first[0].recorded, True)
    assert closing.sealing is None


def test_what_is_sealed_is_what_was_examined(books: OpenedLedger) -> None:
    """Recorded in the same transaction, and so behind the events that were read."""
    closing = QuarterClosing(books.ledger, books.request(CLOSE))
    (receipt,) = closing.record()
    assert closing.sealing is not None
    assert closing.sealing.position == receipt.recorded.position - 1
    assert not closing.sealing.objections


def test_a_rehearsal_finds_the_same_and_records_nothing(books: OpenedLedger) -> None:
    before = recorded(books.ledger.engine)
    rehearsed = QuarterClosing(books.ledger, books.request(CLOSE))
    rehearsed.rehearse()
    assert recorded(books.ledger.engine) == before
    closing = QuarterClosing(books.ledger, books.request(CLOSE))
    closing.record()
    assert rehearsed.sealing == closing.sealing


# --- others, meanwhile --------------------------------------------------------------------------------


class Clerk(Thread):
    """Records a repayment of the quarter that is being closed, at another window. outcome: what became of it."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url = url
        self.outcome: object = None

    def run(self) -> None:
        repayment = Repay(item="FRAUD-1", amount=Quantity(minor=700), on=date(2025, 6, 30))
        try:
            self.outcome = open_ledger(self.url, actor="bob").record(repayment)
        except Refused as refusal:
            self.outcome = refusal


def test_nobody_records_between_the_examination_and_the_closing(books: OpenedLedger, database_url: str) -> None:
    clerk = Clerk(database_url)

    def meanwhile(done: int, of: int) -> None:
        if not clerk.ident:
            clerk.start()
            clerk.join(_PATIENCE_SECONDS)
        assert clerk.outcome is None

    (receipt,) = QuarterClosing(books.ledger, books.request(CLOSE), meanwhile).record()
    clerk.join()
    assert isinstance(clerk.outcome, Refused)
    assert "closed" in str(clerk.outcome)
    assert recorded(books.ledger.engine)[-1] == receipt.recorded.position


def test_a_rehearsal_keeps_nobody_from_recording(books: OpenedLedger, database_url: str) -> None:
    clerk = Clerk(database_url)

    def meanwhile(done: int, of: int) -> None:
        if not clerk.ident:
            clerk.start()
            clerk.join()

    before = recorded(books.ledger.engine)[-1]
    closing = QuarterClosing(books.ledger, books.request(CLOSE), meanwhile)
    closing.rehearse()
    assert closing.sealing is not None
    assert (closing.sealing.position, recorded(books.ledger.engine)[-1]) == (before, before + 1)
