"""Where time stood still, read from both databases: of the whole book, of a part of it, as known before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine

from ledger.decide.init import OpenBook
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.journal_tests.standstills import Standstill
from ledger.queries.audit.entries import RecordedPeriod
from ledger.queries.audit.standstills import standstills_in
from ledger.queries.reader import reader_in
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger

#: What the clock shows at each request, in seconds: two requests lead to two events.
CLOCK = (0, 9, 3, 9, 12, 11, 11, 15, 20)
_BEGAN = datetime(2026, 7, 1, tzinfo=UTC)
_DAY = date(2026, 7, 1)


def at(seconds: int) -> str:
    return f"2026-07-01T00:00:{seconds:02}.000000Z"


#: Positions 2 to 5 at 9 seconds, 6 to 9 at 12.
FIRST = Standstill(2, 5, 4, 3, at(9), at(12))
SECOND = Standstill(6, 9, 4, 3, at(12), at(15))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A book of eleven events."""
    engine, numbers, seconds = open_engine(database_url), count(1), iter(CLOCK)
    ledger = Ledger(engine, "main", lambda: _BEGAN + timedelta(seconds=next(seconds)), lambda: f"id-{next(numbers)}")
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="UTC", on=_DAY)
    ledger.handle(Request(opening, "ada", _DAY), opening=True)
    for number, reads_from in enumerate(("", "", "S1", "", "", "S1", "", "")):
        added = AddSystem(
            system=f"S{number}", name="x", team="red", on=_DAY, reads_from=(reads_from,) if reads_from else ()
        )
        ledger.handle(Request(added, "ada", _DAY))
    yield engine
    engine.dispose()


def test_every_standstill_is_found_in_the_book_in_a_part_of_it_and_as_known_before(engine: Engine) -> None:
    with reading(engine) as connection:
        now = reader_in(connection, "main")
        assert now.position == 11
        assert list(standstills_in(now)) == [FIRST, SECOND]
        assert list(standstills_in(now, RecordedPeriod(_DAY, _DAY, 1, 5))) == [FIRST]
        assert list(standstills_in(now, RecordedPeriod(_DAY, _DAY, 6, 11))) == [SECOND]
        assert list(standstills_in(replace(now, position=9))) == [FIRST, replace(SECOND, moved_on_at=None)]
        assert list(standstills_in(replace(now, position=2))) == []
