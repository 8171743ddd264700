"""Verifying: proof that the books are as they were written, from the first event to the last.

One pass over the events in order of position, a chunk at a time: the chain, the copies of the body in
columns, the requests that caused the events, and every read model, recomputed; every row of every table is of an event,
or named. What is found is a list of
problems and never a crash: a forged or damaged row is what this is for.

Not covered, by design: `session_user` on PostgreSQL, the database's own word and outside the hash (SQLite knows no
users, and there it is null); and a tail that was cut off, or a chain that was rewritten from some event on,
consistently in every table. Those are found only against something noted elsewhere: a hash (`expect`), a checkpoint. Or
against what the book itself says was given out, if whoever rewrote it left that standing (`ledger.store.hash_claims`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, select

from ledger.events import Leg, Recorded
from ledger.events.codec import UPCASTERS, canonical
from ledger.proof.chain import GENESIS, link
from ledger.store.check import file_faults
from ledger.store.comparison import (
    COPIES,
    POSITION,
    READ,
    RECORDED_AT,
    WHOLE_ROW,
    ReadModel,
    Stored,
    StoredDifference,
    as_bytes,
    as_declared,
    event_chunks,
    field_differences,
    interpreted,
    kinds_of_values,
    placed,
    plain_rows,
    read_models,
    shown,
    spelling,
)
from ledger.store.engine import NO_UTF8, undecodable_text_shown
from ledger.store.guards import schema_faults
from ledger.store.hash_claims import HashClaims
from ledger.store.request_matching import RequestMatcher
from ledger.store.unexplained import unexplained_rows
from ledger.store.verification import Verification
from ledger.tables.facts import head
from ledger.tables.projections import showing
from ledger.vocabulary.collector import collector_paused
from ledger.vocabulary.errors import StoreError

# Rows of `event_chunks`: the copies, session_user, the body, the hash.
_COPIED = tuple(column.name for column in COPIES)
_SESSION, _BODY, _HASH = range(len(_COPIED), len(_COPIED) + 3)
_STREAM, _VERSION, _DAY = (_COPIED.index(name) for name in ("stream", "stream_version", "effective_on"))
#: All copies but the day, which stands last.
_copied_values = attrgetter(*_COPIED[:_DAY])

_LOOKS_LIKE_A_HASH = re.compile("[0-9a-f]{64}")
_HEAD_FIELDS = tuple(column.name for column in head.columns if column.name != "book")
_HEAD_ROW = select(*(head.c[name] for name in _HEAD_FIELDS)).where(head.c.book == bindparam("book"))


def verify(
    connection: Connection,
    book: str,
    *,
    expect: tuple[int, str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Check a whole book, as the connection's transaction sees it (`ledger.store.engine.reading`).

    expect: a position and the hash it had when it was noted, outside the ledger. progress: told how many
    events are done.
    """
    try:
        return _verified(connection, book, expect, progress)
    except Exception as error:
        if NO_UTF8 not in str(error):
            raise
    # Once more, with texts that are no UTF-8 shown instead of refused: the pass names their places.
    with undecodable_text_shown(connection):
        return _verified(connection, book, expect, progress)


def _verified(
    connection: Connection, book: str, expect: tuple[int, str] | None, progress: Callable[[int], None] | None
) -> Verification:
    verification = Verification()
    verification.add(
        StoredDifference(None, "schema", "guard", None, sentence) for sentence in schema_faults(connection)
    )
    # Beside the pass, on a connection of its own: SQLite does the work, in a fifth of the time.
    with ThreadPoolExecutor(max_workers=1) as beside, collector_paused():
        faults = beside.submit(_faults_of, connection.engine)
        try:
            _Pass(connection, book, expect, verification).run(progress)
        except Exception as error:
            if NO_UTF8 in str(error) or (verification.ok and not faults.result()):
                raise
            # What was found of schema and file tells over what it stumbled.
            why = f"{type(error).__name__}: {error}".splitlines()[0]
            verification.add([StoredDifference(None, "event", WHOLE_ROW, "rows that can be read", shown(why))])
        verification.add(StoredDifference(None, "file", "page or index", None, fault) for fault in faults.result())
    return verification


def _faults_of(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return file_faults(connection)


class _Pass:
    """The state of one pass over a book's events."""

    def __init__(
        self, connection: Connection, book: str, expect: tuple[int, str] | None, verification: Verification
    ) -> None:
        self.connection, self.book, self.verification = connection, book, verification
        self.expected_position = expect[0] if expect else None
        self.expected_hash = expect[1] if expect else None
        self.models = read_models(connection)
        self._spelled_date = spelling(connection)
        self.knows_no_users = connection.dialect.name == "sqlite"
        self.position, self.hash, self.recorded_at = 0, GENESIS, ""
        self.versions: dict[Any, int] = {}
        self._kinds = kinds_of_values(READ, connection)
        self._typed = True
        #: Rows of the book that the pass has seen, by table.
        self.seen: Counter[str] = Counter()
        self.noted_hash: str | None = GENESIS if self.expected_position == 0 else None
        self._claims = HashClaims(connection, book)

    def run(self, progress: Callable[[int], None] | None) -> None:
        """Every event, then what may stand behind the last one."""
        after = None
        with RequestMatcher(self.connection, self.book, self.verification.add) as requests:
            for chunk in event_chunks(self.connection, self.book):
                self._check_chunk(chunk, after, requests)
                after = chunk[-1][POSITION]
                self.verification.events += len(chunk)
                self.verification.head = str(chunk[-1][_HASH])
                if progress:
                    progress(self.verification.events)
            requests.finish()
            self.seen += {"event": self.verification.events, "request": requests.taken}
        for model in self.models:
            self.verification.add(model.differences((), self._stored(model, after, None)))
        self._check_head()
        self.verification.add(unexplained_rows(self.connection, self.book, self.seen))
        self._check_expected()
        self.verification.add(self._claims.contradicted())

    def _stored(self, model: ReadModel, after: Any, last: Any) -> list[Stored]:
        found = model.stored(self.connection, self.book, after, last)
        self.seen[model.name] += len(found)
        return found

    def _check_chunk(self, chunk: Sequence[Stored], after: Any, requests: RequestMatcher) -> None:
        computed: list[list[Stored]] = [[] for _ in self.models]
        caused: list[tuple[str, int, str]] = []
        unreadable = set()
        self._typed = as_declared(chunk, self._kinds)
        for row in chunk:
            position = row[POSITION]
            self._check_version(row)
            known = self._check_event(row)
            if known is None:
                unreadable.add(position)
                caused += _cause_of_unreadable(row)
                continue
            recorded, legs = known
            caused.append((recorded.key, position, recorded.request_sha256))
            self._claims.note(recorded)
            self._compute(computed, recorded, legs, position)
        requests.match(caused)
        last = chunk[-1][POSITION]
        for model, expected in zip(self.models, computed, strict=True):
            found = self._stored(model, after, last)
            if unreadable:  # nothing can be said of the rows they led to
                found = [row for row in found if row[model.position] not in unreadable]
            self.verification.add(model.differences(expected, found))

    def _compute(self, computed: list[list[Stored]], recorded: Recorded, legs: tuple[Leg, ...], position: int) -> None:
        for number in showing(type(recorded.event)):
            model = self.models[number]
            try:
                for row in model.rows(recorded, legs):
                    computed[number].append(model.spelled(row))
            except Exception as error:  # a forged body can break what a projection relies on
                why = f"{type(error).__name__}: {error}"
                self._add(position, "event", "body", f"an event that {model.name} can show", why)

    def _check_event(self, row: Stored) -> tuple[Recorded, tuple[Leg, ...]] | None:
        """Check an event by itself and against the one before it; None if its body says nothing."""
        position, body_text = row[POSITION], row[_BODY]
        body = as_bytes(body_text)
        self._check_place(row, body)
        try:
            recorded, legs = interpreted(body)
        except StoreError as error:
            self._add(position, "event", "body", "an event that can be read", str(error))
            return None
        again = canonical(msgspec.json.decode(body) if recorded.stored_as in UPCASTERS else recorded)
        if again != body:
            self._add(position, "event", "body", f"canonical JSON: {again.decode()}", body_text)
        if not isinstance(body_text, str):
            self._add(position, "event", "body", "a text", body_text)
        copied = _copied_values(recorded) == row[:_DAY] and self._spelled_date(recorded.effective_on) == row[_DAY]
        if not (copied and self._typed):
            expected = (*_copied_values(recorded), self._spelled_date(recorded.effective_on))
            self.verification.add(field_differences("event", position, _COPIED, expected, row[:_SESSION]))
        if row[_SESSION] is not None and self.knows_no_users:
            self._add(position, "event", "session_user", None, row[_SESSION])
        balance = 0
        for leg in legs:
            balance += leg.amount_minor
        if balance:
            self._add(position, "event", "body", "legs that sum to zero", f"legs that sum to {balance}")
        return recorded, legs

    def _check_place(self, row: Stored, body: bytes) -> None:
        """Check position, chain and time against the event before it, and become that event."""
        position, recorded_at, found_hash = row[POSITION], row[RECORDED_AT], row[_HASH]
        if position != self.position + 1:
            gap = f"the event of position {self.position + 1}"
            self._add(self.position + 1, "event", WHOLE_ROW, gap, None)
        computed = link(self.hash, body)
        if found_hash != computed:
            self._add(position, "event", "hash", computed, found_hash)
            # Go on from what is stored, so that one altered event does not accuse all that follow it.
            computed = found_hash if _LOOKS_LIKE_A_HASH.fullmatch(str(found_hash)) else computed
        if str(recorded_at) < self.recorded_at:
            self._add(position, "event", "recorded_at", f"{self.recorded_at} or later", recorded_at)
        self.hash = computed
        self.position = position if isinstance(position, int) else self.position + 1
        self.recorded_at = str(recorded_at)
        if position == self.expected_position:
            self.noted_hash = found_hash

    def _check_version(self, row: Stored) -> None:
        """Check that the versions of every stream are 1, 2, 3 … in order of position."""
        stream, found = row[_STREAM], row[_VERSION]
        version = self.versions.get(stream, 0) + 1
        if found != version:
            self._add(row[POSITION], "event", "stream_version", version, found)
        self.versions[stream] = found if isinstance(found, int) else version

    def _check_head(self) -> None:
        rows = plain_rows(self.connection, _HEAD_ROW, {"book": self.book})
        self.seen["head"] = len(rows)
        if not rows:
            self._add(None, "head", WHOLE_ROW, f"the head of the book {self.book}", None)
            return
        last = (self.position, self.hash, self.recorded_at)
        noted = rows[0][0]
        if isinstance(noted, int) and noted > self.position:
            self._add(self.position + 1, "event", WHOLE_ROW, f"the events to position {noted}", None)
        self.verification.add(field_differences("head", self.position, _HEAD_FIELDS, last, rows[0]))

    def _check_expected(self) -> None:
        if self.expected_position is not None and self.noted_hash != self.expected_hash:
            self._add(self.expected_position, "event", "hash", self.expected_hash, self.noted_hash)

    def _add(self, position: int | None, table: str, name: str, expected: Any, found: Any) -> None:
        self.verification.add([StoredDifference(placed(position), table, name, shown(expected), shown(found))])


def _cause_of_unreadable(row: Stored) -> list[tuple[str, int, str]]:
    """The request that an event names whose data cannot be read, if its envelope can."""
    try:
        envelope = msgspec.json.decode(as_bytes(row[_BODY]))
        return [(str(envelope["key"]), row[POSITION], str(envelope["request_sha256"]))]
    except Exception:  # the body is reported already
        return []
