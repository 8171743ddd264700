"""An upgrade fills the read models that it brings, in every book, in its own transaction: whole or not at all."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, inspect, select

from ledger.demo.synthetic import build_synthetic
from ledger.events import NAME_OF, ItemEvent
from ledger.store.engine import open_engine, reading, writing
from ledger.store.upgrade import current_version
from ledger.store.verify import verify
from ledger.tables.facts import SCHEMA_VERSION, event
from tests.helpers.scratch import Scratch
from tests.helpers.small_ledger import BOOK, NOTE, alter, build, drop_triggers, rows_of

BOOKS = (BOOK, "other")
NEXT_VERSION = f"{int(SCHEMA_VERSION) + 1:04}"

#: A read model that this release does not have: every event of every item.
MENTIONS = """
from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text

from ledger.events import ItemEvent
from ledger.tables.facts import metadata
from ledger.tables.projection import Projection

mention = Table(
    "mention", metadata, Column("book", Text, nullable=False), Column("position", BigInteger, nullable=False),
    Column("item", Text, nullable=False), PrimaryKeyConstraint("book", "position", name="mention_pk"),
)


def rows(recorded, legs):
    return [{"book": recorded.book, "position": recorded.position, "item": recorded.stream}]


PROJECTION = Projection(mention, rows, of=(ItemEvent,))
"""

MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{NEXT_VERSION}", "{SCHEMA_VERSION}", None, None


def upgrade():
    op.create_table(
        "mention", sa.Column("book", sa.Text(), nullable=False), sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False), sa.PrimaryKeyConstraint("book", "position", name="mention_pk"),
    )
'''

#: Upgrades a database; then what `verify` and a rebuild find in each book.
UPGRADE = """
import sys
from ledger.store import comparison
from ledger.store.engine import open_engine, reading
from ledger.store.rebuild import rebuild
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
comparison.CHUNK = 5
url, *books = sys.argv[1:]
print(*upgrade(url))
engine = open_engine(url)
for book in books:
    with reading(engine) as connection:
        # Of its schema, which is not described, nothing is asked.
        problems = [each for each in verify(connection, book).problems if each.table != "schema"]
        print(book, len(problems), len(rebuild(engine, book)))
"""

#: Upgrades a database, and dies at one of the rows' insertions.
UPGRADE_AND_DIE = """
import os, signal, sys
from sqlalchemy import Engine, event
from ledger.store import comparison
from ledger.store.upgrade import upgrade
comparison.CHUNK = 5
url, when, left = sys.argv[1], sys.argv[2], int(sys.argv[3])

@event.listens_for(Engine, when)
def die(connection, cursor, statement, parameters, context, many):
    global left
    left -= statement.startswith("INSERT INTO mention")
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

upgrade(url)
"""

#: Upgrades a database; the most memory that Python held for it, in bytes.
UPGRADE_AND_MEASURE = """
import sys, tracemalloc
from ledger.store.engine import open_engine
from ledger.store.upgrade import upgrade
engine = open_engine(sys.argv[1])
tracemalloc.start()
upgrade(engine)
print(tracemalloc.get_traced_memory()[1])
"""


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """The ledger with one more read model, its row and its migration."""
    scratch = Scratch.made_in(tmp_path_factory.mktemp("next"))
    scratch.write("ledger/tables/mentions.py", MENTIONS)
    scratch.write(f"migrations/versions/r{NEXT_VERSION}_mentions.py", MIGRATION)
    scratch.edit("ledger/tables/facts.py", f'SCHEMA_VERSION = "{SCHEMA_VERSION}"', f'SCHEMA_VERSION = "{NEXT_VERSION}"')
    scratch.edit("ledger/tables/projections.py", "import budgets, items,", "import budgets, items, mentions,")
    scratch.edit(
        "ledger/tables/projections.py",
        "    budgets.PROJECTION,\n",
        "    budgets.PROJECTION,\n    mentions.PROJECTION,\n",
    )
    return scratch


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the small ledger, twice."""
    engine = open_engine(database_url)
    for book in BOOKS:
        build(engine, book=book)
    yield engine
    engine.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def item_events(engine: Engine) -> int:
    names = [name for kind, name in NAME_OF.items() if issubclass(kind, ItemEvent)]
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).where(event.c.stored_as.in_(names))).scalar_one())


def mentions(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM mention").scalar_one())


def assert_untouched(engine: Engine) -> None:
    """The database is what it was before the upgrade, for this release."""
    assert "mention" not in inspect(engine).get_table_names()
    with reading(engine) as connection:
        assert current_version(connection) == SCHEMA_VERSION
        assert [verify(connection, book).ok for book in BOOKS] == [True, True]


@pytest.mark.reliability
def test_a_new_read_model_is_filled_by_the_upgrade_in_every_book(engine: Engine, next_release: Scratch) -> None:
    ran = next_release.run(UPGRADE, url_of(engine), *BOOKS)
    assert ran.stderr == ""
    assert ran.stdout.splitlines() == [f"{SCHEMA_VERSION} {NEXT_VERSION}", *(f"{book} 0 0" for book in BOOKS)]
    assert mentions(engine) == item_events(engine) > 0


@pytest.mark.reliability
def test_a_new_database_has_it_empty(empty_database_url: str, next_release: Scratch) -> None:
    assert next_release.run(UPGRADE, empty_database_url).stdout == f"None {NEXT_VERSION}\n"
    engine = open_engine(empty_database_url)
    assert mentions(engine) == 0
    engine.dispose()


@pytest.mark.reliability
@pytest.mark.parametrize(
    ("when", "insertion"),
    [
        ("after_cursor_execute", 2),
        ("before_cursor_execute", 1),
        ("after_cursor_execute", 5),
    ],
)
def test_an_upgrade_killed_while_it_fills_has_changed_nothing_and_can_be_repeated(
    engine: Engine, next_release: Scratch, when: str, insertion: int
) -> None:
    """The insertions of the first book are over before the fifth."""
    assert next_release.run(UPGRADE_AND_DIE, url_of(engine), when, str(insertion)).returncode == -signal.SIGKILL
    assert_untouched(engine)
    ran = next_release.run(UPGRADE, url_of(engine), *BOOKS)
    assert ran.stdout.splitlines() == [f"{SCHEMA_VERSION} {NEXT_VERSION}", *(f"{book} 0 0" for book in BOOKS)]
    assert mentions(engine) == item_events(engine)


@pytest.mark.reliability
def test_nothing_is_filled_from_altered_events(engine: Engine, next_release: Scratch) -> None:
    """The release that wrote them can still tell what was altered."""
    with writing(engine) as connection:
        drop_triggers(connection)
        row = next(row for row in rows_of(connection, event) if NOTE in row["body"])
        alter(connection, event, row, body=row["body"].replace(NOTE, "a better one"))
    ran = next_release.run(UPGRADE, url_of(engine), *BOOKS)
    assert f"The events of '{BOOK}' are not intact at position {row['position']}, so nothing was changed" in ran.stderr
    assert "mention" not in inspect(engine).get_table_names()
    with reading(engine) as connection:
        assert current_version(connection) == SCHEMA_VERSION
        assert (row["position"], "hash") in {(each.position, each.field) for each in verify(connection, BOOK).problems}


@pytest.mark.reliability
def test_filling_holds_no_more_of_a_long_book_than_of_a_short_one(tmp_path: Path, next_release: Scratch) -> None:
    """Events are read, and rows written, a chunk at a time: 8,000 events are four chunks, 40,000 are twenty."""
    held = []
    for events in (8_000, 40_000):
        url = f"sqlite:///{tmp_path / f'{events}.db'}"
        build_synthetic(url, events=events)
        held.append(int(next_release.run(UPGRADE_AND_MEASURE, url).stdout))
    short, long = held
    assert long < 1.2 * short
