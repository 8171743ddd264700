"""A ledger opened from Python: the same commands, rules, receipts and figures as on the command line.

The clock and identifiers enter here, as they do at the command line's edge; the actor is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from ledger.decide.command import Command
from ledger.decide.request import Request
from ledger.decide.state import Book
from ledger.queries.reader import Reader, reader_of
from ledger.services.breach import Judged
from ledger.services.conclude import Concluded, conclude
from ledger.services.requester import Requester
from ledger.store.engine import open_engine, reading
from ledger.store.ledger import Ledger, choose_book, settings_of
from ledger.store.transaction import Receipt
from ledger.vocabulary.measurements import Measurement


@dataclass(frozen=True, slots=True)
class OpenedLedger:
    """One book, opened by somebody. settings: what its first event fixed."""

    ledger: Ledger
    settings: Book
    actor: str

    @property
    def today(self) -> date:
        """The date now in the book's time zone."""
        return self.ledger.clock().astimezone(ZoneInfo(self.settings.time_zone)).date()

    def record(self, command: Command, *, key: str | None = None, again: bool = False) -> tuple[Receipt, ...]:
        """Record a command (ledger.decide), in one transaction.

        key: names the request, so that a retry counts once. again: record it although the same was recorded before.
        Raises Refused, with nothing recorded, for what a rule forbids; StoreError if the database does not answer.
        """
        return self.ledger.handle(Request(command, self.actor, self.today, key=key, again=again))

    def record_measurement(
        self,
        measurement: Measurement,
        system: str,
        *,
        monitor: str | None = None,
        on: date | None = None,
        record: bool = False,
    ) -> Concluded:
        """Record what a measure found about a system; iterating over the answer gives the receipts.

        monitor: the documented one under which it was measured. record: also record what follows for the register, an
        observation or more evidence, which else is only proposed, as the answer's `consequence`. Recorded before, it is
        the first receipt again. Raises NotFound for a monitor that the system does not have.
        """
        judged = Judged(measurement=measurement, system=system, monitor=monitor, on=on)
        return conclude(self.ledger, judged, Requester(self.actor, self.today), record=record)

    @contextmanager
    def reader(self, known_at: str | None = None) -> Iterator[Reader]:
        """Read the book as known at a time, RFC 3339 or a date, or now: what `ledger.queries` takes."""
        with reader_of(self.ledger, known_at) as found:
            yield found


def open_ledger(database: str, *, actor: str, book: str | None = None) -> OpenedLedger:
    """Open a book. database: its URL, 'sqlite:///ledger.db'. actor: who records; a claim, kept with every event.

    book: may be left out where there is only one. Raises StoreError if there is none; `debt init` makes one.
    """
    engine = open_engine(database)
    with reading(engine) as connection:
        name = choose_book(connection, book)
        settings = settings_of(connection, name)
    return OpenedLedger(Ledger(engine, name, lambda: datetime.now(UTC), lambda: uuid4().hex), settings, actor)
