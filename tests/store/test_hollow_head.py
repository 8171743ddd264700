"""A head that has nothing in one of its columns, as a view in its place can show it, is told of and never a traceback."""

from __future__ import annotations

import pytest

from ledger.queries.reader import reader_of
from ledger.queries.register.systems import systems
from ledger.store.engine import open_engine, reading, writing
from ledger.store.ledger import Ledger
from ledger.store.verify import verify
from ledger.tables.facts import head
from ledger.vocabulary.errors import StoreError
from tests.helpers.small_ledger import BOOK, TODAY, build


@pytest.mark.parametrize("column", [column.name for column in head.columns])
def test_a_head_without_a_value_is_refused_or_answers_rightly(sqlite_url: str, column: str) -> None:
    engine = open_engine(sqlite_url)
    build(engine)
    ledger = Ledger(engine, BOOK, lambda: pytest.fail("nothing is recorded"), str)
    with reader_of(ledger) as reader:
        right = systems(reader, TODAY)
    with writing(engine) as connection:
        shown = ", ".join(f"{'NULL' if each.name == column else each.name} AS {each.name}" for each in head.columns)
        connection.exec_driver_sql("ALTER TABLE head RENAME TO kept")
        connection.exec_driver_sql(f"CREATE VIEW head AS SELECT {shown} FROM kept")
    try:
        with reader_of(ledger) as reader:
            assert systems(reader, TODAY) == right
    except StoreError:
        assert column in ("book", "position")
    with reading(engine) as connection:
        assert not verify(connection, BOOK).ok
    engine.dispose()
