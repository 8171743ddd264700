"""Closing a quarter: what is examined and what is recorded are one state of the books.

Examining reads all of them and takes long; so it is done beside, and whoever records meanwhile waits for nothing. Under
the lock it is asked only whether these are the books that were examined (decision 0025).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from ledger.decide.receipt import Receipt
from ledger.decide.request import Request
from ledger.queries.audit.sealing import Sealing, Tell, examine
from ledger.queries.reader import reader_in
from ledger.store.imprint import imprint
from ledger.store.ledger import Ledger
from ledger.store.transaction import Examiner
from ledger.vocabulary.quarters import Quarter

#: Examinations beside, at most: in a book that others record in without a pause the next one holds the lock.
MOST_BESIDE = 3


class _ToExamineError(Exception):
    """Every rule lets the quarter be closed, and the books as they are now have not been examined."""


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
    _imprint: str = ""

    def record(self) -> tuple[Receipt, ...]:
        """Examine the books and close the quarter. Raises Refused by a rule, StoreError for what stands against it."""
        for examined in range(MOST_BESIDE + 1):
            try:
                return self._asking(self._unless_moved).handle(self.request)
            except _ToExamineError:
                if examined < MOST_BESIDE:
                    self._examine_beside()
        return self._asking(self._examine).handle(self.request)

    def rehearse(self) -> None:
        """Raise what `record` would, and record nothing. Nobody who records has to wait for it."""
        with self.ledger.reading() as connection:
            self._asking(self._examine).rehearse(connection, self.request)

    def _asking(self, examiner: Examiner) -> Ledger:
        return replace(self.ledger, examine=examiner)

    def _examine_beside(self) -> None:
        """Examine one moment of the books, under no lock, and keep what they were."""

        def kept(connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
            self._imprint = imprint(connection, book)
            return self._examine(connection, book, quarter)

        with self.ledger.reading() as connection:
            self._asking(kept).rehearse(connection, self.request)

    def _unless_moved(self, connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
        """What was found beside, if these are still the same books; what was touched in them otherwise.

        Raises _ToExamineError where they were not examined, or have got new entries since.
        """
        seen = self.sealing
        if seen is None or not self._imprint or seen.position != reader_in(connection, book).position:
            raise _ToExamineError
        if imprint(connection, book) == self._imprint:
            return seen.objections
        return self._examine(connection, book, quarter)

    def _examine(self, connection: Connection, book: str, quarter: Quarter) -> tuple[str, ...]:
        self.sealing = examine(reader_in(connection, book), quarter, self.progress)
        return self.sealing.objections
