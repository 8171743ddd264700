"""A book's time zone: a name that lasts when it is opened, and another from a position on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import reset_tzpath

import pytest

from ledger.decide import Decided
from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.events import BookOpened
from ledger.services.open_ledger import Address, open_book
from ledger.store import transaction
from ledger.store.ledger import Ledger
from ledger.store.upgrade import upgrade
from tests.helpers.teller import NOON, Clock, Teller, new_id
from tests.vocabulary.test_zone_names import NO_NAMES

NOTED = "observe FRAUD Found --category glue-code --cause untracked"


@pytest.mark.parametrize("name", [name for name in NO_NAMES if name == name.strip()])
def test_a_new_book_has_a_zone_that_lasts(tmp_path: Path, name: str) -> None:
    """Refused on the command line and by the rule, and nothing is left behind."""
    teller = Teller(tmp_path / "ledger.db")
    reply = teller.type_words(["init", "--book", "b", "--currency", "EUR", "--time-zone", name])
    assert reply.exit_code == 2
    assert not teller.path.exists()


def test_the_zone_changes_from_a_position_on(teller: Teller) -> None:
    """What was recorded keeps its day; today, and the end of a day that is asked for, are the new zone's."""
    teller.clock.now = NOON.replace(hour=23)
    teller.do(NOTED)
    receipt = teller.do("time-zone set Asia/Tokyo --evidence 'the office moved'")
    assert "time zone set: Asia/Tokyo instead of UTC, effective 2026-07-16" in receipt.out
    teller.do(f"{NOTED} --evidence 'after it'")
    days = [(event["stored_as"], event["effective_on"]) for event in teller.ask("log")][-3:]
    assert days == [
        ("neglect-observed/1", "2026-07-15"),
        ("time-zone-set/1", "2026-07-16"),
        ("neglect-observed/1", "2026-07-16"),
    ]
    assert teller.ask("delta --known-at 2026-07-15")["known_at"] == "2026-07-15T14:59:59.999999Z"
    assert teller.ask("delta")["as_of"] == "2026-07-16"
    assert teller.ask("verify")["ok"]
    assert teller.do("replay --check").exit_code == 0


def test_there_and_back_and_there_again(teller: Teller) -> None:
    """Three requests on one day; the zone that the book has is refused, and so is a name that does not last."""
    teller.do("time-zone set Asia/Tokyo", "time-zone set UTC", "time-zone set Asia/Tokyo")
    assert teller.position == 5
    for name, code, words in (
        ("Asia/Tokyo", 1, "is Asia/Tokyo already"),
        ("localtime", 2, "'localtime' is not a time zone"),
    ):
        reply = teller.type(f"time-zone set {name}")
        assert (reply.exit_code, words in reply.err, teller.position) == (code, True, 5)


def test_a_retry_with_its_key_counts_once(teller: Teller) -> None:
    assert teller.ask("time-zone set Asia/Tokyo --key move") == teller.ask("time-zone set Asia/Tokyo --key move")


@pytest.fixture
def opened_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Teller:
    """A book of an earlier release, which took whatever zone its machine knew."""

    def as_before(command: OpenBook, state: object) -> tuple[Decided, ...]:
        opened = BookOpened(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone=command.time_zone)
        return (Decided(NOON.date(), opened),)

    path = tmp_path / "elsewhere.db"
    upgrade(f"sqlite:///{path}")
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="localtime")
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "decide", as_before)
        ledger = Ledger(Address(f"sqlite:///{path}").engine(), "main", Clock(), new_id)
        ledger.handle(Request(opening, "ada", NOON.date()), opening=True)
    return Teller(path)


def test_a_book_with_a_machines_zone_is_given_one_that_lasts(opened_elsewhere: Teller) -> None:
    """On a machine that does not know its zone nothing can be asked but that."""
    teller = opened_elsewhere
    reset_tzpath([])
    try:
        reply = teller.type("delta")
        assert (reply.exit_code, "`debt time-zone set ZONE`" in reply.err) == (3, True)
        teller.do("time-zone set Europe/Berlin", "delta", "system add FRAUD Fraud --team red", NOTED)
        assert teller.ask("verify")["ok"]
    finally:
        reset_tzpath()
    url = Address(f"sqlite:///{teller.path}")
    books = open_book(
        url, asking=lambda: "ada", book=None, clock=lambda: datetime(2026, 7, 15, 22, 30, tzinfo=UTC), new_id=new_id
    )
    assert (books.settings.time_zone, str(books.today)) == ("Europe/Berlin", "2026-07-16")
