"""A ledger opened from Python: the same commands, rules, receipts and figures as on the command line.

The clock and identifiers enter here, as they do at the command line's edge; the actor is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection, Engine

from ledger.decide.command import Command
from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.decide.state import Book
from ledger.queries.reader import Reader, reader_of
from ledger.services.clock import new_id, now
from ledger.services.requester import Requester
from ledger.store.engine import BUSY_SECONDS, open_engine, reading
from ledger.store.ledger import Ledger as Ledger
from ledger.store.ledger import choose_book, settings_of
from ledger.store.postgresql import refuse_clock
from ledger.vocabulary.errors import Unreadable
from ledger.vocabulary.quarters import Quarter
from ledger.vocabulary.secrets import without_secrets
from ledger.vocabulary.time_zones import time_zone

if TYPE_CHECKING:
    from ledger.services.conclude import Concluded
    from ledger.vocabulary.measurements import Measurement


@dataclass(frozen=True, slots=True)
class OpenedLedger:
    """One book, opened by somebody. settings: what its first event fixed. asking: who, asked of when it is needed."""

    ledger: Ledger
    settings: Book
    asking: Callable[[], str]

    @property
    def actor(self) -> str:
        """Who records; a claim, kept with every event."""
        return self.asking()

    @property
    def today(self) -> date:
        """The date now in the book's time zone."""
        return self.ledger.clock().astimezone(time_zone(self.settings.time_zone)).date()

    @property
    def requester(self) -> Requester:
        """Who asks, today."""
        return Requester(self.actor, self.today)

    def request(self, command: Command, *, key: str | None = None, again: bool = False) -> Request:
        """The command, as asked for by this actor today.

        Raises Refused for a key or a name that is too long, Unreadable for a field of another type than it says.
        """
        try:
            msgspec.convert(msgspec.to_builtins(command), type(command))
        except (TypeError, msgspec.ValidationError) as error:
            raise Unreadable(f"{type(command).__name__} is not what it should be: {error}.") from error
        return self.requester.request(command, key=key, again=again)

    def record(self, command: Command, *, key: str | None = None, again: bool = False) -> tuple[Receipt, ...]:
        """Record a command (ledger.decide), in one transaction.

        key: names the request, so that a retry counts once. again: record it although the same was recorded before.
        Raises Refused, with nothing recorded, for what a rule forbids; StoreError if the database does not answer, and
        for a quarter that cannot be closed over books that were touched.
        """
        return self.ledger.handle(self.request(command, key=key, again=again))

    def record_measurement(
        self,
        measurement: Measurement,
        system: str,
        *,
        monitor: str | None = None,
        on: date | None = None,
        late: bool = False,
        evidence: str | None = None,
        record: bool = False,
        key: str | None = None,
        again: bool = False,
    ) -> Concluded:
        """Record what a measure found about a system; iterating over the answer gives the receipts.

        monitor: the documented one under which it was measured. record: also record what follows for the register, an
        observation or more evidence, which else is only proposed, as the answer's `consequence`. Recorded before, it is
        the first receipt again. on, late, evidence, key, again: as everything that is recorded has them. Raises NotFound for
        a monitor that the system does not have, Refused for a measurement that says something else than its monitor.
        """
        # Imported only here: a repayment does not wait for what judges measurements.
        from ledger.services.conclude import conclude
        from ledger.services.judged import Judged

        judged = Judged(measurement=measurement, system=system, monitor=monitor, on=on, late=late, evidence=evidence)
        return conclude(self.ledger, judged, self.requester, record=record, key=key, again=again)

    @contextmanager
    def reader(self, known_at: str | None = None) -> Iterator[Reader]:
        """Read the book as known at a time, RFC 3339 or a date, or now: what `ledger.queries` takes."""
        with reader_of(self.ledger, known_at) as found:
            yield found


class Address(msgspec.Struct, frozen=True):
    """Where a ledger is. url: of its database. busy_seconds: how long one that another program writes to is waited for."""

    url: str
    busy_seconds: float = BUSY_SECONDS

    def __repr__(self) -> str:
        return f"Address({without_secrets(self.url)!r}, {self.busy_seconds})"

    def engine(self, *, create: bool = False) -> Engine:
        """The way to the database, whatever it holds. create: an SQLite file that is missing may be made."""
        return open_engine(self.url, create=create, busy_seconds=self.busy_seconds)


def open_ledger(database: str, *, actor: str, book: str | None = None) -> OpenedLedger:
    """Open a book. database: its URL, 'sqlite:///ledger.db'. actor: who records; a claim, kept with every event.

    book: may be left out where there is only one. Raises StoreError if there is none; `debt init` makes one.
    """
    return open_book(Address(database), asking=lambda: actor, book=book, clock=now, new_id=new_id)


def open_book(
    address: Address,
    *,
    asking: Callable[[], str],
    book: str | None,
    clock: Callable[[], datetime],
    new_id: Callable[[], str],
    trying: bool = False,
) -> OpenedLedger:
    """As `open_ledger`, where the time and identifiers come from elsewhere. trying: nothing of what is recorded stays."""
    engine = address.engine()
    with reading(engine) as connection:
        refuse_clock(connection, now())
        name = choose_book(connection, book)
        settings = settings_of(connection, name)
    return OpenedLedger(Ledger(engine, name, clock, new_id, objections, now, trying), settings, asking)


def objections(connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
    """What stands against sealing a quarter of a book."""
    # Imported only to close: a repayment does not wait for what reads whole books.
    from ledger.queries.audit import sealing

    return sealing.objections(connection, book, quarter)
