"""Every row of every read model is what a replay yields: one altered, missing or surplus shows, in a figure or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, delete

from ledger.queries.audit.replay import disagreeing_rows
from ledger.queries.reader import Reader, reader_in
from ledger.services.open_ledger import open_ledger
from ledger.services.replay import replay
from ledger.store.engine import open_engine
from ledger.tables.projections import PROJECTIONS
from tests.helpers.small_ledger import BOOK, TODAY, add, alter, another, build, forging, rows_of

pytestmark = pytest.mark.sqlite_first

TABLES = {projection.table.name: projection.table for projection in PROJECTIONS}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The small ledger, with a row in every table."""
    found = open_engine(database_url)
    build(found)
    yield found
    found.dispose()


def named(connection: Connection, position: int | None = None) -> set[tuple[str, str]]:
    """Place and figure of every row that differs. position: as known there; the head by default."""
    now = reader_in(connection, BOOK)
    reader = Reader(connection, now.book, position or now.position, now.known_at)
    return {(each.account, each.figure) for each in disagreeing_rows(reader)}


def test_no_row_of_an_untouched_book_differs_at_any_position(engine: Engine) -> None:
    with engine.connect() as connection:
        for position in range(1, reader_in(connection, BOOK).position + 1):
            assert named(connection, position) == set()


def test_a_value_altered_in_any_column_of_any_read_model_shows(engine: Engine) -> None:
    for name, table in TABLES.items():
        for column in {*table.columns.keys()} - {key.name for key in table.primary_key}:
            with forging(engine) as connection:
                row = rows_of(connection, table)[-1]
                alter(connection, table, row, **{column: another(table, column, row[column])})
                assert named(connection) == {(f"{name}, position {row['position']}", column)}
                # Who asks as known before it was recorded is not told of it.
                assert named(connection, row["position"] - 1) == set()


def test_a_row_taken_away_from_any_read_model_shows(engine: Engine) -> None:
    for name, table in TABLES.items():
        with forging(engine) as connection:
            row = rows_of(connection, table)[0]
            connection.execute(delete(table).where(*(column == row[column.name] for column in table.primary_key)))
            assert named(connection) == {(f"{name}, position {row['position']}", "row")}


def test_a_row_that_no_event_led_to_shows_wherever_it_stands(engine: Engine) -> None:
    for name, table in TABLES.items():
        for position in (-5, 0, 10**9):
            with forging(engine) as connection:
                row = rows_of(connection, table)[0]
                keys = {each.name for index in table.indexes if index.unique for each in index.columns} - {"book"}
                others = {key: another(table, key, row[key]) for key in keys}
                add(connection, table, row | others, position=position)
                assert (f"{name}, position {position}", "row") in named(connection)


def test_replaying_tells_of_a_row_that_no_figure_shows(engine: Engine, database_url: str) -> None:
    with engine.begin() as connection:
        row = rows_of(connection, TABLES["item"])[0]
        alter(connection, TABLES["item"], row, source="elsewhere")
    (only,) = replay(open_ledger(database_url, actor="ada"), TODAY, check=True).disagreements
    assert (only.account, only.figure, only.stored) == (f"item, position {row['position']}", "source", "elsewhere")
