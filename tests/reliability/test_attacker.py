"""A seeded attacker: whatever random tampers do to a database, a figure that differs is told of by one of the checks.

Each attack has a seed of its own; a failure prints the line that repeats it. SEED and COUNT in the environment change
where `make soak` begins and how many it makes. The histogram is printed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

from tests.helpers.postgres_server import PostgresServer
from tests.reliability.attack.books import Books, PostgreSQLBooks, SQLiteBooks
from tests.reliability.attack.campaign import Campaign

FEW, MANY = 300, int(os.environ.get("COUNT", "2000"))
SEED = int(os.environ.get("SEED", "1000000"))


@pytest.fixture(scope="module")
def sqlite_books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    return SQLiteBooks(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(scope="module")
def postgresql_books(postgres_server: PostgresServer, _postgres_template: Iterator[int]) -> Iterator[Books]:
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
        verdict, _ = campaign.untouched(name)
        assert verdict.found == {}, name
        assert [each for each in verdict.answers.values() if each.startswith("refused")] == [], name


@pytest.mark.reliability
def test_no_figure_differs_unnoticed(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    waged(campaign, FEW, capsys)


@pytest.mark.soak
def test_no_figure_differs_unnoticed_in_a_long_run(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    waged(campaign, MANY, capsys)
