"""A seeded attacker: whatever random tampers do to a database, a figure that differs is told of by one of the checks.

Each attack has a seed of its own; a failure prints the line that repeats it. SEED and COUNT in the environment change
where `make soak` begins and how many it makes. The histogram is printed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from ledger.store.comparison import ReadModel
from ledger.store.engine import open_engine, writing
from ledger.store.verify import _Pass
from tests.helpers.postgres_server import PostgresServer
from tests.reliability.attack.books import Books, PostgreSQLBooks, SQLiteBooks
from tests.reliability.attack.campaign import Campaign
from tests.reliability.attack.guards import LiftedGuards
from tests.reliability.attack.verdict import CHECKS, EXPECT, opened, told

FEW, MANY = 300, int(os.environ.get("COUNT", "2000"))
SEED = int(os.environ.get("SEED", "1000000"))


@pytest.fixture(scope="module")
def sqlite_books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Every history in a file."""
    return SQLiteBooks(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module")
def postgresql_books(postgres_server: PostgresServer, _postgres_template: Iterator[int]) -> Iterator[Books]:
    """Every history in a database."""
    books = PostgreSQLBooks(postgres_server, "ledger_template")
    yield books
    books.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def campaign(request: pytest.FixtureRequest) -> Campaign:
    """An attacker who has not begun, on each kind of database."""
    return Campaign(request.getfixturevalue(f"{request.param}_books"), request.param)


def waged(campaign: Campaign, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    campaign.wage(SEED, count)
    with capsys.disabled():
        sys.stdout.write(f"\n{campaign.database}, SEED={SEED}\n{campaign.histogram()}\n")
    assert campaign.failures == []


@pytest.mark.reliability
def test_no_alarm_is_raised_of_a_book_that_nobody_touched(campaign: Campaign) -> None:
    for name in campaign.books.names:
        right, kept = campaign.untouched(name)
        assert [each for each in right.values() if each.startswith("refused")] == [], name
        with campaign.books.copy(name) as copy, opened(copy.auditor, campaign.books.book(name)) as books:
            assert [told(books, check) for check in CHECKS] == [""] * len(CHECKS), name
            assert told(books, EXPECT, kept) == "", name


@pytest.mark.reliability
def test_guards_that_were_lifted_and_put_back_leave_no_trace(campaign: Campaign) -> None:
    """Else every attack would be found by its tools, and none by what it did."""
    name = campaign.books.names[0]
    with campaign.books.copy(name) as copy:
        engine = open_engine(copy.owner)
        for form in (False, True):
            with writing(engine) as connection:
                guards = LiftedGuards(connection, form)
                guards.lift()
                guards.put_back()
        engine.dispose()
        with opened(copy.auditor, campaign.books.book(name)) as books:
            assert [told(books, check) for check in CHECKS] == [""] * len(CHECKS)


@pytest.mark.reliability
def test_no_figure_differs_unnoticed(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    waged(campaign, FEW, capsys)


@pytest.mark.soak
def test_no_figure_differs_unnoticed_in_a_long_run(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    waged(campaign, MANY, capsys)


@pytest.mark.reliability
@pytest.mark.parametrize("check", [(ReadModel, "differing"), (_Pass, "_check_expected")], ids=lambda each: each[1])
def test_a_figure_that_differs_unnoticed_would_be_seen(
    sqlite_books: Books, check: tuple[type, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one check of the ledger switched off the attacker gets through, and is heard of."""
    monkeypatch.setattr(*check, lambda *_: ())
    campaign = Campaign(sqlite_books, "sqlite")
    for seed in range(SEED, SEED + FEW):
        if campaign.attacked(seed) == "differs and unnoticed":
            break
    (failure,) = campaign.failures
    assert f"SEED={seed} COUNT=1 pytest -m soak tests/reliability/test_attacker.py -k sqlite: " in failure
