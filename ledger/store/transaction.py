"""Appending: one transaction from the book's head to its new head.

Inside the lock: load state, decide, stamp, hash, insert events, read models and request, move the head.
Positions are dense, commit order is position order, and nothing is ever decided on stale state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Engine, bindparam, select

from ledger.accounts.postings import post
from ledger.decide import Decided, decide
from ledger.decide.close import Unexamined
from ledger.decide.receipt import AlreadyRecorded, Receipt
from ledger.decide.request import Request, differing_field
from ledger.events import Recorded
from ledger.events.codec import canonical, decode, sha256_hex, stored_name
from ledger.proof.chain import GENESIS, link
from ledger.store.earlier_requests import EarlierRequests, StoredRequest, sought
from ledger.store.engine import ENTRY_IN_DOUBT, writing
from ledger.store.memory import Memory, item_left_by, named_streams
from ledger.store.new_rows import NewRows
from ledger.store.postgresql import refuse_apart
from ledger.store.taken_head import take_head
from ledger.tables.facts import event, head
from ledger.tables.projections import PROJECTIONS, showing
from ledger.vocabulary.errors import Refused, StoreError
from ledger.vocabulary.quarters import Quarter

_BODIES = (
    select(event.c.body, event.c.hash)
    .where(event.c.book == bindparam("book"), event.c.position.between(bindparam("first"), bindparam("last")))
    .order_by(event.c.position)
)
#: Rows are written to the database in batches of about this many events.
_FLUSH_EVERY = 1000


#: Reads the whole of a book, whose quarter is about to be sealed: what stands against it, a sentence each.
Examiner = Callable[[Connection, str, Quarter], tuple[str, ...]]


def decided(
    memory: Memory, asked: Request, examine: Examiner | None, objections: tuple[str, ...] | None = None
) -> tuple[Decided, ...]:
    """What follows from a request, in the transaction that the memory reads in. Raises what forbids it.

    examine: asked once every other rule has agreed to seal a quarter; without it none is sealed. objections: to what the
    command claims of files, None where nobody looked.
    """
    state = memory.state_for(asked.command.needs(), asked.asked_on, asked.actor)
    if asked.command.claims():
        state = replace(state, objections=objections)
    try:
        return decide(asked.command, state)
    except Unexamined as agreed:
        if examine is None:
            raise
        found = examine(memory.connection, memory.name, agreed.quarter)
    return decide(asked.command, replace(state, objections=found))


def instant(moment: datetime) -> str:
    """A moment as the ledger writes it: RFC 3339, UTC, six decimals, Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Unit(msgspec.Struct):
    """One writing transaction on one book: records requests, each on the state the one before it left."""

    connection: Connection
    book: str
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    memory: Memory
    examine: Examiner | None
    position: int
    hash: str
    recorded_at: str
    new_rows: NewRows
    earlier: EarlierRequests
    trying: bool = False

    def record(self, asked: Request, objections: tuple[str, ...] | None = None) -> tuple[Receipt, ...]:
        """Decide a request and record what follows, or return the receipts of its first recording.

        objections: what whoever asks found, in this transaction, against what the command claims of files; None: nobody
        looked, and a command that claims something is refused.

        Raises Refused, with nothing recorded: by a rule, for a key used for another request, and for an
        identical request without a key. Raises StoreError for a quarter that cannot be sealed over these books.
        """
        earlier = self._recorded_before(asked)
        if earlier is not None:
            return self._receipts(earlier)
        if asked.command.needs().reads_the_book:
            self.flush()
        return self._stamp(asked, decided(self.memory, asked, self.examine, objections))

    def look_up(self, batch: Iterable[Request]) -> None:
        """Read at once what many requests will be decided on, so that a long batch does not ask for each."""
        asked = list(batch)
        self.earlier.look_up(wanted for wanted in map(sought, asked) if wanted)
        self.memory.load(stream for one in asked for stream in named_streams(one.command.needs()))

    def look_up_keys(self, keys: Iterable[str]) -> None:
        """Find out about many keys at once, for requests that are still to be made."""
        self.earlier.look_up(("key", key) for key in keys)

    def _recorded_before(self, asked: Request) -> StoredRequest | None:
        earlier = self.earlier.like(asked)
        if earlier is None:
            return None
        if asked.key is None:
            raise AlreadyRecorded(self._receipts(earlier))
        different = differing_field(earlier["request_json"], asked)
        if different:
            raise Refused(
                f"The key '{asked.key}' was used for another request: the {different.replace('_', ' ')} differs.",
                "Use another --key, or repeat the request as it was.",
            )
        return earlier

    def _receipts(self, recorded_request: StoredRequest) -> tuple[Receipt, ...]:
        self.flush()
        span = {
            "book": self.book,
            "first": recorded_request["first_position"],
            "last": recorded_request["last_position"],
        }
        rows = self.connection.execute(_BODIES, span).all()
        receipts = (Receipt(decode(body), hash_, repeated=True) for body, hash_ in rows)
        return tuple(
            replace(each, item_after=item_left_by(self.connection, self.book, each.recorded)) for each in receipts
        )

    def _stamp(self, asked: Request, decided: tuple[Decided, ...]) -> tuple[Receipt, ...]:
        """Give what was decided its positions, times and hashes, and keep it for the next flush."""
        request_json = asked.json
        request_sha256 = sha256_hex(request_json)
        identifiers = [self.new_id() for _ in decided]
        key = asked.key or identifiers[0]
        clock_at = instant(self.clock())
        self.recorded_at = max(clock_at, self.recorded_at)
        receipts = []
        for identifier, happened in zip(identifiers, decided, strict=True):
            stream = happened.event.stream
            recorded = Recorded(
                book=self.book,
                position=self.position + 1,
                event_id=identifier,
                stream=stream,
                stream_version=self.memory.versions.get(stream, 0) + 1,
                stored_as=stored_name(happened.event),
                effective_on=happened.effective_on,
                recorded_at=self.recorded_at,
                actor=asked.actor,
                key=key,
                request_sha256=request_sha256,
                data=happened.event,
            )
            receipts.append(replace(self._append(recorded), clock_at=clock_at, tried=self.trying))
        self._keep_request(asked, key, request_json, receipts)
        if len(self.new_rows.events) >= _FLUSH_EVERY:
            self.flush()
        return tuple(receipts)

    def _append(self, recorded: Recorded) -> Receipt:
        body = canonical(recorded)
        self.position, self.hash = recorded.position, link(self.hash, body)
        self.new_rows.events.append(
            {
                "book": recorded.book,
                "position": recorded.position,
                "event_id": recorded.event_id,
                "stream": recorded.stream,
                "stream_version": recorded.stream_version,
                "stored_as": recorded.stored_as,
                "effective_on": recorded.effective_on,
                "recorded_at": recorded.recorded_at,
                "actor": recorded.actor,
                "body": body.decode(),
                "hash": self.hash,
            }
        )
        legs = post(recorded.event, recorded.effective_on)
        for number in showing(type(recorded.event)):
            self.new_rows.read_models[number] += PROJECTIONS[number].rows(recorded, legs)
        self.memory.learn(recorded)
        return Receipt(recorded, self.hash, item_after=self.memory.items.get(recorded.stream))

    def _keep_request(self, asked: Request, key: str, request_json: bytes, receipts: list[Receipt]) -> None:
        row = {
            "book": self.book,
            "key": key,
            "request_json": request_json.decode(),
            "first_position": receipts[0].recorded.position,
            "last_position": receipts[-1].recorded.position,
            "fingerprint": asked.fingerprint,
        }
        self.new_rows.requests.append(row)
        self.earlier.keep([row])

    def flush(self) -> None:
        """Write what is pending, and move the head with it."""
        self.new_rows.write(self.connection)


@contextmanager
def appending(
    engine: Engine,
    book: str,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    *,
    examine: Examiner | None = None,
    machine: Callable[[], datetime] | None = None,
    opening: bool = False,
    asked: Request | None = None,
) -> Iterator[Unit]:
    """A writing transaction on a book, holding its head. examine: see `decided`. opening: the book is to be made.

    machine: this machine's clock, held against the server's; None where the clock is made up. asked: the one request that
    it is for, where it is for one.

    Raises StoreError for a book that is not there. What was recorded is committed when the block ends, and
    not at all if it raises.
    """
    with writing(engine, ENTRY_IN_DOUBT) as connection:
        if opening:
            _make_head(connection, book)
        found = take_head(connection, book, asked)
        if found is None:
            raise StoreError(
                f"There is no book '{book}' in this database. `debt init --book {book} --currency EUR` opens it."
            )
        if machine is not None and found.server_at is not None:
            refuse_apart(machine(), found.server_at)
        unit = Unit(
            connection=connection,
            book=book,
            clock=clock,
            new_id=new_id,
            memory=Memory(connection, book),
            examine=examine,
            new_rows=NewRows(book),
            earlier=EarlierRequests(connection, book),
            position=found.position,
            hash=found.hash,
            recorded_at=found.recorded_at,
        )
        if asked is not None and found.bodies is not None:
            unit.memory.fold(named_streams(asked.command.needs()), found.bodies)
            unit.earlier.keep(found.requests)
            unit.earlier.know(filter(None, [sought(asked)]))
        yield unit
        unit.flush()


def _make_head(connection: Connection, book: str) -> None:
    """The head of a new book, before its first event. An existing one is left alone: `decide` refuses then."""
    insertion = _dialect_insert(connection)(head).values(book=book, position=0, hash=GENESIS, recorded_at="")
    connection.execute(insertion.on_conflict_do_nothing())


def _dialect_insert(connection: Connection) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
