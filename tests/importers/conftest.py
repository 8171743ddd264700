"""A book to import into: system BOURSI, 800.00 per day, today 2026-11-20."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count

import pytest

from ledger.decide.init import OpenBook
from ledger.decide.rate_set import SetRate
from ledger.decide.request import Request
from ledger.decide.system_add import AddSystem
from ledger.queries.audit.sealing import objections
from ledger.store.engine import open_engine
from ledger.store.ledger import Ledger

TODAY = date(2026, 11, 20)


@pytest.fixture
def ledger(sqlite_url: str) -> Iterator[Ledger]:
    engine, number = open_engine(sqlite_url), count(1)
    book = Ledger(
        engine, "main", lambda: datetime(2026, 11, 20, 9, tzinfo=UTC), lambda: f"{next(number):032x}", objections
    )
    opening = OpenBook(currency="EUR", currency_exponent=2, fiscal_year_start=1, time_zone="Europe/Paris")
    book.handle(Request(opening, "lead", TODAY), opening=True)
    book.handle(Request(AddSystem(system="BOURSI", name="Stock adviser", team="quant"), "lead", TODAY))
    book.handle(Request(SetRate(rate_minor=80000, on=date(2024, 1, 1)), "lead", TODAY))
    yield book
    engine.dispose()
