"""`verify` finds every alteration of every column of every table, and says where.

Two things it cannot find, and the tests say so: a change of `session_user` on PostgreSQL, which is outside the hash, and
a forgery that is consistent everywhere, which only a hash kept elsewhere gives away.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine, Table

import ledger.tables.projections
from ledger.proof.chain import GENESIS
from ledger.store.engine import open_engine, reading, writing
from ledger.store.upgrade import upgrade
from ledger.store.verification import Verification
from ledger.store.verify import verify
from ledger.tables.facts import event, head, metadata, request
from tests.helpers.small_ledger import (
    BOOK,
    NOTE,
    add,
    alter,
    another,
    build,
    cut_tail,
    drop_triggers,
    forge,
    forge_chain,
    forging,
    rows_of,
)

pytestmark = pytest.mark.sqlite_first

TABLES = sorted(metadata.tables)
READ_MODELS = [projection.table for projection in ledger.tables.projections.PROJECTIONS]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with the small ledger."""
    engine = open_engine(database_url)
    build(engine)
    yield engine
    engine.dispose()


def places(verification: Verification) -> set[tuple[int | None, str, str]]:
    """Where the problems are, those of the dropped triggers aside."""
    return {(each.position, each.table, each.field) for each in verification.problems if each.table != "schema"}


def places_where(table: Table, column: str, position: int | None) -> tuple[int | None, str, str]:
    """Where a change of this column has to be reported: a change of a key makes a row missing."""
    in_key = column in table.primary_key
    if table is event:
        return position, "event", "row" if column == "book" else column
    return (None if table is head and in_key else position), table.name, "row" if in_key else column


def test_an_untouched_ledger_is_proved(engine: Engine) -> None:
    told: list[int] = []
    with reading(engine) as connection:
        verification = verify(connection, BOOK, progress=told.append)
        last = rows_of(connection, event)[-1]
    assert verification.as_json() == {"ok": True, "events": last["position"], "head": last["hash"], "problems": []}
    assert told == [last["position"]]


def test_every_table_has_a_row_to_alter(engine: Engine) -> None:
    with reading(engine) as connection:
        assert [name for name in TABLES if not rows_of(connection, metadata.tables[name])] == []


def test_chunks_change_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.comparison.CHUNK", 2)
    monkeypatch.setattr("ledger.store.request_matching.CHUNK", 2)
    with reading(engine) as connection:
        assert verify(connection, BOOK).problems == []
    with forging(engine) as connection:
        alter(connection, request, rows_of(connection, request)[0], first_position=99)
        alter(connection, READ_MODELS[0], rows_of(connection, READ_MODELS[0])[-1], amount_minor=7)
        found = places(verify(connection, BOOK))
    assert {(table, field) for _, table, field in found} == {("request", "first_position"), ("posting", "amount_minor")}


def test_books_in_one_database_are_verified_apart(engine: Engine) -> None:
    build(engine, book="other")
    with forging(engine) as connection:
        row = rows_of(connection, event)[4]
        alter(connection, event, row, actor="somebody else")
        assert places(verify(connection, BOOK)) == {(row["position"], "event", "actor")}
        assert places(verify(connection, "other")) == set()


@pytest.mark.parametrize("name", TABLES)
def test_a_change_of_any_column_is_found(engine: Engine, name: str) -> None:
    table = metadata.tables[name]
    for column in table.columns.keys():  # noqa: SIM118 - the collection iterates columns, not names
        with forging(engine) as connection:
            rows = rows_of(connection, table)
            row = rows[len(rows) // 2]
            alter(connection, table, row, **{column: another(table, column, row[column])})
            verification = verify(connection, BOOK)
        if (name, column) == ("event", "session_user") and engine.dialect.name == "postgresql":
            # The database's own word, outside the hash: nothing says what it was.
            assert places(verification) == set()
            continue
        position = row.get("position", row.get("first_position"))
        if (name, column) == ("event", "position"):
            assert (position, "event", "row") in places(verification)
            position = another(table, column, position)
        assert not verification.ok, column
        assert places_where(table, column, position) in places(verification), (column, verification.problems)


@pytest.mark.reliability
@pytest.mark.parametrize("name", TABLES)
def test_a_deleted_row_is_found(engine: Engine, name: str) -> None:
    table = metadata.tables[name]
    with reading(engine) as connection:
        rows = rows_of(connection, table)
    for row in (rows[0], rows[-1]):
        with forging(engine) as connection:
            keys = [column == row[column.name] for column in table.primary_key]
            assert connection.execute(table.delete().where(*keys)).rowcount == 1
            verification = verify(connection, BOOK)
        position = None if table is head else row.get("position", row.get("first_position"))
        if table is event and row is rows[-1]:  # no gap, but the head and the read models know of it
            assert (position - 1, "head", "position") in places(verification)
        else:
            assert (position, name, "row") in places(verification)


@pytest.mark.reliability
@pytest.mark.parametrize("name", sorted({*TABLES} - {"head"}))
def test_two_rows_that_changed_places_are_found(engine: Engine, name: str) -> None:
    """Each takes the other's values but its key: every value is one that was recorded, at another place."""
    table = metadata.tables[name]
    keys = {column.name for column in table.primary_key}
    keys |= {column.name for index in table.indexes if index.unique for column in index.columns}
    keys |= {"event_id", "stream", "stream_version"} if table is event else set()
    found = 0
    with reading(engine) as connection:
        rows = rows_of(connection, table)
    for one, other in pairwise(rows):
        first, second = ({key: value for key, value in row.items() if key not in keys} for row in (one, other))
        if first == second:
            continue
        with forging(engine) as connection:
            alter(connection, table, one, **second)
            alter(connection, table, other, **first)
            verification = verify(connection, BOOK)
        position = one.get("position", one.get("first_position"))
        assert name in {table for _, table, _ in places(verification)}
        assert position in {position for position, _, _ in places(verification)}
        found += 1
    assert found or len(rows) < 2


@pytest.mark.reliability
@pytest.mark.parametrize("name", TABLES)
def test_an_emptied_table_is_found(engine: Engine, name: str) -> None:
    table = metadata.tables[name]
    with forging(engine) as connection:
        connection.execute(table.delete())
        verification = verify(connection, BOOK)
    assert name in {table for _, table, _ in places(verification)}


@pytest.mark.reliability
@pytest.mark.parametrize("table", READ_MODELS, ids=lambda table: table.name)
@pytest.mark.parametrize("position", [-1, 0, 1, 10_000])
def test_an_inserted_row_of_a_read_model_is_found(engine: Engine, table: Table, position: int) -> None:
    with forging(engine) as connection:
        row = rows_of(connection, table)[0]
        fresh = {
            name: another(table, name, row[name])
            for name in ("item", "number", "system", "reversed_position")
            if name in row
        }
        add(connection, table, row, **fresh, position=position)
        verification = verify(connection, BOOK)
    assert (position, table.name, "row") in places(verification)


def test_an_inserted_request_is_found(engine: Engine) -> None:
    with forging(engine) as connection:
        add(connection, request, rows_of(connection, request)[0], key="made up")
        assert [problem.found for problem in verify(connection, BOOK).problems if problem.table == "request"] == [
            "key=made up"
        ]


def test_an_inserted_event_is_found(engine: Engine) -> None:
    with forging(engine) as connection:
        last = rows_of(connection, event)[-1]
        position = last["position"] + 1
        add(connection, event, last, position=position, event_id="made-up", stream_version=last["stream_version"] + 1)
        assert {(position, "event", "position"), (position, "event", "hash"), (position, "head", "position")} <= places(
            verify(connection, BOOK)
        )


def test_two_bodies_that_changed_places_are_found(engine: Engine) -> None:
    with forging(engine) as connection:
        one, other = rows_of(connection, event)[4:6]
        alter(connection, event, one, body=other["body"])
        alter(connection, event, other, body=one["body"])
        found = places(verify(connection, BOOK))
    assert {
        (row["position"], "event", field) for row in (one, other) for field in ("hash", "position", "event_id")
    } <= found


@pytest.mark.parametrize(
    ("old", "new", "consistent"),
    [
        ('"actor":', '"actor": ', False),
        (NOTE, NOTE[:-1], True),
        (NOTE, NOTE + "\\u00e9", False),
        ('"stored_as":"note-added/1"', '"stored_as":"note-added/9"', False),
        ("{", "[", False),
        ('"evidence":null,', "", False),
        ('"text"', '"word"', False),
        ('"position":8', '"position":8.0', False),
    ],
)
def test_an_altered_body_is_found_by_its_hash(engine: Engine, old: str, new: str, consistent: bool) -> None:
    """And when the forger computes the chain anew, unless it could have been recorded like that."""
    with forging(engine) as connection:
        row = next(row for row in rows_of(connection, event) if NOTE in row["body"])
        assert old in row["body"]
        alter(connection, event, row, body=row["body"].replace(old, new))
        altered = verify(connection, BOOK)
        forge_chain(connection)
        forged = verify(connection, BOOK)
    assert (row["position"], "event", "hash") in places(altered)
    assert ((row["position"], "event", "body") in places(forged)) is not consistent
    assert (places(forged) == set()) is consistent


@pytest.mark.parametrize(
    ("field", "value", "reported"),
    [
        ("recorded_at", "2026-06-30T00:00:00.000000Z", "recorded_at"),
        ("request_sha256", "00" * 32, "request_sha256"),
        ("stored_as", "dependency-declared/9", "body"),
        ("data", {"text": "not what a dependency is"}, "body"),
        ("data", {"item": "no number", "text": ""}, "body"),
    ],
)
def test_what_could_not_have_been_recorded_is_found_in_a_chain_computed_anew(
    engine: Engine, field: str, value: object, reported: str
) -> None:
    """At this place and nowhere else: what depends on an event that cannot be read is not accused as well."""
    with forging(engine) as connection:
        row = next(row for row in rows_of(connection, event) if row["stored_as"] == "dependency-declared/1")
        forge(connection, row, **{field: value})
        assert places(verify(connection, BOOK)) == {(row["position"], "event", reported)}


def test_a_gap_in_the_versions_of_a_stream_is_found(engine: Engine) -> None:
    with forging(engine) as connection:
        last = rows_of(connection, event)[-1]
        forge(connection, last, stream_version=last["stream_version"] + 1)
        assert places(verify(connection, BOOK)) == {(last["position"], "event", "stream_version")}


def test_legs_that_do_not_sum_to_zero_are_found(engine: Engine) -> None:
    """Only a reversal stores its legs; every other event's follow from its amounts."""
    with forging(engine) as connection:
        row = next(row for row in rows_of(connection, event) if row["stored_as"] == "event-reversed/1")
        alter(connection, event, row, body=row["body"].replace('"amount_minor":10000', '"amount_minor":10001', 1))
        forge_chain(connection)
        problems = verify(connection, BOOK).problems
    assert (row["position"], "body", "legs that sum to 1") in {
        (each.position, each.field, each.found) for each in problems
    }


def test_a_body_that_is_no_text_is_a_problem(sqlite_url: str) -> None:
    """SQLite keeps anything in a column of text."""
    engine = open_engine(sqlite_url)
    build(engine)
    for value in (b"\xff\xfe", b"", "", "[" * 100_000, "null", '{"key":"k","request_sha256":1}'):
        with forging(engine) as connection:
            alter(connection, event, rows_of(connection, event)[5], hash="no hash")
            connection.exec_driver_sql("UPDATE event SET body = ? WHERE position = 6", (value,))
            found = places(verify(connection, BOOK))
        assert {(6, "event", "hash"), (6, "event", "body")} <= found
    engine.dispose()


def test_keys_that_are_no_numbers_are_a_problem(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    build(engine)
    for table, key, value in (("event", "position", "x"), ("posting", "position", "x"), ("posting", "leg", "x"),
                              ("request", "first_position", "x"), ("event", "stream_version", "x")):  # fmt: skip
        with forging(engine) as connection:
            where = "first_position = 6" if table == "request" else "position = 6"
            suffix = " AND leg = 0" if table == "posting" else ""
            connection.exec_driver_sql(f"UPDATE {table} SET {key} = ? WHERE {where}{suffix}", (value,))
            assert table in {place[1] for place in places(verify(connection, BOOK))}
    engine.dispose()


def test_a_tampered_request_is_found(engine: Engine) -> None:
    with forging(engine) as connection:
        row = next(row for row in rows_of(connection, request) if NOTE in row["request_json"])
        alter(connection, request, row, request_json=row["request_json"].replace(NOTE, "harmless"))
        assert places(verify(connection, BOOK)) == {
            (row["first_position"], "request", "request_json"), (row["first_position"], "request", "fingerprint")
        }  # fmt: skip


def test_a_dropped_trigger_is_found(engine: Engine) -> None:
    with writing(engine) as connection:
        drop_triggers(connection)
    with reading(engine) as connection:
        verification = verify(connection, BOOK)
    assert not verification.ok
    assert {problem.table for problem in verification.problems} == {"schema"}


def test_a_tail_cut_off_everywhere_is_found_only_with_a_hash_kept_elsewhere(engine: Engine) -> None:
    with forging(engine) as connection:
        last, kept = rows_of(connection, event)[-1], rows_of(connection, event)[-3]
        cut_tail(connection, 1)
        assert places(verify(connection, BOOK)) == set()
        noted_before = verify(connection, BOOK, expect=(kept["position"], kept["hash"]))
        noted_after = verify(connection, BOOK, expect=(last["position"], last["hash"]))
    assert places(noted_before) == set()
    assert places(noted_after) == {(last["position"], "event", "hash")}


def test_a_head_moved_back_alone_is_found(engine: Engine) -> None:
    with forging(engine) as connection:
        previous = rows_of(connection, event)[-2]
        alter(connection, head, {"book": BOOK}, position=previous["position"], hash=previous["hash"])
        assert {field for _, table, field in places(verify(connection, BOOK)) if table == "head"} == {
            "position",
            "hash",
        }


def test_a_book_rewritten_everywhere_is_found_only_with_a_hash_kept_elsewhere(engine: Engine, tmp_path: Path) -> None:
    """The forger records the same history with another note: all agrees, but for what somebody kept."""
    with reading(engine) as connection:
        events = rows_of(connection, event)
    before, noted = next((events[at], row) for at, row in enumerate(events[1:]) if NOTE in row["body"])
    forged_url = f"sqlite:///{tmp_path / 'forged.db'}"
    upgrade(forged_url)
    forged = open_engine(forged_url)
    build(forged, note="harmless")
    with reading(forged) as connection:
        assert verify(connection, BOOK).ok
        assert verify(connection, BOOK, expect=(before["position"], before["hash"])).ok
        for row in (noted, events[-1]):
            found = verify(connection, BOOK, expect=(row["position"], row["hash"]))
            assert places(found) == {(row["position"], "event", "hash")}
    forged.dispose()


def test_the_hash_of_a_position_that_is_not_there_is_a_problem(engine: Engine) -> None:
    with reading(engine) as connection:
        assert verify(connection, BOOK, expect=(0, GENESIS)).ok
        assert places(verify(connection, BOOK, expect=(999, GENESIS))) == {(999, "event", "hash")}


def test_a_book_that_is_not_there_is_a_problem(engine: Engine) -> None:
    with reading(engine) as connection:
        assert places(verify(connection, "nowhere")) == {(None, "head", "row")}


def test_problems_are_all_counted_and_the_first_ones_listed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.store.verification.MOST_LISTED", 3)
    with forging(engine) as connection:
        connection.execute(request.delete())
        verification = verify(connection, BOOK)
    assert len(verification.problems) == 3
    assert verification.problem_count > 10
