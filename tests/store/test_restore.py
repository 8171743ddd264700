"""A book is made again from its export, byte for byte; what is not the whole book as it was makes nothing."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, inspect, select

import ledger.exporters.jsonl as exporting
import ledger.importers.jsonl as importing
from ledger.decide.request import fingerprint
from ledger.events.codec import canonical, sha256_hex
from ledger.exporters import Wanted
from ledger.importers.jsonl import rows
from ledger.proof.chain import GENESIS, link
from ledger.queries.reader import reader_of
from ledger.store.engine import file_engine, open_engine, reading, writing
from ledger.store.ledger import Ledger
from ledger.store.restore import restore
from ledger.store.upgrade import upgrade_within, use_wal
from ledger.store.verify import verify
from ledger.tables.facts import event, head, metadata
from ledger.vocabulary.errors import Refused
from tests.helpers.small_ledger import BOOK, build, drop_triggers, rows_of

pytestmark = pytest.mark.sqlite_first

Lines = list[str]


def exported(engine: Engine, book: str = BOOK) -> Lines:
    """What `debt export jsonl` writes."""
    with reader_of(Ledger(engine, book, lambda: datetime.now(UTC), str)) as reader:
        return list(exporting.lines(reader, Wanted()))


def facts(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of the book in every table, but for the database's own word of who wrote."""
    with reading(engine) as connection:
        found = {name: rows_of(connection, table) for name, table in metadata.tables.items()}
    for row in found["event"]:
        del row["session_user"]
    return found


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The small ledger, which has a row in every table, with a text that asks much of an encoding."""
    engine = file_engine(tmp_path_factory.mktemp("original") / "ledger.db", create=True)
    use_wal(engine)
    with writing(engine) as connection:
        upgrade_within(connection)
    build(engine, note='"\\\n\u2028\x7f\ud7ff\U0001f4a3 </script>')
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def lines(original: Engine) -> Lines:
    """Its export."""
    return exported(original)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Engine]:
    """A file that is not there yet."""
    engine = file_engine(tmp_path / "again.db", create=True)
    yield engine
    engine.dispose()


def restored(place: Engine, text: str, tmp_path: Path, **options: Any) -> Any:
    """Restore a text."""
    path = tmp_path / "book.jsonl"
    path.write_bytes(text.encode())
    return restore(place, rows(path), **options)


def test_importer_and_exporter_mean_the_same_lines() -> None:
    """Neither layer may import the other."""
    assert (importing.REQUEST_TYPE, importing.END_TYPE) == (exporting.REQUEST_TYPE, exporting.END_TYPE)


def test_a_book_comes_back_byte_for_byte(
    original: Engine, lines: Lines, empty_database_url: str, tmp_path: Path
) -> None:
    """Events, hashes, requests, head and read models; verified; and exported again it is the same file."""
    engine = open_engine(empty_database_url, create=True)
    told: list[int] = []
    end = restored(engine, "".join(lines), tmp_path, progress=told.append)
    assert facts(engine) == facts(original)
    assert exported(engine) == lines
    with reading(engine) as connection:
        found = verify(connection, BOOK)
    assert (found.ok, found.events, found.head) == (True, end.events, end.head)
    assert told[-1] == end.events
    engine.dispose()


def test_recording_goes_on_where_it_ended(lines: Lines, place: Engine, tmp_path: Path) -> None:
    """The head, the versions of streams and the keys of requests are back: a retry counts once, a new entry follows."""
    end = restored(place, "".join(lines), tmp_path)
    again = [json.loads(line) for line in lines if "request/1" in line][-1]["data"]
    from ledger.decide.request import Request
    from tests.helpers.small_ledger import TODAY, commands

    ledger = Ledger(place, BOOK, lambda: datetime(2026, 8, 1, tzinfo=UTC), lambda: "a-new-id")
    last = list(commands())[-1]
    (repeated,) = ledger.handle(Request(last, "lead@example.org", TODAY, key=again["key"]))
    assert (repeated.repeated, repeated.recorded.position) == (True, end.events)
    (new,) = ledger.handle(Request(last, "lead@example.org", TODAY, again=True))
    assert new.recorded.position == end.events + 1
    with reading(place) as connection:
        assert verify(connection, BOOK).ok


def test_a_second_book_finds_place_beside_the_first(
    lines: Lines, database_url: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """Only the book's own name has to be free."""
    engine = open_engine(database_url)
    build(engine, book="other")
    restored(engine, "".join(lines), tmp_path)
    assert exported(engine) == lines
    with reading(engine) as connection:
        assert verify(connection, "other").ok
    engine.dispose()


def test_a_book_that_is_there_is_left_alone(database_url: str, lines: Lines, tmp_path: Path) -> None:
    """Whole or in traces: a head that somebody removed makes no room."""
    engine = open_engine(database_url)
    build(engine)
    before = facts(engine)
    with pytest.raises(Refused, match="holds a book 'main' already"):
        restored(engine, "".join(lines), tmp_path)
    assert facts(engine) == before
    with writing(engine) as connection:
        connection.execute(delete(head))
    with pytest.raises(Refused, match="holds a book 'main' already"):
        restored(engine, "".join(lines), tmp_path)
    engine.dispose()


def test_a_book_cannot_be_given_another_name(place: Engine, lines: Lines, tmp_path: Path) -> None:
    """Its name is in every event, under the hash."""
    with pytest.raises(Refused, match=r"holds the book 'main', and 'mine' was asked for"):
        restored(place, "".join(lines), tmp_path, wanted="mine")
    restored(place, "".join(lines), tmp_path, wanted=BOOK)


def test_a_database_without_its_guards_takes_no_book(sqlite_url: str, lines: Lines, tmp_path: Path) -> None:
    """It could not keep the facts as they are."""
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        drop_triggers(connection)
    with pytest.raises(Refused, match="The trigger event_append is missing"):
        restored(engine, "".join(lines), tmp_path)
    with reading(engine) as connection:
        assert connection.execute(select(event)).first() is None
    engine.dispose()


def test_a_schema_made_on_the_way_is_planned_with_its_figures(place: Engine) -> None:
    """Without them SQLite walks the whole book for each event that is inserted."""
    with writing(place) as connection:
        upgrade_within(connection)
        # What the trigger asks for each event.
        closed = "SELECT max(body) FROM event WHERE book = 'b' AND stored_as = 'period-closed/1'"
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {closed}").all()
        assert "event_closing_ix" in " ".join(row[-1] for row in plan)


# --- files that are no whole book -----------------------------------------------------------------------


def changed(line: str, **changes: Any) -> str:
    """A line with other attributes; `data` is merged, and a body goes in as `body`."""
    found = json.loads(line)
    if "data" in changes:
        changes["data"] = found["data"] | changes["data"]
    if "body" in changes:
        changes["data_base64"] = b64encode(changes.pop("body")).decode()
    return json.dumps(found | changes) + "\n"


def body_of(line: str) -> dict[str, Any]:
    """The event that a line holds."""
    found: dict[str, Any] = msgspec.json.decode(b64decode(json.loads(line)["data_base64"]))
    return found


def forged(lines: Lines, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Lines:
    """Every event's body changed, and all that depends on it computed anew: columns, chain, head."""
    previous, made = GENESIS, []
    for line in lines:
        if "data_base64" in line:
            body = change(body_of(line))
            data = canonical(body)
            previous = link(previous, data)
            copies = {"id": body["event_id"], "type": body["stored_as"], "subject": body["stream"]}
            made.append(changed(line, body=data, hash=previous, time=body["recorded_at"], **copies))
        elif '"head"' in line:
            made.append(changed(line, data={"head": previous}, time=json.loads(made[-1])["time"]))
        else:
            made.append(line)
    return made


def another_request(lines: Lines) -> Lines:
    """The last request's text changed, its fingerprint too."""
    found = json.loads(lines[-3])["data"]
    text = found["request_json"].replace("the last word", "no word")
    return [
        *lines[:-3],
        changed(lines[-3], data={"request_json": text, "fingerprint": fingerprint(text.encode())}),
        *lines[-2:],
    ]


def on_one_stream(body: dict[str, Any]) -> dict[str, Any]:
    """Two events of one version of a stream."""
    return body | ({"stream_version": 1} if body["stream"] == "FRAUD-1" else {})


FILES: dict[str, tuple[Callable[[Lines], Lines | str], str]] = {
    "empty": (lambda lines: [], "Line 1: the file ends before the end of the book: it was cut"),
    "another file": (lambda lines: "book,position\nmain,1\n", "Line 1: it is no line of `debt export jsonl`"),
    "other JSON": (lambda lines: '{"type": "x"}\n', "Line 1: it is no line of `debt export jsonl`"),
    "deep JSON": (lambda lines: '{"a":' * 100_000 + "\n", "Line 1: it is no line of `debt export jsonl`"),
    "an endless line": (lambda lines: " " * (17 * 2**20), "Line 1: it is longer than"),
    "without its end": (lambda lines: lines[:-1], "Line 44: the file ends before the end of the book"),
    "cut in a line": (lambda lines: "".join(lines)[:-20], "Line 44: the line does not end: the file was cut"),
    "without an event": (
        lambda lines: [*lines[:8], *lines[9:]],
        "Line 9: the event of position 5 is missing before it",
    ),
    "without a request": (lambda lines: [*lines[:7], *lines[8:]], "Line 8: an event whose request"),
    "without both": (
        lambda lines: [*lines[:7], *lines[9:]],
        "Line 8: a request of the positions 6 to 6, where 5 is next",
    ),
    "events swapped": (
        lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
        "Line 6: the event of position 4, where 3 is next",
    ),
    "an event twice": (
        lambda lines: [*lines[:9], lines[8], *lines[9:]],
        "Line 10: the event of position 5, where 6 is next",
    ),
    "a line behind the end": (lambda lines: [*lines, lines[-1]], "Line 45: something stands behind the end"),
    "only an end": (
        lambda lines: [changed(lines[-1], id="0", data={"events": 0})],
        "its time is",
    ),
    "a body altered": (
        lambda lines: [*lines[:8], changed(lines[8], body=canonical(body_of(lines[8]) | {"actor": "eve"})), *lines[9:]],
        "Line 9: the hash does not follow",
    ),
    "a hash altered": (
        lambda lines: [*lines[:8], changed(lines[8], hash="00" * 32), *lines[9:]],
        "Line 9: the hash does not follow",
    ),
    "a body of another kind": (
        lambda lines: [*lines[:8], changed(lines[8], body=b"[]"), *lines[9:]],
        "Line 9: A stored",
    ),
    "no base64": (
        lambda lines: [*lines[:8], changed(lines[8], data_base64="!"), *lines[9:]],
        "Line 9: its data_base64",
    ),
    "an attribute altered": (
        lambda lines: [*lines[:8], changed(lines[8], subject="PRICE"), *lines[9:]],
        "Line 9: its subject is 'PRICE'",
    ),
    "an attribute added": (lambda lines: [*lines[:8], changed(lines[8], x=1), *lines[9:]], "Line 9: it is no line of"),
    "another source": (
        lambda lines: [changed(lines[0], source="debt-ledger/x/requests"), *lines[1:]],
        "Line 2: its source",
    ),
    "a request altered": (another_request, "Line 43: the request that stands before it"),
    "a request's text alone": (
        lambda lines: [changed(lines[0], data={"request_json": "{}"}), *lines[1:]],
        "Line 1: the request cannot be read",
    ),
    "a fingerprint altered": (
        lambda lines: [changed(lines[0], data={"fingerprint": "0"}), *lines[1:]],
        "Line 1: the fingerprint",
    ),
    "a request of no events": (
        lambda lines: [changed(lines[0], data={"last_position": 0}), *lines[1:]],
        "Line 1: a request of the positions 1 to 0",
    ),
    "another number of events": (
        lambda lines: [*lines[:-1], changed(lines[-1], id="9", data={"events": 9})],
        "Line 44: the end tells of events 9, and 22 was found",
    ),
    "another number of requests": (
        lambda lines: [*lines[:-1], changed(lines[-1], data={"requests": 9})],
        "Line 44: the end tells of requests 9, and 21 was found",
    ),
    "another head": (
        lambda lines: [*lines[:-1], changed(lines[-1], data={"head": "0"})],
        "Line 44: the end tells of head 0",
    ),
    "two books": (
        lambda lines: forged(lines, lambda body: body | {"book": "x" if body["position"] == 5 else BOOK}),
        "Line 9: its source is 'debt-ledger/main'",
    ),
    "the middle of a book": (
        lambda lines: forged(lines, lambda body: body | {"data": body_of(lines[3])["data"], **_NOT_OPENED}),
        "Line 2: a book begins with book-opened, and not with system-registered/1",
    ),
    "an identifier twice": (
        lambda lines: forged(lines, lambda body: body | {"event_id": "same"}),
        "Line 4: the database refuses it",
    ),
    "a version twice": (lambda lines: forged(lines, on_one_stream), "the database refuses it"),
    "times that decrease": (
        lambda lines: forged(
            lines, lambda body: body | {"recorded_at": f"2026-07-01T00:{59 - body['position']}:00.000000Z"}
        ),
        "would not verify: event.recorded_at at position 2 should be",
    ),
}
_NOT_OPENED = {"stored_as": "system-registered/1", "stream": "PRICE"}


@pytest.mark.reliability
@pytest.mark.parametrize(("make", "words"), FILES.values(), ids=FILES.keys())
def test_a_file_that_is_no_whole_book_makes_nothing(
    make: Callable[[Lines], Lines | str], words: str, lines: Lines, place: Engine, tmp_path: Path
) -> None:
    """The line and what is wrong with it are said; not even a schema is left."""
    assert len(lines) == 44
    with pytest.raises(Refused) as caught:
        restored(place, "".join(make(lines)), tmp_path)
    assert words in str(caught.value)
    assert inspect(place).get_table_names() == []


@pytest.mark.reliability
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_byte_changed_is_refused_or_changes_nothing(data: st.DataObject, lines: Lines, tmp_path: Path) -> None:
    """Some bytes are a spelling alone: a space for a space, an escape for a character."""
    content = bytearray("".join(lines).encode())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "book.jsonl"
    path.write_bytes(content)
    (tmp_path / "again.db").unlink(missing_ok=True)
    engine = file_engine(tmp_path / "again.db", create=True)
    with suppress(Refused):
        restore(engine, rows(path))
    if inspect(engine).get_table_names():
        assert exported(engine) == lines
    engine.dispose()


def test_a_respelled_file_is_the_same_book(lines: Lines, place: Engine, tmp_path: Path) -> None:
    """What other programs do to JSON on the way: spaces, another order, characters instead of escapes."""
    told = [json.dumps(dict(reversed(json.loads(line).items())), ensure_ascii=False) for line in lines]
    restored(place, "\n".join(told) + "\n", tmp_path)
    assert exported(place) == lines


def test_the_sha_of_a_request_is_what_its_events_name(lines: Lines) -> None:
    """Otherwise the table of forgeries above would prove nothing."""
    assert sha256_hex(json.loads(lines[0])["data"]["request_json"].encode()) == body_of(lines[1])["request_sha256"]
