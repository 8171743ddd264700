"""Closing a quarter: what is examined and what is recorded are one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.queries.audit.sealing import Sealing, Tell, examine
from ledger.queries.reader import reader_in
from ledger.store.ledger import Ledger
from ledger.vocabulary.quarters import Quarter


@dataclass(slots=True)
class QuarterClosing:
    """A request to close a quarter, and what was found when it was decided.

    progress: told how many events are done, of how many. sealing: what closing seals or would seal; None where nothing
    was examined, because it was not asked yet, a rule refused before, or the request had been recorded.
    """

    ledger: Ledger
    request: Request
    progress: Tell | None = None
    sealing: Sealing | None = None

    def record(self) -> tuple[Receipt, ...]:
        """Examine the books and close the quarter. Raises Refused by a rule, StoreError for what stands against it."""
        return replace(self.ledger, examine=self._examine).handle(self.request)

    def rehearse(self) -> None:
        """Raise what `record` would, and record nothing. Nobody who records has to wait for it."""
        with self.ledger.reading() as connection:
            replace(self.ledger, examine=self._examine).rehearse(connection, self.request)

    def _examine(self, connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
        self.sealing = examine(reader_in(connection, book), quarter, self.progress)
        return self.sealing.objections
