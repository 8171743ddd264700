"""Restoring: one book from its own facts, as they were recorded, and not decided again.

Rows come in order of position, a request before the events that it caused; each is held against the one before.
All of it is one transaction, which ends with the verification that anybody else would run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, Insert, bindparam, insert, select
from sqlalchemy.exc import DataError, IntegrityError

from ledger.accounts.postings import post
from ledger.decide.request import fingerprint
from ledger.events import BookOpened, Recorded
from ledger.events.codec import sha256_hex
from ledger.proof.chain import GENESIS, link
from ledger.store.check import file_faults
from ledger.store.comparison import StoredDifference
from ledger.store.engine import writing
from ledger.store.new_rows import MOVE_HEAD
from ledger.store.upgrade import upgrade_within, use_wal
from ledger.store.verify import verify
from ledger.tables.facts import event, head, request
from ledger.tables.projections import PROJECTIONS, showing
from ledger.vocabulary.errors import Refused

_COPIES = tuple(column.name for column in event.columns if column.name not in ("body", "hash", "session_user"))
_REQUEST_COLUMNS = tuple(column.name for column in request.columns if column.name != "book")
_INSERT_HEAD, _INSERT_EVENT, _INSERT_REQUEST = insert(head), insert(event), insert(request)
_INSERTS = tuple((projection, insert(projection.table)) for projection in PROJECTIONS)
_TRACES = tuple(
    select(table.c.book).where(table.c.book == bindparam("book")).limit(1) for table in (head, event, request)
)

#: Events written at a time.
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request, as its table holds it. line: where it was found."""

    line: int
    key: str
    request_json: str
    first_position: int
    last_position: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event. body: its stored bytes; recorded: what they say; hash: what was stored beside them."""

    line: int
    body: bytes
    recorded: Recorded
    hash: str


@dataclass(frozen=True, slots=True)
class EndRow:
    """What the whole book should be: how many events and requests, and the last event's hash."""

    line: int
    book: str
    events: int
    requests: int
    head: str


class BadLine(Refused):
    """What is to be restored is not the book that was exported, whole and as it was."""

    def __init__(self, line: int, why: str) -> None:
        """line: counted from 1; why: a clause without its full stop."""
        self.line = line
        super().__init__(f"Line {line}: {why}.", "Take another copy of the file, or export the book again.")


def restore(
    engine: Engine,
    rows: Iterable[RequestRow | EventRow | EndRow],
    *,
    wanted: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> EndRow:
    """Make the book again, in one transaction, in a database that has no such book; its schema is made if it must be.

    wanted: the only name the book may have; None for any. progress: told how many events are done. Returns what was
    restored. Raises BadLine, or Refused for a book that is there; nothing is changed then.
    """
    use_wal(engine)
    with writing(engine) as connection:
        upgrade_within(connection)
        restoring = _Restoring(connection, wanted, progress)
        for row in rows:
            restoring.take(row)
        end = restoring.finish()
        found = verify(connection, end.book)
        # Once more within this transaction: what others see of the file is not what it will be.
        found.add(StoredDifference(None, "file", "page or index", None, fault) for fault in file_faults(connection))
        if not found.ok:
            raise Refused(
                f"The book '{end.book}' would not verify: {described(found.problems[0])}",
                "Take another copy of the file; `debt db check` tells whether the database is at fault.",
            )
    return end


def described(problem: StoredDifference) -> str:
    """A problem of `verify` as a sentence."""
    place = "" if problem.position is None else f" at position {problem.position}"
    if problem.expected is None:
        return f"{problem.table}.{problem.field}{place}: {problem.found}"
    return f"{problem.table}.{problem.field}{place} should be '{problem.expected}' and is '{problem.found}'."


@dataclass(slots=True)
class _Restoring:
    """What was taken so far. position, hash, recorded_at: of the last event; request: the one that caused it."""

    connection: Connection
    wanted: str | None
    progress: Callable[[int], None] | None
    book: str = ""
    position: int = 0
    hash: str = GENESIS
    recorded_at: str = ""
    line: int = 0
    requests: int = 0
    request: RequestRow | None = None
    request_sha256: str = ""
    end: EndRow | None = None
    _events: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    _requests: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    _read_models: list[list[tuple[int, dict[str, Any]]]] = field(default_factory=lambda: [[] for _ in _INSERTS])

    def take(self, row: RequestRow | EventRow | EndRow) -> None:
        """Hold a row against what came before, and keep it. Raises BadLine."""
        if self.end is not None:
            raise BadLine(row.line, "something stands behind the end of the book")
        self.line = row.line
        match row:
            case RequestRow():
                self._take_request(row)
            case EventRow():
                self._take_event(row)
            case EndRow():
                self._take_end(row)

    def finish(self) -> EndRow:
        """After the last row: write what is left, and the head. Raises BadLine for a book that was cut."""
        if self.end is None:
            raise BadLine(self.line + 1, "the file ends before the end of the book: it was cut")
        self._write()
        return self.end

    def _take_request(self, row: RequestRow) -> None:
        self._expect_no_more_events(row.line)
        if row.first_position != self.position + 1 or row.last_position < row.first_position:
            raise BadLine(
                row.line,
                f"a request of the positions {row.first_position} to {row.last_position}, where {self.position + 1} is next",
            )
        if row.fingerprint != _fingerprint(row):
            raise BadLine(row.line, "the fingerprint is not that of the request")
        self.request, self.request_sha256 = row, sha256_hex(row.request_json.encode())
        self.requests += 1

    def _take_event(self, row: EventRow) -> None:
        recorded, caused_by = row.recorded, self.request
        if recorded.position != self.position + 1:
            raise BadLine(row.line, f"the event of position {recorded.position}, where {self.position + 1} is next")
        if link(self.hash, row.body) != row.hash:
            raise BadLine(row.line, "the hash does not follow from the event and the one before it: one was altered")
        if caused_by is None or self.position == caused_by.last_position:
            raise BadLine(row.line, f"an event whose request '{recorded.key}' does not stand before it")
        if (recorded.key, recorded.request_sha256) != (caused_by.key, self.request_sha256):
            raise BadLine(
                row.line, f"the request that stands before it, '{caused_by.key}', is not the one that it names"
            )
        if self.position == 0:
            self._open(row)
        if recorded.book != self.book:
            raise BadLine(row.line, f"an event of the book '{recorded.book}', among those of '{self.book}'")
        self.position, self.hash, self.recorded_at = recorded.position, row.hash, recorded.recorded_at
        self._keep(row)

    def _take_end(self, row: EndRow) -> None:
        self._expect_no_more_events(row.line)
        if self.position == 0:
            raise BadLine(row.line, "the book ends before its first event: there is nothing to restore")
        found = (self.book, self.position, self.requests, self.hash)
        for name, said, is_so in zip(
            ("book", "events", "requests", "head"), (row.book, row.events, row.requests, row.head), found, strict=True
        ):
            if said != is_so:
                raise BadLine(row.line, f"the end tells of {name} {said}, and {is_so} was found")
        self.end = row

    def _expect_no_more_events(self, line: int) -> None:
        if self.request is not None and self.position < self.request.last_position:
            raise BadLine(line, f"the event of position {self.position + 1} is missing before it")

    def _open(self, row: EventRow) -> None:
        """Take the book's name, and hold its head against anybody who would open it meanwhile."""
        self.book = row.recorded.book
        if not isinstance(row.recorded.event, BookOpened):
            raise BadLine(row.line, f"a book begins with book-opened, and not with {row.recorded.stored_as}")
        if self.wanted not in (None, self.book):
            raise Refused(
                f"The file holds the book '{self.book}', and '{self.wanted}' was asked for: the hash of every event "
                "covers the book's name, so that no book can be given another.",
                "Leave --book out.",
            )
        for trace in _TRACES:
            if self.connection.execute(trace, {"book": self.book}).first() is not None:
                raise _already(self.book)
        try:
            self.connection.execute(_INSERT_HEAD, _head(self.book, 0, GENESIS, ""))
        except IntegrityError as error:  # opened by somebody else a moment ago
            raise _already(self.book) from error

    def _keep(self, row: EventRow) -> None:
        recorded, caused_by = row.recorded, self.request
        columns = {name: getattr(recorded, name) for name in _COPIES}
        self._events.append((row.line, columns | {"body": row.body.decode(), "hash": row.hash}))
        if caused_by is not None and caused_by.first_position == recorded.position:
            values = {name: getattr(caused_by, name) for name in _REQUEST_COLUMNS}
            self._requests.append((caused_by.line, values | {"book": self.book}))
        try:
            legs = post(recorded.event, recorded.effective_on)
            for number in showing(type(recorded.event)):
                self._read_models[number] += [(row.line, each) for each in PROJECTIONS[number].rows(recorded, legs)]
        except Exception as error:  # a made-up body can break any rule that decided events keep
            raise BadLine(row.line, f"an event that cannot be posted: {type(error).__name__}: {error}") from error
        if len(self._events) >= _CHUNK:
            self._write()

    def _write(self) -> None:
        """Write what is kept, and move the head with it."""
        self._insert(_INSERT_EVENT, self._events)
        for pending, (_, insertion) in zip(self._read_models, _INSERTS, strict=True):
            self._insert(insertion, pending)
        self._insert(_INSERT_REQUEST, self._requests)
        moved = {"of_book": self.book, "to_position": self.position, "to_hash": self.hash, "to_time": self.recorded_at}
        self.connection.execute(MOVE_HEAD, moved)
        if self.progress:
            self.progress(self.position)

    def _insert(self, insertion: Insert, rows: list[tuple[int, dict[str, Any]]]) -> None:
        """Insert rows; what the database refuses is found by inserting one at a time, to name its line."""
        if not rows:
            return
        try:
            with self.connection.begin_nested():
                self.connection.execute(insertion, [values for _, values in rows])
        except (DataError, IntegrityError):
            for line, values in rows:
                try:
                    self.connection.execute(insertion, values)
                except (DataError, IntegrityError) as error:
                    raise BadLine(line, f"the database refuses it: {str(error.orig).splitlines()[0]}") from error
        rows.clear()


def _fingerprint(row: RequestRow) -> str:
    try:
        return fingerprint(row.request_json.encode())
    except Exception as error:  # whatever stands there instead of a request
        raise BadLine(row.line, f"the request cannot be read: {type(error).__name__}: {error}") from error


def _head(book: str, position: int, hash_: str, recorded_at: str) -> dict[str, Any]:
    return {"book": book, "position": position, "hash": hash_, "recorded_at": recorded_at}


def _already(book: str) -> Refused:
    return Refused(
        f"The database holds a book '{book}' already: a book is restored only where there is none of its name.",
        "Name another database with --database.",
    )
