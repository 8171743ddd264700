"""Groups and plans, folded from events alone: where nothing was touched they agree on every day; every touched row shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, Table, delete, insert, select, update

from ledger.decide.budget_set import SetBudget
from ledger.decide.forecast_set import SetForecast
from ledger.decide.system_change import ChangeSystem
from ledger.queries.audit.disagreement import Disagreement
from ledger.queries.audit.replay import disagreements, replayed
from ledger.queries.reader import reader_in
from ledger.store.engine import open_engine
from ledger.store.upgrade import upgrade
from ledger.tables.budgets import budget
from ledger.tables.systems import owner
from tests.helpers.restated_ledger import Office
from tests.helpers.shuffled_ledger import FIRST_DAY, LAST_DAY, shuffled


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A book in which systems changed hands out of order, with budgets and forecasts that were set again."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shuffled') / 'ledger.db'}"
    upgrade(url)
    engine = open_engine(url)
    office = shuffled(engine, 7)
    # The first open day, on which late entries count that accrue from before.
    office.do(ChangeSystem(system="FRAUD", team="green", on=date(2025, 4, 1)))
    for team, amount in (("red", 100), ("blue", 200), ("red", 150)):
        office.do(SetBudget(quarter="2026Q1", team=team, amount_minor=100 * amount))
        office.do(SetForecast(quarter="2026Q1", team=team, amount_minor=100 * amount + 5))
    yield office
    engine.dispose()


def found(engine: Engine, book: str, as_of: date) -> list[Disagreement]:
    with engine.connect() as connection:
        reader = reader_in(connection, book)
        return list(disagreements(reader, replayed(reader, as_of)))


@pytest.mark.reliability
def test_they_agree_on_every_day_of_a_shuffled_book(office: Office) -> None:
    engine, book = office.ledger.engine, office.ledger.book
    days = [
        FIRST_DAY,
        *(FIRST_DAY + timedelta(days=day) for day in range(20, (LAST_DAY - FIRST_DAY).days, 61)),
        LAST_DAY,
    ]
    assert [found(engine, book, day) for day in days] == [[] for _ in days]
    with engine.connect() as connection:
        handovers = connection.execute(select(owner.c.effective_on).where(owner.c.effective_on.is_not(None))).scalars()
        assert len({day for day in handovers if day <= days[-2]}) > 3


@contextmanager
def touched(engine: Engine, table: Table, position: int, **changed: object) -> Iterator[None]:
    """A row of a read model altered behind the ledger's back, or deleted; as it was again afterwards."""
    place = table.c.position == position
    with engine.begin() as connection:
        before = connection.execute(select(table).where(place)).mappings().one()
        connection.execute(update(table).where(place).values(changed) if changed else delete(table).where(place))
    yield
    with engine.begin() as connection:
        connection.execute(delete(table).where(place))
        connection.execute(insert(table).values(**before))


def test_every_touched_owner_shows(office: Office) -> None:
    engine, book = office.ledger.engine, office.ledger.book
    with engine.connect() as connection:
        rows = connection.execute(select(owner)).mappings().all()
    dice, quiet = Random(1), 0
    for row in dice.sample(rows, 8):
        changes = [{"team": "green" if row["team"] != "green" else "red"}, {"cost_centre": "C9"}]
        if row["effective_on"] is not None:
            changes.append({"effective_on": row["effective_on"] + timedelta(days=40)})
        for change in changes:
            with touched(engine, owner, row["position"], **change):
                sums = found(engine, book, LAST_DAY)
            quiet += not sums
            assert all(each.account.startswith(("team ", "cost_centre ")) for each in sums)
    # A holding that another one of the same day replaces, or that was never an item's, makes no figure.
    assert quiet <= 4


@pytest.mark.parametrize(
    "change", [{"amount_minor": 1}, {"team": "green"}, {"quarter": "2026Q2"}, {"kind": "forecast"}, {}]
)
def test_every_touched_budget_shows(office: Office, change: dict[str, object]) -> None:
    engine, book = office.ledger.engine, office.ledger.book
    with engine.connect() as connection:
        of_blue = select(budget.c.position).where(budget.c.kind == "budget", budget.c.team == "blue")
        position = connection.execute(of_blue).scalar_one()
    with touched(engine, budget, position, **change):
        sums = found(engine, book, date(2026, 7, 1))
    assert any(each.account == "team blue, 2026Q1" and each.figure == "budget" for each in sums)
    assert found(engine, book, date(2026, 7, 1)) == []
