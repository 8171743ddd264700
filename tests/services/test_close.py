"""QuarterClosing a quarter: whoever asks, and however, the books are examined in the transaction that seals them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from threading import Thread

import pytest
from msgspec.structs import replace
from sealed_books import (
    BOOK,
    CLOSE,
    DOORS,
    NEXT,
    TOUCHED,
    Door,
    break_law,
    law_broken,
    opened_book,
    read_model_lost,
    recorded,
)

from ledger.decide.close import Close, Unexamined
from ledger.decide.note import AddNote
from ledger.decide.repay import Repay
from ledger.services.clock import new_id, now
from ledger.services.close import MOST_BESIDE, QuarterClosing
from ledger.services.open_ledger import Ledger, OpenedLedger, open_ledger
from ledger.store.decisions import decide_again
from ledger.store.engine import reading
from ledger.store.transaction import Unit
from ledger.store.verification import Verification
from ledger.store.verify import verify
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


def test_what_stands_before_it_in_a_batch_is_sealed_and_what_follows_comes_too_late(books: OpenedLedger) -> None:
    """Under one lock: the batch's own entries are examined with the rest, although they are not committed yet."""
    late = Repay(item="FRAUD-1", amount=Quantity(minor=300), on=date(2025, 6, 30))
    before = replace(late, amount=Quantity(minor=500))
    asked = [before, CLOSE, late, Close(quarter=NEXT, evidence="once more"), replace(late, on=date(2025, 7, 1))]
    outcomes = books.ledger.handle_all([books.request(each) for each in asked])
    assert [type(each.refusal) for each in outcomes] == [type(None), type(None), Refused, Refused, type(None)]
    assert "closed to 2025-06-30" in str(outcomes[2].refusal)
    assert "closed already" in str(outcomes[3].refusal)
    first = outcomes[0].receipts[0].recorded.position
    assert [each.receipts[0].recorded.position for each in outcomes if each.receipts] == [first, first + 1, first + 2]
    with reading(books.ledger.engine) as connection:
        assert verify(connection, BOOK).ok
        found = Verification()
        decided = decide_again(connection, BOOK, found)
    assert (found.problems, decided.broken) == ([], 0)


@pytest.mark.parametrize("key", [None, "seal"])
def test_a_batch_that_closes_over_what_it_broke_itself_records_nothing(books: OpenedLedger, key: str | None) -> None:
    """Not the rest of it either: who hears of books that do not hold has to look before anything else."""
    before = recorded(books.ledger.engine)

    def work(unit: Unit) -> None:
        unit.record(books.request(AddNote(item="FRAUD-1", text="first")))
        break_law(books, unit)
        unit.record(books.request(CLOSE, key=key))

    with pytest.raises(StoreError, match=f"{NEXT} was not closed: decide: "):
        books.ledger.append(work)
    assert recorded(books.ledger.engine) == before


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

    def __init__(self, url: str, minor: int = 700) -> None:
        super().__init__(daemon=True)
        self.url, self.minor = url, minor
        self.outcome: object = None

    def run(self) -> None:
        repayment = Repay(item="FRAUD-1", amount=Quantity(minor=self.minor), on=date(2025, 6, 30))
        try:
            self.outcome = open_ledger(self.url, actor="bob").record(repayment)
        except Refused as refusal:
            self.outcome = refusal


def test_who_records_during_the_examination_does_not_wait_and_is_examined_too(
    books: OpenedLedger, database_url: str
) -> None:
    """What he recorded is sealed with the rest, and what is sealed is what was examined."""
    clerk = Clerk(database_url)

    def meanwhile(done: int, of: int) -> None:
        if not clerk.ident:
            clerk.start()
            clerk.join()

    closing = QuarterClosing(books.ledger, books.request(CLOSE), meanwhile)
    (receipt,) = closing.record()
    assert isinstance(clerk.outcome, tuple), clerk.outcome
    assert closing.sealing is not None
    assert closing.sealing.position == clerk.outcome[0].recorded.position == receipt.recorded.position - 1


def test_a_book_in_which_others_never_rest_is_examined_under_the_lock(books: OpenedLedger, database_url: str) -> None:
    """After so many examinations beside, the last one lets nobody record."""
    clerks: list[Clerk] = []

    def meanwhile(done: int, of: int) -> None:
        if done == of:
            clerks.append(Clerk(database_url, 1 + len(clerks)))
            clerks[-1].start()
            clerks[-1].join(_PATIENCE_SECONDS)

    (receipt,) = QuarterClosing(books.ledger, books.request(CLOSE), meanwhile).record()
    for clerk in clerks:
        clerk.join()
    assert len(clerks) == MOST_BESIDE + 1
    assert all(isinstance(clerk.outcome, tuple) for clerk in clerks[:MOST_BESIDE])
    assert isinstance(clerks[-1].outcome, Refused)
    assert recorded(books.ledger.engine)[-1] == receipt.recorded.position


@pytest.mark.parametrize("touch", TOUCHED, ids=lambda touch: touch.__name__)
def test_what_is_touched_after_it_was_examined_is_found(sqlite_url: str, touch: Callable[[OpenedLedger], None]) -> None:
    """When all was read that the examination reads, and before the lock is taken."""
    check, place = TOUCHED[touch]
    touched: list[int] = []

    def meanwhile(done: int, of: int) -> None:
        if done == of and not touched:
            touched.append(done)
            touch(books)

    with opened_book(sqlite_url) as books:
        with pytest.raises(StoreError) as refused:
            QuarterClosing(books.ledger, books.request(CLOSE), meanwhile).record()
        assert touched
        assert f"{NEXT} was not closed: {check}: " in str(refused.value)
        assert place in str(refused.value)


@pytest.mark.parametrize("touch", [read_model_lost, law_broken], ids=lambda touch: touch.__name__)
def test_what_is_touched_so_is_found_on_postgresql(postgres_url: str, touch: Callable[[OpenedLedger], None]) -> None:
    """What needs no lock that the reading would not give: the rest of it is done as on SQLite."""
    test_what_is_touched_after_it_was_examined_is_found(postgres_url, touch)


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
