"""A sighting from Python: the same rules as typed, decided inside one transaction."""

from __future__ import annotations

import pytest
from watched import FIRST_DAY, add_system, open_items, opened, typed

from ledger.decide.repay import Repay
from ledger.decide.system_depends import DeclareDependency
from ledger.services.open_ledger import OpenedLedger
from ledger.services.requester import Requester
from ledger.services.seen import Seen, Sighted, record_sighting
from ledger.vocabulary.errors import Refused
from ledger.vocabulary.quantities import Quantity


@pytest.fixture
def books(sqlite_url: str) -> OpenedLedger:
    """FRAUD and RANK, of which RANK declared that it reads FRAUD."""
    found = opened(sqlite_url)
    for key in ("FRAUD", "RANK"):
        add_system(found, key)
    found.record(DeclareDependency(system="RANK", reads_from="FRAUD", on=FIRST_DAY))
    return found


def see(books: OpenedLedger, reader: str, principal: Quantity | None = None, key: str | None = None) -> Sighted:
    """Somebody was seen reading FRAUD's output."""
    seen = Seen(source="FRAUD", reader=reader, principal=principal)
    return record_sighting(books.ledger, seen, Requester(books.actor, books.today), key=key)


def test_a_sighting_opens_one_item_whether_it_is_typed_or_from_python(books: OpenedLedger) -> None:
    (first,) = see(books, "Dashboard").receipts
    url = books.ledger.engine.url.render_as_string()
    assert typed(url, ["system", "seen", "FRAUD", "--by", "dashboard"]).exit_code == 0
    again = see(books, " DASHBOARD ")
    assert (first.item, again.item, again.receipts[0].recorded.stored_as) == ("FRAUD-1", "FRAUD-1", "evidence-added/2")
    assert [item.item for item in open_items(books, "FRAUD", books.today)] == ["FRAUD-1"]


def test_what_was_declared_is_nothing_to_record(books: OpenedLedger) -> None:
    assert see(books, "rank") == Sighted("RANK")
    assert open_items(books, "FRAUD", books.today) == []


def test_a_retry_by_its_key_is_the_first_receipt_whatever_was_closed_since(books: OpenedLedger) -> None:
    first = see(books, "Dashboard", key="k-1")
    books.record(Repay(item="FRAUD-1"))
    again = see(books, "Dashboard", key="k-1")
    assert again.receipts[0].repeated
    assert again.receipts[0].hash == first.receipts[0].hash
    assert open_items(books, "FRAUD", books.today) == []


@pytest.mark.parametrize(
    ("reader", "principal", "says"),
    [
        ("fraud", None, "FRAUD reading its own output is a feedback loop"),
        ("Dashboard", Quantity(minor=100), "FRAUD-1 says already that Dashboard reads it"),
        ("x" * 101, None, "--by has 101 characters"),
    ],
)
def test_what_is_no_sighting_is_refused(
    books: OpenedLedger, reader: str, principal: Quantity | None, says: str
) -> None:
    see(books, "Dashboard")
    with pytest.raises(Refused, match=says):
        see(books, reader, principal)


def test_a_name_that_is_too_long_is_refused_from_python_too(books: OpenedLedger) -> None:
    seen = Seen(source="FRAUD", reader="Dashboard")
    with pytest.raises(Refused, match="--actor has 101 characters"):
        record_sighting(books.ledger, seen, Requester("x" * 101, books.today))
