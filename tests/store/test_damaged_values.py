"""Values that no column should hold: questions answer, or say in one sentence that they cannot; `verify` names the place."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.cli import cli
from ledger.events.codec import decode, happening
from ledger.store import comparison as comparing
from ledger.store.check import file_faults
from ledger.store.engine import file_engine, reading, translated, writing
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
from ledger.vocabulary.errors import StoreError
from tests.helpers.small_ledger import build, drop_triggers, loosen

QUESTIONS = (
    "delta",
    "rollforward 2026Q1",
    "list --status all",
    "log",
    "ageing",
    "export jsonl -",
    "verify",
    "db rebuild",
)

#: In SQL: no UTF-8, bytes, a number too large for any figure, no number, an empty text, what cannot be a day.
VALUES = ("CAST(x'ff41' AS TEXT)", "x'00ff'", "9e99", "9223372036854775807", "'x'", "''", "-1")

#: Of each table, a row and the columns in which a wrong value could break something.
PLACES = {
    "event": (
        "book = 'main' AND position = 6",
        ("event_id", "stream", "stored_as", "effective_on", "recorded_at", "body", "hash"),
    ),
    "request": ("first_position = 6", ("key", "request_json", "last_position", "fingerprint")),
    "head": ("book = 'main'", ("position", "hash", "recorded_at")),
    "posting": (
        "position = 6 AND leg = 1",
        ("item", "account", "movement", "amount_minor", "effective_on", "nature", "accrues_day"),
    ),
    "item": ("position = 6", ("item", "system", "number", "title", "opened_on", "principal_minor")),
    "term": ("position = 6", ("effective_on", "repay_by")),
    "owner": ("position = 3", ("team", "effective_on")),
}
CASES = [(table, column) for table, (_, columns) in PLACES.items() for column in columns]


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ledger without its triggers, constraints and types, in one file."""
    path = tmp_path_factory.mktemp("unguarded") / "ledger.db"
    engine = file_engine(path, create=True)
    upgrade(engine)
    build(engine)
    with writing(engine) as connection:
        drop_triggers(connection)
        loosen(connection)
    engine.dispose()
    return path


@pytest.mark.reliability
@pytest.mark.parametrize(("table", "column"), CASES, ids=lambda name: name)
def test_a_value_of_another_kind_breaks_no_command(table: str, column: str, unguarded: Path, tmp_path: Path) -> None:
    """Exit 0 or 3, never a trace of Python; and what stands there is found, in its table and column."""
    for number, value in enumerate(VALUES):
        path = Path(shutil.copy(unguarded, tmp_path / f"{number}.db"))
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(f"UPDATE {table} SET {column} = {value} WHERE {PLACES[table][0]}")
        found = CliRunner().invoke(
            cli, ["--database", f"sqlite:///{path}", "--book", "main", "verify", "--format", "json"]
        )
        assert found.exit_code == 3, value
        problems = json.loads(found.stdout)["problems"]
        assert any(each["table"] == table and each["field"] in (column, "row") for each in problems), (value, problems)
        for line in QUESTIONS[number % 2 :: 2] if number else QUESTIONS:
            result = CliRunner().invoke(cli, ["--database", f"sqlite:///{path}", "--book", "main", *line.split()])
            assert isinstance(result.exception, SystemExit | None), (line, value, result.exception)
            assert result.exit_code in (0, 3), (line, value, result.stderr)
            assert result.exit_code == 0 or result.stderr.startswith("debt: "), (line, value)


def test_text_that_is_no_utf8_is_shown_with_its_bytes(unguarded: Path, tmp_path: Path) -> None:
    """And only while it is looked for: other readers of the connection still get an error."""
    path = Path(shutil.copy(unguarded, tmp_path / "ledger.db"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE item SET title = CAST(x'476cff' AS TEXT) WHERE position = 6")
    engine = file_engine(path)
    with reading(engine) as connection:
        problems = [each for each in verify(connection, "main").problems if each.table == "item"]
        assert [(each.position, each.field, each.found) for each in problems] == [(6, "title", "Gl\\xff")]
        with pytest.raises(sqlite3.OperationalError, match="UTF-8"):
            connection.exec_driver_sql("SELECT title FROM item").cursor.fetchall()
    engine.dispose()


@pytest.mark.parametrize("read", [decode, happening])
@pytest.mark.parametrize(
    "body",
    [5, None, 1.5, b"\xff", b'"\xff"', b"[" * 100_000, b'{"book":"b","data":' + b'{"a":' * 100_000, "", "null", "{}"],
    ids=lambda body: repr(body)[:20],
)
def test_a_body_that_is_none_is_said(read: Callable[[object], object], body: object) -> None:
    """Also what is nested so deep that the reader itself gives up."""
    with pytest.raises(StoreError, match="A stored event cannot be read"):
        read(body)


def test_events_that_go_round_in_circles_end(unguarded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the pages of a damaged index do: the same rows come again behind the last one."""
    engine = file_engine(unguarded)
    rows = [(None,) * comparing.POSITION + (position,) for position in (1, 2, 3)]
    monkeypatch.setattr(comparing, "plain_rows", lambda *arguments: rows)
    with reading(engine) as connection, pytest.raises(StoreError, match="cannot be found: the file is damaged"):
        list(islice(comparing.event_chunks(connection, "main"), 10))
    engine.dispose()


def test_what_is_no_fault_of_the_books_passes(unguarded: Path) -> None:
    """An interruption, a refusal, a broken assertion are not taken for damage; a value that cannot be is."""
    engine = file_engine(unguarded)
    for error in (KeyboardInterrupt(), AssertionError(), OSError("no such folder"), StoreError("said already")):
        with pytest.raises(type(error)) as caught, translated(engine):
            raise error
        assert caught.value is error
    with pytest.raises(StoreError, match=r"cannot be understood \(KeyError: 'x'\)"), translated(engine):
        raise KeyError("x")
    engine.dispose()


def test_a_sound_file_has_no_faults(unguarded: Path) -> None:
    """And a damaged one has those that were found before SQLite gave up."""
    engine = file_engine(unguarded)
    with reading(engine) as connection:
        assert file_faults(connection) == []
    engine.dispose()
