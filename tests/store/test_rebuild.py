"""A rebuild puts read models right, says what it replaced, and touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from ledger.store.engine import open_engine, reading, writing
from ledger.store.rebuild import rebuild
from ledger.store.verify import verify
from ledger.tables.facts import event, head, metadata, request
from ledger.tables.projections import PROJECTIONS
from ledger.vocabulary.errors import StoreError
from tests.helpers.small_ledger import BOOK, add, alter, another, build, forging, loosen, rows_of

pytestmark = pytest.mark.sqlite_first

READ_MODELS = [projection.table for projection in PROJECTIONS]
EVERY_READ_MODEL = pytest.mark.parametrize("table", READ_MODELS, ids=lambda table: table.name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the small ledger."""
    engine = open_engine(database_url)
    build(engine)
    yield engine
    engine.dispose()


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the book."""
    with reading(engine) as connection:
        return {name: rows_of(connection, table) for name, table in metadata.tables.items()}


def places(engine: Engine) -> set[tuple[int | None, str, str]]:
    """Rebuild, and say where it found differences."""
    return {(each.position, each.table, each.field) for each in rebuild(engine, BOOK)}


def test_a_rebuild_of_an_intact_ledger_replaces_nothing(engine: Engine) -> None:
    before = everything(engine)
    told: list[int] = []
    assert rebuild(engine, BOOK, progress=told.append) == []
    assert everything(engine) == before
    assert told == [len(before["event"]), len(before["event"])]


@EVERY_READ_MODEL
def test_an_altered_column_is_put_right_and_reported(engine: Engine, table: Table) -> None:
    before = everything(engine)
    row = before[table.name][0]
    for column in [column.name for column in table.columns if not column.primary_key]:
        with writing(engine) as connection:
            loosen(connection)
            alter(connection, table, row, **{column: another(table, column, row[column])})
        assert places(engine) == {(row["position"], table.name, column)}
        assert everything(engine) == before


@pytest.mark.reliability
@EVERY_READ_MODEL
def test_missing_and_surplus_rows_are_put_right_and_reported(engine: Engine, table: Table) -> None:
    before = everything(engine)
    row = before[table.name][-1]
    with writing(engine) as connection:
        alter(connection, table, row, position=10_000)
    assert places(engine) == {(row["position"], table.name, "row"), (10_000, table.name, "row")}
    assert everything(engine) == before


@EVERY_READ_MODEL
def test_a_read_model_that_was_emptied_is_filled_again(engine: Engine, table: Table) -> None:
    before = everything(engine)
    with writing(engine) as connection:
        connection.execute(table.delete())
    reported = rebuild(engine, BOOK)
    assert {(each.table, each.field, each.found) for each in reported} == {(table.name, "row", None)}
    assert len(reported) == len(before[table.name])
    assert everything(engine) == before


def test_chunks_change_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.comparison.CHUNK", 2)
    before = everything(engine)
    with writing(engine) as connection:
        for table in READ_MODELS:
            connection.execute(table.delete())
    assert len(rebuild(engine, BOOK)) == sum(len(before[table.name]) for table in READ_MODELS)
    assert everything(engine) == before


def test_a_row_that_holds_anothers_unique_key_is_put_right(engine: Engine) -> None:
    """The first item pretends to be the last, whose row is gone."""
    item = metadata.tables["item"]
    before = everything(engine)
    first, last = before["item"][0], before["item"][-1]
    with writing(engine) as connection:
        connection.execute(item.delete().where(item.c.position == last["position"]))
        alter(connection, item, first, **{name: last[name] for name in ("item", "system", "number")})
    rebuild(engine, BOOK)
    assert everything(engine) == before


def test_another_book_is_left_alone(engine: Engine) -> None:
    build(engine, book="other")
    posting = metadata.tables["posting"]
    for damaged, intact in ((BOOK, "other"), ("other", BOOK)):
        with writing(engine) as connection:
            connection.execute(posting.update().where(posting.c.book == damaged).values(amount_minor=1))
        assert rebuild(engine, intact) == []
        assert rebuild(engine, damaged) != []
        with reading(engine) as connection:
            assert verify(connection, damaged).ok
            assert verify(connection, intact).ok


@pytest.mark.parametrize(
    ("table", "column"), [(event, "body"), (event, "hash"), (head, "position"), (head, "hash")], ids=str)  # fmt: skip
def test_facts_that_were_altered_are_not_repaired_and_nothing_is_rebuilt_from_them(
    engine: Engine, table: Table, column: str
) -> None:
    with forging(engine) as connection:
        row = rows_of(connection, table)[-1]
        alter(connection, table, row, **{column: another(table, column, row[column])})
        posting = metadata.tables["posting"]
        alter(connection, posting, rows_of(connection, posting)[0], amount_minor=7)
        connection.commit()
    before = everything(engine)
    with pytest.raises(StoreError, match="not intact at position"):
        rebuild(engine, BOOK)
    assert everything(engine) == before


@pytest.mark.parametrize(
    ("table", "column"), [(event, "actor"), (request, "request_json"), (head, "recorded_at")], ids=str)  # fmt: skip
def test_what_is_no_read_model_is_left_to_verify(engine: Engine, table: Table, column: str) -> None:
    with forging(engine) as connection:
        row = rows_of(connection, table)[0]
        alter(connection, table, row, **{column: another(table, column, row[column])})
        connection.commit()
    before = everything(engine)
    assert rebuild(engine, BOOK) == []
    assert everything(engine) == before
    with reading(engine) as connection:
        assert (table.name, column) in {(each.table, each.field) for each in verify(connection, BOOK).problems}


def test_a_book_that_is_not_there_is_an_error(engine: Engine) -> None:
    with pytest.raises(StoreError, match="There is no book 'nowhere'"):
        rebuild(engine, "nowhere")


def test_a_surplus_row_of_an_event_without_rows_is_removed(engine: Engine) -> None:
    before = everything(engine)
    with writing(engine) as connection:
        add(connection, metadata.tables["posting"], before["posting"][0], position=1)
    assert places(engine) == {(1, "posting", "row")}
    assert everything(engine) == before
