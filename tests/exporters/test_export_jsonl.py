"""The whole book as CloudEvents: from the file alone the same ledger is made again, byte for byte."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from ledger.events.codec import decode
from ledger.exporters.jsonl import END_TYPE, REQUEST_TYPE
from ledger.queries.reader import Reader, reader_of
from ledger.store.engine import open_engine, reading, writing
from ledger.store.ledger import Ledger
from ledger.store.rebuild import rebuild
from ledger.store.upgrade import upgrade
from ledger.store.verify import verify
from ledger.tables.facts import event, head, request
from ledger.vocabulary.errors import StoreError, Unreadable
from tests.helpers.exported_books import Book, exported
from tests.helpers.small_ledger import BOOK, NOTE, alter, build, cut_tail, forging, rows_of

pytestmark = pytest.mark.sqlite_first

#: Of table `event`, what the database itself says of who wrote: the only column that is no part of the book.
_NOT_OF_THE_BOOK = "session_user"
_COLUMNS = tuple(column.name for column in event.columns)


@pytest.fixture
def engine(database_url: str) -> Engine:
    """A small ledger on each database, with a text that asks much of an encoding."""
    engine = open_engine(database_url)
    build(engine, note=f'{NOTE} "\\\n\u2028\x7f\ud7ff\U0001f4a3 </script>')
    return engine


def lines_of(engine: Engine, book: str = BOOK, known_at: str | None = None) -> list[str]:
    with reader_of(Ledger(engine, book, lambda: datetime.now(UTC), str), known_at) as reader:
        return exported(reader, "jsonl").splitlines(keepends=True)


def objects(lines: list[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines]


def restored(lines: list[str], url: str) -> Engine:
    """A new database with what the lines say, as somebody who has only read the format's description would make it."""
    upgrade(url)
    engine = open_engine(url)
    *told, end = objects(lines)
    events = [each for each in told if each["type"] != REQUEST_TYPE]
    book, last = end["data"]["book"], events[-1]
    with writing(engine) as connection:
        for each in events:
            body = b64decode(each["data_base64"])
            envelope = decode(body)
            copies = {name: getattr(envelope, name) for name in _COLUMNS if hasattr(envelope, name)}
            connection.execute(insert(event), copies | {"body": body.decode(), "hash": each["hash"]})
        for each in told:
            if each["type"] == REQUEST_TYPE:
                connection.execute(insert(request), {"book": book, **each["data"]})
        at = {"position": end["data"]["events"], "hash": end["data"]["head"], "recorded_at": last["time"]}
        connection.execute(insert(head), {"book": book, **at})
    rebuild(engine, book)
    return engine


def facts(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables that hold facts, but for the one column."""
    with reading(engine) as connection:
        found = {table.name: rows_of(connection, table) for table in (event, request, head)}
    for row in found["event"]:
        del row[_NOT_OF_THE_BOOK]
    return found


def test_a_ledger_is_made_again_from_the_file_byte_for_byte(engine: Engine, tmp_path: Path) -> None:
    """The same rows, the same hashes, verified; exported again, the same file."""
    lines = lines_of(engine)
    again = restored(lines, f"sqlite:///{tmp_path / 'again.db'}")
    assert facts(again) == facts(engine)
    with reading(again) as connection:
        assert verify(connection, BOOK).problems == []
    assert lines_of(again) == lines
    again.dispose()


@pytest.mark.reliability
def test_a_random_book_is_made_again(book: Book, tmp_path: Path) -> None:
    """Whatever happened in it."""
    lines = book.export("jsonl").read_text().splitlines(keepends=True)
    again = restored(lines, f"sqlite:///{tmp_path / 'again.db'}")
    with reading(again) as connection:
        found = verify(connection, book.name)
    assert (found.problems, found.events) == ([], len(book.ask("log")))
    assert lines_of(again, book.name) == lines
    again.dispose()


def test_the_chain_can_be_verified_from_the_file_alone(engine: Engine) -> None:
    """With a standard library, by the rule that the design states."""
    *told, end = objects(lines_of(engine))
    previous = bytes(32)
    for each in told:
        if "hash" in each:
            body = b64decode(each["data_base64"])
            previous = hashlib.sha256(b"debt-ledger/1\n" + previous + hashlib.sha256(body).digest()).digest()
            assert each["hash"] == previous.hex()
    assert end["data"]["head"] == previous.hex()


def test_every_line_is_a_cloud_event(engine: Engine) -> None:
    """CloudEvents 1.0: the required attributes, names of lower-case letters and digits, one identity each, one payload."""
    lines = lines_of(engine)
    told = objects(lines)
    assert all(line.isascii() and line.endswith("}\n") and line.count("\n") == 1 for line in lines)
    for each in told:
        assert (each["specversion"], each["datacontenttype"]) == ("1.0", "application/json")
        assert ("data" in each) != ("data_base64" in each)
        names = each.keys() - {"data_base64"}
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in names)
        attributes = [each[name] for name in names - {"data", "position"}]
        assert all(isinstance(value, str) and value and value.isprintable() for value in attributes)
        assert re.fullmatch(r"debt-ledger/main(/requests|/ends)?", each["source"])
        assert datetime.fromisoformat(each.get("time", "2026-01-01T00:00:00Z")).tzinfo is not None
    assert len({(each["source"], each["id"]) for each in told}) == len(told)


def test_an_event_line_says_what_its_body_says(engine: Engine) -> None:
    """Whoever reads it need not open the body to know what it is about."""
    for each in objects(lines_of(engine)):
        if "hash" in each:
            body = json.loads(b64decode(each["data_base64"]))
            said = {name: each[name] for name in ("id", "type", "subject", "time", "position")}
            assert said == {
                "id": body["event_id"], "type": body["stored_as"], "subject": body["stream"],
                "time": body["recorded_at"], "position": body["position"],
            }  # fmt: skip


def test_a_request_stands_before_the_first_event_that_it_caused_and_the_end_counts_both(engine: Engine) -> None:
    """So that one reading in order is enough, and a file that was cut is noticed."""
    *told, end = objects(lines_of(engine))
    requests = 0
    for line, following in zip(told, [*told[1:], end], strict=True):
        if line["type"] == REQUEST_TYPE:
            requests += 1
            assert following["position"] == line["data"]["first_position"]
            body = json.loads(b64decode(following["data_base64"]))
            assert body["key"] == line["data"]["key"]
            assert body["request_sha256"] == hashlib.sha256(line["data"]["request_json"].encode()).hexdigest()
    assert end["type"] == END_TYPE
    assert all(line["type"] != END_TYPE for line in told)
    counted = {"events": len(told) - requests, "requests": requests}
    assert counted["events"] > counted["requests"] > 0
    assert end["data"] == {"book": BOOK, **counted, "head": facts(engine)["head"][0]["hash"]}


def test_an_earlier_book_is_the_beginning_of_a_later_one(engine: Engine) -> None:
    """As known at a time, the same lines up to there."""
    whole = lines_of(engine)
    with reading(engine) as connection:
        known_at = connection.execute(select(event.c.recorded_at).where(event.c.position == 9)).scalar_one()
    earlier = lines_of(engine, known_at=known_at)
    assert earlier[:-1] == whole[: len(earlier) - 1]
    assert json.loads(earlier[-1])["data"]["events"] == json.loads(earlier[-2])["position"] < len(earlier) < len(whole)
    (nothing,) = objects(lines_of(engine, known_at="2000-01-01"))
    assert nothing["data"] == {"book": BOOK, "events": 0, "requests": 0, "head": "00" * 32}


def test_an_as_of_date_would_leave_gaps_and_is_refused(engine: Engine) -> None:
    """A chain with gaps proves nothing."""
    with (
        reader_of(Ledger(engine, BOOK, lambda: datetime.now(UTC), str)) as reader,
        pytest.raises(Unreadable, match="no gaps"),
    ):
        exported(reader, "jsonl", as_of=date(2026, 3, 1))


def _altered(connection: Any) -> int:
    (row,) = (row for row in rows_of(connection, event) if "forger" in row["body"])
    alter(connection, event, row, body=row["body"].replace("forger", "scribe"))
    return int(row["position"])


def _missing(connection: Any) -> int:
    connection.execute(event.delete().where(event.c.book == BOOK, event.c.position == 5))
    return 5


def _moved(connection: Any) -> int:
    alter(connection, event, rows_of(connection, event)[0], position=0)
    return 1


def _cut(connection: Any) -> int:
    last = rows_of(connection, event)[-1]["position"]
    cut_tail(connection, 3)
    return int(last) - 2


def _orphaned(connection: Any) -> int:
    row = rows_of(connection, request)[-1]
    connection.execute(event.delete().where(event.c.book == BOOK, event.c.position == row["first_position"]))
    return int(row["first_position"])


@pytest.mark.parametrize("forgery", [_altered, _missing, _moved, _cut, _orphaned])
def test_a_broken_chain_is_not_exported_as_if_it_were_whole(engine: Engine, forgery: Any) -> None:
    """What has been altered, taken out or cut off is named by its position."""
    with reader_of(Ledger(engine, BOOK, lambda: datetime.now(UTC), str)) as intact:
        book, position = intact.book, intact.position
    with forging(engine) as connection:
        broken = forgery(connection)
        with pytest.raises(StoreError, match=f"broken at position {broken}:"):
            exported(Reader(connection, book, position, ""), "jsonl")


def test_both_databases_give_the_same_bytes_of_every_kind(sqlite_url: str, postgres_url: str) -> None:
    """For the same input; titles and names in the journals, times and hashes in all."""
    told: dict[str, list[str]] = {"hledger": [], "beancount": [], "jsonl": [], "csv": []}
    for url in (sqlite_url, postgres_url):
        engine = open_engine(url)
        build(engine)
        with reader_of(Ledger(engine, BOOK, lambda: datetime.now(UTC), str)) as reader:
            for kind, texts in told.items():
                texts.append(exported(reader, kind))
        engine.dispose()
    for kind, (one, other) in told.items():
        assert one == other, kind
        assert len(one) > 1000
